"""Proofs against others: how fast, and how right."""
