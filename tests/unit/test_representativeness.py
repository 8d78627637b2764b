"""R-indicators: extremes whose value is known, numbers by hand, properties."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.analysis.response.representativeness import partial_indicators, representativeness


def floats(*values: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array(values, np.float64)


def test_equal_participation_is_representative() -> None:
    found = representativeness(floats(100, 50), floats(80, 40))
    assert (found.share, found.s, found.r, found.r_adjusted) == (0.8, 0, 1, 1)
    assert (found.cv, found.max_bias) == (0, 0)


def test_half_all_and_half_none_is_as_far_as_it_gets() -> None:
    # S is 1/2 but for N - 1, and R is 0: Schouten, Cobben and Bethlehem (2009).
    found = representativeness(floats(1e6, 1e6), floats(1e6, 0))
    assert found.r == pytest.approx(0, abs=1e-6)
    assert found.r_adjusted == found.r
    assert found.max_bias == pytest.approx(0.5, abs=1e-6)


def test_two_classes_by_hand() -> None:
    # 60 pupils at 0.9 and 40 at 0.6: mean 0.78, sum of squares 60 * .12² + 40 * .18² = 2.16, of
    # which 99 is divided; the adjustment is (.9 * .1 + .6 * .4) / 100 = 0.0033.
    found = representativeness(floats(60, 40), floats(54, 24))
    s2 = 2.16 / 99
    assert found.share == pytest.approx(0.78)
    assert found.r == pytest.approx(1 - 2 * s2**0.5)
    assert found.r_adjusted == pytest.approx(1 - 2 * (s2 - 0.0033) ** 0.5)
    assert found.cv == pytest.approx(s2**0.5 / 0.78)
    assert found.max_bias == pytest.approx(s2**0.5 / 0.78 / 2)


def test_more_answers_than_pupils_count_as_all() -> None:
    assert representativeness(floats(20, 20), floats(25, 20)) == representativeness(
        floats(20, 20), floats(20, 20)
    )
    assert partial_indicators(floats(20, 20), floats(25, 20)).tolist() == [0, 0]


def test_the_adjustment_takes_away_what_chance_adds() -> None:
    # Everyone answers with 0.8, decided one by one; 40 small classes differ by chance alone.
    n = np.full(40, 25.0)
    answered = np.random.default_rng(8).binomial(25, 0.8, (4000, 40))
    s2 = [representativeness(n, each.astype(np.float64)).s ** 2 for each in answered]
    rho = answered / n
    taken = (rho * (1 - rho)).sum(axis=1) / n.sum()
    # What remains is of the order of 1 / 1000 pupils, against 0.0064 unadjusted.
    assert np.mean(s2) == pytest.approx(0.0064, rel=0.03)
    assert np.mean(s2 - taken) == pytest.approx(0, abs=0.0002)


def test_nobody_who_answered_has_no_bound() -> None:
    found = representativeness(floats(30, 30), floats(0, 0))
    assert found.r == 1
    assert np.isnan([found.cv, found.max_bias]).all()


def test_partial_indicators_by_hand() -> None:
    # Shares 0.6 and 0.4 of all, 0.12 above and 0.18 below the mean.
    partial = partial_indicators(floats(60, 40), floats(54, 24))
    assert partial == pytest.approx([0.6**0.5 * 0.12, -(0.4**0.5) * 0.18])


counts = st.lists(st.tuples(st.integers(1, 300), st.integers(0, 300)), min_size=2, max_size=12)


@given(counts)
def test_partials_of_the_classes_add_up_to_the_whole(pairs: list[tuple[int, int]]) -> None:
    n_enrolled, n_answered = (np.array(each, np.float64) for each in zip(*pairs, strict=True))
    found = representativeness(n_enrolled, n_answered)
    partial = partial_indicators(n_enrolled, n_answered)
    n = n_enrolled.sum()
    assert (partial**2).sum() * n / (n - 1) == pytest.approx(found.s**2, abs=1e-12)
    assert found.r <= found.r_adjusted <= 1
