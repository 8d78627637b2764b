"""Survey exports in, respondents out; every row and cell accounted for."""
