"""totals.stratum and totals.psu: PSUs are named after the case they show."""

from collections.abc import Callable

from tests.sql.conftest import Rows


def test_every_psu_the_survey_reached_counts(run_model: Callable[..., Rows]) -> None:
    rows = run_model(
        "totals.stratum",
        staging__respondent="""
            wave | stratum | psu              | psus_in_stratum | refused_reason
            2025 | north   | two_respondents  | 7               |
            2025 | north   | two_respondents  | 7               |
            2025 | north   | all_refused      | 7               | too_few_answers
            2025 | north   | one_refused      | 7               | too_few_answers
            2025 | north   | one_refused      | 7               |
            2025 | south   | two_respondents  | 2               |
            2023 | north   | two_respondents  |                 |
        """,
    )
    assert [tuple(row.values()) for row in rows] == [
        (2023, "north", 1, None),
        (2025, "north", 3, 7),
        (2025, "south", 1, 2),
    ]


def test_units_sampled_within_a_psu(run_model: Callable[..., Rows]) -> None:
    rows = run_model(
        "totals.psu",
        staging__respondent="""
            wave | stratum | psu | unit        | units_in_psu | refused_reason
            2025 | north   | A   | two_pupils  | 4            |
            2025 | north   | A   | two_pupils  | 4            |
            2025 | north   | A   | all_refused | 4            | too_few_answers
            2025 | north   | B   | two_pupils  | 3            |
            2025 | south   | A   | two_pupils  | 2            |
            2024 | north   | A   | two_pupils  | 9            |
            2023 | north   | A   |             |              |
        """,
    )
    assert [tuple(row.values()) for row in rows] == [
        (2024, "north", "A", 1, 9),
        (2025, "north", "A", 2, 4),
        (2025, "north", "B", 1, 3),
        (2025, "south", "A", 1, 2),
    ]
