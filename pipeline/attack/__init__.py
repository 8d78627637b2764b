"""What a stranger can find out from a release. Shares no code with what protects it."""
