"""What is hidden beside the primary cells: tables in which mistakes are likely."""

from itertools import pairwise

import numpy as np
import pytest

from pipeline.disclosure.complementary import protect
from pipeline.disclosure.feasible import feasible_intervals
from pipeline.disclosure.linked_table import LinkedTable, Protection
from tests.disclosure.made_tables import made_table, made_table_from, rounded, two_way
from tests.disclosure.test_random_tables import assert_protected

FOUR = [[9, 12, 40, 50], [11, 10, 6, 60], [70, 80, 10, 12], [90, 30, 11, 9]]
"""Counts of four areas in four groups."""


def protected(table: LinkedTable, min_interval: int = 8) -> Protection:
    protection = protect(table, min_interval=min_interval)
    assert_protected(table, protection, min_interval, 0)
    return protection


def hidden_beside(table: LinkedTable, protection: Protection) -> list[int]:
    return np.flatnonzero(protection.is_hidden & ~table.is_primary).tolist()


def test_nothing_is_hidden_where_nothing_is_primary() -> None:
    table = made_table(*two_way(FOUR))
    protection = protected(table)
    assert not protection.is_hidden.any()
    assert protection.n_rounds == 0
    assert protection.lower.tolist() == protection.upper.tolist() == table.value.tolist()


def test_a_part_is_hidden_with_the_cheapest_cells_that_do() -> None:
    # a + b = 40 and b + c = 50: of a, its sum costs less than the part beside it and its sum.
    table = made_table([[0], [1], [2], [0, 1], [1, 2]], [10, 30, 20], primary=[0])
    protection = protected(table)
    assert hidden_beside(table, protection) == [3]
    assert protection.n_rounds == 1


def test_the_cheaper_side_is_taken() -> None:
    # Upwards the sum is in the way, downwards the other part alone.
    table = made_table([[0], [1], [0, 1]], [20, 4], primary=[0])
    assert hidden_beside(table, protected(table)) == [1]


def test_the_cost_decides_not_the_value() -> None:
    table = made_table([[0], [1], [2], [0, 1, 2]], [10, 30, 20], primary=[0])
    assert hidden_beside(table, protected(table)) == [2]
    table = made_table_from(table, cost=np.array([1, 3, 9, 9]))
    assert hidden_beside(table, protected(table)) == [1]


def test_a_secondary_cell_of_at_least_the_minimum_interval_is_found() -> None:
    # The cheapest, 2, makes an interval of 2 only where the sum stays shown.
    table = made_table([[0], [1], [2], [0, 1, 2]], [0, 2, 20], primary=[0])
    assert hidden_beside(table, protected(table, 2)) == [1]
    assert hidden_beside(table, protected(table, 3)) == [2]


def test_a_table_of_one_cell() -> None:
    table = made_table([[0]], [3], primary=[0])
    protection = protected(table)
    assert hidden_beside(table, protection) == []
    assert protection.upper[0] - protection.lower[0] >= 8


def test_a_one_by_one_table_hides_every_total_that_repeats_it() -> None:
    table = made_table(*two_way([[3]]), primary=[0])
    assert hidden_beside(table, protected(table)) == [1, 2, 3]


def test_areas_that_are_alike_are_hidden_together() -> None:
    # A district with a single area, and an area that was entered twice.
    table = made_table([[0], [0], [1], [1], [0, 1]], [5, 60], primary=[0])
    protection = protected(table)
    assert {1} < set(hidden_beside(table, protection))
    assert protection.is_hidden[0]
    assert protection.is_hidden[1]
    assert protection.is_hidden[2] == protection.is_hidden[3]


def test_a_total_of_three_levels_is_hidden_no_farther_up_than_needed() -> None:
    # Municipality of two districts of two areas; one area is small.
    sums = [[0], [1], [2], [3], [0, 1], [2, 3], [0, 1, 2, 3]]
    table = made_table(sums, [4, 30, 50, 60], primary=[0])
    assert hidden_beside(table, protected(table)) == [1]
    table = made_table_from(table, may_hide=np.arange(7) != 1)
    assert hidden_beside(table, protected(table)) == [4, 6]


@pytest.mark.parametrize("count", [0, 1])
def test_tables_of_the_same_small_count(count: int) -> None:
    sums, counts = two_way([[count] * 3] * 3)
    table = made_table(sums, counts, primary=range(9))
    protection = protected(table)
    assert protection.is_hidden[9:].any()


def test_two_hidden_in_every_line_may_still_give_one_away() -> None:
    # Two rectangles of hidden cells, joined by one: rows less columns leave that one alone.
    sums, counts = two_way(FOUR)
    bridge = 6
    hidden = [0, 1, 4, 5, bridge, 10, 11, 14, 15]
    inner = np.isin(np.arange(16), hidden).reshape(4, 4)
    assert min(inner.sum(axis=0).min(), inner.sum(axis=1).min()) == 2
    table = made_table(sums, counts, primary=hidden)
    lower, upper = feasible_intervals(table, table.is_primary)
    assert (lower[bridge], upper[bridge]) == pytest.approx((6, 6))
    assert (np.delete(upper - lower, bridge)[table.is_primary[np.arange(25) != bridge]] > 1).all()

    protection = protected(table)
    assert hidden_beside(table, protection)
    assert protection.upper[bridge] - protection.lower[bridge] >= 8


