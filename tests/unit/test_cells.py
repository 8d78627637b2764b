"""Cells: respondents are named after the case they show."""

from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipeline.analysis.estimation.cells import CELL, cell_totals
from pipeline.ingest.cells import WEIGHT
from tests.tables import table

COLUMNS = (
    "wave | respondent_id | is_analysed | grade | gender | stratum | psu | weight "
    "| is_flagged_lna | score_lna | outcome_drank | area_code | unit\n"
)
DTYPES: dict[str, Any] = {
    "grade": pl.String,
    "gender": pl.String,
    "weight": WEIGHT,
    "is_flagged_lna": pl.Int8,
    "score_lna": pl.Float64,
    "outcome_drank": pl.Int8,
    "area_code": pl.String,
    "unit": pl.String,
}
AREA_CODES = table(
    """
    wave | code | area_id
    2023 | 30   | storvik
    2025 | 30   | storvik
    2025 | 99   | sandviken
    2023 | 31   | storvik
    """,
    code=pl.String,
)

Rows = list[dict[str, Any]]


def people(respondents: str, unit: str = "") -> pl.DataFrame:
    rows = (f"{line}|{unit}" for line in respondents.strip().splitlines())
    return table(COLUMNS + "\n".join(rows), **DTYPES)


def added_up(respondents: pl.DataFrame) -> pl.DataFrame:
    return cell_totals(respondents, AREA_CODES, "sandviken").sort(CELL)


def cells(respondents: str, unit: str = "") -> Rows:
    return added_up(people(respondents, unit)).to_dicts()


def only(rows: Rows) -> dict[str, Any]:
    [row] = rows
    return row


