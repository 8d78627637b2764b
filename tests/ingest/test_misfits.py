"""What is wrong with an export is told at once: where, how often, what was expected."""

import re
from collections.abc import Mapping
from pathlib import Path

import polars as pl
import pytest

from pipeline.definitions.wave import Export
from pipeline.errors import DefinitionError, ExportError
from pipeline.ingest.export import load_wave
from pipeline.ingest.location import export_path
from pipeline.ingest.misfits import export_problems
from pipeline.ingest.reader import RawExport
from tests.ingest.made_site import (
    INSTRUMENT,
    ROWS,
    Cells,
    load,
    place,
    site_in,
    write_export,
)

SENTINEL = "Zebra-4711"
"""Stands for what a respondent wrote. Must be in no message."""

NUMBER = 31_337.0
"""Stands for what a respondent answered."""

NO_CODE = "unusable cell"


def times(n: int) -> dict[str, Cells]:
    """The first row, ``n`` times."""
    return {name: pl.Series([cells[0]] * n) for name, cells in ROWS.items()}


BROKEN: dict[str, tuple[dict[str, Cells], str]] = {
    "an unknown code": (
        {"first": [1.0, 7.0]},
        "column first (item first): 1 unusable cell, the first in row 2; "
        "expected 1, 2, 3, 4, or missing 8 (dont_know), 9 (declined)",
    ),
    "half a code": (
        {"second": [2.5, 3.5]},
        "column second (item second): 2 unusable cells, the first in row 1; "
        "expected 1, 2, 3, 4, or missing 8 (dont_know), 9 (declined)",
    ),
    "a grade": (
        {"ak": [7.0, 10.0]},
        "column ak (grade): 1 unusable cell, the first in row 2; expected 7, 8, or missing 99",
    ),
    "a gender": (
        {"kon": [4.0, 5.0]},
        "column kon (gender): 2 unusable cells, the first in row 1; expected 1, 2, or missing 3",
    ),
    "an area": (
        {"omr": [101.0, 102.0]},
        "column omr (area): 1 unusable cell, the first in row 2; expected a code that areas.yml "
        "gives on the first day of the fieldwork, or an empty cell",
    ),
    "an empty id": (
        {"lopnr": [1.0, None]},
        "column lopnr (respondent): 1 id is empty, the first in row 2; expected each row its own",
    ),
    "an id used twice": (
        {"lopnr": ["a", " a "]},
        "column lopnr (respondent): 1 id is used more than once, in 2 rows, the first in row 1; "
        "expected each row its own",
    ),
    "an id used three times": (
        {**times(4), "lopnr": ["b", "a", "a", "a"]},
        "column lopnr (respondent): 1 id is used more than once, in 3 rows, the first in row 2; "
        "expected each row its own",
    ),
    "two ids used twice": (
        {**times(5), "lopnr": ["c", "a", "b", "b", "a"]},
        "column lopnr (respondent): 2 ids are used more than once, in 4 rows, the first in row 2; "
        "expected each row its own",
    ),
    "two empty ids": (
        {"lopnr": [" ", None]},
        "column lopnr (respondent): 2 ids are empty, the first in row 1; expected each row its own",
    ),
    "a school that would pass for all of them": (
        {"skola": ["Skola A", "all"]},
        "column skola (school): 1 unusable cell, the first in row 2; "
        'expected a name other than "all", which stands for all schools together',
    ),
    "an empty stratum": (
        {"strat": [None, 1.0]},
        "column strat (stratum): 1 unusable cell, the first in row 1; expected none empty",
    ),
    "half an empty unit": (
        {"klass": ["7a", "  "]},
        "column klass (psu): 1 unusable cell, the first in row 2; expected none empty",
    ),
    **{
        f"a weight that {what}": (
            {"vikt": [1.0, weight]},
            "column vikt (weight): 1 unusable cell, the first in row 2; "
            "expected numbers from 0 to 100000 with at most 2 decimals",
        )
        for what, weight in {
            "is negative": -0.01,
            "has more decimals": 1.005,
            "is empty": None,
            "is too large": 1e30,
        }.items()
    },
    # Numbers that no integer holds must not become null, and null a blank cell, unseen.
    "numbers beyond all codes": (
        {"first": [1e300, 32_768.0]},
        "column first (item first): 2 unusable cells, the first in row 1; "
        "expected 1, 2, 3, 4, or missing 8 (dont_know), 9 (declined)",
    ),
    "a grade beyond all codes": (
        {"ak": [7.0, 1e30]},
        "column ak (grade): 1 unusable cell, the first in row 2; expected 7, 8, or missing 99",
    ),
    "an area beyond all codes": (
        {"omr": [1e30, None]},
        "column omr (area): 1 unusable cell, the first in row 1; expected a code that areas.yml "
        "gives on the first day of the fieldwork, or an empty cell",
    ),
}


