"""Totals of domains: margins are what their cells add up to, whatever the order of cells."""

from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipeline.analysis.estimation.roll_up import psu_totals, unit_totals_of_domains
from tests.tables import table

ANCESTORS = """
    wave | area_id   | ancestor_id
    2025 | sandviken | sandviken
    2025 | omrade_1  | omrade_1
    2025 | omrade_1  | sandviken
    2025 | norrsatra | norrsatra
    2025 | norrsatra | omrade_1
    2025 | norrsatra | sandviken
    2025 | storvik   | storvik
    2025 | storvik   | sandviken
    2023 | storvik   | storvik
    2023 | storvik   | omrade_1
    2023 | storvik   | sandviken
"""
# Every n is a power of two, so that a sum tells which cells are in it.
CELLS = """
    wave | area_id   | cell_grade | cell_gender | stratum | psu | unit | n_respondents | w_a | wy_a
    2025 | norrsatra | g8         | girl        | all     | 8A  |      | 1             | 10  | 1.5
    2025 | norrsatra | g8         | boy         | all     | 8A  |      | 2             | 20  | 2.5
    2025 | norrsatra | g9         | girl        | all     | 9A  |      | 4             | 40  | 4.5
    2025 | storvik   | g8         | girl        | all     | 8A  |      | 8             | 80  | 8.5
    2025 | norrsatra |            | girl        | all     | 8A  |      | 16            | 160 | 16.5
    2025 | norrsatra | g8         |             | all     | 8A  |      | 32            | 320 | 32.5
    2025 | sandviken | g8         | girl        | all     | 8A  |      | 64            | 640 | 64.5
    2025 | norrsatra | g8         | girl        | south   | 8A  |      | 128           | 1   | 0.5
    2023 | storvik   | g8         | girl        | all     | 8A  |      | 256           | 1   | 0.5
"""


UNIT_CELLS = """
    wave | area_id   | cell_grade | cell_gender | stratum | psu | unit | n_respondents | w_a | wy_a
    2025 | norrsatra | g8         | girl        | all     | A   | 7a   | 1             | 10  | 1.5
    2025 | norrsatra | g8         | boy         | all     | A   | 7a   | 2             | 20  | 2.5
    2025 | norrsatra | g8         | girl        | all     | A   | 7b   | 4             | 40  | 4.5
    2025 | storvik   | g9         | girl        | all     | A   | 7a   | 8             | 80  | 8.5
    2025 | norrsatra |            | girl        | all     | A   | 7a   | 16            | 160 | 16.5
    2025 | norrsatra | g8         | girl        | all     | B   | 7a   | 32            | 320 | 32.5
    2025 | norrsatra | g8         | girl        | south   | A   | 7a   | 64            | 640 | 64.5
    2023 | storvik   | g8         | girl        | all     | A   |      | 128           | 1   | 0.5
"""


def cells_of(text: str) -> pl.DataFrame:
    """``totals.cell``: what is not known is an empty text there."""
    names = ("cell_grade", "cell_gender", "unit")
    return table(text, unit=pl.String).with_columns(pl.col(names).fill_null(""))


def by_key(rows: pl.DataFrame) -> dict[tuple[object, ...], int]:
    """n_respondents by all that is not a sum."""
    keys = [name for name in rows.columns if name not in {"n_respondents", "w_a", "wy_a"}]
    found = {tuple(row[key] for key in keys): row["n_respondents"] for row in rows.to_dicts()}
    assert len(found) == rows.height
    return found


def domain_psus() -> dict[tuple[object, ...], int]:
    return by_key(psu_totals(cells_of(CELLS), table(ANCESTORS)))


def units() -> pl.DataFrame:
    return unit_totals_of_domains(cells_of(UNIT_CELLS), table(ANCESTORS))


def only(rows: pl.DataFrame, **key: Any) -> dict[str, Any]:
    return rows.filter(**key).row(0, named=True)


def test_margins_are_the_sums_of_their_cells() -> None:
    n = domain_psus()
    assert n[2025, "norrsatra", "g8", "girl", "all", "8A"] == 1
    assert n[2025, "norrsatra", "g8", "all", "all", "8A"] == 1 + 2 + 32
    assert n[2025, "norrsatra", "all", "girl", "all", "8A"] == 1 + 16
    assert n[2025, "norrsatra", "all", "all", "all", "8A"] == 1 + 2 + 16 + 32
    assert n[2025, "norrsatra", "all", "all", "all", "9A"] == 4


