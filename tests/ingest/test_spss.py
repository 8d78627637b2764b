"""A .sav file: encodings, dates, columns without anything in them, and its own count of rows."""

from datetime import date
from pathlib import Path

import polars as pl
import pyreadstat
import pytest

from pipeline.errors import ExportError
from pipeline.ingest.reader import RawExport, read_export


def read_back(rows: pl.DataFrame, tmp_path: Path, *changes: tuple[bytes, bytes]) -> RawExport:
    """Rows written as .sav, with bytes of the file replaced."""
    path = tmp_path / "a.sav"
    pyreadstat.write_sav(rows, path)
    content = path.read_bytes()
    for old, new in changes:
        assert old in content
        content = content.replace(old, new)
    path.write_bytes(content)
    return read_export(path, rows.columns)


def test_numbers_are_floats_and_the_rest_is_text(tmp_path: Path) -> None:
    rows = pl.DataFrame(
        {
            "number": [1.0, None],
            "text": ["å", ""],
            "flag": [True, False],
            "day": [date(2025, 10, 1), None],
            "nothing": pl.Series([None, None], dtype=pl.Float64),
            "no_text": ["", ""],
        }
    )
    read = read_back(rows, tmp_path).rows
    text = read.select(pl.col(pl.String)).columns
    assert text == ["text", "no_text"]
    assert set(read.drop(text).dtypes) == {pl.Float64}
    assert read["number"].to_list() == [1, None]
    assert read["text"][0] == "å"
    # Seconds since 14 October 1582, as SPSS counts: no code, so never taken for one.
    seconds = (date(2025, 10, 1) - date(1582, 10, 14)).days * 86_400
    assert read["day"].to_list() == [seconds, None]


def test_a_file_in_the_encoding_it_states(tmp_path: Path) -> None:
    rows = pl.DataFrame({"text": ["HZgbo"]})
    read = read_back(rows, tmp_path, (b"UTF-8", b"CP850"), (b"HZgbo", b"H\x94gbo"))
    assert read.rows["text"].to_list() == ["Högbo"]


def test_a_file_not_in_the_encoding_it_states(tmp_path: Path) -> None:
    rows = pl.DataFrame({"text": ["HZgbo"]})
    with pytest.raises(ExportError, match=r"cannot be read: it is damaged") as error:
        read_back(rows, tmp_path, (b"HZgbo", b"H\x94gbo"))
    assert "gbo" not in str(error.value)


def test_no_rows(tmp_path: Path) -> None:
    rows = pl.DataFrame({"number": [1.0], "text": ["a"]}).clear()
    read = read_back(rows, tmp_path).rows
    assert read.schema == {"number": pl.Float64, "text": pl.String}
    assert read.height == 0
