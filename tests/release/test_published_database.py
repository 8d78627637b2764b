"""The published database holds what is published, and nothing that is hidden."""

import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipeline import REPOSITORY, warehouse
from pipeline.attack.duckdb_form import duckdb_findings, duckdb_tables
from pipeline.attack.names import read_names
from pipeline.errors import DisclosureError
from pipeline.release.published_database import write_published_database
from tests.release.dumps import dump, opened


@pytest.fixture
def copied(sample: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """The sample's published relations, to change; and a table that must not leave."""
    names = sample.execute(
        "select table_name from duckdb_tables() where schema_name = 'published'"
    ).fetchall()
    with duckdb.connect() as connection:
        for (name,) in names:
            relation = f"published.{name}"
            warehouse.write(connection, relation, warehouse.read(sample, relation))
        secret = pl.DataFrame({"n": [4711]})
        warehouse.write(connection, "disclosure.cell", secret)
        yield connection


def test_it_holds_every_published_relation_row_by_row(
    sample: duckdb.DuckDBPyConnection, published_path: Path
) -> None:
    with opened(published_path) as connection:
        tables = connection.execute("select table_name from duckdb_tables()").fetchall()
        names = {name for (name,) in tables} - {"dictionary", "example_query"}
        for name in names:
            there = warehouse.read(sample, f"published.{name}")
            columns = ", ".join(there.columns)
            stored = connection.sql(f"select {columns} from {name} order by all").fetchall()  # noqa: S608
            assert stored == there.rows(), name
    assert len(names) >= 10


def test_it_is_read_only(published_path: Path) -> None:
    assert published_path.stat().st_mode & 0o777 == 0o444


def test_two_files_are_dumped_alike(
    sample: duckdb.DuckDBPyConnection, published_path: Path, tmp_path: Path
) -> None:
    sample.execute("set threads = 1")
    write_published_database(sample, tmp_path / "again.duckdb")
    sample.execute("reset threads")
    assert dump(tmp_path / "again.duckdb") == dump(published_path)


def test_hidden_missing_and_zero_are_three_things_in_every_view(published_path: Path) -> None:
    with opened(published_path) as connection:
        for relation, figures, hidden in (
            ("v_estimate_long", "n_flagged, percent, percent_lower, percent_upper", True),
            ("v_comparison", "second_percent, difference", True),
            ("v_domain", "n_respondents", True),
            ("v_participation", "n_enrolled, n_valid, percent_valid", False),
            ("v_left_out", "n_respondents", False),
        ):
            counts = connection.execute(
                f"select status, count(*), count(coalesce({figures})) from {relation}"  # noqa: S608
                " group by status"
            ).fetchall()
            found = {status: (n, n_there) for status, n, n_there in counts}
            assert found["shown"][1] > 0, relation
            assert ("suppressed" in found) >= hidden, relation
            assert found.get("suppressed", (0, 0))[1] == 0, relation
            assert found.get("no_answers", (0, 0))[1] == 0, relation
        [(n_zero,)] = connection.execute(
            "select count(*) from v_estimate_long where percent = 0 and status <> 'shown'"
        ).fetchall()
    assert n_zero == 0


HIDE_GIRLS = (
    "update published.participation set is_suppressed = true, n_enrolled = null, "
    "n_enrolled_lowest = null, n_enrolled_highest = null, n_opened = null, n_valid = null, "
    "n_analysed = null, percent_valid = null where gender = 'girl'"
)
"""The sample has no group that is small enough to be hidden."""


def test_a_hidden_group_of_pupils_is_said_to_be_hidden(
    copied: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    copied.execute(HIDE_GIRLS)
    write_published_database(copied, tmp_path / "x.duckdb")
    with opened(tmp_path / "x.duckdb") as connection:
        rows = connection.execute(
            "select distinct gender, n_valid is null from v_participation "
            "where status = 'suppressed' or gender = 'girl'"
        ).fetchall()
    assert rows == [("girl", True)]


def test_the_wide_view_says_the_same_as_the_long_one(published_path: Path) -> None:
    with opened(published_path) as connection:
        wide = pl.DataFrame(connection.table("v_estimate_wide"))
        long = pl.DataFrame(connection.table("v_estimate_long"))
    keys = ["wave", "area_id", "grade", "gender"]
    assert wide.height == long.select(keys).unique().height
    for measure, rows in long.group_by("measure_id"):
        assert rows.select(*keys, "percent", "status").sort(keys).rows() == (
            wide.select(*keys, f"percent_{measure[0]}", f"status_{measure[0]}").sort(keys).rows()
        )


def test_a_stranger_finds_no_figure_in_its_words(published_path: Path) -> None:
    tables = duckdb_tables(published_path)
    assert duckdb_findings(published_path, tables, read_names(tables)) == []


def test_the_python_of_the_docs_runs(
    published_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    docs = (REPOSITORY / "docs" / "databases.md").read_text("utf-8")
    [snippet] = re.findall(r"```python\n(.*?)```", docs, re.DOTALL)
    monkeypatch.chdir(published_path.parent)
    names: dict[str, list[object]] = {}
    exec(snippet, names)  # noqa: S102 - the repository's own page
    assert names["shares"]
    assert "What stands out" in capsys.readouterr().out


def test_what_is_not_published_does_not_leave(
    copied: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    write_published_database(copied, tmp_path / "x.duckdb")
    assert "4711" not in dump(tmp_path / "x.duckdb").replace("'", " ").split()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("create table published.cell as from disclosure.cell", "relations that may not leave"),
        ("alter table published.estimate add column k integer", "may not be in it: 'k'"),
        ("alter table published.estimate drop column percent", "lacks columns: percent"),
        ("drop table published.domain", "a release lacks: domain"),
        (
            "update published.estimate set percent = 7 where status = 'suppressed'",
            "figures that are hidden and stand there all the same",
        ),
        (
            "update published.estimate set percent_upper = 7 where status = 'no_answers'",
            "figures that are hidden and stand there all the same",
        ),
        (
            "update published.estimate set n_flagged = 7 where status = 'coded_below'",
            "figures that are hidden and stand there all the same",
        ),
        (
            "update published.estimate set percent = null where status = 'shown'",
            "figures that are hidden and stand there all the same",
        ),
        (
            "update published.estimate set is_suppressed = true where status = 'shown'",
            "status and is_suppressed say different things",
        ),
        (
            "update published.estimate set status = 'secret' where status = 'shown'",
            "status has another value than those listed",
        ),
        (
            "update published.comparison set difference = 0 where status = 'suppressed'",
            "comparisons that are hidden",
        ),
        (
            "update published.comparison set verdict = 'higher' where status = 'suppressed'",
            "comparisons that are hidden",
        ),
        (
            "update published.domain set n_respondents = 5 where status = 'suppressed'",
            "numbers of respondents that are hidden",
        ),
        (
            "update published.participation set is_suppressed = true where n_valid > 0",
            "numbers of pupils that are hidden",
        ),
        (
            HIDE_GIRLS.replace("n_enrolled_lowest = null, ", ""),
            "numbers of pupils that are hidden",
        ),
        (
            "update published.left_out set is_suppressed = true where n_respondents > 0",
            "numbers of pupils that are hidden",
        ),
        ("insert into published.domain from published.domain", "share wave, area_id, grade"),
        ("update published.estimate set wave = null", "wave is empty in"),
    ],
)
def test_a_leak_stops_the_file(
    copied: duckdb.DuckDBPyConnection, tmp_path: Path, change: str, why: str
) -> None:
    copied.execute(change)
    with pytest.raises(DisclosureError, match=why):
        write_published_database(copied, tmp_path / "x.duckdb")
    assert list(tmp_path.iterdir()) == []
