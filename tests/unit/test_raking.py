"""Raking, trimming and what they cost: worked numbers and properties."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.analysis.estimation.variance import Floats, Integers
from pipeline.analysis.response.raking import kish, largest_error, rake, scaled_targets, trim

Case = tuple[Floats, Integers, list[Floats]]


def numbers(*rows: tuple[int, ...]) -> Integers:
    return np.array(rows, np.int64)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Respondents in every cell of two margins, so that all targets can be reached."""
    sizes = draw(st.tuples(st.integers(1, 4), st.integers(1, 4)))
    cells = [(i, j) for i in range(sizes[0]) for j in range(sizes[1])]
    n_per_cell = draw(st.lists(st.integers(1, 5), min_size=len(cells), max_size=len(cells)))
    categories = np.repeat(np.array(cells, np.int64), n_per_cell, axis=0)
    positive = st.floats(0.2, 50)
    base = draw(st.lists(positive, min_size=len(categories), max_size=len(categories)))
    targets = [np.array(draw(st.lists(positive, min_size=n, max_size=n))) for n in sizes]
    return np.array(base), categories, targets


def test_one_margin_is_poststratification() -> None:
    # 2 respondents stand for 6 pupils, 1 for 3, whatever the base weights add up to.
    raked = rake(np.array([1.0, 3, 5]), numbers((0,), (0,), (1,)), [np.array([6.0, 3])], 1e-12, 9)
    assert raked.weights.tolist() == [1.5, 4.5, 3.0]
    assert raked.iterations == 1


def test_two_by_two_by_hand() -> None:
    # Cells 20, 30; 40, 10 to the margins (60, 40) and (50, 50). Raking keeps the odds ratio of the
    # cells, 20 * 10 / (30 * 40) = 1/6: with x in the first cell, 6 x (x - 10) = (60 - x) (50 - x),
    # so 5 x² + 50 x - 3000 = 0.
    x = (-50 + np.sqrt(50**2 + 4 * 5 * 3000)) / 10
    assert x * (x - 10) / ((60 - x) * (50 - x)) == pytest.approx(1 / 6)
    cells = np.repeat(numbers((0, 0), (0, 1), (1, 0), (1, 1)), [20, 30, 40, 10], axis=0)
    raked = rake(np.ones(100), cells, [np.array([60.0, 40]), np.array([50.0, 50])], 1e-13, 99)
    first = raked.weights[(cells == 0).all(axis=1)]
    assert first.sum() == pytest.approx(x)
    assert np.ptp(first) == 0


@given(cases())
def test_all_margins_hold_and_factors_multiply(case: Case) -> None:
    base, categories, targets = case
    targets = scaled_targets(categories, targets)
    raked = rake(base, categories, targets, 1e-10, 10_000)
    assert raked.error <= 1e-10
    assert largest_error(raked.weights, categories, targets) == pytest.approx(
        raked.error, abs=1e-12
    )
    # log of the factor is a sum of one effect for each margin: no interaction.
    factor = np.full(categories.max(axis=0) + 1, np.nan)
    factor[tuple(categories.T)] = np.log(raked.weights / base)
    interaction = factor - factor[:1] - factor[:, :1] + factor[0, 0]
    assert np.abs(interaction).max() < 1e-9


@given(cases())
def test_weights_that_hold_already_are_left_alone(case: Case) -> None:
    base, categories, _ = case
    targets = [np.bincount(each, base).astype(np.float64) for each in categories.T]
    raked = rake(base, categories, targets, 1e-12, 99)
    assert raked.iterations == 0
    assert raked.weights.tolist() == base.tolist()


def test_margins_that_cannot_hold_at_once_are_told_apart() -> None:
    # Everybody of the first row is in the first column: 60 cannot be 50.
    cells = numbers((0, 0), (1, 1))
    raked = rake(np.ones(2), cells, [np.array([60.0, 40]), np.array([50.0, 50])], 1e-9, 30)
    assert (raked.iterations, raked.error > 0.1) == (30, True)


def test_margins_are_scaled_to_the_first_one() -> None:
    cells = numbers((0, 0), (0, 1), (1, 0))
    first, second = scaled_targets(cells, [np.array([30.0, 20]), np.array([11.0, 14])])
    assert first.tolist() == [30, 20]
    assert second.tolist() == [22, 28]


def test_margins_are_scaled_block_by_block() -> None:
    # Grades 0 and 1 are in school 0, grade 2 is in schools 1 and 2; both genders are in all.
    places = ((0, 0), (1, 0), (2, 1), (2, 2))
    cells = numbers(*((*place, gender) for place in places for gender in (0, 1)))
    given_ = [np.array([10.0, 20, 30]), np.array([33.0, 10, 10]), np.array([40.0, 40])]
    grades, schools, genders = scaled_targets(cells, given_)
    assert grades.tolist() == [10, 20, 30]
    assert schools.tolist() == [30, 15, 15]
    assert genders.tolist() == [30, 30]
    assert rake(np.ones(8), cells, [grades, schools, genders], 1e-9, 999).error <= 1e-9


def test_what_is_cut_off_is_shared_by_all_others() -> None:
    # 10 is cut to 4; 6 / 3 each would lift 3 to 5, which is cut in turn: 7 / 2 each.
    assert trim(np.array([0.0, 0, 3, 10]), 4.0).tolist() == [2.5, 2.5, 4, 4]


def test_weights_within_the_bound_are_left_alone() -> None:
    weights = np.array([0.5, 1.5, 1.0])
    assert trim(weights, 1.5).tolist() == weights.tolist()


@given(st.lists(st.floats(0.01, 100), min_size=2, max_size=40), st.floats(1.01, 3))
def test_trimming_keeps_the_sum_and_the_bound(weights: list[float], ratio: float) -> None:
    given_ = np.array(weights)
    upper = ratio * float(given_.mean())
    trimmed = trim(given_, upper)
    assert trimmed.max() <= upper * (1 + 1e-12)
    assert trimmed.sum() == pytest.approx(given_.sum())
    assert (trimmed >= np.minimum(given_, upper) * (1 - 1e-12)).all()


def test_kish_by_hand() -> None:
    # 1, 1, 2: mean 4/3, variance 2/9, so cv squared is 1/8.
    assert kish(np.array([1.0, 1, 2])) == pytest.approx((1.125, 3 / 1.125))


def test_equal_weights_cost_nothing() -> None:
    assert kish(np.full(7, 3.0)) == pytest.approx((1, 7))
