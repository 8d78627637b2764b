"""Polychoric correlations: by formula, and as they behave. R's are in tests/oracle."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.analysis.quality.polychoric import ordinal_alpha, polychoric
from pipeline.analysis.quality.reliability import Floats


def answers(table: list[list[int]]) -> tuple[Floats, Floats]:
    """Respondents of a table of counts."""
    counts = np.array(table)
    row, column = np.indices(counts.shape)
    return (
        np.repeat(row.ravel(), counts.ravel()).astype(np.float64),
        np.repeat(column.ravel(), counts.ravel()).astype(np.float64),
    )


@pytest.mark.parametrize(
    ("both", "other"), [(300, 100), (250, 150), (200, 200), (100, 300), (370, 30)]
)
def test_halves_have_sheppards_formula(both: int, other: int) -> None:
    # Cut at their medians, two normals agree in sign with chance 1/2 + arcsin(r) / pi.
    found = polychoric(*answers([[both, other], [other, both]]))
    expected = math.sin(math.pi * (both / (both + other) - 1 / 2))
    assert found == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("correlation", [-0.8, 0.0, 0.45, 0.9])
def test_the_correlation_behind_cut_answers_is_found(correlation: float) -> None:
    traits = np.random.default_rng(4).multivariate_normal(
        [0, 0], [[1, correlation], [correlation, 1]], size=40_000
    )
    cuts = [-1, 0.3, 2], [0.8, 1.6]
    seen = [np.digitize(traits[:, j], cuts[j]).astype(np.float64) for j in (0, 1)]
    assert polychoric(*seen) == pytest.approx(correlation, abs=0.02)


tables = st.lists(st.lists(st.integers(1, 40), min_size=3, max_size=3), min_size=2, max_size=4).map(
    answers
)


@given(tables)
def test_order_of_items_points_and_direction(table: tuple[Floats, Floats]) -> None:
    first, second = table
    found = polychoric(first, second)
    assert polychoric(second, first) == pytest.approx(found, abs=1e-5)
    assert polychoric(-first, second) == pytest.approx(-found, abs=1e-5)
    # Only the order of the options counts, not their distance.
    assert polychoric(first**3 + 2, second) == found


def test_no_correlation_where_there_is_nothing_to_go_by() -> None:
    assert math.isnan(polychoric(*answers([[20, 30, 10]])))
    assert math.isnan(polychoric(*answers([[20, 30], [0, 40]])))
    assert math.isnan(polychoric(np.empty(0), np.empty(0)))


def test_who_left_an_item_blank_is_not_counted() -> None:
    first, second = answers([[30, 12, 4], [9, 25, 11], [3, 14, 33]])
    points = np.column_stack([first, second])
    blank = np.array([[np.nan, 2.0], [1.0, np.nan]])
    alpha = ordinal_alpha(points)
    correlation = polychoric(first, second)
    assert alpha == pytest.approx(2 * correlation / (1 + correlation), rel=1e-12)
    assert ordinal_alpha(np.vstack([points, blank])) == alpha
    assert math.isnan(ordinal_alpha(points[:, :1]))
