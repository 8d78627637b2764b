"""Reliability by hand and as it behaves. R's own numbers are in tests/oracle."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pipeline.analysis.quality.reliability import (
    Floats,
    alpha_if_deleted,
    correlations,
    cronbach_alpha,
    feldt_interval,
    item_total_correlations,
    listwise_covariance,
    pairwise_covariance,
    spearman_brown,
)

NONE = np.nan
# Variances 1, covariances 1/2: alpha = 3/2 (1 - 3/6) = 3/4.
EQUAL = np.full((3, 3), 0.5) + np.eye(3) / 2

answers = arrays(
    np.float64,
    st.tuples(st.integers(5, 40), st.integers(2, 6)),
    elements=st.sampled_from([1.0, 2.0, 3.0, 4.0, NONE]),
)


def test_alpha_by_hand() -> None:
    assert cronbach_alpha(EQUAL) == pytest.approx(0.75, rel=1e-15)


def test_alpha_of_one_item_or_of_a_sum_that_does_not_vary_is_not_there() -> None:
    assert np.isnan(cronbach_alpha(np.ones((1, 1))))
    assert np.isnan(cronbach_alpha(np.zeros((2, 2))))
    assert np.isnan(cronbach_alpha(np.array([[1.0, -1.0], [-1.0, 1.0]])))


def test_an_item_without_answers_leaves_no_alpha() -> None:
    points = np.array([[1, 2, NONE], [2, 2, NONE], [3, 4, NONE]])
    assert np.isnan(cronbach_alpha(pairwise_covariance(points)))


def test_pairwise_covariance_uses_everyone_who_answered_both() -> None:
    points = np.array([[1.0, 2.0], [2.0, 4.0], [3.0, NONE], [NONE, 9.0]])
    # Both: (1, 2), (2, 4). First: 1, 2, 3. Second: 2, 4, 9.
    assert pairwise_covariance(points) == pytest.approx(np.array([[1, 1], [1, 13]]), rel=1e-14)


def test_who_has_no_weight_does_not_count() -> None:
    points = np.array([[1.0, 2.0], [2.0, 4.0], [4.0, 1.0], [4.0, 4.0]])
    weighted = listwise_covariance(points, np.array([1.0, 1.0, 1.0, 0.0]))
    assert weighted == pytest.approx(listwise_covariance(points[:3]) * 2 / 3, rel=1e-14)
    assert np.isnan(listwise_covariance(points, np.array([1.0, 0.0, 0.0, 0.0]))).all()


def test_item_total_and_alpha_without_an_item_by_hand() -> None:
    # With the sum of two others: (1/2 + 1/2) / sqrt(1 * 3).
    assert item_total_correlations(EQUAL) == pytest.approx(np.full(3, 3**-0.5), rel=1e-14)
    assert alpha_if_deleted(EQUAL) == pytest.approx(np.full(3, 2 / 3), rel=1e-14)
    assert np.isnan(alpha_if_deleted(EQUAL[:2, :2])).all()


def test_an_item_that_does_not_vary_correlates_with_nothing() -> None:
    covariance = np.array([[1.0, 0.5, 0.0], [0.5, 1.0, 0.0], [0.0, 0.0, 0.0]])
    assert np.isnan(item_total_correlations(covariance)[2])
    assert np.isnan(correlations(covariance)[2]).all()
    assert np.isfinite(item_total_correlations(covariance)[:2]).all()


def test_spearman_brown() -> None:
    assert spearman_brown(0.5) == pytest.approx(2 / 3, rel=1e-15)
    assert np.isnan(spearman_brown(-1.0))


def test_feldt_limits_hold_alpha_and_narrow_with_n() -> None:
    few, many = (feldt_interval(0.8, n, 4, confidence=0.95) for n in (50, 5000))
    assert few[0] < many[0] < 0.8 < many[1] < few[1] < 1
    assert np.isnan(feldt_interval(0.8, 1, 4, confidence=0.95)).all()


@given(answers)
def test_pairwise_agrees_with_a_plain_loop(points: Floats) -> None:
    found = pairwise_covariance(points)
    for i, one in enumerate(points.T):
        for j, other in enumerate(points.T):
            both = ~np.isnan(one) & ~np.isnan(other)
            if both.sum() < 2:
                assert np.isnan(found[i, j])
            else:
                expected = np.cov(one[both], other[both])[0, 1]
                assert found[i, j] == pytest.approx(expected, abs=1e-12)


@given(answers)
def test_items_agree_with_sums_of_the_others(points: Floats) -> None:
    complete = points[~np.isnan(points).any(axis=1)]
    covariance = listwise_covariance(points)
    totals, without = item_total_correlations(covariance), alpha_if_deleted(covariance)
    for j in range(points.shape[1]):
        others = np.delete(complete, j, axis=1)
        if len(complete) > 1 and np.ptp(complete[:, j]) and np.ptp(others.sum(axis=1)):
            expected = np.corrcoef(complete[:, j], others.sum(axis=1))[0, 1]
            assert totals[j] == pytest.approx(expected, abs=1e-9)
        else:
            assert np.isnan(totals[j])
        if points.shape[1] > 2:
            expected = cronbach_alpha(np.delete(np.delete(covariance, j, 0), j, 1))
            assert without[j] == pytest.approx(expected, abs=1e-9, nan_ok=True)


@given(answers, st.floats(0.1, 10), st.floats(-5, 5))
def test_other_points_leave_alpha(points: Floats, stretch: float, shift: float) -> None:
    before = cronbach_alpha(pairwise_covariance(points))
    if before > -10:  # Below, the sum hardly varies and rounding decides.
        after = cronbach_alpha(pairwise_covariance(points * stretch + shift))
        assert after == pytest.approx(before, abs=1e-8)


@given(answers)
def test_alpha_of_correlations_is_alpha_of_standardised_points(points: Floats) -> None:
    complete = points[~np.isnan(points).any(axis=1)]
    if len(complete) > 1 and np.ptp(complete, axis=0).all():
        standardised = (complete - complete.mean(axis=0)) / complete.std(axis=0, ddof=1)
        expected = cronbach_alpha(listwise_covariance(standardised))
        if expected > -10:
            found = cronbach_alpha(correlations(listwise_covariance(complete)))
            assert found == pytest.approx(expected, abs=1e-8)
