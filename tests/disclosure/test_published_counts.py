"""Who answered, as it is published: rounded to 5, nothing of groups below 30."""

import polars as pl
import pytest

from pipeline.definitions.policy import PublicEdition
from pipeline.disclosure.published_counts import (
    coverage_rows,
    domain_rows,
    left_out_rows,
    participation_rows,
    representativeness_rows,
)
from tests.tables import table

PUBLIC = PublicEdition()


@pytest.mark.parametrize(("n", "published"), [(29, None), (30, 30), (32, 30), (33, 35)])
def test_each_step_of_the_ladder_stands_by_itself(n: int, published: int | None) -> None:
    drawn = table(f"wave | grade | n_opened | n_valid\n2025 | g8 | 1002 | {n}\n2025 | all | 7 | 7")
    assert coverage_rows(drawn, PUBLIC).rows() == [
        (2025, "all", None, None),
        (2025, "g8", 1000, published),
    ]


@pytest.mark.parametrize(
    ("n", "published", "is_suppressed"),
    [(0, 0, False), (1, None, True), (7, None, True), (8, 10, False), (22, 20, False)],
)
def test_few_left_out_are_not_counted(n: int, published: int | None, is_suppressed: bool) -> None:
    drawn = table(
        f"wave | stage | reason | n_respondents | n_applies\n2025 | screened | honesty | {n} | 99"
    )
    [row] = left_out_rows(drawn, PUBLIC).to_dicts()
    assert row == {
        "wave": 2025, "stage": "screened", "reason": "honesty",
        "n_respondents": published, "is_suppressed": is_suppressed,
    }  # fmt: skip


PARTICIPATION = (
    "wave | school_id | grade | gender | n_enrolled | n_opened | n_valid | n_analysed "
    "| n_enrolled_lowest | n_enrolled_highest\n"
)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ("148 | 103 | 98 | 97 | 147 | 152", (150, 105, 100, 95, 145, 150, 67, False)),
        # 67.5 per cent of the rounded numbers: halves upwards.
        ("200 | 140 | 135 | 130 | 200 | 200", (200, 140, 135, 130, 200, 200, 68, False)),
        ("30 | 30 | 30 | 30 | 30 | 30", (30, 30, 30, 30, 30, 30, 100, False)),
        ("29 | 29 | 29 | 29 | 29 | 29", (None,) * 7 + (True,)),
        ("100 | 29 | 29 | 29 | 29 | 29", (None,) * 7 + (True,)),
        ("100 | 60 | 29 | 29 | 29 | 29", (None,) * 7 + (True,)),
        ("100 | 1 | 0 | 0 | 100 | 100", (None,) * 7 + (True,)),
        # Nobody answered: that is no secret.
        ("100 | 0 | 0 | 0 | 100 | 100", (100, 0, 0, 0, 100, 100, 0, False)),
        # Who is in the group is not known.
        ("| 60 | 50 | 40 | | ", (None, 60, 50, 40, None, None, None, False)),
        ("0 | 60 | 50 | 40 | | ", (0, 60, 50, 40, None, None, None, False)),
    ],
)
def test_groups_of_all_schools_together(counts: str, expected: tuple[object, ...]) -> None:
    drawn = table(
        f"{PARTICIPATION}2025 | all | g8 | girl | {counts}\n2025 | A | g8 | girl | {counts}",
        n_enrolled=pl.Int64, n_enrolled_lowest=pl.Int64, n_enrolled_highest=pl.Int64,
    )  # fmt: skip
    [row] = participation_rows(drawn, PUBLIC).rows()
    assert row == (2025, "g8", "girl", *expected)


def test_representativeness_is_of_whole_waves() -> None:
    drawn = pl.DataFrame(
        {"wave": [2025, 2023], "variables": [["grade", "gender"], ["grade"]],
         "n_enrolled": [1002, 1003], "n_valid": [903, 902], "r": [0.876, 0.9],
         "max_bias": [0.0301, 0.02]}
    )  # fmt: skip
    # A bias is at most what is printed.
    assert representativeness_rows(drawn, PUBLIC).rows() == [
        (2023, "grade", 1005, 900, 0.9, 0.02),
        (2025, "grade, gender", 1000, 905, 0.88, 0.04),
    ]


def test_numbers_of_respondents_stand_where_nothing_hides_them() -> None:
    drawn = table(
        """
        wave | area_id | grade | gender | reason | n_rounded
        2025 | town    | all   | all    |        | 500
        2025 | here    | all   | all    | base   | 20
        """
    ).with_columns(pl.col("reason").fill_null(""))
    assert domain_rows(drawn).rows() == [
        (2025, "here", "all", "all", "suppressed", None),
        (2025, "town", "all", "all", "shown", 500),
    ]
