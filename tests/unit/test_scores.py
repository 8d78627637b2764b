"""Scores, flags and outcomes. Respondents are named after the case they show."""

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.analysis.scoring.scores import add_scores, is_flagged
from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.norm import FlaggedSide
from tests.made_definitions import (
    ONE_TO_FOUR,
    made_catalogue,
    made_factor,
    made_format,
    made_instrument,
    made_norm,
    made_outcome,
)
from tests.tables import table

YES_NO = made_format("yes_no", {0: 0, 1: 1})
# Younger means more: 1 = never, 2 = at 15 or older, ... 4 = before 13.
AGE_AT_FIRST = made_format("age_at_first", {1: 0, 2: 3, 3: 7, 4: 10})
ITEMS = {
    "likes": ONE_TO_FOUR,
    "misses": ONE_TO_FOUR,
    "moves": ONE_TO_FOUR,
    "ever": YES_NO,
    "age": AGE_AT_FIRST,
}
INSTRUMENT = made_instrument(ITEMS)
THREE = ["likes", "misses", "moves"]


def scored(catalogue: Catalogue, answers: str) -> dict[str, dict[str, Any]]:
    """What is added to each respondent, by id; items and grade not drawn are null."""
    respondents = table(answers, **dict.fromkeys(ITEMS, pl.Int16))
    absent = {
        **dict.fromkeys(ITEMS, pl.Int16),
        **dict.fromkeys(["grade", "refused_reason", "screened_by"], pl.String),
    }
    complete = respondents.with_columns(
        pl.lit(None, dtype).alias(column)
        for column, dtype in absent.items()
        if column not in respondents.columns
    )
    rows = add_scores(complete, catalogue, INSTRUMENT)
    assert rows.select(complete.columns).equals(complete)
    return {row["respondent_id"]: row for row in rows.to_dicts()}


def test_score_is_the_mean_of_the_answered_items_after_reversal() -> None:
    factor = made_factor("lna", THREE, reversed_items=["likes", "misses"], min_answered=2)
    rows = scored(
        made_catalogue(INSTRUMENT, factors=[factor]),
        """
        respondent_id | likes | misses | moves
        all_highest   | 1     | 1      | 4
        all_lowest    | 4     | 4      | 1
        in_between    | 2     | 1      | 4
        one_missing   | 1     |        | 3
        just_enough   |       | 4      | 1
        too_few       | 1     |        |
        nothing       |       |        |
        """,
    )
    assert {name: row["score_lna"] for name, row in rows.items()} == {
        "all_highest": 4,
        "all_lowest": 1,
        "in_between": 3.666666666667,
        "one_missing": 3.5,
        "just_enough": 1,
        "too_few": None,
        "nothing": None,
    }


@pytest.mark.parametrize(
    ("min_answered", "has_score"),
    [(1, [True] * 3), (2, [False, True, True]), (3, [False, False, True])],
)
def test_min_answered_is_enough(min_answered: int, has_score: list[bool]) -> None:
    factor = made_factor("lna", THREE, min_answered=min_answered)
    rows = scored(
        made_catalogue(INSTRUMENT, factors=[factor]),
        """
        respondent_id | likes | misses | moves
        one           | 2     |        |
        two           | 2     | 2      |
        three         | 2     | 2      | 2
        """,
    )
    assert [row["score_lna"] is not None for row in rows.values()] == has_score


def test_points_of_the_format_are_scored_not_codes() -> None:
    straight = made_factor("early", ["age"])
    turned = made_factor("late", ["age"], reversed_items=["age"])
    rows = scored(
        made_catalogue(INSTRUMENT, factors=[straight, turned]),
        """
        respondent_id | age
        never         | 1
        at_fifteen    | 2
        before_13     | 4
        no_answer     |
        """,
    )
    assert [row["score_early"] for row in rows.values()] == [0, 3, 10, None]
    # Reversed within the range of the points, 0 to 10, not of the codes.
    assert [row["score_late"] for row in rows.values()] == [10, 7, 0, None]


def test_minmax_brings_items_of_different_formats_to_0_to_1() -> None:
    factor = made_factor(
        "gang", ["moves", "ever", "age"], reversed_items=["moves"], is_rescaled=True
    )
    rows = scored(
        made_catalogue(INSTRUMENT, factors=[factor]),
        """
        respondent_id | moves | ever | age
        most          | 1     | 1    | 4
        least         | 4     | 0    | 1
        mixed         | 2     | 1    | 2
        one_item      |       |      | 2
        """,
    )
    assert {name: row["score_gang"] for name, row in rows.items()} == {
        "most": 1,
        "least": 0,
        "mixed": 0.655555555556,  # (2/3 + 1 + 0.3) / 3
        "one_item": 0.3,
    }


