"""What is no linked table is refused."""

from typing import Any

import numpy as np
import pytest

from tests.disclosure.made_tables import made_table, made_table_from

TABLE = made_table([[0], [1], [0, 1]], [3, 60], primary=[0])


@pytest.mark.parametrize(
    "name",
    [
        "value",
        "lower",
        "upper",
        "is_primary",
        "cost",
        "may_hide",
        "is_coded",
        "lower_protection",
        "upper_protection",
    ],
)
def test_a_column_of_another_length_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=rf"^{name} has shape \(2,\), expected \(3,\)$"):
        made_table_from(TABLE, **{name: getattr(TABLE, name)[:2]})


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"atoms": TABLE.atoms * -1}, "^atoms holds numbers below 0$"),
        (
            {"lower": TABLE.value + np.array([0, 1, 0])},
            "^a cell's value lies outside of its lower and upper$",
        ),
        (
            {"upper": TABLE.value - np.array([0, 0, 1])},
            "^a cell's value lies outside of its lower and upper$",
        ),
        ({"lower": TABLE.value - 4}, "^lower is negative$"),
        ({"cost": np.array([1, -1, 1])}, "^cost is negative$"),
        ({"lower_protection": np.array([0, -1, 1])}, "^lower_protection is negative$"),
        ({"upper_protection": np.array([0, -1, 1])}, "^upper_protection is negative$"),
    ],
)
def test_a_column_with_impossible_numbers_is_refused(columns: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        made_table_from(TABLE, **columns)


PAIR = made_table(
    # Two groups' respondents and flagged, and a third group alone.
    [[0, 1], [1], [2, 3], [3], [4]],
    [20, 10, 30, 9, 50],
    figure=np.array([0, 0, 1, 1, 2]),
    is_base=np.array([True, False, True, False, False]),
)


def test_a_share_goes_with_its_base_and_not_the_other_way_round() -> None:
    assert PAIR.hidden_with(np.array([0])).tolist() == [0, 1]
    assert PAIR.hidden_with(np.array([1])).tolist() == [1]
    assert PAIR.hidden_with(np.array([1, 2, 4])).tolist() == [1, 2, 3, 4]
    assert (PAIR.shown_with(0).tolist(), PAIR.shown_with(1).tolist()) == ([0], [1])
    assert (PAIR.bases_of(0).tolist(), PAIR.bases_of(3).tolist()) == ([], [2])
    assert PAIR.bases_of(4).tolist() == []


def test_by_default_every_cell_goes_by_itself() -> None:
    assert TABLE.hidden_with(np.array([2])).tolist() == [2]
    assert (TABLE.shown_with(1).tolist(), TABLE.bases_of(1).tolist()) == ([1], [])


@pytest.mark.parametrize("name", ["figure", "is_base"])
def test_figures_and_bases_are_stated_together(name: str) -> None:
    alone = {"figure": np.arange(3), "is_base": np.zeros(3, dtype=bool)}
    with pytest.raises(ValueError, match=r"^figure and is_base are stated together or not at all$"):
        made_table_from(TABLE, **{name: alone[name]})


def test_counts_of_atoms_must_add_up() -> None:
    assert made_table_from(TABLE, unknowns=np.array([3.0, 60.0])).unknowns is not None
    with pytest.raises(ValueError, match=r"^value is not the sum of the atoms' counts$"):
        made_table_from(TABLE, unknowns=np.array([4.0, 60.0]))
