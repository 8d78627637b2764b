"""Unknowns of a wave: with fewer of them no reader knows more or less."""

import numpy as np
import polars as pl
import pytest

from pipeline.disclosure.answers import answers_of, weighted_atoms, weighted_balances
from pipeline.disclosure.atoms import (
    COUNTS,
    Crowd,
    atoms_of,
    crowd_of,
    everyone_of,
    unknowns_of,
)
from tests.tables import table

ANCESTORS = table(
    """
    area_id | ancestor_id
    town    | town
    north   | north
    north   | town
    here    | here
    here    | north
    here    | town
    """
)
GROUPS = """
    area_id | cell_grade | cell_gender | n  | w  | wy | n_respondents
    here    | g7         | girl        | 10 | 20 | 5  | 12
    here    | g8         | girl        | 20 | 20 | 8  | 20
    here    | g8         |             | 3  | 3  | 1  | 4
    north   | g8         | boy         | 5  | 5  | 5  | 5
    town    | g7         | boy         | 7  | 7  | 0  | 9
    """


def crowd(text: str = GROUPS) -> Crowd:
    drawn = table(text).with_columns(
        pl.col("w", "wy").cast(pl.Float64), pl.col("cell_grade", "cell_gender").fill_null("")
    )
    drawn = drawn.rename({each: f"{each}_outcome_drank" for each in ("n", "w", "wy")})
    return crowd_of(drawn, ANCESTORS, "town")


def sizes(found: Crowd, *, is_crossed: bool) -> dict[tuple[str, ...], dict[str, float]]:
    """What each domain holds of every count, by part, area, grade and gender."""
    unknowns = unknowns_of(found, is_crossed=is_crossed)
    answers = answers_of(found, unknowns, "drank")
    atoms = weighted_atoms(atoms_of(unknowns), answers)
    held = {what: np.round(atoms[what] @ answers.counts, 9) for what in COUNTS}
    assert weighted_balances(unknowns, answers) @ answers.counts == pytest.approx(0, abs=1e-9)
    keys = found.domains.select("part", "area_id", "grade", "gender").rows()
    return {key: {what: float(held[what][row]) for what in held} for row, key in enumerate(keys)}


def test_crossed_groups_and_margins_hold_the_same() -> None:
    crossed, margins = (sizes(crowd(), is_crossed=each) for each in (True, False))
    one_way = {key for key in crossed if "all" in key[2:]}
    assert {key: crossed[key] for key in one_way} == {key: margins[key] for key in one_way}


def test_who_has_no_grade_or_gender_counts_among_all_and_in_no_group() -> None:
    found = crowd(f"{GROUPS.rstrip()}\n    here    |            | boy         | 2  | 2  | 1  | 2\n")
    assert set(found.domains["grade"]) == {"all", "g7", "g8"}
    assert set(found.domains["gender"]) == {"all", "girl", "boy"}
    held = sizes(found, is_crossed=True)
    assert held["area", "here", "all", "all"]["n"] == 35
    assert held["area", "here", "all", "boy"]["n"] == 2


@pytest.mark.parametrize("weight", ["1", "0.4"])
def test_a_group_of_one_counts_whatever_it_weighs(weight: str) -> None:
    alone = f"    here    | g8         | boy         | 1  | {weight}  | {weight}  | 1"
    held = sizes(crowd(f"{GROUPS.rstrip()}\n{alone}\n"), is_crossed=True)
    assert held["area", "here", "g8", "boy"] == {"k": 1, "others": 0, "n": 1, "respondents": 1}
    flagged = 34 * (14 + float(weight)) / (43 + float(weight))
    assert held["area", "here", "all", "all"]["k"] == pytest.approx(flagged, abs=1e-8)


def test_margins_are_fewer_unknowns_and_each_is_of_someone() -> None:
    # Three areas by three grades and three genders, one of either not known.
    for is_crossed, n_unknowns in ((True, 3 * 2 * 3), (False, 3 * (2 + 3))):
        unknowns = unknowns_of(crowd(), is_crossed=is_crossed)
        assert unknowns.pool.shape[1] == unknowns.holds.shape[1] == n_unknowns
        assert (unknowns.pool.sum(axis=0) > 0).all()
        assert unknowns.balance.shape == (0 if is_crossed else 3, n_unknowns)


@pytest.mark.parametrize("is_crossed", [True, False])
@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        # The weighted share of those with a value, of their number.
        (("area", "here", "all", "all"), (33 * 14 / 43, 33 * 29 / 43, 33, 36)),
        (("area", "here", "g7", "all"), (2.5, 7.5, 10, 12)),
        (("area", "here", "all", "girl"), (30 * 13 / 40, 30 * 27 / 40, 30, 32)),
        (("area", "north", "all", "all"), (38 * 19 / 48, 38 * 29 / 48, 38, 41)),
        (("area", "town", "all", "all"), (45 * 19 / 55, 45 * 36 / 55, 45, 50)),
        (("area", "town", "all", "boy"), (5, 7, 12, 14)),
        # What is left of the town, and those of it whose area in it is known.
        (("rest", "here", "all", "all"), (5, 7, 12, 14)),
        (("rest", "north", "g7", "all"), (0, 7, 7, 9)),
        (("placed", "town", "all", "all"), (38 * 19 / 48, 38 * 29 / 48, 38, 41)),
        (("placed", "town", "all", "boy"), (5, 0, 5, 5)),
    ],
)
def test_domains_are_sums_of_groups(
    domain: tuple[str, ...], expected: tuple[float, ...], *, is_crossed: bool
) -> None:
    held = sizes(crowd(), is_crossed=is_crossed)[domain]
    counts = [held[what] for what in ("k", "others", "n", "respondents")]
    assert counts == pytest.approx(expected, abs=1e-8)


@pytest.mark.parametrize("is_crossed", [True, False])
def test_a_wave_of_one_gender_is_counted_too(*, is_crossed: bool) -> None:
    only = "\n".join(
        line for line in GROUPS.strip().splitlines() if "girl" in line or "area_id" in line
    )
    held = sizes(crowd(only), is_crossed=is_crossed)
    assert held["area", "here", "g8", "all"] == {"k": 8, "others": 12, "n": 20, "respondents": 20}
    assert held["area", "town", "all", "girl"]["respondents"] == 32


def test_where_nobody_is_asked_everyone_is_without_a_value() -> None:
    found = crowd()
    for is_crossed in (True, False):
        unknowns = unknowns_of(found, is_crossed=is_crossed)
        counts = everyone_of(found, unknowns)
        atoms = atoms_of(unknowns)
        [whole] = np.flatnonzero(
            (found.domains["area_id"] == "town")
            & (found.domains["part"] == "area")
            & (found.domains["grade"] == "all")
            & (found.domains["gender"] == "all")
        )
        assert (atoms["respondents"] @ counts)[whole] == 50
        assert (atoms["n"] @ counts)[whole] == 0