def test_sums_over_the_respondents_of_a_cell() -> None:
    row = only(
        cells(
            """
            2025 | flagged        | true | g8 | girl | all | 8A | 2.5 | 1 | 3   | 1 | 30
            2025 | not_flagged    | true | g8 | girl | all | 8A | 1.5 | 0 | 2.5 | 0 | 30
            2025 | score_no_flag  | true | g8 | girl | all | 8A | 4   |   | 1   | 0 | 30
            2025 | no_score       | true | g8 | girl | all | 8A | 8   |   |     | 1 | 30
            2025 | weight_of_zero | true | g8 | girl | all | 8A | 0   | 1 | 4   | 1 | 30
            """
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
        "ww_respondents": 88.5,  # 2.5^2 + 1.5^2 + 4^2 + 8^2
        "n_is_flagged_lna": 2,
        "w_is_flagged_lna": 4,
        "wy_is_flagged_lna": 2.5,
        "n_score_lna": 3,
        "w_score_lna": 8,
        "wy_score_lna": 15.25,  # 2.5 * 3 + 1.5 * 2.5 + 4 * 1
        "n_outcome_drank": 4,
        "w_outcome_drank": 16,
        "wy_outcome_drank": 10.5,
        "wyy_score_lna": 35.875,  # 2.5 * 9 + 1.5 * 6.25 + 4 * 1
    }


def test_nobody_flagged_is_0_and_nobody_asked_is_0_of_0() -> None:
    row = only(cells("2025 | fine | true | g8 | girl | all | 8A | 1 | 0 | | | 30"))
    found = [row[f"{sums}_is_flagged_lna"] for sums in ("n", "w", "wy")]
    assert found == [1, 1, 0]
    found = [
        row[f"{sums}_{it}"] for it in ("score_lna", "outcome_drank") for sums in ("n", "w", "wy")
    ]
    assert found == [0] * 6


def test_who_was_refused_or_screened_is_in_no_cell() -> None:
    row = only(
        cells(
            """
            2025 | kept     | true  | g8 | girl | all | 8A | 1 | 0 | 1 | 0 | 30
            2025 | refused  | false | g8 | girl | all | 8A | 1 | 1 | 4 | 1 | 30
            2025 | screened | false | g9 | boy  | all | 9A | 1 | 1 | 4 | 1 | 30
            """
        )
    )
    assert (row["n_respondents"], row["wy_is_flagged_lna"], row["psu"]) == (1, 0, "8A")


def test_who_has_no_known_area_belongs_to_the_largest() -> None:
    rows = cells(
        """
        2025 | placed             | true | g8 | girl | all | 8A | 1 | 0 | 1 | 0 | 30
        2025 | not_placed         | true | g8 | girl | all | 8A | 1 | 0 | 1 | 0 |
        2025 | placed_in_largest  | true | g8 | girl | all | 8A | 1 | 1 | 1 | 0 | 99
        2025 | code_of_2023_only  | true | g8 | girl | all | 8A | 1 | 0 | 1 | 0 | 31
        """
    )
    # One row for the largest area, however its respondents came to be in it.
    assert [(row["area_id"], row["n_respondents"], row["wy_is_flagged_lna"]) for row in rows] == [
        ("sandviken", 3, 1),
        ("storvik", 1, 0),
    ]


def test_cells_differ_by_every_part_of_the_key() -> None:
    rows = cells(
        """
        2025 | one             | true | g8 | girl | all   | 8A | 1 | 0 | 1 | 0 |
        2023 | other_wave      | true | g8 | girl | all   | 8A | 1 | 0 | 1 | 0 |
        2025 | other_area      | true | g8 | girl | all   | 8A | 1 | 0 | 1 | 0 | 30
        2025 | other_grade     | true | g9 | girl | all   | 8A | 1 | 0 | 1 | 0 |
        2025 | unknown_grade   | true |    | girl | all   | 8A | 1 | 0 | 1 | 0 |
        2025 | other_gender    | true | g8 | boy  | all   | 8A | 1 | 0 | 1 | 0 |
        2025 | unknown_gender  | true | g8 |      | all   | 8A | 1 | 0 | 1 | 0 |
        2025 | other_stratum   | true | g8 | girl | south | 8A | 1 | 0 | 1 | 0 |
        2025 | other_class     | true | g8 | girl | all   | 8B | 1 | 0 | 1 | 0 |
        2025 | same_as_the_one | true | g8 | girl | all   | 8A | 1 | 0 | 1 | 0 |
        """
    )
    assert sorted(row["n_respondents"] for row in rows) == [1] * 8 + [2]
    assert sorted({row["cell_grade"] for row in rows}) == ["", "g8", "g9"]
    assert sorted({row["cell_gender"] for row in rows}) == ["", "boy", "girl"]


def test_units_sampled_within_a_psu_are_cells_of_their_own() -> None:
    rows = cells(
        """
        2025 | in_7a      | true | g8 | girl | all | school | 1 | 1 | 3 | 0 | 30
        2025 | also_in_7a | true | g8 | girl | all | school | 1 | 0 | 1 | 0 | 30
        """,
        unit="7a",
    )
    assert [(row["psu"], row["unit"], row["wyy_score_lna"]) for row in rows] == [
        ("school", "7a", 10)
    ]


# Weights and scores whose floats differ in their last bits with the order they are added in.
MANY = "\n".join(
    f"2025 | {n} | true | g8 | girl | all | 8A | {0.1 + n * n / 7:.12f} | {n % 2} | "
    f"{1 + n % 9 / 3} | 1 | 30"
    for n in range(60)
)


def scaled(respondents: pl.DataFrame, times: int) -> pl.DataFrame:
    return respondents.with_columns((pl.col("weight") * times).cast(WEIGHT))


@pytest.mark.parametrize("times", [1, 997])
def test_the_order_of_respondents_does_not_matter(times: int) -> None:
    # A thousand times, the sum of weight times square has fewer than 12 decimals.
    respondents = scaled(people(MANY), times)
    shuffled = respondents.sample(fraction=1, shuffle=True, seed=1)
    assert not shuffled.equals(respondents)
    one, other = (
        each.select((pl.col("weight").cast(pl.Float64) * pl.col("score_lna")).cum_sum()).item(-1, 0)
        for each in (respondents, shuffled)
    )
    assert one != other
    assert_frame_equal(added_up(shuffled), added_up(respondents), check_exact=True)


def test_weights_of_a_country_still_add_up() -> None:
    respondents = people(MANY)
    row, large = (
        only(added_up(each).to_dicts()) for each in (respondents, scaled(respondents, 80))
    )
    assert large["n_score_lna"] == row["n_score_lna"]
    for sums in ("w_respondents", "w_score_lna", "wy_score_lna", "wyy_score_lna"):
        assert large[sums] == pytest.approx(80 * row[sums], rel=1e-13)
    assert large["ww_respondents"] == pytest.approx(6400 * row["ww_respondents"], rel=1e-13)
    # Doubled a million times over, whole numbers of 12 decimals would not fit.
    crowd = pl.concat([scaled(respondents, 80)] * 10_000)
    assert only(added_up(crowd).to_dicts())["wyy_score_lna"] == pytest.approx(
        10_000 * large["wyy_score_lna"], rel=1e-12
    )


def test_flags_alone_have_cells_too() -> None:
    respondents = people(MANY)
    row = only(added_up(respondents.drop("score_lna")).to_dicts())
    whole = only(added_up(respondents).to_dicts())
    assert row == {name: sums for name, sums in whole.items() if not name.endswith("score_lna")}