def test_items_the_questionnaire_leaves_out_are_not_waited_for() -> None:
    shorter = made_factor("lna", ["likes", "not_asked"], min_answered=1)
    gone = made_factor("gone", ["likes", "not_asked"], min_answered=2)
    unasked = made_outcome("unasked", {"not_asked": (1,)})
    catalogue = made_catalogue(INSTRUMENT, factors=[shorter, gone], outcomes=[unasked])
    rows = scored(
        catalogue,
        """
        respondent_id | likes
        anyone        | 3
        """,
    )
    row = rows["anyone"]
    assert row["score_lna"] == 3
    # Columns stand in every wave; nobody has a value where too few items were asked.
    assert [row["score_gone"], row["is_flagged_gone"], row["outcome_unasked"]] == [None] * 3


# A third of a point: 7/3 is no decimal number.
AROUND_THE_CUTOFF = """
    respondent_id | grade | likes | misses | moves
    below         | g8    | 2     | 2      | 2
    at            | g8    | 2     | 2      | 3
    above         | g8    | 2     | 3      | 3
"""


@pytest.mark.parametrize("cutoff", [7 / 3, 2.333333333333])
@pytest.mark.parametrize("is_protective", [False, True])
@pytest.mark.parametrize(
    ("side", "inclusive", "flags"),
    [
        ("upper", True, [0, 1, 1]),
        ("upper", False, [0, 0, 1]),
        ("lower", True, [1, 1, 0]),
        ("lower", False, [1, 0, 0]),
    ],
)
def test_side_and_boundary_of_the_norm(
    cutoff: float, is_protective: bool, side: str, inclusive: bool, flags: list[int]
) -> None:
    chosen = FlaggedSide.model_validate({"side": side, "inclusive": inclusive})
    # The other direction's side would flag everyone or nobody differently.
    other = FlaggedSide(side="lower" if side == "upper" else "upper", inclusive=not inclusive)
    norm = made_norm(
        {("lna", "g8"): cutoff},
        risk=other if is_protective else chosen,
        protective=chosen if is_protective else other,
    )
    factor = made_factor("lna", THREE, is_protective=is_protective)
    rows = scored(made_catalogue(INSTRUMENT, factors=[factor], norms=[norm]), AROUND_THE_CUTOFF)
    assert [row["is_flagged_lna"] for row in rows.values()] == flags


@given(st.lists(st.integers(0, 10), min_size=1, max_size=12))
def test_a_score_at_the_cutoff_is_at_the_cutoff_whatever_the_fraction(points: list[int]) -> None:
    items = [f"item_{number}" for number in range(len(points))]
    eleven = made_format("eleven", {code: code for code in range(11)})
    instrument = made_instrument(dict.fromkeys(items, eleven))
    mean = sum(points) / len(points)
    everyone = pl.DataFrame(
        {"grade": ["g8"], "refused_reason": [None], "screened_by": [None]}
        | {item: [code] for item, code in zip(items, points, strict=True)}
    )
    for inclusive in (True, False):
        norm = made_norm({("lna", "g8"): mean}, risk=FlaggedSide(side="upper", inclusive=inclusive))
        catalogue = made_catalogue(instrument, factors=[made_factor("lna", items)], norms=[norm])
        rows = add_scores(everyone, catalogue, instrument)
        assert rows["is_flagged_lna"].item() == inclusive


def test_null_never_is_past_a_cutoff() -> None:
    norm = made_norm({("lna", "g8"): 2.0, ("lna", "g9"): 4.0})
    factor = made_factor("lna", THREE, min_answered=2)
    rows = scored(
        made_catalogue(INSTRUMENT, factors=[factor], norms=[norm]),
        """
        respondent_id   | grade | likes | misses
        flagged         | g8    | 4     | 4
        not_flagged     | g8    | 1     | 1
        higher_cutoff   | g9    | 3     | 3
        without_score   | g8    | 4     |
        without_answers | g8    |       |
        without_grade   |       | 4     | 4
        without_cutoff  | gy2   | 4     | 4
        """,
    )
    assert {name: row["is_flagged_lna"] for name, row in rows.items()} == {
        "flagged": 1,
        "not_flagged": 0,
        "higher_cutoff": 0,
        "without_score": None,
        "without_answers": None,
        "without_grade": None,
        "without_cutoff": None,
    }


def test_without_a_norm_nobody_is_flagged_or_not() -> None:
    scores = pl.DataFrame({"grade": ["g8"], "score_lna": [3.5]})
    flags = scores.select(is_flagged(made_factor("lna", THREE), ()).alias("flag"))
    assert flags.to_dicts() == [{"flag": None}]


def test_each_grade_may_have_its_own_norm() -> None:
    norms = [
        made_norm({("lna", "g8"): 3.0}, name="first"),
        made_norm(
            {("lna", "g9"): 3.0},
            name="second",
            risk=FlaggedSide(side="upper", inclusive=False),
        ),
    ]
    rows = scored(
        made_catalogue(INSTRUMENT, factors=[made_factor("lna", THREE)], norms=norms),
        """
        respondent_id | grade | likes
        by_the_first  | g8    | 3
        by_the_second | g9    | 3
        """,
    )
    assert [row["is_flagged_lna"] for row in rows.values()] == [1, 0]
