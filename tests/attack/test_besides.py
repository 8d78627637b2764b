"""What stands beside the figures is part of their sums: the ladder, and norms of own answers."""

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from pipeline.attack.attack import attack_release
from pipeline.attack.besides import open_of, placed_bounds, root_of
from pipeline.attack.knowledge import Axes, Bounds
from pipeline.attack.linear import (
    Hidden,
    hidden_respondents,
    hidden_sums,
    known_sums,
    respondent_sums,
)
from pipeline.attack.names import Names
from pipeline.attack.policy import Policy
from pipeline.attack.population import NOTHING, population
from pipeline.attack.recovery import tight_targets
from tests.attack.made_release import GRADES, MEASURES, WAVES, Made, made, percent, write_release

FIRST = WAVES[0]
AXES = Axes(2025, ("bullying",), ("town", "large", "small"), ("all",), ("all",))
NAMES = Names(
    parents={
        2025: {"town": frozenset(), "large": frozenset({"town"}), "small": frozenset({"town"})}
    }
)


def coverage(n_placed: str | None) -> dict[str, pl.DataFrame]:
    rows = {"wave": ["2025", "2023"], "grade": ["all", "all"], "n_placed": [n_placed, "500"]}
    return {"coverage": pl.DataFrame(rows, schema=dict.fromkeys(rows, pl.String))}


@pytest.mark.parametrize(("printed", "least", "most"), [("75", 73, 77), (None, 0, 29), ("0", 0, 2)])
def test_the_ladder_says_how_many_have_a_known_area(
    printed: str | None, least: int, most: int
) -> None:
    assert root_of(AXES, NAMES) == 0
    found = placed_bounds(AXES, coverage(printed), 0, Policy())
    assert [each[0, 0, 0] for each in found] == [least, most]
    # Of no other area, and of nobody where there is no ladder or no one municipality.
    assert np.isinf(found[1][1:]).all()
    for tables, root in (({}, 0), (coverage(printed), None)):
        assert np.isinf(placed_bounds(AXES, tables, root, Policy())[1]).all()


@pytest.mark.parametrize(("n_placed", "is_tight"), [("70", True), (None, False)])
def test_a_small_area_does_not_hide_behind_those_of_no_known_area(
    n_placed: str | None, *, is_tight: bool
) -> None:
    """112 in all, 70 in the large area, 2 in the small one, 40 nowhere."""
    shape = (3, 1, 1)
    lower = np.array([108.0, 68.0, 0.0]).reshape(shape)
    upper = np.array([112.0, 72.0, np.inf]).reshape(shape)
    every = np.zeros((1, *shape)), np.full((1, *shape), np.inf)
    nothing = np.full((1, *shape), -np.inf), every[1]
    placed = (
        open_of(AXES) if n_placed is None else placed_bounds(AXES, coverage(n_placed), 0, Policy())
    )
    # Everyone has answered.
    answers = lower[None], upper[None]
    bounds = Bounds(answers, every, every, nothing, (lower, upper), placed, nothing)
    people = population(AXES, NAMES, NOTHING)
    flags = np.array([False, False, True]).reshape(shape)
    hidden = Hidden(flags[None], flags[None], np.zeros((1, *shape), bool), flags)
    for printed, targets in (
        (respondent_sums(bounds, people), hidden_respondents(hidden, people)),
        (known_sums(bounds, 0, people, reach=2), hidden_sums(hidden, 0, people)),
    ):
        found = tight_targets(printed.known, targets.rows, 8)
        assert bool(len(found.place)) == is_tight


def with_norm(shift: int = 0) -> Made:
    """The first wave hides a share of the municipality; a norm states those of all its grades."""
    here = made()
    for gender in ("all", "boy", "girl"):
        row = here.estimate(
            wave=FIRST, area_id="stad", grade="g9", gender=gender, measure_id="bullying"
        )
        n = row["n"]
        row.update(dict.fromkeys(row.keys() - {"wave", "area_id", "grade", "gender", "measure_id"}))
        row.update(status="suppressed", is_suppressed=True, n=n)
    for measure in MEASURES:
        for grade in GRADES:
            n, k = here.true[FIRST, "stad", grade, "all", measure]
            here.tables["comparison"].append(norm_row(grade, measure, percent(k, n) + shift))
    return here


def norm_row(grade: str, measure: str, share: int) -> dict[str, Any]:
    return {
        "wave": WAVES[1], "area_id": "stad", "grade": grade, "gender": "all", "kind": "norm",
        "reference": "norm", "measure_id": measure, "status": "shown",
        "verdict": "no_difference", "second_percent": share, "difference": 0,
    }  # fmt: skip


def said(here: Made, folder: Path) -> str:
    write_release(here, folder)
    return "\n".join(each.says for each in attack_release(folder).findings)


HIDDEN = f"k of {FIRST} / stad / g9 / bullying: can be worked out"


def test_a_norm_of_a_waves_own_answers_tells_what_the_wave_hides(tmp_path: Path) -> None:
    assert HIDDEN in said(with_norm(), tmp_path / "own")


def test_a_norm_of_others_tells_nothing(tmp_path: Path) -> None:
    found = said(with_norm(shift=20), tmp_path / "others")
    assert HIDDEN not in found
    # Taken for the wave's own, it would deny what is printed.
    assert "no counts add up" not in found
