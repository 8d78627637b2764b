"""totals.coverage: respondents are named after the last step they reach."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.sql.conftest import Rows

RESPONDENTS = """
    wave | respondent_id     | grade | refused_reason  | is_analysed | is_scored
    2025 | refused           | g8    | too_few_answers | false       | true
    2025 | screened          | g8    |                 | false       | true
    2025 | not_placed        | g8    |                 | true        | true
    2025 | not_scored        | g8    |                 | true        | false
    2025 | scored            | g8    |                 | true        | true
    2025 | scored_in_ninth   | g9    |                 | true        | true
    2025 | scored_no_grade   |       |                 | true        | true
    2023 | other_wave        | g8    |                 | true        | true
"""
AREAS = """
    wave | respondent_id   | area_id
    2025 | refused         | storvik
    2025 | screened        | storvik
    2025 | not_scored      | storvik
    2025 | scored          | storvik
    2025 | scored_in_ninth | storvik
    2025 | scored_no_grade | storvik
    2023 | not_placed      | storvik
"""
ENROLLED = """
    wave | school_id | grade | gender | n_enrolled
    2025 | all       | all   | all    | 20
    2025 | all       | g8    | all    | 17
    2025 | all       | g9    | all    | 3
    2025 | skola_a   | g8    | all    | 10
    2025 | all       | g8    | girl   | 9
"""


@pytest.fixture
def ladder(run_model: Callable[..., Rows]) -> dict[tuple[int, str], dict[str, Any]]:
    """Steps by wave and grade."""
    rows = run_model(
        "totals.coverage",
        scores__respondent_factor=RESPONDENTS,
        staging__respondent_area=AREAS,
        staging__enrolled_margin=ENROLLED,
    )
    by_grade = {(row.pop("wave"), row.pop("grade")): row for row in rows}
    assert len(by_grade) == len(rows)
    return by_grade


Ladder = dict[tuple[int, str], dict[str, Any]]


def test_each_step_counts_those_of_the_step_before(ladder: Ladder) -> None:
    assert ladder[2025, "g8"] == {
        "n_enrolled": 17,
        "n_opened": 5,
        "n_valid": 4,
        "n_passed_screens": 3,
        "n_placed": 2,
        "n_scored": 1,
    }


def test_all_holds_those_without_a_grade_as_well(ladder: Ladder) -> None:
    assert sorted(ladder) == [
        (2023, "all"),
        (2023, "g8"),
        (2025, "all"),
        (2025, "g8"),
        (2025, "g9"),
    ]
    assert ladder[2025, "all"] == {
        "n_enrolled": 20,
        "n_opened": 7,
        "n_valid": 6,
        "n_passed_screens": 5,
        "n_placed": 4,
        "n_scored": 3,
    }


def test_enrolment_that_is_not_known_is_null(ladder: Ladder) -> None:
    assert ladder[2023, "all"]["n_enrolled"] is None
    assert ladder[2023, "all"]["n_opened"] == 1


def test_an_area_of_another_wave_places_nobody(ladder: Ladder) -> None:
    assert ladder[2023, "all"]["n_placed"] == 0
