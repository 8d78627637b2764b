"""totals.stratum: PSUs are named after the case they show."""

from collections.abc import Callable

from tests.sql.conftest import Rows


def test_every_psu_the_survey_reached_counts(run_model: Callable[..., Rows]) -> None:
    rows = run_model(
        "totals.stratum",
        staging__respondent="""
            wave | stratum | psu              | refused_reason
            2025 | north   | two_respondents  |
            2025 | north   | two_respondents  |
            2025 | north   | all_refused      | too_few_answers
            2025 | north   | one_refused      | too_few_answers
            2025 | north   | one_refused      |
            2025 | south   | two_respondents  |
            2023 | north   | two_respondents  |
        """,
    )
    assert [(row["wave"], row["stratum"], row["n_psu"]) for row in rows] == [
        (2023, "north", 1),
        (2025, "north", 3),
        (2025, "south", 1),
    ]