def problems_of(rows: Mapping[str, Cells]) -> list[str]:
    """What is wrong with ``ROWS``, with columns replaced, as a parser would hand them over."""
    frame = pl.DataFrame({**ROWS, **rows})
    raw = RawExport(frame, frame.columns, {})
    [wave] = site_in(Path()).waves
    return export_problems(raw, wave, INSTRUMENT, ["101"])


def test_whole_rows_have_no_misfits() -> None:
    assert problems_of({}) == []


@pytest.mark.parametrize(("rows", "sentence"), BROKEN.values(), ids=list(BROKEN))
def test_a_misfit(rows: dict[str, Cells], sentence: str) -> None:
    assert problems_of(rows) == [sentence]


@pytest.mark.parametrize(
    "cell", ["5", "1,5", "1e0", "ett", "0x1", "1 2", "٣", "99999999999", "-1", "3.0.0"]
)
def test_text_that_is_no_code(cell: str) -> None:
    [sentence] = problems_of({"first": ["1", cell]})
    assert "(item first): 1 unusable cell, the first in row 2" in sentence


@pytest.mark.parametrize("cell", ["x", "", "1,2,5", "1.000,5", "inf", "nan", "-1", "0,001"])
def test_text_that_is_no_weight(cell: str) -> None:
    [sentence] = problems_of({"vikt": ["1.25", cell]})
    assert "column vikt (weight): 1 unusable cell, the first in row 2" in sentence


@pytest.mark.parametrize("ending", [".csv", ".sav"])
def test_all_misfits_of_a_file_are_told_at_once(ending: str, tmp_path: Path) -> None:
    broken: dict[str, Cells] = {"first": [1.0, 7.0], "ak": [10.0, 7.0], "lopnr": [1.0, 1.0]}
    with pytest.raises(ExportError, match="does not match questionnaire") as error:
        load(tmp_path, ending, broken)
    first, *others = str(error.value).splitlines()
    assert first == f"{tmp_path}/export{ending} does not match questionnaire:"
    assert [line.split(" (")[0] for line in others] == [
        "  column lopnr",
        "  column ak",
        "  column first",
    ]
    assert error.value.exit_code == 4


