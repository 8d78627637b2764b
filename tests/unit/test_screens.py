"""Screens. Respondents are named after the case they show; a missing answer catches nobody."""

import polars as pl
import pytest

from pipeline.analysis.scoring.screens import add_screens, screen_catches
from pipeline.definitions.screen import (
    AgeForGrade,
    CodeIn,
    CountAtOrAbove,
    Exceeds,
    GradeAge,
    Pair,
    SameCode,
    Screen,
)
from tests.made_definitions import (
    LABEL,
    MADE_UP,
    ONE_TO_FOUR,
    made_format,
    made_instrument,
    made_screens,
)
from tests.tables import table

# Codes 1 to 4 mean 0, 1, 6 and 40 times.
TIMES = made_format("times", {1: 0, 2: 1, 3: 6, 4: 40})
YEARS = made_format("years", {code: code + 10 for code in range(1, 11)})
ROW = [f"row_{letter}" for letter in "abcde"]
ITEMS = {
    **dict.fromkeys(["month", "life", "week", "year"], TIMES),
    **dict.fromkeys(["honest", *ROW], ONE_TO_FOUR),
    "age": YEARS,
}
INSTRUMENT = made_instrument(ITEMS)
ABOUT = {"label": LABEL, "source": MADE_UP, "status": "project_choice"}

DISHONEST = CodeIn.model_validate(
    {"id": "dishonest", "kind": "code_in", "item": "honest", "codes": [3, 4], **ABOUT}
)
TOO_MUCH = CountAtOrAbove.model_validate(
    {
        "id": "too_much",
        "kind": "count_at_or_above",
        "items": ["month", "week", "year"],
        "at_or_above": 6,
        "min_items": 2,
        **ABOUT,
    }
)
PAIRS = (Pair(narrower="month", wider="life"), Pair(narrower="week", wider="year"))
IMPOSSIBLE = Exceeds.model_validate(
    {"id": "impossible", "kind": "exceeds", "pairs": PAIRS, "min_pairs": 1, **ABOUT}
)
WRONG_AGE = AgeForGrade.model_validate(
    {
        "id": "wrong_age",
        "kind": "age_for_grade",
        "item": "age",
        "ages": [
            GradeAge(grade="g8", youngest=13, oldest=16),
            GradeAge(grade="g9", youngest=14, oldest=17),
        ],
        **ABOUT,
    }
)
STRAIGHT = SameCode.model_validate({"id": "straight", "kind": "same_code", "items": ROW, **ABOUT})


def screened(answers: str, *screens: Screen) -> pl.DataFrame:
    """Respondents with what each screen says; items not drawn are null."""
    respondents = table(answers, grade=pl.String, **dict.fromkeys(ITEMS, pl.Int16))
    complete = respondents.with_columns(
        pl.lit(None, pl.Int16).alias(item) for item in ITEMS if item not in respondents.columns
    ).with_columns(wave=pl.lit(2025, pl.Int16))
    return add_screens(complete, made_screens(*screens), INSTRUMENT)


def caught(answers: str, screen: Screen) -> list[str]:
    """Ids of those the screen catches; nobody's catch is null."""
    rows = screened(answers, screen)
    assert rows[f"caught_{screen.id}"].null_count() == 0
    by_screen = rows.filter(pl.col(f"caught_{screen.id}"))["respondent_id"].to_list()
    assert by_screen == rows.filter(screened_by=screen.id)["respondent_id"].to_list()
    return by_screen


def test_one_of_the_codes() -> None:
    answers = """
        respondent_id | honest
        honest        | 1
        hardly        | 3
        not_at_all    | 4
        no_answer     |
    """
    assert caught(answers, DISHONEST) == ["hardly", "not_at_all"]


def test_count_of_points_at_or_above() -> None:
    answers = """
        respondent_id  | month | week | year
        two_at         | 3     | 3    | 1
        two_above      | 4     | 1    | 4
        one_missing    |       | 3    | 4
        just_below     | 3     | 2    | 2
        one_and_blanks | 4     |      |
        blank          |       |      |
    """
    assert caught(answers, TOO_MUCH) == ["two_at", "two_above", "one_missing"]


