"""Whether the items of a scale measure one thing, alike in every group."""