@pytest.mark.parametrize("ending", [".csv", ".sav"])
def test_no_message_holds_what_anyone_answered(
    ending: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    text: Cells = [SENTINEL, SENTINEL]
    number: Cells = [NUMBER, NUMBER]
    for cells in (text, number):
        with pytest.raises(ExportError, match=NO_CODE) as error:
            load(tmp_path, ending, dict.fromkeys(ROWS, cells))
        told = str(error.value) + "".join(capfd.readouterr())
        assert SENTINEL not in told
        assert re.search(r"31.?337|4711", told) is None
        # The columns that cannot hold just anything.
        for column in ("lopnr", "omr", "ak", "kon", "first", "second"):
            assert f"column {column} " in told
        assert error.value.__cause__ is None
        assert error.value.__suppress_context__ or error.value.__context__ is None


@pytest.mark.parametrize("validity", [{"valid_from": "2025-10-02"}, {"valid_to": "2025-09-30"}])
def test_a_code_that_names_no_area_on_the_first_day(
    validity: dict[str, str], tmp_path: Path
) -> None:
    with pytest.raises(ExportError, match=r"column omr \(area\): 1 unusable cell, .* row 1"):
        load(tmp_path, ".csv", area=place(**validity))


@pytest.mark.parametrize("ending", [".csv", ".sav"])
def test_all_missing_columns_are_named_with_the_nearest(ending: str, tmp_path: Path) -> None:
    renamed = {"first": "FIRST", "vikt": "vikt_2", "kon": "xyz"}
    rows = {renamed.get(name, name): cells for name, cells in ROWS.items()}
    write_export(tmp_path / f"a{ending}", rows)
    catalogue = site_in(tmp_path, Export(file=f"a{ending}"))
    with pytest.raises(ExportError, match="does not match questionnaire") as error:
        load_wave(catalogue, catalogue.waves[0])
    assert [line.strip() for line in str(error.value).splitlines()[1:]] == [
        "column kon is missing",
        "column vikt is missing; nearest is 'vikt_2'",
        "column first (item first) is missing; nearest is 'FIRST'",
    ]


@pytest.mark.parametrize("ending", [".csv", ".sav"])
def test_a_file_of_something_else(ending: str, tmp_path: Path) -> None:
    write_export(tmp_path / f"a{ending}", {"anything": [1.0, 2.0], "else": [1.0, 2.0]})
    catalogue = site_in(tmp_path, Export(file=f"a{ending}"))
    with pytest.raises(ExportError, match="none of the 10 columns that are read") as error:
        load_wave(catalogue, catalogue.waves[0])
    assert len(str(error.value).splitlines()) == 2


def test_columns_that_differ_in_case_are_two(tmp_path: Path) -> None:
    rows = load(tmp_path, ".csv", {"First": [9.0, 9.0]})
    assert rows.respondents["first"].to_list() == [1, 4]


def test_ids_shared_by_two_files(tmp_path: Path) -> None:
    write_export(tmp_path / "a.csv", ROWS)
    write_export(tmp_path / "b.sav", {**ROWS, "lopnr": [1002.0, 1003.0]})
    catalogue = site_in(tmp_path, Export(file="a.csv"), Export(file="b.sav"))
    with pytest.raises(
        ExportError, match="wave 2025: 2 rows share a respondent id with another file"
    ) as error:
        load_wave(catalogue, catalogue.waves[0])
    assert "1002" not in str(error.value)


@pytest.mark.parametrize("ending", [".csv", ".sav"])
def test_rows_the_supplier_states_are_counted(ending: str, tmp_path: Path) -> None:
    write_export(tmp_path / f"a{ending}", ROWS)
    whole = site_in(tmp_path, Export(file=f"a{ending}", rows=2))
    assert load_wave(whole, whole.waves[0]).respondents.height == 2
    cut = site_in(tmp_path, Export(file=f"a{ending}", rows=3))
    with pytest.raises(ExportError, match="holds 2 rows, expected 3 as the wave states"):
        load_wave(cut, cut.waves[0])


def test_a_text_without_its_last_line_break_needs_its_rows_stated(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    write_export(path, ROWS)
    path.write_bytes(path.read_bytes().rstrip(b"\r\n"))
    stated = site_in(tmp_path, Export(file="a.csv", rows=2))
    assert load_wave(stated, stated.waves[0]).respondents["second"].to_list() == [2, 3]
    unstated = site_in(tmp_path, Export(file="a.csv"))
    with pytest.raises(
        ExportError, match="may be cut short; state rows: in the wave, or end the file with a line"
    ):
        load_wave(unstated, unstated.waves[0])


@pytest.mark.parametrize("file", ["../outside.csv", "/etc/passwd", "a/../../b.csv"])
def test_an_export_outside_the_site(file: str, tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match=rf"{file}: lies outside {tmp_path}; expected a path"):
        export_path(tmp_path, Export(file=file))


def test_a_link_out_of_the_site(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    write_export(tmp_path / "a.csv", ROWS)
    (tmp_path / "site" / "a.csv").symlink_to(tmp_path / "a.csv")
    with pytest.raises(DefinitionError, match=r"a\.csv: lies outside"):
        export_path(tmp_path / "site", Export(file="a.csv"))


def test_real_data_lies_where_its_variable_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = Export(file="a.sav", folder="REAL_DATA")
    monkeypatch.setenv("REAL_DATA", str(tmp_path))
    assert export_path(Path("elsewhere"), export) == tmp_path / "a.sav"
    with pytest.raises(DefinitionError, match="lies outside"):
        export_path(tmp_path, Export(file="../a.sav", folder="REAL_DATA"))
    monkeypatch.delenv("REAL_DATA")
    with pytest.raises(ExportError, match="environment variable REAL_DATA, which is not set"):
        export_path(tmp_path, export)
