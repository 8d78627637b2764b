"""Microdata for researchers: who may be told apart, and how far."""
