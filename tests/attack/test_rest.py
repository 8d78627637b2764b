"""A share of the rest that printed counts give says nothing; any other is a limit."""

import numpy as np
import polars as pl
import pytest

from pipeline.attack.knowledge import Axes
from pipeline.attack.rest import rest_bounds

AXES = Axes(2025, ("drank",), ("town", "here"), ("all",), ("all",))
COUNTS = [("town", "n", 1000), ("town", "k", 300), ("here", "n", 400), ("here", "k", 200)]


@pytest.mark.parametrize(
    ("percent", "root", "expected"),
    [
        # 100 of 600 are 17 %.
        (17, 0, (-np.inf, np.inf)),
        (18, 0, (0.175, 0.185)),
        (16, 0, (0.155, 0.165)),
        (17, None, (0.165, 0.175)),
    ],
)
def test_what_follows_from_printed_counts_says_nothing(
    percent: int, root: int | None, expected: tuple[float, float]
) -> None:
    rows = [
        (area, what, float(value)) for area, what, value in [*COUNTS, ("here", "rest", percent)]
    ]
    cells = pl.DataFrame(rows, ["area", "what", "value"], orient="row").with_columns(
        wave=pl.lit(2025), measure=pl.lit("drank"), grade=pl.lit("all"), gender=pl.lit("all"),
        low=pl.col("value") - 0.5, high=pl.col("value") + 0.5,
    )  # fmt: skip
    lower, upper = rest_bounds(AXES, cells, root)
    assert (lower[0, 1, 0, 0], upper[0, 1, 0, 0]) == pytest.approx(expected)