def test_the_narrower_time_exceeds_the_wider() -> None:
    answers = """
        respondent_id   | month | life | week | year
        more_than_ever  | 3     | 2    | 1    | 1
        second_pair     | 1     | 1    | 2    | 1
        equal           | 3     | 3    | 2    | 2
        less            | 2     | 4    | 1    | 2
        wider_missing   | 4     |      | 4    |
        narrower_blank  |       | 1    |      | 1
        one_pair_blank  | 2     | 1    |      |
    """
    assert caught(answers, IMPOSSIBLE) == ["more_than_ever", "second_pair", "one_pair_blank"]


def test_min_pairs_must_be_exceeded() -> None:
    both = IMPOSSIBLE.model_copy(update={"min_pairs": 2})
    answers = """
        respondent_id | month | life | week | year
        one           | 3     | 2    | 1    | 1
        both          | 3     | 2    | 4    | 3
    """
    assert caught(answers, both) == ["both"]


def test_points_are_compared_not_codes() -> None:
    # With the codes turned, a higher code means less.
    turned = made_format("turned", {1: 9, 2: 5, 3: 0})
    instrument = made_instrument({"month": turned, "life": turned, "week": turned, "year": turned})
    respondents = table(
        """
        respondent_id | grade | month | life | week | year
        more          | g8    | 1     | 2    |      |
        less          | g8    | 2     | 1    |      |
        """,
        **dict.fromkeys(["month", "life", "week", "year"], pl.Int16),
    )
    rows = add_screens(respondents, made_screens(IMPOSSIBLE), instrument)
    assert rows["caught_impossible"].to_list() == [True, False]


def test_age_outside_what_occurs_in_the_grade() -> None:
    # Code 3 is 13 years.
    answers = """
        respondent_id  | grade | age
        youngest       | g8    | 3
        oldest         | g8    | 6
        too_young      | g8    | 2
        too_old        | g8    | 7
        fits_ninth     | g9    | 7
        no_age         | g8    |
        no_grade       |       | 1
        no_rule        | gy1   | 1
    """
    assert caught(answers, WRONG_AGE) == ["too_young", "too_old"]


def test_the_same_code_throughout() -> None:
    answers = """
        respondent_id | row_a | row_b | row_c | row_d | row_e
        all_ones      | 1     | 1     | 1     | 1     | 1
        all_fours     | 4     | 4     | 4     | 4     | 4
        one_differs   | 4     | 4     | 4     | 4     | 3
        one_blank     | 4     | 4     | 4     | 4     |
        blank         |       |       |       |       |
    """
    assert caught(answers, STRAIGHT) == ["all_ones", "all_fours"]


ANSWERS_OF_MANY = """
    respondent_id | honest | month | life
    fine          | 1      | 1     | 1
    first_only    | 4      | 1     | 1
    second_only   | 1      | 3     | 1
    both          | 4      | 3     | 1
"""


@pytest.mark.parametrize(
    ("screens", "first_of_both"),
    [((DISHONEST, IMPOSSIBLE), "dishonest"), ((IMPOSSIBLE, DISHONEST), "impossible")],
)
def test_the_first_screen_that_catches_counts(
    screens: tuple[Screen, ...], first_of_both: str
) -> None:
    rows = screened(ANSWERS_OF_MANY, *screens)
    assert rows["screened_by"].to_list() == [None, "dishonest", "impossible", first_of_both]


def test_every_catch_is_kept() -> None:
    rows = screen_catches(screened(ANSWERS_OF_MANY, DISHONEST, IMPOSSIBLE))
    assert rows.columns == ["wave", "respondent_id", "screen_id"]
    assert sorted(rows.rows()) == [
        (2025, "both", "dishonest"),
        (2025, "both", "impossible"),
        (2025, "first_only", "dishonest"),
        (2025, "second_only", "impossible"),
    ]


def test_a_screen_that_is_not_asked_catches_nobody() -> None:
    unasked = DISHONEST.model_copy(update={"item": "not_asked"})
    answers = """
        respondent_id | grade
        anyone        | g8
    """
    assert caught(answers, unasked) == []


def test_without_screens_nobody_is_set_aside() -> None:
    respondents = pl.DataFrame({"wave": [2025], "respondent_id": ["anyone"]})
    rows = add_screens(respondents, None, INSTRUMENT)
    assert rows.to_dicts() == [{"wave": 2025, "respondent_id": "anyone", "screened_by": None}]
    assert screen_catches(rows).is_empty()
