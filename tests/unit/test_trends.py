"""Trends: by hand, against nudged weights, and as they behave. R's are in tests/oracle."""

from math import isnan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.analysis.comparison.contrasts import compare_domains
from pipeline.analysis.comparison.trends import Trends, linear_trends
from tests.unit.made_totals import (
    Respondent,
    linked_totals,
    nudged_se,
    numbers,
    only,
    random_respondents,
)

N_STRATA, N_PSU = 2, 4
YEARS = np.array([2018.0, 2020.0, 2021.0, 2024.0])


def waves(seed: int = 1, n_waves: int = 4) -> list[Respondent]:
    """The same schools every wave; wave k is domain k - 1."""
    everyone = random_respondents(seed, n_strata=N_STRATA, n_psu=N_PSU, groups=n_waves)
    return [r._replace(domains=frozenset(d - 1 for d in r.domains if d)) for r in everyone]


def trend(respondents: list[Respondent], domains: tuple[int, ...] = (0, 1, 2, 3)) -> Trends:
    linked = linked_totals(respondents, [N_PSU] * N_STRATA)
    return linear_trends(linked, numbers(*domains)[np.newaxis], YEARS[: len(domains)])


def slope_of(respondents: list[Respondent]) -> float:
    """The least-squares line through respondents, by the normal equations."""
    time = np.array([YEARS[min(r.domains)] for r in respondents])
    weight = np.array([r.weight for r in respondents])
    terms = np.stack([np.ones_like(time), time - 2018], axis=1)
    value = np.array([r.value for r in respondents])
    fit = np.linalg.solve(terms.T @ (weight[:, np.newaxis] * terms), terms.T @ (weight * value))
    return float(fit[1])


def test_three_years_by_hand() -> None:
    # Two classes, a pupil a year each: 0, 1, 2 and 1, 2, 3. Slope: sum (t - 1) y / 4 = 4/4.
    # Fitted 1/2, 3/2, 5/2: each class stays as far from the line, so z = 0 for both.
    respondents = [
        Respondent(0, psu, 1.0, float(psu + year), frozenset({year}))
        for psu in (0, 1)
        for year in (0, 1, 2)
    ]
    linked = linked_totals(respondents, [2])
    found = linear_trends(linked, numbers(0, 1, 2)[np.newaxis], np.array([0.0, 1.0, 2.0]))
    assert only(found.slope) == 1
    assert only(found.n_waves) == 3
    assert only(found.n) == 2
    # Every year has a spread but the slope has none to see: nothing is claimed.
    assert isnan(only(found.se))
    assert only(found.df) == 0


@pytest.mark.parametrize("seed", range(3))
def test_as_nudged_weights_have_it(seed: int) -> None:
    respondents = waves(seed)
    found = trend(respondents)
    assert only(found.slope) == pytest.approx(slope_of(respondents), rel=1e-9)
    assert only(found.se) == pytest.approx(nudged_se(respondents, slope_of, N_PSU), rel=1e-6)
    assert only(found.df) == N_STRATA * N_PSU - N_STRATA - 1
    assert only(found.n) == min(sum(wave in r.domains for r in respondents) for wave in range(4))


@given(st.integers(0, 10**6), st.floats(-3000, 3000))
def test_the_first_year_does_not_matter(seed: int, years: float) -> None:
    linked = linked_totals(waves(seed), [N_PSU] * N_STRATA)
    domains = numbers(0, 1, 2, 3)[np.newaxis]
    before, after = (linear_trends(linked, domains, times) for times in (YEARS, YEARS + years))
    assert only(after.slope) == pytest.approx(only(before.slope), rel=1e-8, abs=1e-12)
    assert only(after.se) == pytest.approx(only(before.se), rel=1e-8, nan_ok=True)


def test_values_on_a_line_have_its_slope() -> None:
    respondents = [r._replace(value=0.25 * YEARS[min(r.domains)] - 500) for r in waves()]
    found = trend(respondents)
    assert only(found.slope) == pytest.approx(0.25, rel=1e-10)
    assert isnan(only(found.se))


def test_two_waves_are_a_difference_and_no_trend() -> None:
    respondents = waves(n_waves=2)
    found = trend(respondents, (0, 1, -1))
    assert only(found.n_waves) == 2
    assert isnan(only(found.slope))
    assert isnan(only(found.se))
    linked = linked_totals(respondents, [N_PSU] * N_STRATA)
    assert not isnan(only(compare_domains(linked, numbers(1), numbers(0)).se))


def test_a_missing_wave_is_left_out() -> None:
    respondents = waves(n_waves=4)
    three = [r for r in respondents if 3 not in r.domains]
    found = trend(three, (0, 1, 2, -1))
    assert only(found.n_waves) == 3
    assert only(found.slope) == pytest.approx(slope_of(three), rel=1e-9)
    assert only(found.se) == pytest.approx(nudged_se(three, slope_of, N_PSU), rel=1e-6)


def test_a_wave_of_one_school_cannot_be_seen() -> None:
    respondents = [r for r in waves() if 2 not in r.domains or (r.stratum, r.psu) == (0, 0)]
    found = trend(respondents)
    assert only(found.slope) == pytest.approx(slope_of(respondents), rel=1e-9)
    assert isnan(only(found.se))


def test_nobody_in_any_wave() -> None:
    found = trend(waves(), (-1, -1, -1))
    assert (only(found.n), only(found.n_waves)) == (0, 0)
    assert isnan(only(found.slope))
    assert isnan(only(found.se))


def test_several_series_at_once() -> None:
    linked = linked_totals(waves(), [N_PSU] * N_STRATA)
    domains = np.array([[0, 1, 2, 3], [0, 1, 2, -1], [3, 2, 1, 0]])
    found = linear_trends(linked, domains, YEARS)
    for at, series in enumerate(domains):
        alone = linear_trends(linked, series[np.newaxis], YEARS)
        assert [column[at, 0] for column in found] == [only(column) for column in alone]


def test_degrees_of_freedom_of_the_full_design() -> None:
    linked = linked_totals(waves(), [N_PSU] * N_STRATA)
    domains = numbers(0, 1, 2, 3)[np.newaxis]
    assert only(linear_trends(linked, domains, YEARS, design_df=np.array([30.0])).df) == 29
