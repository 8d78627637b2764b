"""Outcomes, and who is analysed and scored. Respondents are named after the case they show."""

from typing import Any

import polars as pl

from pipeline.analysis.scoring.scores import add_scores
from pipeline.definitions.factor import Factor, Outcome
from tests.made_definitions import (
    ONE_TO_FOUR,
    made_catalogue,
    made_factor,
    made_format,
    made_instrument,
    made_outcome,
)
from tests.tables import table

TIMES = made_format("times", {0: 0, 1: 1, 2: 2, 3: 3})
DRINKS = {"beer": TIMES, "wine": TIMES, "spirits": TIMES}
INSTRUMENT = made_instrument({**DRINKS, "likes": ONE_TO_FOUR})
ONCE_OR_MORE = dict.fromkeys(DRINKS, (1, 2, 3))


def added(answers: str, outcome: Outcome, *factors: Factor) -> dict[str, dict[str, Any]]:
    strings = dict.fromkeys(["grade", "refused_reason", "screened_by"], pl.String)
    codes = dict.fromkeys([*DRINKS, "likes"], pl.Int16)
    respondents = table(answers, **strings, **codes)
    catalogue = made_catalogue(INSTRUMENT, outcomes=[outcome], factors=factors)
    rows = add_scores(respondents, catalogue, INSTRUMENT).to_dicts()
    return {row["respondent_id"]: row for row in rows}


ANSWERS = """
    respondent_id  | grade | refused_reason | screened_by | beer | wine | spirits | likes
    all_reached    | g8    |                |             | 1    | 3    | 2       |
    two_reached    | g8    |                |             | 1    | 2    | 0       |
    one_reached    | g8    |                |             | 1    | 0    | 0       |
    none_reached   | g8    |                |             | 0    | 0    | 0       |
    reached_early  | g8    |                |             | 1    | 1    |         |
    one_of_one     | g8    |                |             |      | 2    |         |
    none_of_two    | g8    |                |             | 0    |      | 0       |
    none_of_one    | g8    |                |             |      | 0    |         |
    no_answers     |       |                |             |      |      |         |
"""


def test_one_answer_that_counts_decides_whatever_is_missing() -> None:
    drank = made_outcome("drank", ONCE_OR_MORE, min_answered=2)
    rows = added(ANSWERS, drank)
    assert {name: row["outcome_drank"] for name, row in rows.items()} == {
        "all_reached": 1,
        "two_reached": 1,
        "one_reached": 1,
        "none_reached": 0,
        "reached_early": 1,
        "one_of_one": 1,
        "none_of_two": 0,
        "none_of_one": None,
        "no_answers": None,
    }


def test_min_reached_answers_must_count() -> None:
    drank_two = made_outcome("drank_two", ONCE_OR_MORE, min_reached=2, min_answered=3)
    rows = added(ANSWERS, drank_two)
    assert {name: row["outcome_drank_two"] for name, row in rows.items()} == {
        "all_reached": 1,
        "two_reached": 1,
        "one_reached": 0,
        "none_reached": 0,
        "reached_early": 1,
        "one_of_one": None,
        "none_of_two": None,
        "none_of_one": None,
        "no_answers": None,
    }


def test_each_item_has_its_own_codes_that_count() -> None:
    outcome = made_outcome("often", {"beer": (3,), "wine": (2, 3)}, min_answered=2)
    rows = added(ANSWERS, outcome)
    assert [rows[name]["outcome_often"] for name in ("all_reached", "two_reached")] == [1, 1]
    assert [rows[name]["outcome_often"] for name in ("one_reached", "reached_early")] == [0, 0]


def test_whom_figures_are_made_of() -> None:
    rows = added(
        """
        respondent_id | grade | refused_reason  | screened_by | beer | wine | spirits | likes
        analysed      | g8    |                 |             | 1    |      |         |
        only_a_score  | g8    |                 |             |      |      |         | 2
        refused       | g8    | too_few_answers |             | 1    |      |         |
        screened      | g8    |                 | dishonest   | 1    |      |         |
        unusable      | g8    |                 |             |      | 0    |         |
        """,
        made_outcome("drank", ONCE_OR_MORE, min_answered=2),
        made_factor("lna", ["likes"]),
    )
    assert {name: (row["is_analysed"], row["is_scored"]) for name, row in rows.items()} == {
        "analysed": (True, True),
        "only_a_score": (True, True),
        "refused": (False, True),
        "screened": (False, True),
        "unusable": (True, False),
    }
