"""What holds for both databases that people query."""

import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipeline import warehouse
from pipeline.definitions.database import Database, Table, TableColumn
from pipeline.definitions.reading import load_definition
from pipeline.errors import DisclosureError
from pipeline.release.database_about import write_about
from pipeline.release.database_file import (
    SCHEMAS,
    load_database,
    new_database,
    write_table,
    write_view,
)
from tests.release.dumps import dump, opened

BOTH = ("published_path", "research_path")


@pytest.fixture(params=BOTH)
def path(request: pytest.FixtureRequest, published_path: Path, research_path: Path) -> Path:
    return dict(zip(BOTH, (published_path, research_path), strict=True))[request.param]


def test_everything_has_a_comment_that_is_in_the_dictionary(path: Path) -> None:
    with opened(path) as connection:
        found = connection.execute(
            "select table_name, '' as column_name, comment from duckdb_tables()"
            " union all select view_name, '', comment from duckdb_views() where not internal"
            " union all select table_name, column_name, comment from duckdb_columns()"
            " where not internal"
        ).fetchall()
        said = {
            (relation, column): (says, null_means)
            for relation, column, says, null_means in connection.execute(
                "select relation, column_name, says, null_means from v_dictionary"
            ).fetchall()
        }
    assert len(found) == len(said) > 200
    for relation, column, comment in found:
        says, null_means = said[relation, column]
        assert comment == says + (f" Empty: {null_means}" if null_means else "")
        assert "{" not in comment


def test_the_dictionary_has_types_and_values_as_they_are(path: Path) -> None:
    with opened(path) as connection:
        wrong = connection.execute(
            "select relation, column_name from dictionary anti join duckdb_columns() as there"
            " on there.table_name = relation and there.column_name = dictionary.column_name"
            " and there.data_type = dictionary.type where dictionary.column_name <> ''"
        ).fetchall()
        assert wrong == []
        closed = connection.execute(
            "select relation, column_name, allowed from dictionary where allowed is not null"
        ).fetchall()
        for relation, column, allowed in closed:
            there = {value for (value,) in connection.table(relation).project(column).fetchall()}
            assert there <= set(allowed.split(", "))
    assert closed


def test_what_is_never_empty_is_not(path: Path) -> None:
    full = defaultdict(list)
    with opened(path) as connection:
        for relation, column in connection.execute(
            "select relation, column_name from dictionary"
            " where null_means is null and column_name <> ''"
        ).fetchall():
            full[relation].append(column)
        for relation, columns in full.items():
            counted = ", ".join(["count(*)", *(f'count("{column}")' for column in columns)])
            [(n_rows, *n_full)] = connection.table(relation).aggregate(counted).fetchall()
            assert dict(zip(columns, n_full, strict=True)) == dict.fromkeys(columns, n_rows)
    assert len(full) > 10


def test_every_example_query_answers(path: Path) -> None:
    with opened(path) as connection:
        examples = connection.execute("select title, sql from example_query").fetchall()
        for title, sql in examples:
            assert connection.execute(sql).fetchall(), title
    assert len(examples) >= 6


def test_stored_rows_stand_in_the_order_of_their_grain(path: Path) -> None:
    database = load_database(path.stem)
    with opened(path) as connection:
        for table in database.tables:
            if table.is_optional and not _has(connection, table.name):
                continue
            keys = connection.table(table.name).project(", ".join(table.grain)).fetchall()
            assert keys == sorted(keys), table.name
            assert len(set(keys)) == len(keys)


