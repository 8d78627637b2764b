"""t tests and what they could find: against scipy's distributions, and as they must behave."""

from math import isnan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from pipeline.analysis.comparison.significance import TTest, smallest_detectable_difference, t_test
from tests.unit.made_totals import only

DIFFERENCES = st.floats(-2, 2)
STANDARD_ERRORS = st.floats(1e-3, 1)
DEGREES = st.integers(1, 200)


def run_test(difference: float, se: float, df: float) -> TTest:
    columns = np.array([difference]), np.array([se]), np.array([df], dtype=float)
    return t_test(*columns, confidence=0.95)


def detectable(se: float, df: float, power: float = 0.8) -> float:
    return only(
        smallest_detectable_difference(np.array([se]), np.array([df], dtype=float), power=power)
    )


# Student (1908), Biometrika 6, 1-25, section IX: ten patients' gain in sleep by one drug over the
# other, mean 1.58 hours; t.test of R's ``sleep``: t = 4.0621, df = 9, p-value = 0.002833,
# 95 percent confidence interval 0.7001142 2.4598858.
GAINS = np.array([1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4])


def test_as_published() -> None:
    found = run_test(GAINS.mean(), GAINS.std(ddof=1) / 10**0.5, 9)
    assert only(found.t) == pytest.approx(4.0621, abs=5e-5)
    assert only(found.p) == pytest.approx(0.002833, abs=5e-7)
    limits = (only(found.lower), only(found.upper))
    assert limits == pytest.approx((0.7001142, 2.4598858), abs=5e-8)


@given(DIFFERENCES, STANDARD_ERRORS, DEGREES)
def test_limits_exclude_0_just_where_p_is_small(difference: float, se: float, df: int) -> None:
    found = run_test(difference, se, df)
    p = only(found.p)
    assert p == pytest.approx(2 * stats.t.sf(abs(difference) / se, df), rel=1e-9)
    if abs(p - 0.05) > 1e-9:
        assert (only(found.lower) > 0 or only(found.upper) < 0) == (p < 0.05)


@pytest.mark.parametrize(
    ("se", "df"), [(np.nan, 10), (0.1, 0), (0.1, -1), (0.1, np.nan), (0.0, 10)]
)
def test_what_cannot_be_seen_is_not_tested(se: float, df: float) -> None:
    assert np.isnan(run_test(0.3, se, df)).all()
    assert isnan(detectable(se, df))


# Bloom (1995): multipliers of the standard error for a two-sided 5 % test with 80 % power are
# 2.80 in large samples; with few degrees of freedom t takes the place of the normal quantiles.
def test_multiplier_in_large_samples() -> None:
    assert detectable(1, 10**6) == pytest.approx(1.96 + 0.84, abs=0.005)


def test_multiplier_from_a_printed_t_table() -> None:
    assert detectable(1, 10) == pytest.approx(2.228 + 0.879, abs=0.001)


@given(STANDARD_ERRORS, st.integers(5, 200), st.floats(0.6, 0.95))
def test_the_test_finds_it_about_as_often_as_asked(se: float, df: int, power: float) -> None:
    shift = detectable(se, df, power) / se
    reach = stats.t.ppf(0.975, df)
    assert stats.nct.sf(reach, df, shift) == pytest.approx(power, abs=0.03)


def test_more_power_and_a_stricter_level_need_a_larger_difference() -> None:
    se, df = np.array([1.0]), np.array([20.0])
    usual = only(smallest_detectable_difference(se, df))
    assert only(smallest_detectable_difference(se, df, power=0.9)) > usual
    assert only(smallest_detectable_difference(se, df, alpha=0.05 / 10)) > usual
