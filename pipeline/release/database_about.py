"""What a database says about itself: comments, a dictionary, examples."""

from pathlib import Path

import duckdb
import polars as pl

from pipeline import warehouse
from pipeline.definitions.database import Database
from pipeline.errors import DisclosureError
from pipeline.release.database_file import SQL, headed, write_table, write_view

PRESENT = """
    select
        table_name,
        column_name,
        data_type
    from duckdb_columns()
    where not internal
    order by all
"""
"""Relation, as it is listed, column and type of every column that is there."""


def write_about(connection: duckdb.DuckDBPyConnection, database: Database, examples: Path) -> None:
    """The last tables and views: examples, the dictionary; and a comment on everything.

    Raises:
        DisclosureError: the file holds a table, view or column that ``database`` does not list,
            or lacks one.
    """
    tables = {table.name: table for table in database.tables}
    write_table(connection, tables["example_query"], _examples(examples))
    # The dictionary explains itself too, so it is there before it is filled.
    dictionary = tables["dictionary"]
    empty = pl.DataFrame(schema=[column.name for column in dictionary.columns])
    write_table(connection, dictionary, empty)
    write_view(connection, "v_dictionary", (SQL / "common" / "v_dictionary.sql").read_text("utf-8"))
    entries = _entries(connection, database)
    warehouse.append(connection, f"main.{dictionary.name}", entries.sort(dictionary.grain))
    _comment(connection, entries)


def _examples(folder: Path) -> pl.DataFrame:
    queries = [path.read_text("utf-8") for path in sorted(folder.glob("*.sql"))]
    return pl.DataFrame(
        {
            "title": [headed(each)["title"] for each in queries],
            "answers": [headed(each)["answers"] for each in queries],
            "sql": [_without_header(each) for each in queries],
        }
    )


def _without_header(select: str) -> str:
    """The query alone, without what it answers and what a linter is told."""
    lines = select.splitlines()
    kept = [line for line in lines if not line.startswith(("-- title: ", "-- answers: "))]
    return "\n".join(line.partition(" -- noqa")[0] for line in kept).strip()


def _entries(connection: duckdb.DuckDBPyConnection, database: Database) -> pl.DataFrame:
    """One row per relation and column that is there; all of them listed, and the other way."""
    present = connection.execute(PRESENT).fetchall()
    types = {(relation, column): dtype for relation, column, dtype in present}
    rows: list[tuple[str | None, ...]] = []
    for kind, relations in (("table", database.tables), ("view", database.views)):
        for relation in relations:
            rows.append((relation.name, kind, "", None, relation.says, None, None))
            for column in relation.columns:
                dtype = types.pop((relation.name, column.name), None)
                if dtype is None:
                    raise DisclosureError(f"{relation.name}: lacks the column {column.name}.")
                allowed = ", ".join(column.values) or None
                about = (column.name, dtype, column.says, column.null_means, allowed)
                rows.append((relation.name, "column", *about))
    if types:
        extra = ", ".join(f"{relation}.{column}" for relation, column in sorted(types))
        raise DisclosureError(f"{database.id}: columns that are not listed: {extra}.")
    names = ("relation", "kind", "column_name", "type", "says", "null_means", "allowed")
    return pl.DataFrame(rows, dict.fromkeys(names, pl.String), orient="row")


def _comment(connection: duckdb.DuckDBPyConnection, entries: pl.DataFrame) -> None:
    """A comment on every table, view and column, from the dictionary."""
    kinds = dict(entries.filter(column_name="").select("relation", "kind").iter_rows())
    for entry in entries.iter_rows(named=True):
        relation, column = entry["relation"], entry["column_name"]
        null_means = f" Empty: {entry['null_means']}" if entry["null_means"] else ""
        what = f'column {relation}."{column}"' if column else f"{kinds[relation]} {relation}"
        text = (entry["says"] + null_means).replace("'", "''")
        connection.execute(f"comment on {what} is '{text}'")