def test_areas_that_overlap_give_nothing_away_by_their_difference() -> None:
    # A school's area is a neighbourhood and five pupils more.
    table = made_table([[0], [1], [0, 1], [2], [0, 1, 2]], [60, 5, 80], primary=[1])
    assert hidden_beside(table, protected(table)) == [0]


def test_rounding_hides_less() -> None:
    sums, counts = two_way(FOUR)
    exact = made_table(sums, counts, primary=[0, 10])
    lower, upper = rounded(exact.value)
    table = made_table_from(exact, lower=lower, upper=upper)
    assert len(hidden_beside(table, protected(table))) < len(hidden_beside(exact, protected(exact)))


def test_a_code_that_is_wide_enough_stays() -> None:
    table = made_table([[0], [1], [0, 1]], [4, 100], is_coded=np.array([True, True, False]))
    table = made_table_from(table, lower=np.array([0, 90, 104]), upper=np.array([9, 104, 104]))
    protection = protected(table)
    assert not protection.is_hidden.any()
    assert protection.upper[0] - protection.lower[0] >= 8


def test_a_code_that_is_too_narrow_is_hidden() -> None:
    table = made_table([[0], [1], [0, 1]], [4, 100], is_coded=np.array([True, False, False]))
    table = made_table_from(table, lower=np.array([0, 90, 104]), upper=np.array([7, 110, 104]))
    assert hidden_beside(table, protected(table)) == [0]


def test_a_code_that_its_sum_makes_narrow_is_not_left_as_it_is() -> None:
    # 104 less 97 to 103 is 1 to 7, whatever the code says.
    table = made_table([[0], [1], [0, 1]], [4, 100], is_coded=np.array([True, False, False]))
    table = made_table_from(table, lower=np.array([0, 97, 104]), upper=np.array([20, 103, 104]))
    protection = protected(table)
    assert protection.is_hidden[1:].any()


def test_a_code_that_may_not_be_hidden_makes_others_give_way() -> None:
    table = made_table([[0], [1], [0, 1]], [4, 100], is_coded=np.array([True, False, False]))
    table = made_table_from(
        table,
        lower=np.array([0, 97, 104]),
        upper=np.array([20, 103, 104]),
        may_hide=np.array([False, True, True]),
    )
    protection = protected(table)
    assert not protection.is_hidden[0]
    assert protection.is_hidden[1:].any()


def test_cells_that_cannot_be_protected_are_named() -> None:
    table = made_table([[0], [1], [0, 1], [2], [3], [2, 3]], [4, 60, 5, 70], primary=[0, 3])
    table = made_table_from(table, may_hide=np.array([False, False, False, True, True, True]))
    protection = protect(table, min_interval=8)
    assert np.flatnonzero(protection.is_unprotected).tolist() == [0]
    assert protection.lower[0] == protection.upper[0] == 4
    # What could be protected is, and no more is hidden for nothing.
    assert hidden_beside(table, protection) == [4]


def test_protection_levels_are_reached_on_both_sides() -> None:
    table = made_table([[0], [1], [2], [0, 1, 2]], [10, 12, 60], primary=[0])
    for below, above in [(0, 15), (10, 0), (9, 40)]:
        levels = {
            "lower_protection": np.array([below, 0, 0, 0]),
            "upper_protection": np.array([above, 0, 0, 0]),
        }
        asked = made_table_from(table, **levels)
        protection = protected(asked, 1)
        lower, upper = feasible_intervals(asked, protection.is_hidden)
        assert lower[0] <= 10 - below
        assert upper[0] >= 10 + above


def test_a_level_below_zero_is_not_asked_for() -> None:
    table = made_table([[0], [1], [0, 1]], [3, 60], primary=[0])
    table = made_table_from(table, lower_protection=np.array([5, 0, 0]))
    assert not protected(table, 1).is_unprotected.any()


def test_the_same_table_gives_the_same_pattern() -> None:
    table = made_table(*two_way(FOUR), primary=[0, 6, 10])
    first, second = protected(table), protected(table)
    for name, column in vars(first).items():
        assert np.array_equal(column, getattr(second, name)), name


def test_nothing_is_hidden_that_could_be_shown() -> None:
    table = made_table(*two_way(FOUR), primary=[0, 6, 10])
    protection = protected(table)
    for cell in hidden_beside(table, protection):
        hidden = protection.is_hidden.copy()
        hidden[cell] = False
        lower, upper = feasible_intervals(table, hidden)
        assert np.nanmin(upper - lower) < 8


def test_a_chain_of_tables_is_followed_to_its_end() -> None:
    # Each cell shares a sum with the next: hiding one uncovers another.
    sums = [[cell] for cell in range(8)] + [list(pair) for pair in pairwise(range(8))]
    table = made_table(sums, [5, 20, 30, 40, 50, 60, 70, 80], primary=[0])
    table = made_table_from(table, may_hide=np.arange(15) < 8)
    protection = protected(table)
    assert hidden_beside(table, protection) == list(range(1, 8))


def test_values_that_are_no_sums_are_refused() -> None:
    table = made_table([[0], [1], [0, 1]], [3, 60], primary=[0])
    wrong = table.value + np.array([0, 0, 1])
    with pytest.raises(ValueError, match="values are not sums of any counts of atoms"):
        protect(
            made_table_from(table, value=wrong, lower=wrong, upper=wrong),
            min_interval=8,
        )


def test_a_minimum_interval_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="min_interval is 0, expected 1 or more"):
        protect(made_table([[0]], [3]), min_interval=0)
