"""Tables as files: one order, one form, and no text that a spreadsheet would run."""

import csv
import io
import json
from pathlib import Path

import duckdb
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from pipeline.release.declared import TABLES, columns_by_table, undeclared
from pipeline.release.tables import as_csv, as_json
from tests.release.dumps import opened

ROWS = pl.DataFrame(
    {
        "label": ["=1+1", "+46", "-5", "@SUM(A1)", "\tx", "\rx", "Norrsätra", "a=b", None, ""],
        "difference": [-5, 3, None, 0, -1, 7, 8, 9, -2, 1],
    }
)


def test_formulas_are_text_and_numbers_are_numbers() -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(ROWS).decode(), newline="")))
    assert [row["label"] for row in rows] == [
        "'=1+1",
        "'+46",
        "'-5",
        "'@SUM(A1)",
        "'\tx",
        "'\rx",
        "Norrsätra",
        "a=b",
        "",
        "",
    ]
    assert [row["difference"] for row in rows] == [
        "-5",
        "3",
        "",
        "0",
        "-1",
        "7",
        "8",
        "9",
        "-2",
        "1",
    ]


def test_json_says_what_the_rows_say() -> None:
    content = json.loads(as_json(ROWS))
    assert content == ROWS.to_dicts()
    # One row a line, so that two releases can be compared by eye.
    assert as_json(ROWS).count(b"\n") == ROWS.height + 2


def test_an_empty_table_is_an_empty_list() -> None:
    assert json.loads(as_json(ROWS.clear())) == []
    assert as_csv(ROWS.clear()) == b"label,difference\n"


@given(st.lists(st.text(alphabet=st.characters(codec="utf-8"), max_size=8), max_size=6))
def test_no_text_begins_like_a_formula(texts: list[str]) -> None:
    frame = pl.DataFrame({"label": texts}, {"label": pl.String})
    back = pl.read_csv(as_csv(frame), schema={"label": pl.String}) if texts else frame
    for given_text, written in zip(texts, back["label"].to_list(), strict=False):
        assert not (written or "").startswith(("=", "+", "-", "@", "\t", "\r"))
        assert (written or "").removeprefix("'") == given_text.removeprefix("'")
    assert_frame_equal(pl.DataFrame(json.loads(as_json(frame)), frame.schema), frame)


@pytest.mark.parametrize(
    ("found", "problem"),
    [
        ({"respondent": ["respondent_id"]}, "table respondent: is not declared"),
        ({"estimate": ["wave", "share"]}, "table estimate: column share is not declared"),
        ({"estimate": ["wave", "n_exact"]}, "table estimate: column n_exact is not declared"),
    ],
)
def test_what_is_not_declared_is_named(found: dict[str, list[str]], problem: str) -> None:
    whole = {each: ["wave"] for each in ("area", "domain", "estimate", "measure", "policy")}
    whole["measure"], whole["policy"] = ["measure_id"], ["value"]
    assert undeclared(whole) == []
    assert undeclared(whole | found) == [problem]


def test_a_missing_table_is_named() -> None:
    assert "table estimate: is missing" in undeclared({})


def test_what_is_declared_is_in_a_build_or_its_database(
    sample: duckdb.DuckDBPyConnection, published_path: Path
) -> None:
    with opened(published_path) as database:
        whole = columns_by_table(database, "main")
    found = {
        relation: {*columns, *whole[relation]}
        for relation, columns in columns_by_table(sample, "published").items()
    }
    assert found == {relation: set(columns) for relation, columns in TABLES.items()}
