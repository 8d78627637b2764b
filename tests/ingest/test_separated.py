"""A .csv file is read to the last cell, or refused in one sentence without anything from it."""

from pathlib import Path

import polars as pl
import pytest

from pipeline.ingest.parsed_rows import UnreadableError
from pipeline.ingest.separated import parse_csv

SENTINEL = "Zebra-4711"


def parsed(
    content: bytes, tmp_path: Path, *wanted: str, separator: str = ",", encoding: str = "utf-8"
) -> pl.DataFrame:
    """The wanted columns (id and q unless named) of a file with this content."""
    path, parquet = tmp_path / "a.csv", tmp_path / "rows.parquet"
    path.write_bytes(content)
    report = parse_csv(path, list(wanted or ("id", "q")), parquet, separator, encoding)
    rows = pl.read_parquet(parquet)
    assert report["rows"] == report["rows_stated"] == rows.height
    return rows


@pytest.mark.parametrize(
    ("content", "cells"),
    [
        pytest.param(b"id,q\n1,2\n", [("1", "2")], id="plain"),
        pytest.param(b"id,q\r\n1,2\r\n", [("1", "2")], id="Windows"),
        pytest.param(b"id,q\r1,2\r", [("1", "2")], id="old Macintosh"),
        pytest.param(b"\xef\xbb\xbfid,q\n1,2\n", [("1", "2")], id="byte order mark"),
        pytest.param(b'id,q\n"a\nb","c,d"\n', [("a\nb", "c,d")], id="quoted separators"),
        pytest.param(b'id,q\n"a\r\nb",1\n', [("a\r\nb", "1")], id="quoted Windows line break"),
        pytest.param(b'id,q\n"say ""hi""",1\n', [('say "hi"', "1")], id="quoted quotes"),
        pytest.param(b"id,q\n#1,2\n", [("#1", "2")], id="no comments"),
        pytest.param(b"id,q\nNA,NULL\n", [("NA", "NULL")], id="no words for nothing"),
        pytest.param(b"id,q\n007,1e3\n", [("007", "1e3")], id="numbers stay text"),
        pytest.param(b"id,q\n,\n", [(None, None)], id="nothing"),
        pytest.param(b"id,q\n", [], id="header only"),
        pytest.param(b"q,other,id\n2,x,1\n", [("1", "2")], id="columns in another order"),
        pytest.param(b"id,ID,q,Q\n1,x,2,x\n", [("1", "2")], id="columns that differ in case"),
        pytest.param(b'id,"long\nname",q\n1,x,2\n', [("1", "2")], id="line break in the header"),
        pytest.param("id,q\nåäö,🦓\n".encode(), [("åäö", "🦓")], id="letters outside ASCII"),
    ],
)
def test_cells_as_they_stand(
    content: bytes, cells: list[tuple[str | None, ...]], tmp_path: Path
) -> None:
    assert parsed(content, tmp_path).rows() == cells


def test_separators_and_encodings(tmp_path: Path) -> None:
    assert parsed(b"id;q\n1,5;2\n", tmp_path, separator=";").rows() == [("1,5", "2")]
    assert parsed(b"id\tq\n1\t2\n", tmp_path, separator="\t").rows() == [("1", "2")]
    western = "id,q\nHögbo – östra,€\n".encode("cp1252")
    assert parsed(western, tmp_path, encoding="cp1252").rows() == [("Högbo – östra", "€")]


def test_columns_the_file_lacks_are_left_out(tmp_path: Path) -> None:
    assert parsed(b"id,q\n1,2\n", tmp_path, "q", "nowhere").columns == ["q"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        pytest.param(b"", "is empty", id="empty"),
        pytest.param(b"\n", "has a column without a name", id="empty line"),
        pytest.param(b"id,q\n1,2\n3", "line 3; it ends .* may be cut short$", id="cut in a line"),
        pytest.param(
            b"id;q\n1;2\n", r"one column only when separated by comma; .* sepa", id="separator"
        ),
        pytest.param(b"id,q\n1,2\n3\n", "a line that does not fit .* line 3$", id="too few"),
        pytest.param(b"id,q\n1,2,3\n", "a line that does not fit .* line 2$", id="too many"),
        pytest.param(
            b'id,q\n1,2\n"3,4\n5,6\n', "does not fit .* quotation mark .* line 3$", id="open quote"
        ),
        pytest.param(
            b"id,q\n1," + b"x" * 3_000_000 + b"\n", "megabytes.* line 2$", id="endless cell"
        ),
        pytest.param(b"id,q\n1," + b"2," * 1_000_000 + b"\n", "fit .* line 2$", id="bomb"),
        pytest.param(
            b"id" + b",q" * 1_000_000 + b"\n", "has more than 20000 columns", id="wide bomb"
        ),
        pytest.param(b"id,q\n1,\0\n", "holds zero bytes", id="zero bytes"),
        pytest.param("id,q\n1,2\n".encode("utf-16"), "holds zero bytes", id="utf-16"),
        pytest.param("id,q\n1,ö\n".encode("cp1252"), "is not utf-8 text", id="cp1252"),
        pytest.param(b"id,id\n1,2\n", "has two columns with the same name", id="equal names"),
        pytest.param(b"id,\n1,2\n", "has a column without a name", id="no name"),
        pytest.param(b"id,q\r\n1,2\n3,4\r\n", "another kind of line break", id="mixed breaks"),
    ],
)
def test_what_is_refused(content: bytes, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match=sentence):
        parsed(content, tmp_path)


def test_bytes_that_cp1252_does_not_have(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="is not cp1252 text; state its encoding"):
        parsed(b"id,q\n1,\x81\n", tmp_path, encoding="cp1252")


def test_text_in_utf_8_is_not_read_as_cp1252(tmp_path: Path) -> None:
    content = f"id,q,r\n1,a,Å\n2,{SENTINEL} Ängskolan,Å\n3,Södra,Å\n".encode()
    with pytest.raises(UnreadableError, match="looks like UTF-8") as error:
        parsed(content, tmp_path, encoding="cp1252")
    assert str(error.value).endswith(
        "; the wave says cp1252: state encoding: utf-8 there; "
        "column q: 2 cells with some, the first in row 2"
    )
    assert SENTINEL not in str(error.value)


@pytest.mark.parametrize("content", ["\ufeffid,q\n1,2\n", "id,q,år\n1,2,3\n", "id,q,r\n1,2,Á\n"])
def test_utf_8_is_told_by_any_letter_of_the_file(content: str, tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match=r"looks like UTF-8 .* encoding: utf-8 there$"):
        parsed(content.encode(), tmp_path, encoding="cp1252")


@pytest.mark.parametrize("content", [b"id,q\n1,2\n", "id,q\n1,Ã„ng å\n".encode("cp1252")])
def test_cp1252_is_read_as_such(content: bytes, tmp_path: Path) -> None:
    assert parsed(content, tmp_path, encoding="cp1252").height == 1


@pytest.mark.parametrize(
    "line", [f"{SENTINEL}", f"{SENTINEL},1,2", f'"{SENTINEL},1', f"{SENTINEL},{'x' * 3_000_000}"]
)
def test_a_refusal_quotes_no_line(line: str, tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="look at line 2") as error:
        parsed(f"id,q\n{line}\n".encode(), tmp_path)
    assert SENTINEL not in str(error.value)
    assert error.value.__suppress_context__
