"""What is hidden so far: what is known at once, and in which order it is looked at again."""

import numpy as np
import pytest

from pipeline.disclosure.pattern import Pattern
from tests.disclosure.made_tables import made_table, made_table_from


def hidden(pattern: Pattern) -> list[int]:
    return np.flatnonzero(pattern.is_hidden).tolist()


def test_what_repeats_a_hidden_cell_is_hidden_with_it() -> None:
    # An area that was entered twice; another that has as many pupils by chance.
    table = made_table([[0], [0], [1], [0, 1]], [5, 5], primary=[0])
    pattern = Pattern(table, 8)
    pattern.settle_known()
    assert hidden(pattern) == [0, 1]


def test_a_code_that_is_too_narrow_is_hidden_at_once_and_a_wide_one_is_not() -> None:
    table = made_table([[0], [1], [0, 1]], [4, 9], is_coded=np.array([True, True, False]))
    table = made_table_from(table, lower=np.array([0, 0, 13]), upper=np.array([5, 20, 13]))
    pattern = Pattern(table, 8)
    pattern.settle_known()
    assert hidden(pattern) == [0]


def test_a_repetition_that_is_wide_enough_or_must_be_shown_stays() -> None:
    table = made_table([[0], [0], [0, 1]], [5, 50], primary=[0])
    wide = made_table_from(table, lower=np.array([5, 0, 55]), upper=np.array([5, 20, 55]))
    for kept in (wide, made_table_from(table, may_hide=np.array([True, False, True]))):
        pattern = Pattern(kept, 8)
        pattern.settle_known()
        assert hidden(pattern) == [0]


def test_the_narrowest_cells_are_looked_at_first_where_one_is_to_be_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sums = [[0], [1], [2], [3], [0, 1, 2, 3]]
    pattern = Pattern(made_table(sums, [20, 3, 30, 40], primary=[0, 1, 2]), 8)
    pattern.hide(np.array([3]))
    # Two fit what stays shown: their ranges are 2, 3 and 1 wide.
    pattern.proofs.add(np.array([22.0, 0, 31, 40]))
    asked: list[int] = []

    def prove(cell: int) -> bool:
        asked.append(cell)
        return True

    monkeypatch.setattr(pattern, "prove", prove)
    pattern.show_if_proven(3, np.zeros(5, dtype=bool))
    assert asked == [2, 0, 1]
    assert hidden(pattern) == [0, 1, 2]
