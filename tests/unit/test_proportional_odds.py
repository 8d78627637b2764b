"""Ordinal logistic regression: published numbers, logistic regression by hand, properties."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit

from pipeline.analysis.quality.item_dif import null_log_likelihood
from pipeline.analysis.quality.proportional_odds import (
    Floats,
    Integers,
    OrdinalFit,
    fit_proportional_odds,
)

# Satisfaction (low, medium, high) of tenants in Copenhagen, by contact, type of housing and
# influence: Madsen (1976); R MASS::housing; Venables and Ripley (2002), section 7.3.
HOUSING = """
    21 21 28  34 22 36  10 11 36   61 23 17  43 35 40  26 18 54
    13  9 10   8  8 12   6  7  9   18  6  7  15 13 13   7  5 11
    14 19 37  17 23 40   3  5 23   78 46 43  48 45 86  15 25 62
    20 23 20  10 22 24   7 10 21   57 23 13  31 21 13   5  6 13
"""


def fitted(category: Integers, predictors: Floats, n: Floats) -> OrdinalFit:
    fit = fit_proportional_odds(category, predictors, n)
    assert fit is not None
    return fit


def test_housing_as_published() -> None:
    n = np.array(HOUSING.split(), dtype=np.float64)
    row = np.arange(72)
    influence, kind, contact = row // 3 % 3, row // 9 % 4, row // 36
    predictors = np.column_stack(
        [influence == 1, influence == 2, kind == 1, kind == 2, kind == 3, contact == 1]
    ).astype(np.float64)
    fit = fitted(row % 3, predictors, n)
    # polr(Sat ~ Infl + Type + Cont, weights = Freq, data = housing), which stops at 1e-7 or so.
    assert fit.slopes == pytest.approx(
        [0.5663937, 1.2888191, -0.5723501, -0.3661866, -1.0910149, 0.3602841], abs=1e-6
    )
    assert fit.thresholds == pytest.approx([-0.4961353, 0.6907083], abs=1e-6)
    assert -2 * fit.log_likelihood == pytest.approx(3479.149, abs=5e-4)
    # R ordinal::clm with thresholds alone.
    assert null_log_likelihood(row % 3, n) == pytest.approx(-1824.43881052, abs=1e-8)


def test_two_categories_are_logistic_regression() -> None:
    category = np.array([0, 1, 0, 1, 0, 1])
    score = np.array([0.0, 0.0, 1.0, 1.0, 2.0, 2.0])
    n = np.array([30.0, 10.0, 20.0, 20.0, 10.0, 40.0])
    design = np.column_stack([np.ones(6), score])
    coefficients = np.zeros(2)
    for _ in range(30):  # Newton
        p = expit(design @ coefficients)
        information = (design * (n * p * (1 - p))[:, np.newaxis]).T @ design
        coefficients += np.linalg.solve(information, design.T @ (n * (category - p)))
    fit = fitted(category, score[:, np.newaxis], n)
    assert fit.slopes[0] == pytest.approx(coefficients[1], rel=1e-9)
    assert fit.thresholds[0] == pytest.approx(-coefficients[0], rel=1e-9)
    p = expit(design @ coefficients)
    likelihood = n @ np.log(np.where(category == 1, p, 1 - p))
    assert fit.log_likelihood == pytest.approx(likelihood, rel=1e-12)


def test_two_by_two_by_hand() -> None:
    # Log odds ratio of (30, 10) and (15, 45): log(45/15) - log(10/30) = log 9.
    category, group = np.array([0, 1, 0, 1]), np.array([[0.0], [0.0], [1.0], [1.0]])
    fit = fitted(category, group, np.array([30.0, 10.0, 15.0, 45.0]))
    assert fit.slopes[0] == pytest.approx(np.log(9), rel=1e-9)


@st.composite
def surveys(draw: st.DrawFn) -> tuple[Integers, Floats, Floats]:
    """A full table of 4 categories by 3 scores by 2 groups."""
    n = draw(st.lists(st.integers(5, 60), min_size=24, max_size=24))
    row = np.arange(24)
    score, group = row // 4 % 3 - 1.0, row // 12 * 1.0
    return row % 4, np.column_stack([score, group]), np.array(n, dtype=np.float64)


def likelihood(fit: OrdinalFit, survey: tuple[Integers, Floats, Floats]) -> float:
    """As the model is defined, without the care for rounding."""
    category, predictors, n = survey
    at_most = expit(fit.thresholds - (predictors @ fit.slopes)[:, np.newaxis])
    padded = np.hstack([np.zeros((len(n), 1)), at_most, np.ones((len(n), 1))])
    return float(n @ np.log(np.diff(padded)[np.arange(len(n)), category]))


@given(surveys(), st.integers(0, 10_000))
def test_nothing_nearby_is_more_likely(survey: tuple[Integers, Floats, Floats], seed: int) -> None:
    fit = fitted(*survey)
    assert fit.log_likelihood == pytest.approx(likelihood(fit, survey), rel=1e-12)
    random = np.random.default_rng(seed)
    for _ in range(10):
        near = OrdinalFit(
            fit.thresholds + random.normal(size=3) * 1e-3,
            fit.slopes + random.normal(size=2) * 1e-3,
            0,
        )
        assert likelihood(near, survey) < fit.log_likelihood


@given(surveys())
def test_counting_categories_from_above_turns_the_slopes(
    survey: tuple[Integers, Floats, Floats],
) -> None:
    category, predictors, n = survey
    fit, turned = fitted(*survey), fitted(3 - category, predictors, n)
    assert turned.slopes == pytest.approx(-fit.slopes, abs=1e-7)
    assert turned.thresholds == pytest.approx(-fit.thresholds[::-1], abs=1e-7)
    assert turned.log_likelihood == pytest.approx(fit.log_likelihood, rel=1e-11)


@given(surveys())
def test_without_predictors_categories_are_as_likely_as_common(
    survey: tuple[Integers, Floats, Floats],
) -> None:
    category, _, n = survey
    fit = fitted(category, np.empty((24, 0)), n)
    assert fit.log_likelihood == pytest.approx(null_log_likelihood(category, n), rel=1e-12)


@given(surveys())
def test_one_row_per_respondent_is_the_same(survey: tuple[Integers, Floats, Floats]) -> None:
    category, predictors, n = survey
    each = np.repeat(np.arange(24), n.astype(np.int64))
    fit, long = fitted(*survey), fitted(category[each], predictors[each], np.ones(len(each)))
    assert long.slopes == pytest.approx(fit.slopes, abs=1e-8)


def test_a_predictor_that_tells_categories_apart_has_no_estimate() -> None:
    category, score = np.array([0, 0, 1, 1]), np.array([[-2.0], [-1.0], [1.0], [2.0]])
    assert fit_proportional_odds(category, score, np.full(4, 25.0)) is None
