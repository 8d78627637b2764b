"""The working DuckDB file: frames in, relations built from ``sql/``, frames out.

The file is a build product. It is deleted and built anew, never migrated.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import duckdb
import polars as pl

from pipeline import REPOSITORY

MEMORY_LIMIT = "2GB"
"""Of DuckDB, which otherwise keeps what it has read or written in most of the machine's memory.
Project choice: with the frames beside, a build stays within 4 GiB."""


ROW_GROUP = 20_480
"""Rows that DuckDB compresses and writes together. Project choice: with its own 122 880, the rows
of a smaller wave wait in the log, are written once more, and by one thread."""


class Model(NamedTuple):
    """One file of ``sql/``: a single SELECT that becomes a table."""

    relation: str
    """Schema and table, e.g. ``totals.domain``."""

    select: str


class _Stream:
    """Hands a frame to DuckDB through the Arrow capsule interface alone.

    Given the frame itself, DuckDB would ask for pyarrow.
    """

    def __init__(self, frame: pl.DataFrame) -> None:
        self._frame = frame

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._frame.__arrow_c_stream__(requested_schema)


def connect(path: Path, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """Open a working file so that its SQL can reach nothing else."""
    # Attached, since the size of row groups can be said in no other way.
    connection = duckdb.connect(":memory:")
    place = str(path).replace("'", "''")
    option = "read_only" if read_only else f"row_group_size {ROW_GROUP}"
    connection.execute(f"attach '{place}' as site ({option})")
    connection.execute("use site")
    enclose(connection)
    return connection


def enclose(connection: duckdb.DuckDBPyConnection) -> None:
    """Keep a connection's SQL to its own file, its memory within limits, and itself quiet."""
    connection.execute("set python_enable_replacements = false")
    connection.execute("set enable_external_access = false")
    connection.execute(f"set memory_limit = '{MEMORY_LIMIT}'")
    # Without a script of its own (python -c), it would be drawn on standard output.
    connection.execute("set enable_progress_bar = false")


def load_models(directory: Path = REPOSITORY / "sql") -> list[Model]:
    """Read ``sql/`` in build order, which is path order.

    ``2_totals/25_domain.sql`` becomes ``totals.domain``: the numbers order the build and are not
    part of the name.
    """
    return [
        Model(
            relation=f"{_unnumbered(path.parent.name)}.{_unnumbered(path.stem)}",
            select=path.read_text("utf-8"),
        )
        for path in sorted(directory.glob("*/*.sql"))
    ]


def build(connection: duckdb.DuckDBPyConnection, models: list[Model]) -> None:
    """Create one table per model, in the order given."""
    for model in models:
        _create(connection, model.relation, model.select)


def write(connection: duckdb.DuckDBPyConnection, relation: str, frame: pl.DataFrame) -> None:
    """Store ``frame`` as ``relation``, replacing what was there."""
    with _rows_of(connection, frame) as rows:
        _create(connection, relation, rows)


def append(connection: duckdb.DuckDBPyConnection, relation: str, frame: pl.DataFrame) -> None:
    """Add the rows of ``frame`` to ``relation``, which is made if it is not there.

    A column that only one of the two has is null in the rows of the other.
    """
    stored = connection.execute(
        "select column_name from duckdb_columns() where schema_name || '.' || table_name = ?",
        [relation],
    ).fetchall()
    if not stored:
        write(connection, relation, frame)
        return
    with _rows_of(connection, frame) as rows:
        for column, dtype, *_ in connection.execute(f"describe {rows}").fetchall():
            if (column,) not in stored:
                # Columns are named by ids of definitions, which hold letters, digits and _ only.
                connection.execute(f'alter table {relation} add column "{column}" {dtype}')
        connection.execute(f"insert into {relation} by name {rows}")


def read(connection: duckdb.DuckDBPyConnection, relation: str, *order: str) -> pl.DataFrame:
    """The whole of ``relation``, ordered by the columns named, or by all.

    Ordered, so that runs can be compared to the bit.
    """
    ordering = ", ".join(f'"{column}"' for column in order) or "all"
    return pl.DataFrame(connection.table(relation).order(ordering))


def query(connection: duckdb.DuckDBPyConnection, select: str) -> pl.DataFrame:
    """The rows of a query, in no order."""
    return pl.DataFrame(connection.sql(select))


@contextmanager
def _rows_of(connection: duckdb.DuckDBPyConnection, frame: pl.DataFrame) -> Iterator[str]:
    """A query for the rows of ``frame``, in parts of which each thread of DuckDB takes one."""
    [(threads,)] = connection.execute("select current_setting('threads')").fetchall()
    size = max(ROW_GROUP, -(-frame.height // threads))
    parts = list(frame.iter_slices(size)) or [frame]
    names = [f"frame_{number}" for number in range(len(parts))]
    for name, part in zip(names, parts, strict=True):
        connection.register(name, _Stream(part))
    yield " union all ".join(f"from {name}" for name in names)
    for name in names:
        connection.unregister(name)


def _create(connection: duckdb.DuckDBPyConnection, relation: str, select: str) -> None:
    # The only place where SQL is put together from strings. Both parts come from this
    # repository, never from data.
    schema, _ = relation.split(".")
    connection.execute(f"create schema if not exists {schema}")
    connection.execute(f"create or replace table {relation} as\n{select}")


def _unnumbered(name: str) -> str:
    _, _, rest = name.partition("_")
    return rest
