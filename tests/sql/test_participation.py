"""totals.participation: respondents are named after the group they are in."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.sql.conftest import Rows

RESPONDENTS = """
    wave | respondent_id | school_id | grade | gender | refused_reason  | is_analysed
    2025 | a8_girl       | a         | g8    | girl   |                 | true
    2025 | a8_girl_out   | a         | g8    | girl   |                 | false
    2025 | a8_boy        | a         | g8    | boy    | too_few_answers | false
    2025 | a9_other      | a         | g9    | other  |                 | true
    2025 | b8_unstated   | b         | g8    |        |                 | true
    2025 | nowhere       |           |       | boy    |                 | true
    2023 | g8_only       |           | g8    |        |                 | true
"""
ENROLLED = """
    wave | school_id | grade | gender | n_enrolled | n_enrolled_lowest | n_enrolled_highest
    2025 | all       | all   | all    | 12         | 11                | 12
    2025 | all       | g8    | all    | 9          | 9                 | 9
    2025 | a         | g8    | all    | 1          | 1                 | 1
    2025 | a         | g8    | girl   | 2          | 2                 | 2
    2025 | c         | g8    | all    | 4          | 4                 | 4
    2025 | c         | all   | all    | 0          | 0                 | 0
    2023 | all       | g8    | all    | 5          | 5                 | 5
    2023 | a         | g8    | all    | 5          | 5                 | 5
    2023 | all       | g8    | girl   | 5          | 5                 | 5
"""
Groups = dict[tuple[object, ...], dict[str, Any]]


@pytest.fixture
def groups(run_model: Callable[..., Rows]) -> Groups:
    """Rows by wave, school, grade and gender."""
    rows = run_model(
        "totals.participation",
        scores__respondent_factor=RESPONDENTS,
        staging__enrolled_margin=ENROLLED,
    )
    keys = ("wave", "school_id", "grade", "gender")
    return {tuple(row.pop(key) for key in keys): row for row in rows}


def test_a_group_counts_its_own_and_all_counts_everyone(groups: Groups) -> None:
    assert groups[2025, "all", "all", "all"] == {
        "n_enrolled": 12,
        "n_enrolled_lowest": 11,
        "n_enrolled_highest": 12,
        "n_opened": 6,
        "n_valid": 5,
        "n_analysed": 4,
        "share_valid": 5 / 12,
        "n_missing": 7,
        "is_above_enrolled": False,
    }
    assert groups[2025, "all", "g8", "all"]["n_opened"] == 4
    assert groups[2025, "a", "g8", "girl"]["n_valid"] == 2
    assert groups[2025, "all", "all", "boy"]["n_opened"] == 2


def test_more_answers_than_pupils_are_flagged_and_not_cut(groups: Groups) -> None:
    group = groups[2025, "a", "g8", "all"]
    assert (group["n_valid"], group["share_valid"], group["n_missing"]) == (2, 2, -1)
    assert group["is_above_enrolled"]
    assert not groups[2025, "a", "g8", "girl"]["is_above_enrolled"]


def test_a_school_where_nobody_answered_is_there(groups: Groups) -> None:
    group = groups[2025, "c", "g8", "all"]
    assert (group["n_opened"], group["share_valid"], group["n_missing"]) == (0, 0, 4)


def test_a_share_of_nobody_is_null(groups: Groups) -> None:
    assert groups[2025, "c", "all", "all"]["share_valid"] is None


def test_enrolment_that_is_not_stated_is_null(groups: Groups) -> None:
    group = groups[2025, "a", "g9", "other"]
    assert (group["n_enrolled"], group["share_valid"], group["n_missing"]) == (None, None, None)
    assert not group["is_above_enrolled"]


def test_unstated_is_no_group_of_its_own(groups: Groups) -> None:
    assert {school for wave, school, *_ in groups if wave == 2025} == {"all", "a", "b", "c"}
    assert (2025, "b", "g8", "all") in groups
    assert all(None not in key for key in groups)


def test_what_the_export_does_not_tell_apart_has_no_groups(groups: Groups) -> None:
    assert {key[1:] for key in groups if key[0] == 2023} == {
        ("all", "all", "all"),
        ("all", "g8", "all"),
    }
