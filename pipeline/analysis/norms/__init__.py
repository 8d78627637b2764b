"""Where cut-offs lie, and how well they part respondents."""
