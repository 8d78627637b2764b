"""Adjusted p-values: published numbers and how they behave. R's are in tests/oracle."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import false_discovery_control

from pipeline.analysis.comparison.multiplicity import Method, adjust_p
from pipeline.analysis.estimation.variance import Floats

METHODS: list[Method] = ["holm", "hochberg", "benjamini_hochberg", "benjamini_yekutieli"]
P_VALUES = st.lists(st.floats(1e-12, 1), min_size=1, max_size=20)

# Benjamini and Hochberg (1995), Journal of the Royal Statistical Society B 57, 289-300: fifteen
# comparisons of two treatments, of which their procedure finds four at 0.05 and Bonferroni's
# three. scipy's false_discovery_control prints the same example.
PUBLISHED = [
    *(0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459),
    *(0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0),
]


def adjust(p: list[float], method: Method) -> Floats:
    return adjust_p(np.array(p), np.zeros(len(p), dtype=np.int64), method)


def test_findings_as_published() -> None:
    assert (adjust(PUBLISHED, "benjamini_hochberg") <= 0.05).sum() == 4
    assert (np.array(PUBLISHED) * len(PUBLISHED) <= 0.05).sum() == 3
    assert (adjust(PUBLISHED, "holm") <= 0.05).sum() == 3


# n = 3: holm 3 * .01, 2 * .02, then at least that; hochberg min(.04, .03), BH 3 * .01 / 1,
# min(3 * .02 / 2, .04): by hand.
@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("holm", [0.03, 0.04, 0.04]),
        ("hochberg", [0.03, 0.04, 0.04]),
        ("benjamini_hochberg", [0.03, 0.03, 0.04]),
        ("benjamini_yekutieli", [0.055, 0.055, 0.22 / 3]),
    ],
)
def test_three_by_hand(method: Method, expected: list[float]) -> None:
    assert adjust([0.01, 0.02, 0.04], method).tolist() == pytest.approx(expected, rel=1e-14)


def test_hochberg_finds_where_holm_does_not() -> None:
    assert adjust([0.03, 0.04], "holm").tolist() == [0.06, 0.06]
    assert adjust([0.03, 0.04], "hochberg").tolist() == [0.04, 0.04]


@pytest.mark.parametrize("method", METHODS)
def test_nothing_tested_does_not_count(method: Method) -> None:
    with_gap = adjust([0.01, np.nan, 0.04], method)
    without = adjust([0.01, 0.04], method)
    np.testing.assert_array_equal(with_gap, [without[0], np.nan, without[1]])
    np.testing.assert_array_equal(adjust([np.nan, np.nan], method), [np.nan, np.nan])


@pytest.mark.parametrize("method", METHODS)
def test_families_are_adjusted_by_themselves(method: Method) -> None:
    # Mixed, of different sizes, one of them without any p, and a number that no family has.
    p = np.array([0.02, 0.01, 0.3, np.nan, 0.04, 0.9])
    family = np.array([4, 0, 4, 2, 4, 0])
    adjusted = adjust_p(p, family, method)
    for number in (0, 4):
        np.testing.assert_array_equal(
            adjusted[family == number], adjust(p[family == number].tolist(), method)
        )
    assert np.isnan(adjusted[3])


@pytest.mark.parametrize("method", METHODS)
def test_none_at_all(method: Method) -> None:
    assert adjust([], method).shape == (0,)


@given(P_VALUES, st.sampled_from(METHODS))
def test_adjusting_keeps_the_order_and_never_finds_more(p: list[float], method: Method) -> None:
    adjusted = adjust(p, method)
    order = np.argsort(p, kind="stable")
    assert (np.diff(adjusted[order]) >= 0).all()
    assert (adjusted >= np.array(p) * (1 - 1e-12)).all()
    assert (adjusted <= 1).all()


@given(P_VALUES)
def test_as_scipy_has_it(p: list[float]) -> None:
    for method, name in [("benjamini_hochberg", "bh"), ("benjamini_yekutieli", "by")]:
        ours = adjust(p, method)  # type: ignore[arg-type]
        np.testing.assert_allclose(ours, false_discovery_control(p, method=name), rtol=1e-12)
