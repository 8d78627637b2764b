"""Sums of weighted shares hold as far as groups weigh alike, and no further."""

import numpy as np
import polars as pl
import pytest
from scipy.sparse import csr_array

from pipeline.attack.sums import Known
from pipeline.attack.weights import SPREADS, is_weighted, spread_of


@pytest.mark.parametrize(
    ("tables", "expected"),
    [
        ({}, False),
        ({"wave": pl.DataFrame({"wave": ["2025"]})}, False),
        (
            {"wave": pl.DataFrame({"wave": ["2025", "2026"], "is_weighted": ["true", "false"]})},
            True,
        ),
        ({"wave": pl.DataFrame({"wave": ["2025"], "is_weighted": ["False"]})}, False),
        ({"wave": pl.DataFrame({"wave": ["2024"], "is_weighted": ["true"]})}, False),
    ],
)
def test_a_release_says_which_waves_are_weighted(
    tables: dict[str, pl.DataFrame], *, expected: bool
) -> None:
    assert is_weighted(tables, 2025) is expected


def halves(part: float, whole: float, spread: float) -> Known:
    """A whole and its two parts, known to within a factor."""
    printed = np.array([part, part, whole])
    rows = csr_array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    return Known(rows, printed / spread, printed * spread)


@pytest.mark.parametrize(
    ("whole", "expected"),
    [
        # What just fits would leave nothing open.
        (100, SPREADS[1]),
        # 1.1 twice is as far as they are apart.
        (120, SPREADS[1]),
        (130, SPREADS[2]),
        (50, SPREADS[4]),
        (100_000, SPREADS[-1]),
    ],
)
def test_groups_weigh_as_nearly_alike_as_the_figures_allow(whole: float, expected: float) -> None:
    assert spread_of(lambda spread: [halves(50, whole, spread)]) == expected
