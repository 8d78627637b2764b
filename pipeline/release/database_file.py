"""Databases that people query: written anew, in a form that older clients read.

Rows are stored in the order of their grain, so that two files with the same content are dumped
alike. No table has a primary key: with one, DuckDB 2.0.0 writes a file that 1.0.0 cannot open,
though told to. The grain is checked here instead.
"""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import polars as pl

from pipeline import REPOSITORY, warehouse
from pipeline.definitions.database import Database, Table, TableColumn
from pipeline.definitions.reading import load_definition, nearest
from pipeline.errors import DisclosureError

STORAGE = "v1.0.0"
"""Of DuckDB's file format: the oldest that DuckDB promises to go on reading, of June 2024."""

SCHEMAS = REPOSITORY / "schemas" / "databases"
SQL = REPOSITORY / "sql" / "databases"


def load_database(name: str) -> Database:
    """What the database ``name`` may hold, with what every database says about itself.

    Raises:
        DefinitionError: the file does not fit its model.
    """
    own, common = (load_definition(SCHEMAS / f"{each}.yml", Database) for each in (name, "common"))
    return own.model_copy(
        update={"tables": (*own.tables, *common.tables), "views": (*own.views, *common.views)}
    )


@contextmanager
def new_database(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in a file that is not there yet; gone if something fails before it is whole.

    Raises:
        FileExistsError: the file is there. A file is written once: what was deleted from a
            DuckDB file stays in it.
    """
    if path.exists():
        raise FileExistsError(errno.EEXIST, "is there already", str(path))
    config: dict[str, str | bool | int | float | list[str]] = {
        "storage_compatibility_version": STORAGE,
        "autoinstall_known_extensions": "false",
    }
    try:
        with duckdb.connect(str(path), config=config) as connection:
            warehouse.enclose(connection)
            yield connection
            connection.execute("checkpoint")
        with path.open("rb") as file:
            os.fsync(file.fileno())
    except BaseException:
        for each in (path, path.with_name(f"{path.name}.wal")):
            each.unlink(missing_ok=True)
        raise


def write_table(connection: duckdb.DuckDBPyConnection, table: Table, rows: pl.DataFrame) -> None:
    """Store ``rows`` as ``table``, if they are what the table says.

    Raises:
        DisclosureError: a column is not listed or is missing, a key is not unique, a cell is empty
            or has a value that it may not have.
    """
    _require_columns(table, rows.columns)
    for column in table.columns:
        _require_values(table, column, rows[column.name])
    key = rows.select(table.grain)
    if n_again := int(key.is_duplicated().sum()):
        raise DisclosureError(
            f"{table.name}: {n_again} of {rows.height} rows share {', '.join(table.grain)} with "
            "another; expected one row each."
        )
    connection.execute(f"create table {table.name} ({', '.join(map(_ddl, table.columns))})")
    ordered = rows.select(column.name for column in table.columns).sort(table.grain)
    warehouse.append(connection, f"main.{table.name}", ordered)


def write_view(connection: duckdb.DuckDBPyConnection, name: str, select: str) -> None:
    """Create a view."""
    connection.execute(f"create view {name} as\n{select}")


def require_none(connection: duckdb.DuckDBPyConnection, checks: Path) -> None:
    """Run the queries of a folder, each of which counts rows that may not be.

    Raises:
        DisclosureError: one of them counts any.
    """
    for path in sorted(checks.glob("*.sql")):
        select = path.read_text("utf-8")
        [(n_rows,)] = connection.execute(select).fetchall()
        if n_rows:
            raise DisclosureError(f"{path.stem}: {n_rows} {headed(select)['refuses']}.")


def headed(select: str) -> dict[str, str]:
    """What the first lines of a query say: ``-- name: text``."""
    pairs = (line[3:].split(": ", 1) for line in select.splitlines() if line.startswith("-- "))
    return {pair[0]: pair[1] for pair in pairs if len(pair) == 2}


def _require_columns(table: Table, present: list[str]) -> None:
    listed = [column.name for column in table.columns]
    if unknown := sorted(set(present) - set(listed)):
        raise DisclosureError(
            f"{table.name}: has columns that may not be in it: "
            + ", ".join(f"{each!r}{nearest(each, listed)}" for each in unknown)
        )
    if lacking := sorted(set(listed) - set(present)):
        raise DisclosureError(f"{table.name}: lacks columns: {', '.join(lacking)}.")


def _require_values(table: Table, column: TableColumn, cells: pl.Series) -> None:
    if column.null_means is None and (n_empty := cells.null_count()):
        raise DisclosureError(
            f"{table.name}: {column.name} is empty in {n_empty} of {len(cells)} rows; "
            "expected in none."
        )
    if column.values:
        n_other = int((~cells.drop_nulls().cast(pl.String).is_in(column.values)).sum())
        if n_other:
            raise DisclosureError(
                f"{table.name}: {column.name} has another value than those listed in {n_other} of "
                f"{len(cells)} rows; expected {', '.join(column.values)}."
            )


def _ddl(column: TableColumn) -> str:
    # Names come from the lists in schemas/databases and from ids of definitions.
    return f'"{column.name}" {column.type}{"" if column.null_means else " not null"}'
