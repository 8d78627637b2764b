"""Who is named as under-represented: decided on the printed per cent."""

import pytest

from pipeline.documents.under_represented import is_under_represented


@pytest.mark.parametrize(
    ("share", "whole", "is_named"),
    [
        (0.75, 0.80, True),
        (0.76, 0.80, False),
        # Printed 75 and 80 %, though 4.2 points apart; printed 76 and 80 %, though 4.9 apart.
        (0.754, 0.796, True),
        (0.755, 0.804, False),
        (0.9, 0.8, False),
        (None, 0.8, False),
    ],
)
def test_five_points_below_the_whole(share: float | None, whole: float, is_named: bool) -> None:
    assert is_under_represented(share, whole) is is_named
