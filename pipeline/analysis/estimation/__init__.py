"""Totals of PSUs in, shares and means with their uncertainty out."""
