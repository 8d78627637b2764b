"""Answers in, scores and flags of each respondent out."""