def _has(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    found = connection.execute("select table_name from duckdb_tables()").fetchall()
    return (table,) in found


def test_the_file_is_written_for_older_clients(path: Path) -> None:
    # The version of the storage format stands after the checksum and the magic bytes.
    assert path.read_bytes()[8:12] == b"DUCK"
    assert int.from_bytes(path.read_bytes()[12:20], "little") == 64
    with opened(path) as connection:
        assert connection.execute("select count(*) from duckdb_indexes()").fetchall() == [(0,)]
        kinds = "select distinct constraint_type from duckdb_constraints()"
        assert connection.execute(kinds).fetchall() == [("NOT NULL",)]


def test_a_file_attached_under_another_name_answers_too(path: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"attach '{path}' as other (read_only)")
        views = connection.execute(
            "select view_name from duckdb_views() where database_name = 'other' and not internal"
        ).fetchall()
        for (view,) in views:
            assert connection.table(f"other.{view}").aggregate("count(*)").fetchall()
    assert len(views) >= 4


GIVE_UP_RIGHTS = """
import ctypes, struct, sys, duckdb
# Root can do everything as long as it has its capabilities.
header, none = struct.pack("Ii", 0x20080522, 0), struct.pack("6I", *[0] * 6)
assert ctypes.CDLL(None).capset(header, none) == 0
"""
READ = """
connection = duckdb.connect(sys.argv[1], read_only=True)
assert connection.execute("select count(*) from v_dictionary").fetchall()[0][0] > 200
"""
WRITE = "duckdb.connect(sys.argv[1])"


def test_readers_need_no_right_to_write_and_leave_nothing(path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "release"
    folder.mkdir()
    copied = folder / path.name
    copied.write_bytes(path.read_bytes())
    copied.chmod(0o444)
    folder.chmod(0o555)
    read, write = (
        subprocess.run(  # noqa: S603 - what runs is this test's own code
            [sys.executable, "-c", GIVE_UP_RIGHTS + code, str(copied)],
            capture_output=True,
            text=True,
            check=False,
        )
        for code in (READ, WRITE)
    )
    assert read.returncode == 0, read.stderr
    assert "Permission denied" in write.stderr
    assert list(folder.iterdir()) == [copied]


def test_no_log_is_left_beside_the_file(path: Path) -> None:
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_what_fails_midway_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="midway"), new_database(tmp_path / "x.duckdb"):
        raise ValueError("midway")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_is_not_written_again(tmp_path: Path) -> None:
    (tmp_path / "x.duckdb").write_text("kept")
    with (
        pytest.raises(FileExistsError, match="is there already"),
        new_database(tmp_path / "x.duckdb"),
    ):
        pass
    assert (tmp_path / "x.duckdb").read_text() == "kept"


TABLE = Table(
    name="figure",
    says="A figure.",
    grain=("area",),
    columns=(
        TableColumn(name="area", type="varchar", says="Area.", values=("here", "there")),
        TableColumn(name="n", type="integer", says="Count.", null_means="Hidden."),
    ),
)


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ({"area": ["here"], "n": [1], "k": [2]}, "columns that may not be in it: 'k'"),
        ({"area": ["here"]}, "lacks columns: n"),
        ({"area": ["here", None], "n": [1, 2]}, "area is empty in 1 of 2 rows"),
        ({"area": ["here", "nowhere"], "n": [1, 2]}, "in 1 of 2 rows; expected here, there"),
        ({"area": ["here", "here"], "n": [1, 2]}, "2 of 2 rows share area with another"),
    ],
)
def test_rows_that_are_not_as_listed_are_refused(
    tmp_path: Path, rows: dict[str, list[object]], why: str
) -> None:
    with (
        pytest.raises(DisclosureError, match=why) as refused,
        new_database(tmp_path / "x.duckdb") as connection,
    ):
        write_table(connection, TABLE, pl.DataFrame(rows))
    assert "nowhere" not in str(refused.value)
    assert not (tmp_path / "x.duckdb").exists()


def write_with_extra(path: Path) -> None:
    """A database with a view that nobody listed."""
    common = load_definition(SCHEMAS / "common.yml", Database)
    made = Database(id="made", says="Made up.", tables=(TABLE, *common.tables), views=common.views)
    with new_database(path) as connection:
        write_table(connection, TABLE, pl.DataFrame({"area": ["here"], "n": [1]}))
        write_view(connection, "secret", "select 1 as n")
        write_about(connection, made, path.parent)


def test_a_relation_that_is_not_listed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DisclosureError, match=r"not listed: secret\.n"):
        write_with_extra(tmp_path / "x.duckdb")
    assert list(tmp_path.iterdir()) == []


def test_a_column_that_is_listed_and_not_there_is_refused(tmp_path: Path) -> None:
    database = load_definition(SCHEMAS / "common.yml", Database)
    made = Database(id="made", says="Made up.", tables=(TABLE, *database.tables[:2]))
    with (
        pytest.raises(DisclosureError, match="figure: lacks the column area"),
        new_database(tmp_path / "x.duckdb") as connection,
    ):
        write_about(connection, made, tmp_path)


def test_an_example_is_shown_without_what_it_answers(tmp_path: Path) -> None:
    query = "-- title: How many\n-- answers: So many.\nselect n -- noqa: AM04\nfrom figure\n"
    (tmp_path / "01_how_many.sql").write_text(query, "utf-8")
    common = load_definition(SCHEMAS / "common.yml", Database)
    made = Database(id="made", says="Made up.", tables=(TABLE, *common.tables), views=common.views)
    with new_database(tmp_path / "x.duckdb") as connection:
        write_table(connection, TABLE, pl.DataFrame({"area": ["here"], "n": [1]}))
        write_about(connection, made, tmp_path)
    with warehouse.connect(tmp_path / "x.duckdb", read_only=True) as connection:
        assert warehouse.read(connection, "example_query").rows() == [
            ("How many", "So many.", "select n\nfrom figure")
        ]
        [(says,)] = connection.execute(
            "select comment from duckdb_tables() where table_name = 'figure'"
        ).fetchall()
    assert says == TABLE.says


def test_words_with_quotes_are_words(tmp_path: Path) -> None:
    says = "Children's; drop table figure; --"
    columns = (TABLE.columns[0].model_copy(update={"says": says}), TABLE.columns[1])
    common = load_definition(SCHEMAS / "common.yml", Database)
    made = Database(
        id="made",
        says="Made up.",
        tables=(TABLE.model_copy(update={"columns": columns}), *common.tables),
        views=common.views,
    )
    with new_database(tmp_path / "x.duckdb") as connection:
        write_table(connection, made.tables[0], pl.DataFrame({"area": ["here"], "n": [1]}))
        write_about(connection, made, tmp_path)
    assert says in dump(tmp_path / "x.duckdb")
    with warehouse.connect(tmp_path / "x.duckdb", read_only=True) as connection:
        assert warehouse.read(connection, "figure").height == 1
