"""staging.respondent_area: respondents are named after the case they show."""

from collections.abc import Callable

from tests.sql.conftest import Rows

# Code 304 changes hands between the waves; 308 is renamed; two codes name one area.
AREA_CODES = """
    wave | code | area_id
    2021 | 304  | kungsgarden
    2023 | 304  | gysinge
    2023 | 309  | kungsgarden
    2021 | 308  | osterfarnebo
    2023 | 0308 | osterfarnebo
    2023 | 310  | osterfarnebo
"""
WAVES = """
    wave | root_area | has_area_codes
    2021 | sandviken | true
    2023 | sandviken | true
    2025 | sandviken | false
"""


def test_codes_mean_what_they_meant_in_the_wave(run_model: Callable[..., Rows]) -> None:
    rows = run_model(
        "staging.respondent_area",
        ref__area_code=AREA_CODES,
        ref__wave=WAVES,
        staging__respondent="""
            wave | respondent_id  | area_code
            2021 | before_change  | 304
            2023 | after_change   | 304
            2023 | moved_code     | 309
            2021 | before_renamed | 308
            2023 | renamed        | 0308
            2023 | second_code    | 310
            2021 | twice_asked    | 304
            2023 | twice_asked    | 304
            2023 | no_code        |
            2023 | code_of_2021   | 308
        """,
    )
    assert [(row["wave"], row["respondent_id"], row["area_id"]) for row in rows] == [
        (2021, "before_change", "kungsgarden"),
        (2021, "before_renamed", "osterfarnebo"),
        (2021, "twice_asked", "kungsgarden"),
        (2023, "after_change", "gysinge"),
        (2023, "moved_code", "kungsgarden"),
        (2023, "renamed", "osterfarnebo"),
        (2023, "second_code", "osterfarnebo"),
        (2023, "twice_asked", "gysinge"),
    ]


def test_a_wave_without_area_codes_places_everyone_in_the_largest_area(
    run_model: Callable[..., Rows],
) -> None:
    rows = run_model(
        "staging.respondent_area",
        ref__area_code=AREA_CODES,
        ref__wave=WAVES,
        staging__respondent="""
            wave | respondent_id | area_code
            2023 | not_known     |
            2025 | anyone        |
        """,
    )
    assert rows == [{"wave": 2025, "respondent_id": "anyone", "area_id": "sandviken"}]
