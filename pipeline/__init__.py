"""Uppväxt: survey exports in, area profiles out."""

from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
"""The clone this package runs from; definitions, SQL and templates lie beside it."""
