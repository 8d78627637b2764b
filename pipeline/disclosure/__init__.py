"""Estimates in, publishable estimates out: the only door to documents."""
