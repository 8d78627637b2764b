"""Verdicts on their boundaries; funnel limits by hand, and as binomial chance has them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from pipeline.analysis.comparison.verdicts import FunnelLimits, funnel_limits, verdicts


def verdict(difference: float, p: float, n: float = 100) -> str:
    return str(
        verdicts(np.array(difference), np.array(p), np.array(n), min_n=20, alpha=0.05).item()
    )


@pytest.mark.parametrize(
    ("difference", "p", "n", "expected"),
    [
        (0.1, 0.01, 100, "higher"),
        (-0.1, 0.01, 100, "lower"),
        (0.1, 0.05, 100, "higher"),
        (0.1, np.nextafter(0.05, 1), 100, "no_detectable_difference"),
        (0.0, 1.0, 100, "no_detectable_difference"),
        (0.1, 0.01, 20, "higher"),
        (0.1, 0.01, 19, "too_few"),
        (0.1, 0.5, 19, "too_few"),
        (0.1, np.nan, 100, "too_few"),
        (np.nan, 0.01, 100, "too_few"),
        (0.1, 0.01, np.nan, "too_few"),
        (0.1, 0.01, 0, "too_few"),
    ],
)
def test_verdict(difference: float, p: float, n: float, expected: str) -> None:
    assert verdict(difference, p, n) == expected


def test_nobody_is_too_few_whatever_the_least_number() -> None:
    found = verdicts(np.array([0.1]), np.array([0.01]), np.array([0.0]), min_n=0, alpha=0.05)
    assert found.tolist() == ["too_few"]


def test_many_at_once() -> None:
    p = np.array([[0.01, 0.2], [0.01, np.nan]])
    difference = np.array([[0.1, 0.1], [-0.1, 0.1]])
    found = verdicts(difference, p, np.full((2, 2), 50.0), min_n=20, alpha=0.05)
    assert found.tolist() == [["higher", "no_detectable_difference"], ["lower", "too_few"]]


def limits(target: float, n: float, design_effect: float = 1) -> FunnelLimits:
    return funnel_limits(
        np.array([target]), np.array([n], dtype=float), np.array([design_effect], dtype=float)
    )


def test_two_by_hand() -> None:
    # Heads of two coins: P(0) = 1/4, P(1 or fewer) = 3/4, P(2 or fewer) = 1.
    # Upper 95 %: 2 heads, of which (1 - .975) / (1 - .75) = .1 is beyond: 1.9 / 2.
    # Lower: 0 heads, of which (.25 - .025) / .25 = .9 is beyond: below 0, so 0.
    # Upper 99.8 %: (2 - .001 / .25) / 2.
    found = limits(0.5, 2)
    assert found.upper_95.item() == pytest.approx(0.95, rel=1e-12)
    assert found.lower_95.item() == 0
    assert found.upper_998.item() == pytest.approx(0.998, rel=1e-12)
    assert found.lower_998.item() == 0


def test_large_areas_have_the_normal_limits() -> None:
    # Spiegelhalter's approximation: target -+ 1.96 (3.09) standard errors.
    n, share, design_effect = 200_000, 0.2, 2.0
    se = (share * (1 - share) * design_effect / n) ** 0.5
    found = [column.item() for column in limits(share, n, design_effect)]
    normal = [share + z * se for z in (-1.95996, 1.95996, -3.09023, 3.09023)]
    assert found == pytest.approx(normal, abs=0.02 * se)


@given(st.floats(0.02, 0.98), st.integers(1, 3000))
def test_chance_leaves_the_limits_as_seldom_as_said(target: float, n: int) -> None:
    found = limits(target, n)
    chance = stats.binom(n, target)
    for lower, upper, tail in [(*found[:2], 0.025), (*found[2:], 0.001)]:
        # Interpolated between counts: a whole count beyond is rarer than the tail.
        assert chance.cdf(np.ceil(lower.item() * n - 1e-6) - 1) <= tail + 1e-9
        assert chance.sf(np.floor(upper.item() * n + 1e-6) + 1) <= tail + 1e-9
    assert found.lower_998 <= found.lower_95 <= target <= found.upper_95 <= found.upper_998


def test_a_design_effect_is_fewer_respondents() -> None:
    assert limits(0.3, 100, 2.5) == limits(0.3, 40)
    assert limits(0.3, 100, 2.45) == limits(0.3, 40)  # 40.8, rounded down
    assert limits(0.3, 100, 0.5) == limits(0.3, 100)  # never more than answered


@pytest.mark.parametrize(
    ("target", "n", "design_effect"),
    [(0, 50, 1), (1, 50, 1), (np.nan, 50, 1), (0.3, 0, 1), (0.3, 3, 4), (0.3, 50, np.nan)],
)
def test_no_limits(target: float, n: float, design_effect: float) -> None:
    assert np.isnan(limits(target, n, design_effect)).all()
