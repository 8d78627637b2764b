"""The 2019 Youth Risk Behavior Survey: published figures, computed anew."""
