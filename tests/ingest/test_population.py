"""Sizes of the population: counts and fractions told apart, and what is refused."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipeline.definitions.wave import Columns, Weight
from pipeline.errors import ExportError
from pipeline.ingest.cells import WEIGHT
from pipeline.ingest.population import add_population
from tests.ingest.made_site import Cells, load
from tests.made_definitions import made_wave
from tests.tables import table

# Two schools of north were sampled, one of south; two classes of A.
ROWS = """
    stratum | psu | unit | fpc_psu | fpc_unit
    north   | A   | a1   | 5       | 4
    north   | A   | a1   | 5       | 4
    north   | A   | a2   | 5       | 4
    north   | B   | a1   | 5       | 1
    south   | C   | a1   | 1       | 3
"""
FRACTIONS = """
    stratum | psu | unit | fpc_psu | fpc_unit
    north   | A   | a1   | 0.4     | 0.5
    north   | A   | a1   | 0.4     | 0.5
    north   | A   | a2   | 0.4     | 0.5
    north   | B   | a1   | 0.4     | 1
    south   | C   | a1   | 1       | 0.25
"""
TWO_STAGES = {"psu": ("school",), "unit": ("class",), "fpc": ("n_schools", "n_classes")}


def added(text: str = ROWS, *, is_weighted: bool = True, **columns: Any) -> pl.DataFrame:
    """Rows with sizes; two stages unless said otherwise."""
    stated = Columns(
        respondent="id",
        weight=Weight(column="weight", decimals=0) if is_weighted else None,
        **(TWO_STAGES | columns),
    )
    rows = table(text, fpc_psu=pl.Float64, fpc_unit=pl.Float64)
    given = rows.drop(["fpc_psu", "fpc_unit"][len(stated.fpc) :])
    return add_population(given.with_columns(weight=pl.lit(1).cast(WEIGHT)), made_wave(stated))


def test_counts_are_sizes() -> None:
    rows = added()
    assert rows["psus_in_stratum"].to_list() == [5, 5, 5, 5, 1]
    assert rows["units_in_psu"].to_list() == [4, 4, 4, 1, 3]
    assert rows["weight"].to_list() == [1] * 5
    assert not {"fpc_psu", "fpc_unit"} & set(rows.columns)


def test_fractions_are_of_what_was_sampled() -> None:
    rows = added(FRACTIONS)
    assert rows["psus_in_stratum"].to_list() == [5, 5, 5, 5, 1]
    assert rows["units_in_psu"].to_list() == [4, 4, 4, 1, 4]


def test_weights_follow_from_sizes_where_there_are_none() -> None:
    weights = added(is_weighted=False)["weight"]
    assert weights.dtype == WEIGHT
    # 5/2 schools, times 4/2 classes, 1/1 and 3/1.
    assert weights.to_list() == [5, 5, 5, 2.5, 3]


def test_one_stage_and_none() -> None:
    rows = added(unit=(), fpc=("n_schools",), is_weighted=False)
    assert rows["psus_in_stratum"].to_list() == [5, 5, 5, 5, 1]
    assert rows["units_in_psu"].to_list() == [None] * 5
    assert rows["weight"].to_list() == [2.5, 2.5, 2.5, 2.5, 1]
    rows = added(unit=(), fpc=(), is_weighted=False)
    assert rows["psus_in_stratum"].to_list() == [None] * 5
    assert rows["weight"].to_list() == [1] * 5


def test_no_rows_have_no_sizes() -> None:
    [header] = [ROWS.strip().splitlines()[0]]
    assert added(header).is_empty()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            ROWS.replace("| 3", "| 0.3"),
            r"n_schools, n_classes \(fpc\): 7 cells are above 1 and 1 below; expected sizes",
        ),
        (
            ROWS.replace("| 5 ", "| 1 ").replace("| 4", "| 1").replace("| 3", "| 1"),
            "all cells are 1, which may be a count or a fraction",
        ),
        (
            ROWS.replace("B   | a1   | 5", "B   | a1   | 6"),
            r"n_schools \(fpc\): 1 of 2 strata have more than one size",
        ),
        (
            ROWS.replace("a2   | 5       | 4", "a2   | 5       | 3"),
            r"n_classes \(fpc\): 1 of 3 PSUs have more than one size",
        ),
        (
            ROWS.replace("| 5 ", "| 1 "),
            r"n_schools \(fpc\): 1 of 2 strata hold fewer PSUs than were sampled",
        ),
        (
            ROWS.replace("| 5       | 4", "| 5       | 1"),
            r"n_classes \(fpc\): 1 of 3 PSUs hold fewer units than were sampled",
        ),
    ],
)
def test_sizes_that_cannot_be(text: str, said: str) -> None:
    with pytest.raises(ExportError, match=rf"^wave 2025:\n  column .*{said}"):
        added(text)


def test_weights_beyond_reason_are_refused() -> None:
    huge = ROWS.replace("| 5 ", "| 900000 ")
    with pytest.raises(ExportError, match="4 respondents stand for more than 100000 each"):
        added(huge, is_weighted=False)
    assert added(huge)["psus_in_stratum"].max() == 900_000


def test_a_psu_in_two_strata_is_refused_where_names_are_unique() -> None:
    twice = ROWS.replace("south   | C", "south   | B")
    assert added(twice).height == 5
    with pytest.raises(
        ExportError, match=r"school \(psu\): 1 of 2 PSUs are in more than one stratum"
    ):
        added(twice, has_unique_psu=True)
    assert added(has_unique_psu=True).height == 5


SIZES: dict[str, Cells] = {"n_skolor": [4.0, 2.0], "n_klasser": [3.0, 1.0]}
STATED: dict[str, Any] = {"psu": ["skola"], "unit": ["klass"], "fpc": ["n_skolor", "n_klasser"]}


@pytest.mark.parametrize("ending", [".csv", ".sav"])
def test_sizes_as_delivered(ending: str, tmp_path: Path) -> None:
    respondents = load(tmp_path, ending, SIZES, **STATED).respondents
    found = respondents.select("stratum", "psu", "unit", "psus_in_stratum", "units_in_psu").rows()
    assert found == [("1", "Skola A", "7a", 4, 3), ("2", "Skola B", "7a", 2, 1)]


@pytest.mark.parametrize("cell", ["", "0", "-1", "inf", "nan", "x"])
def test_a_size_that_is_none(cell: str, tmp_path: Path) -> None:
    said = r"\n  column n_skolor \(fpc\): 1 unusable cell, the first in row 2; .* above 0$"
    with pytest.raises(ExportError, match=said):
        load(tmp_path, ".csv", SIZES | {"n_skolor": ["4", cell]}, **STATED)


def test_columns_of_a_second_stage_that_are_missing_or_empty(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="column n_skolor is missing"):
        load(tmp_path, ".csv", {}, **STATED)
    with pytest.raises(ExportError, match=r"klass \(unit\): 1 unusable cell, the first in row 2"):
        load(tmp_path, ".csv", SIZES | {"klass": ["7a", None]}, **STATED)
