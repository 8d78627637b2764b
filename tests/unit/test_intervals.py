"""Intervals: against published numbers, against scipy's distributions, and as they must behave."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from pipeline.analysis.estimation.intervals import (
    korn_graubard_interval,
    korn_graubard_size,
    logit_interval,
    mean_interval,
    t_quantile,
    wilson_interval,
)

SHARES = st.floats(0.001, 0.999)
STANDARD_ERRORS = st.floats(1e-4, 0.3)
DEGREES = st.floats(1, 500)
CONFIDENCES = st.floats(0.51, 0.999)


def logit(share: float, se: float, df: float, confidence: float = 0.95) -> tuple[float, float]:
    lower, upper = logit_interval(*arrays(share, se, df), confidence=confidence)
    return lower.item(), upper.item()


def korn_graubard(
    share: float, se: float, n: float, df: float, confidence: float = 0.95
) -> tuple[float, float]:
    lower, upper = korn_graubard_interval(*arrays(share, se, n, df), confidence=confidence)
    return lower.item(), upper.item()


def wilson(share: float, se: float, df: float, confidence: float = 0.95) -> tuple[float, float]:
    lower, upper = wilson_interval(*arrays(share, se, df), confidence=confidence)
    return lower.item(), upper.item()


def arrays(*numbers: float) -> list[np.ndarray[tuple[int], np.dtype[np.float64]]]:
    return [np.array([number], dtype=np.float64) for number in numbers]


# CDC, Software for Analysis of YRBS Data, table 3 (2019 file). The printed 38.45 (1.52),
# 1.77 (0.30) and 6.54 (0.65) percent are given here without rounding, from the public file.
QN58 = (0.3844810506225614, 0.015230775406354853)
QN52 = (0.01765697605301258, 0.0029785515449353623)
QN8 = (0.06544546327890367, 0.006498787844482737)


# SUDAAN's limits, df 37.
@pytest.mark.parametrize(
    ("share_and_se", "lower", "upper"),
    [(QN58, 35.41, 41.58), (QN52, 1.25, 2.48), (QN8, 5.34, 7.99)],
)
def test_logit_interval_as_published(
    share_and_se: tuple[float, float], lower: float, upper: float
) -> None:
    limits = [100 * limit for limit in logit(*share_and_se, 37)]
    assert limits == pytest.approx([lower, upper], abs=0.005)


# R's limits, svyciprop(method = "beta"). QN8's upper limit is left out: printed as 8.00, it is
# 7.995 with 37 degrees of freedom.
@pytest.mark.parametrize(
    ("share_and_se", "n", "lower", "upper"),
    [(QN58, 11040, 35.35, 41.62), (QN52, 12711, 1.21, 2.48)],
)
def test_korn_graubard_interval_as_published(
    share_and_se: tuple[float, float], n: float, lower: float, upper: float
) -> None:
    limits = [100 * limit for limit in korn_graubard(*share_and_se, n, 37)]
    assert limits == pytest.approx([lower, upper], abs=0.005)


# Tables of Student's t, e.g. NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2.
@pytest.mark.parametrize(("df", "quantile"), [(1, 12.706), (5, 2.571), (30, 2.042)])
def test_t_quantile_as_published(df: float, quantile: float) -> None:
    assert t_quantile(0.975, np.array([df])).item() == pytest.approx(quantile, abs=5e-4)


@given(mean=st.floats(-10, 10), se=STANDARD_ERRORS, df=DEGREES, confidence=CONFIDENCES)
def test_mean_interval_agrees_with_scipy(
    mean: float, se: float, df: float, confidence: float
) -> None:
    lower, upper = mean_interval(*arrays(mean, se, df), confidence=confidence)
    expected = stats.t.interval(confidence, df, loc=mean, scale=se)
    assert [lower.item(), upper.item()] == pytest.approx(expected, rel=1e-9, abs=1e-12)


@given(share=SHARES, se=STANDARD_ERRORS, df=DEGREES, confidence=CONFIDENCES)
def test_logit_interval_agrees_with_scipy(
    share: float, se: float, df: float, confidence: float
) -> None:
    odds = share / (1 - share)
    shift = stats.t.ppf((1 + confidence) / 2, df) * se / (share * (1 - share))
    # As odds: not the way the product takes.
    expected = [1 / (1 + np.exp(min(shift, 700)) / odds), 1 / (1 + np.exp(-min(shift, 700)) / odds)]
    assert logit(share, se, df, confidence) == pytest.approx(expected, rel=1e-8, abs=1e-12)


@given(n=st.integers(2, 3000), data=st.data(), confidence=CONFIDENCES)
def test_korn_graubard_of_a_simple_random_sample_is_clopper_pearson(
    n: int, data: st.DataObject, confidence: float
) -> None:
    reached = data.draw(st.integers(0, n))
    share = reached / n
    se = (share * (1 - share) / n) ** 0.5
    exact = stats.binomtest(reached, n).proportion_ci(confidence, method="exact")
    limits = korn_graubard(share, se, n, n - 1, confidence)
    assert limits == pytest.approx([exact.low, exact.high], rel=1e-7, abs=1e-12)


@given(n=st.integers(2, 3000), data=st.data(), confidence=CONFIDENCES)
def test_wilson_of_a_large_simple_random_sample_is_scipy_s(
    n: int, data: st.DataObject, confidence: float
) -> None:
    reached = data.draw(st.integers(1, n - 1))
    share = reached / n
    se = (share * (1 - share) / n) ** 0.5
    # scipy's quantile is the normal one.
    score = stats.binomtest(reached, n).proportion_ci(confidence, method="wilson")
    limits = wilson(share, se, 1e15, confidence)
    assert limits == pytest.approx([score.low, score.high], rel=1e-7, abs=1e-12)


def test_wilson_uses_student_s_t() -> None:
    t, size = stats.t.ppf(0.975, 7), 0.3 * 0.7 / 0.05**2
    centre = (0.3 + t**2 / (2 * size)) / (1 + t**2 / size)
    half = t / (2 * size) * (4 * size * 0.3 * 0.7 + t**2) ** 0.5 / (1 + t**2 / size)
    assert wilson(0.3, 0.05, 7) == pytest.approx((centre - half, centre + half), rel=1e-12)


def test_a_standard_error_of_0_that_is_known() -> None:
    assert wilson(0.3, 0, 7) == (0.3, 0.3)
    assert logit(0.3, 0, 7) == pytest.approx((0.3, 0.3), rel=1e-12)
    # Respondents of few PSUs count as fewer, whatever the variance.
    size = korn_graubard_size(*arrays(0.3, 0, 50, 7), confidence=0.95).item()
    assert size == pytest.approx(50 * (stats.t.ppf(0.975, 49) / stats.t.ppf(0.975, 7)) ** 2)


@given(share=SHARES, se=STANDARD_ERRORS, n=st.integers(2, 3000), df=DEGREES)
def test_korn_graubard_agrees_with_scipy(share: float, se: float, n: int, df: float) -> None:
    t_ratio = stats.t.ppf(0.025, n - 1) / stats.t.ppf(0.025, df)
    size = min(n, share * (1 - share) / se**2 * t_ratio**2)
    expected = [
        stats.beta.ppf(0.025, size * share, size * (1 - share) + 1),
        stats.beta.ppf(0.975, size * share + 1, size * (1 - share)),
    ]
    assert korn_graubard(share, se, n, df) == pytest.approx(expected, rel=1e-7, abs=1e-12)


@pytest.mark.parametrize("df", [1, 7, 36])
def test_nobody_flagged_leaves_the_interval_open_upwards(df: float) -> None:
    # Of 30 respondents in few PSUs the limit 1 - 0.025^(1/size) is that of fewer respondents.
    size = 30 * min(1, (stats.t.ppf(0.975, 29) / stats.t.ppf(0.975, df)) ** 2)
    expected = 1 - 0.025 ** (1 / size)
    assert korn_graubard(0, 0, 30, df) == pytest.approx((0, expected), rel=1e-9)
    assert korn_graubard(1, 0, 30, df) == pytest.approx((1 - expected, 1), rel=1e-9)


@given(share=SHARES, se=STANDARD_ERRORS, df=DEGREES, confidence=CONFIDENCES)
def test_limits_hold_the_share_and_stay_within_0_and_1(
    share: float, se: float, df: float, confidence: float
) -> None:
    for lower, upper in (
        logit(share, se, df, confidence),
        korn_graubard(share, se, 400, df, confidence),
        wilson(share, se, df, confidence),
    ):
        assert 0 <= lower <= share * (1 + 1e-12)
        assert share * (1 - 1e-12) <= upper <= 1


@given(share=SHARES, se=STANDARD_ERRORS, df=st.integers(1, 60))
def test_fewer_degrees_of_freedom_give_a_wider_interval(share: float, se: float, df: int) -> None:
    for fewer, more in (
        (logit(share, se, df), logit(share, se, df + 1)),
        (korn_graubard(share, se, 400, df), korn_graubard(share, se, 400, df + 1)),
        (wilson(share, se, df), wilson(share, se, df + 1)),
    ):
        assert fewer[0] <= more[0] * (1 + 1e-12)
        assert fewer[1] >= more[1] * (1 - 1e-12)


def test_one_degree_of_freedom_is_much_wider_than_many() -> None:
    assert np.diff(logit(0.3, 0.03, 1)) > 4 * np.diff(logit(0.3, 0.03, 60))
    assert np.diff(korn_graubard(0.3, 0.03, 400, 1)) > 2 * np.diff(
        korn_graubard(0.3, 0.03, 400, 60)
    )


@given(share=SHARES, se=STANDARD_ERRORS, df=DEGREES)
def test_the_others_have_the_mirrored_interval(share: float, se: float, df: float) -> None:
    mirrored = 1 - share
    lower, upper = logit(share, se, df)
    assert logit(mirrored, se, df) == pytest.approx((1 - upper, 1 - lower), abs=1e-9)
    lower, upper = korn_graubard(share, se, 400, df)
    assert korn_graubard(mirrored, se, 400, df) == pytest.approx((1 - upper, 1 - lower), abs=1e-9)


def test_korn_graubard_counts_no_more_than_those_who_answered() -> None:
    # A standard error below that of a simple random sample does not narrow the interval.
    plain = (0.3 * 0.7 / 50) ** 0.5
    assert korn_graubard(0.3, plain / 3, 50, 49) == korn_graubard(0.3, plain / 2, 50, 49)


@pytest.mark.parametrize("df", [0, -1, np.nan])
def test_no_degrees_of_freedom_give_no_limits(df: float) -> None:
    for limits in (
        logit(0.3, 0.1, df),
        wilson(0.3, 0.1, df),
        korn_graubard(0.3, 0.1, 50, df),
        korn_graubard(0, 0, 50, df),
        [each.item() for each in mean_interval(*arrays(2.5, 0.1, df), confidence=0.95)],
    ):
        assert np.isnan(limits).all()


@pytest.mark.parametrize("share", [0, 1])
def test_the_logit_of_all_or_nobody_does_not_exist(share: float) -> None:
    assert np.isnan(logit(share, 0.1, 30)).all()
    assert np.isnan(wilson(share, 0.1, 30)).all()


@pytest.mark.parametrize(("share", "se"), [(np.nan, 0.1), (0.3, np.nan)])
def test_what_is_not_known_gives_no_limits(share: float, se: float) -> None:
    for limits in (logit(share, se, 30), korn_graubard(share, se, 50, 30)):
        assert np.isnan(limits).all()


def test_one_respondent_gives_no_korn_graubard_limits() -> None:
    assert np.isnan(korn_graubard(0, 0, 1, 5)).all()


def test_shapes_are_kept() -> None:
    twelve = np.full((3, 4), 0.2)
    for limits in (
        logit_interval(twelve, twelve / 10, twelve * 40, confidence=0.9),
        korn_graubard_interval(twelve, twelve / 10, twelve * 200, twelve * 40, confidence=0.9),
        mean_interval(twelve, twelve / 10, twelve * 40, confidence=0.9),
    ):
        assert [each.shape for each in limits] == [(3, 4), (3, 4)]