def test_areas_hold_all_that_lies_in_them() -> None:
    n = domain_psus()
    assert n[2025, "omrade_1", "g8", "girl", "all", "8A"] == 1
    assert n[2025, "sandviken", "g8", "girl", "all", "8A"] == 1 + 8 + 64
    assert n[2025, "storvik", "all", "all", "all", "8A"] == 8


def test_an_area_lies_where_it_lay_in_the_wave() -> None:
    n = domain_psus()
    assert n[2023, "omrade_1", "all", "all", "all", "8A"] == 256
    assert n[2025, "omrade_1", "all", "all", "all", "8A"] == 1 + 2 + 16 + 32


def test_an_unknown_grade_or_gender_is_no_domain() -> None:
    n = domain_psus()
    assert {key[2] for key in n} == {"g8", "g9", "all"}
    assert {key[3] for key in n} == {"girl", "boy", "all"}


def test_equal_psu_names_of_two_strata_are_two_psus() -> None:
    n = domain_psus()
    assert n[2025, "norrsatra", "g8", "girl", "south", "8A"] == 128


def test_weights_and_values_are_added_as_counts_are() -> None:
    everyone = {"grade": "all", "gender": "all", "stratum": "all"}
    cells = cells_of(CELLS).with_columns(ww_a=pl.col("w_a") ** 2)
    row = only(
        psu_totals(cells, table(ANCESTORS)), wave=2025, area_id="norrsatra", psu="8A", **everyone
    )
    assert (row["w_a"], row["wy_a"]) == (10 + 20 + 160 + 320, 1.5 + 2.5 + 16.5 + 32.5)
    assert row["ww_a"] == 10**2 + 20**2 + 160**2 + 320**2
    row = only(units(), area_id="sandviken", psu="A", unit="7a", **everyone)
    assert (row["w_a"], row["wy_a"]) == (10 + 20 + 80 + 160, 1.5 + 2.5 + 8.5 + 16.5)


def test_units_are_rolled_up_as_psus_are() -> None:
    n = by_key(units())
    assert n[2025, "norrsatra", "g8", "girl", "all", "A", "7a"] == 1
    assert n[2025, "norrsatra", "g8", "all", "all", "A", "7a"] == 1 + 2
    assert n[2025, "norrsatra", "g8", "all", "all", "A", "7b"] == 4
    assert n[2025, "norrsatra", "g8", "all", "all", "B", "7a"] == 32
    assert n[2025, "norrsatra", "g8", "all", "south", "A", "7a"] == 64
    assert n[2025, "sandviken", "all", "all", "all", "A", "7a"] == 1 + 2 + 8 + 16
    assert {key[2] for key in n} == {"g8", "g9", "all"}


def test_units_of_a_psu_are_its_total() -> None:
    rows = psu_totals(cells_of(UNIT_CELLS), table(ANCESTORS))
    assert only(rows, area_id="norrsatra", grade="g8", gender="girl", psu="A", stratum="all")[
        "n_respondents"
    ] == (1 + 4)


def test_waves_without_a_second_stage_have_no_units() -> None:
    assert units()["wave"].unique().to_list() == [2025]
    without = unit_totals_of_domains(cells_of(CELLS), table(ANCESTORS))
    assert without.is_empty()
    assert without.schema == units().schema


@pytest.mark.parametrize("roll_up", [psu_totals, unit_totals_of_domains])
def test_the_order_of_cells_does_not_matter(roll_up: Any) -> None:
    # Sums of these differ in their last bit with the order they are added in.
    cells = cells_of(UNIT_CELLS).with_columns(wy_a=0.1 + pl.col("wy_a") / 3)
    shuffled = cells.sample(fraction=1, shuffle=True, seed=1)
    assert not shuffled.equals(cells)
    found = roll_up(shuffled, table(ANCESTORS))
    assert_frame_equal(found, roll_up(cells, table(ANCESTORS)), check_exact=True)
    keys = [name for name in found.columns if name not in {"n_respondents", "w_a", "wy_a"}]
    assert found.select(keys).equals(found.select(keys).sort(keys))
