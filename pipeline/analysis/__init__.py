"""Scores, totals and estimates: respondents in, estimates out."""
