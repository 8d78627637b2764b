"""totals.cell: respondents are named after the case they show."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from tests.sql.conftest import Rows

WAVES = """
    wave | root_area
    2023 | sandviken
    2025 | sandviken
"""
COLUMNS = (
    "wave | respondent_id | is_analysed | grade | gender | stratum | psu | weight "
    "| is_flagged_lna | score_lna | outcome_drank | unit\n"
)


def cells(run_model: Callable[..., Rows], respondents: str, areas: str, unit: str = "") -> Rows:
    rows = (f"{line}|{unit}" for line in respondents.strip().splitlines())
    return run_model(
        "totals.cell",
        ref__wave=WAVES,
        scores__respondent_factor=COLUMNS + "\n".join(rows),
        staging__respondent_area=f"wave | respondent_id | area_id\n{areas.strip()}",
    )


def only(rows: Rows) -> dict[str, Any]:
    [row] = rows
    return row


def test_sums_over_the_respondents_of_a_cell(run_model: Callable[..., Rows]) -> None:
    row = only(
        cells(
            run_model,
            """
            2025 | flagged        | true | g8 | girl | all | 8A | 2.5 | 1 | 3   | 1
            2025 | not_flagged    | true | g8 | girl | all | 8A | 1.5 | 0 | 2.5 | 0
            2025 | score_no_flag  | true | g8 | girl | all | 8A | 4   |   | 1   | 0
            2025 | no_score       | true | g8 | girl | all | 8A | 8   |   |     | 1
            2025 | weight_of_zero | true | g8 | girl | all | 8A | 0   | 1 | 4   | 1
            """,
            """
            2025 | flagged        | storvik
            2025 | not_flagged    | storvik
            2025 | score_no_flag  | storvik
            2025 | no_score       | storvik
            2025 | weight_of_zero | storvik
            """,
        )
    )
    assert row == {
        "wave": 2025,
        "area_id": "storvik",
        "cell_grade": "g8",
        "cell_gender": "girl",
        "stratum": "all",
        "psu": "8A",
        "unit": "",
        "n_respondents": 5,
        "w_respondents": 16,
        "ww_respondents": Decimal("88.5"),  # 2.5^2 + 1.5^2 + 4^2 + 8^2
        "n_is_flagged_lna": 2,
        "w_is_flagged_lna": 4,
        "wy_is_flagged_lna": Decimal("2.5"),
        "n_score_lna": 3,
        "w_score_lna": 8,
        "wy_score_lna": Decimal("15.25"),  # 2.5 * 3 + 1.5 * 2.5 + 4 * 1
        "n_outcome_drank": 4,
        "w_outcome_drank": 16,
        "wy_outcome_drank": Decimal("10.5"),
        "wyy_score_lna": Decimal("35.875"),  # 2.5 * 9 + 1.5 * 6.25 + 4 * 1
        "wyy_outcome_drank": Decimal("10.5"),
    }


def test_nobody_flagged_is_0_and_nobody_asked_is_0_of_0(run_model: Callable[..., Rows]) -> None:
    row = only(
        cells(
            run_model,
            "2025 | fine | true | g8 | girl | all | 8A | 1 | 0 | |",
            "2025 | fine | storvik",
        )
    )
    found = [row[f"{sums}_is_flagged_lna"] for sums in ("n", "w", "wy")]
    assert found == [1, 1, 0]
    found = [
        row[f"{sums}_{it}"] for it in ("score_lna", "outcome_drank") for sums in ("n", "w", "wy")
    ]
    assert found == [0] * 6


def test_who_was_refused_or_screened_is_in_no_cell(run_model: Callable[..., Rows]) -> None:
    row = only(
        cells(
            run_model,
            """
            2025 | kept     | true  | g8 | girl | all | 8A | 1 | 0 | 1 | 0
            2025 | refused  | false | g8 | girl | all | 8A | 1 | 1 | 4 | 1
            2025 | screened | false | g9 | boy  | all | 9A | 1 | 1 | 4 | 1
            """,
            """
            2025 | kept     | storvik
            2025 | refused  | storvik
            2025 | screened | storvik
            """,
        )
    )
    assert (row["n_respondents"], row["wy_is_flagged_lna"], row["psu"]) == (1, 0, "8A")


def test_who_has_no_known_area_belongs_to_the_largest(run_model: Callable[..., Rows]) -> None:
    rows = cells(
        run_model,
        """
        2025 | placed             | true | g8 | girl | all | 8A | 1 | 0 | 1 | 0
        2025 | not_placed         | true | g8 | girl | all | 8A | 1 | 0 | 1 | 0
        2025 | placed_in_largest  | true | g8 | girl | all | 8A | 1 | 1 | 1 | 0
        2025 | placed_only_before | true | g8 | girl | all | 8A | 1 | 0 | 1 | 0
        """,
        """
        2025 | placed             | storvik
        2025 | placed_in_largest  | sandviken
        2023 | placed_only_before | storvik
        """,
    )
    # One row for the largest area, however its respondents came to be in it.
    assert [(row["area_id"], row["n_respondents"], row["wy_is_flagged_lna"]) for row in rows] == [
        ("sandviken", 3, 1),
        ("storvik", 1, 0),
    ]


def test_cells_differ_by_every_part_of_the_key(run_model: Callable[..., Rows]) -> None:
    rows = cells(
        run_model,
        """
        2025 | one             | true | g8 | girl | all   | 8A | 1 | 0 | 1 | 0
        2023 | other_wave      | true | g8 | girl | all   | 8A | 1 | 0 | 1 | 0
        2025 | other_area      | true | g8 | girl | all   | 8A | 1 | 0 | 1 | 0
        2025 | other_grade     | true | g9 | girl | all   | 8A | 1 | 0 | 1 | 0
        2025 | unknown_grade   | true |    | girl | all   | 8A | 1 | 0 | 1 | 0
        2025 | other_gender    | true | g8 | boy  | all   | 8A | 1 | 0 | 1 | 0
        2025 | unknown_gender  | true | g8 |      | all   | 8A | 1 | 0 | 1 | 0
        2025 | other_stratum   | true | g8 | girl | south | 8A | 1 | 0 | 1 | 0
        2025 | other_class     | true | g8 | girl | all   | 8B | 1 | 0 | 1 | 0
        2025 | same_as_the_one | true | g8 | girl | all   | 8A | 1 | 0 | 1 | 0
        """,
        "2025 | other_area | storvik",
    )
    assert sorted(row["n_respondents"] for row in rows) == [1] * 8 + [2]
    assert sorted({row["cell_grade"] for row in rows}) == ["", "g8", "g9"]
    assert sorted({row["cell_gender"] for row in rows}) == ["", "boy", "girl"]


def test_units_sampled_within_a_psu_are_cells_of_their_own(run_model: Callable[..., Rows]) -> None:
    rows = cells(
        run_model,
        """
        2025 | in_7a      | true | g8 | girl | all | school | 1 | 1 | 3 | 0
        2025 | also_in_7a | true | g8 | girl | all | school | 1 | 0 | 1 | 0
        """,
        "2025 | in_7a | storvik\n2025 | also_in_7a | storvik",
        unit="7a",
    )
    assert [(row["psu"], row["unit"], row["wyy_score_lna"]) for row in rows] == [
        ("school", "7a", 10)
    ]
