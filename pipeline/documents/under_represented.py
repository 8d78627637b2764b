"""Which groups of pupils are said to be under-represented."""

from pipeline.disclosure.figure import whole_percent

MIN_GAP_POINTS = 5
"""Percentage points below the whole from which a group is named. Project choice: less is within
what one class that was away gives."""


def is_under_represented(share: float | None, whole: float) -> bool:
    """Whether a group's participation lies far enough below that of all.

    Decided on the whole per cent that are printed, so that readers can check it.

    Args:
        share: of the group's pupils who answered; null where not known.
        whole: of all pupils.
    """
    if share is None:
        return False
    return whole_percent(whole) - whole_percent(share) >= MIN_GAP_POINTS
