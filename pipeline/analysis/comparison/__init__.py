"""Differences between areas, groups and waves, with their verdicts."""
