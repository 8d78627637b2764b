"""Answers arrive as they were given; every row and every cell is accounted for."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from pathlib import Path

import polars as pl
import pytest

from pipeline.definitions.instrument import FATES, RESERVED_IDS
from pipeline.definitions.wave import Export
from pipeline.errors import ExportError
from pipeline.ingest.export import WaveRows, load_wave
from tests.ingest.made_site import ROWS, Cells, load, place, site_in, write_export


@pytest.fixture(params=[".csv", ".sav"])
def loaded(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[..., WaveRows]:
    """Writes rows in one of the formats and reads them back."""
    return partial(load, tmp_path, request.param)


def test_rows_as_delivered(loaded: Callable[..., WaveRows]) -> None:
    assert loaded().respondents.to_dicts() == [
        {
            "wave": 2025,
            # A whole number of SPSS is a float, but an id is not "1001.0".
            "respondent_id": "1001",
            "school_id": "Skola A",
            "class_id": "7a",
            "area_code": "101",
            "grade": "g7",
            "gender": "girl",
            "stratum": "1",
            "psu": "Skola A / 7a",
            "unit": None,
            "psus_in_stratum": None,
            "units_in_psu": None,
            "weight": Decimal("0.100000"),
            "first": 1,
            "second": 2,
            "refused_reason": None,
        },
        {
            "wave": 2025,
            "respondent_id": "1002",
            "school_id": "Skola B",
            "class_id": "7a",
            "area_code": None,
            "grade": "g8",
            "gender": "boy",
            "stratum": "2",
            "psu": "Skola B / 7a",
            "unit": None,
            "psus_in_stratum": None,
            "units_in_psu": None,
            "weight": Decimal("2.250000"),
            "first": 4,
            "second": 3,
            "refused_reason": None,
        },
    ]


def test_an_answer_is_a_code_or_null_with_its_reason(loaded: Callable[..., WaveRows]) -> None:
    n = 5
    rows = loaded(
        {
            **{name: [cells[0]] * n for name, cells in ROWS.items()},
            "lopnr": ["a1", "a2", "a3", "a4", "a5"],
            "first": [1.0, None, 8.0, 9.0, 4.0],
            "second": [None, 9.0, 9.0, 2.0, 3.0],
        }
    )
    assert rows.respondents["first"].to_list() == [1, None, None, None, 4]
    assert rows.missing_answers.rows() == [
        (2025, "a3", "first", "dont_know"),
        (2025, "a4", "first", "declined"),
        (2025, "a2", "second", "declined"),
        (2025, "a3", "second", "declined"),
    ]
    assert rows.item_cells.rows() == [
        (2025, "first", "answered", 2),
        (2025, "first", "blank", 1),
        (2025, "first", "declined", 1),
        (2025, "first", "dont_know", 1),
        (2025, "second", "answered", 2),
        (2025, "second", "blank", 1),
        (2025, "second", "declined", 2),
    ]
    added = rows.item_cells.group_by("item_id").agg(pl.col("n_cells").sum())
    assert added["n_cells"].to_list() == [n, n]
    assert {"answered", "blank"} == FATES


def test_rows_with_too_few_answers_are_refused(loaded: Callable[..., WaveRows]) -> None:
    rows = loaded({"first": [1.0, 9.0], "second": [2.0, 3.0]}, min_answered_items=2)
    assert rows.respondents["refused_reason"].to_list() == [None, "too_few_answers"]
    # Refused rows are still rows read.
    assert rows.item_cells["n_cells"].sum() == 4
    assert rows.missing_answers.height == 1


def test_missing_codes_of_grade_and_gender(loaded: Callable[..., WaveRows]) -> None:
    rows = loaded({"ak": [99.0, None], "kon": [3.0, None]})
    assert rows.respondents["grade"].to_list() == [None, None]
    assert rows.respondents["gender"].to_list() == [None, None]


def test_without_an_id_rows_are_numbered(loaded: Callable[..., WaveRows]) -> None:
    rows = loaded(respondent=None, psu=(), weight=None, stratum=None, school=None, area=None)
    assert rows.respondents["respondent_id"].to_list() == ["1-1", "1-2"]
    assert rows.respondents["psu"].to_list() == ["1-1", "1-2"]
    assert rows.respondents["stratum"].to_list() == ["all", "all"]
    assert rows.respondents["weight"].to_list() == [1, 1]
    assert rows.respondents["school_id"].to_list() == [None, None]


EMPTY: dict[str, Cells] = {name: pl.Series(cells).clear() for name, cells in ROWS.items()}


def test_no_rows(loaded: Callable[..., WaveRows]) -> None:
    with pytest.raises(ExportError, match=r"wave 2025: holds no rows in export\.(csv|sav);"):
        loaded(EMPTY)


def test_one_file_without_rows_beside_another(tmp_path: Path) -> None:
    write_export(tmp_path / "a.csv", ROWS)
    write_export(tmp_path / "b.csv", EMPTY)
    catalogue = site_in(tmp_path, Export(file="a.csv"), Export(file="b.csv"))
    assert load_wave(catalogue, catalogue.waves[0]).respondents.height == 2


def test_columns_in_which_nobody_answered(loaded: Callable[..., WaveRows]) -> None:
    nothing = pl.Series([None, None], dtype=pl.Float64)
    rows = loaded({"first": nothing, "second": nothing})
    assert rows.respondents.height == 2
    assert rows.item_cells.rows() == [(2025, "first", "blank", 2), (2025, "second", "blank", 2)]


@pytest.mark.parametrize("ending", [".csv", ".sav"])
def test_codes_as_text(ending: str, tmp_path: Path) -> None:
    rows = load(tmp_path, ending, {"first": [" 3 ", "+4"], "second": ["2.0", "  "]})
    assert rows.respondents["first"].to_list() == [3, 4]
    assert rows.respondents["second"].to_list() == [2, None]


def test_whole_numbers_written_with_decimals(tmp_path: Path) -> None:
    written: dict[str, Cells] = {"ak": ["7.0", "8.00"], "kon": ["1.0", " 2.0 "]}
    ids: dict[str, Cells] = {"lopnr": ["08.0", "1.0.1"], "omr": ["101.0", ""]}
    schools: dict[str, Cells] = {"skola": ["08", "1.5"], "klass": ["7.0", "7.0a"]}
    rows = load(tmp_path, ".csv", written | ids | schools).respondents
    assert rows["grade"].to_list() == ["g7", "g8"]
    assert rows["gender"].to_list() == ["girl", "boy"]
    assert rows["area_code"].to_list() == ["101", None]
    assert rows["respondent_id"].to_list() == ["08", "1.0.1"]
    assert rows["psu"].to_list() == ["08 / 7", "1.5 / 7.0a"]


def test_psus_named_by_two_columns_never_merge(tmp_path: Path) -> None:
    names: dict[str, Cells] = {"skola": ["A / B", "A"], "klass": ["C", "B / C"]}
    rows = load(tmp_path, ".csv", names).respondents
    assert rows["psu"].to_list() == ["A // B / C", "A / B // C"]


@pytest.mark.parametrize("ending", [".csv", ".sav"])
def test_weights_with_a_decimal_comma(ending: str, tmp_path: Path) -> None:
    rows = load(tmp_path, ending, {"vikt": ["1,25", "0.5"]})
    assert rows.respondents["weight"].to_list() == [Decimal("1.25"), Decimal("0.5")]


def test_ids_and_labels_with_spaces_and_letters(loaded: Callable[..., WaveRows]) -> None:
    rows = loaded({"lopnr": ["Å 1 ", "å 1"], "skola": ["Högbo, södra", ' "B"']})
    assert rows.respondents["respondent_id"].to_list() == ["Å 1", "å 1"]
    assert rows.respondents["school_id"].to_list() == ["Högbo, södra", '"B"']


def test_value_labels_of_a_file_are_kept(tmp_path: Path) -> None:
    labels = {"first": {1: "Nej", 9: "Vill inte", 2.5: "half", 1e12: "endless"}}
    write_export(tmp_path / "a.sav", ROWS, variable_value_labels=labels)
    write_export(tmp_path / "b.sav", ROWS | {"lopnr": [1.0, 2.0]}, variable_value_labels=labels)
    catalogue = site_in(tmp_path, Export(file="a.sav"), Export(file="b.sav"))
    rows = load_wave(catalogue, catalogue.waves[0])
    assert rows.value_labels.rows() == [
        (2025, "first", 1, "Nej"),
        (2025, "first", 9, "Vill inte"),
    ]
    assert rows.respondents.height == 4


def test_user_missing_values_of_spss_are_read_as_their_codes(tmp_path: Path) -> None:
    write_export(
        tmp_path / "a.sav",
        ROWS | {"first": [8.0, 9.0]},
        missing_ranges={"first": [{"lo": 8, "hi": 9}]},
    )
    catalogue = site_in(tmp_path, Export(file="a.sav"))
    rows = load_wave(catalogue, catalogue.waves[0])
    assert rows.missing_answers["reason"].to_list() == ["dont_know", "declined"]


def test_weights_add_up_exactly(tmp_path: Path) -> None:
    n = 1_000
    every = pl.DataFrame(ROWS)[:1].select(pl.all().repeat_by(n).explode())
    ids = pl.Series("lopnr", range(n), pl.Float64)
    rows = load(tmp_path, ".zsav", every.with_columns(ids).to_dict())
    assert rows.respondents["weight"].sum() == Decimal(100)


@pytest.mark.parametrize(
    "validity",
    [{"valid_from": "2025-10-01"}, {"valid_to": "2025-10-01"}, {}],
)
def test_area_codes_hold_on_the_first_day(validity: dict[str, str], tmp_path: Path) -> None:
    rows = load(tmp_path, ".csv", area=place(**validity))
    assert rows.respondents["area_code"].to_list() == ["101", None]


def test_no_item_can_be_named_as_another_column(tmp_path: Path) -> None:
    respondents = load(tmp_path, ".csv").respondents
    assert set(respondents.columns) - {"first", "second"} <= RESERVED_IDS
