"""Publishable estimates in, documents out."""
