"""Who answered and who is missing, and weights that make up for it."""
