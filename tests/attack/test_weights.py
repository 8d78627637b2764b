"""Sums of weighted shares hold as far as groups weigh alike, and no further."""

import numpy as np
import polars as pl
import pytest
from scipy.sparse import csr_array

from pipeline.attack.knowledge import Bounds
from pipeline.attack.linear import known_sums
from pipeline.attack.population import Population
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


def pair(town: float, here: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.array([town, here]).reshape(1, 2, 1, 1)


def test_bounds_of_weighted_shares_are_as_far_apart_as_weights_and_not_whole() -> None:
    nothing, endless = pair(0, 0), pair(np.inf, np.inf)
    bounds = Bounds(
        n=(pair(98, 38), pair(102, 42)),
        flagged=(pair(28, 8), pair(32, 12)),
        others=(nothing, pair(70, np.inf)),
        rest=(pair(-np.inf, 0.5), pair(np.inf, 0.6)),
        respondents=(nothing[0], endless[0]),
        placed=(nothing[0], endless[0]),
        own_norm=(pair(0.3, -np.inf), pair(0.3, np.inf)),
    )
    people = Population(
        csr_array([[1.0, 1.0], [0.0, 1.0]]), csr_array((2, 2)), np.array([0, 0], dtype=np.int64)
    )
    printed = known_sums(bounds, 0, people, reach=2, spread=2.0)
    rows = zip(printed.what, printed.known.matrix.toarray().tolist(), strict=True)
    limits = zip(printed.known.lower, printed.known.upper, strict=True)
    # Flagged outside and here, others outside and here.
    assert [(*row, *map(float, ends)) for row, ends in zip(rows, limits, strict=True)] == [
        ("n", [1, 1, 1, 1], 98, 102),
        ("n", [0, 1, 0, 1], 38, 42),
        ("k", [1, 1, 0, 0], 27.5 / 2, 32.5 * 2),
        ("k", [0, 1, 0, 0], 7.5 / 2, 12.5 * 2),
        ("n - k", [0, 0, 1, 1], 0, 70.5 * 2),
        # At most 1.2 of those outside, and 0.25 at least, give or take rounding.
        ("rest", pytest.approx([1 - 1.2, 0, -1.2, 0]), -np.inf, 2 * 2.2 * 2),
        ("rest", pytest.approx([1 - 0.25, 0, -0.25, 0]), -2 * 2.2 * 2, np.inf),
        ("k", pytest.approx([1 - 0.6, 1 - 0.6, -0.6, -0.6]), -np.inf, 0),
        ("k", pytest.approx([0.15 - 1, 0.15 - 1, 0.15, 0.15]), -np.inf, 0),
    ]
