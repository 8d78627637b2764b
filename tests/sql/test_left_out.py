"""totals.left_out: respondents are named after the case they show."""

from collections.abc import Callable

from tests.sql.conftest import Rows

RESPONDENTS = """
    wave | respondent_id          | refused_reason  | screened_by   | is_analysed | weight
    2025 | kept                   |                 |               | true        | 1
    2025 | refused                | too_few_answers |               | false       | 1
    2025 | refused_and_caught     | too_few_answers | dishonest     | false       | 0
    2025 | caught_once            |                 | dishonest     | false       | 0
    2025 | caught_twice           |                 | dishonest     | false       | 1
    2025 | caught_by_second_only  |                 | too_much      | false       | 1
    2023 | same_id                |                 | dishonest     | false       | 1
    2025 | same_id                |                 |               | true        | 1
    2025 | of_no_weight           |                 |               | true        | 0
"""
CATCHES = """
    wave | respondent_id         | screen_id
    2025 | refused_and_caught    | dishonest
    2025 | caught_once           | dishonest
    2025 | caught_twice          | dishonest
    2025 | caught_twice          | too_much
    2025 | caught_twice          | always_later
    2025 | caught_by_second_only | too_much
    2023 | same_id               | dishonest
"""


def test_the_first_reason_counts_and_every_catch_is_told(run_model: Callable[..., Rows]) -> None:
    rows = run_model(
        "totals.left_out",
        scores__respondent_factor=RESPONDENTS,
        scores__screen_catch=CATCHES,
    )
    keys = ("wave", "stage", "reason", "n_respondents", "n_caught")
    assert [tuple(row[key] for key in keys) for row in rows] == [
        (2023, "screened", "dishonest", 1, 1),
        # Refused when read, also if a screen would have caught them.
        (2025, "refused", "too_few_answers", 2, 2),
        # A screen that only ever catches whom an earlier one caught sets nobody aside.
        (2025, "screened", "always_later", 0, 1),
        (2025, "screened", "dishonest", 2, 2),
        (2025, "screened", "too_much", 1, 2),
        # Who is left out anyway is not counted once more for a weight of 0.
        (2025, "weightless", "zero_weight", 1, 1),
    ]
