"""``published.duckdb``: the protected figures of a release, and nothing else."""

from pathlib import Path

import duckdb
import polars as pl

from pipeline import warehouse
from pipeline.definitions.database import Database, Members, Named
from pipeline.errors import DisclosureError
from pipeline.release.database_about import write_about
from pipeline.release.database_file import (
    SQL,
    load_database,
    new_database,
    require_none,
    write_table,
    write_view,
)

FOLDER = SQL / "published"
COMMON = {"dictionary", "example_query"}
"""Tables that say something about the others."""

WIDE_KEYS = ("wave", "area_id", "area", "level", "grade", "gender")


def write_published_database(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Write the database of a release anew, from the relations ``published.*``.

    Args:
        connection: a site's working file.
        path: the file to write, which is not there yet; read-only (0444) afterwards.

    Raises:
        DisclosureError: the relations are not what ``schemas/databases/published.yml`` lists, or a
            hidden figure stands there all the same; no file is left.
        FileExistsError: ``path`` is there.
    """
    measures = warehouse.read(connection, "published.measure", "measure_id")
    database = _of_release(connection, load_database("published").of(_members(measures)))
    with new_database(path) as published:
        for table in database.tables:
            if table.name not in COMMON:
                rows = warehouse.read(connection, f"published.{table.name}", *table.grain)
                write_table(published, table, rows)
        require_none(published, FOLDER / "checks")
        for file in sorted(FOLDER.glob("v_*.sql")):
            write_view(published, file.stem, file.read_text("utf-8"))
        write_view(published, "v_estimate_wide", _wide(measures["measure_id"].to_list()))
        write_about(published, database, FOLDER / "examples")
    path.chmod(0o444)


def _of_release(connection: duckdb.DuckDBPyConnection, database: Database) -> Database:
    """Without the tables that a release need not have, and this one has not."""
    found = connection.execute(
        "select table_name from duckdb_tables() where schema_name = 'published'"
    ).fetchall()
    present = {name for (name,) in found} | COMMON
    listed = {table.name for table in database.tables}
    if unknown := sorted(present - listed):
        raise DisclosureError(f"published: relations that may not leave: {', '.join(unknown)}.")
    needed = {table.name for table in database.tables if not table.is_optional}
    if lacking := sorted(needed - present):
        raise DisclosureError(f"published: relations that a release lacks: {', '.join(lacking)}.")
    tables = tuple(table for table in database.tables if table.name in present)
    return database.model_copy(update={"tables": tables})


def _members(measures: pl.DataFrame) -> Members:
    named = [Named(*row) for row in measures.select("measure_id", "label_en").iter_rows()]
    return {"measure": named, "factor": (), "outcome": (), "flag_count": (), "item": ()}


def _wide(measures: list[str]) -> str:
    """A SELECT with two columns of each measure."""
    # Put together from strings, since it names columns: by ids of definitions, which hold
    # letters, digits and _ only.
    figures = [
        f"max({column}) filter (where measure_id = '{measure}') as {column}_{measure}"
        for column in ("percent", "status")
        for measure in measures
    ]
    keys = ", ".join(WIDE_KEYS)
    # Without an order of their own, rows stand as they were grouped, which tells of what is hidden.
    columns = ", ".join([keys, *figures])
    return f"from v_estimate_long select {columns} group by {keys} order by {keys}"
