"""The relations of ``published`` as files that a spreadsheet or a script reads."""

import io
from pathlib import Path

import duckdb
import polars as pl

from pipeline import warehouse
from pipeline.release.durable import write_file

FORMULA = r"^[=+\-@\t\r]"
"""What a spreadsheet takes for a formula at the beginning of a text (OWASP, CSV injection)."""


def write_tables(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Write every relation of ``published`` as .csv and .json, rows in one order.

    Args:
        connection: a working file.
        folder: where to; it is there and empty.
    """
    for name in published_relations(connection):
        rows = warehouse.read(connection, f"published.{name}")
        write_file(folder / f"{name}.csv", as_csv(rows))
        write_file(folder / f"{name}.json", as_json(rows))


def published_relations(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Names of the relations of ``published``, sorted."""
    found = connection.execute(
        "select table_name from duckdb_tables() where schema_name = 'published' order by 1"
    )
    return [str(name) for (name,) in found.fetchall()]


def as_csv(rows: pl.DataFrame) -> bytes:
    """The rows with a header; null is empty. Text that is a formula to a spreadsheet gets a '."""
    escaped = rows.with_columns(
        pl.when(pl.col(name).str.contains(FORMULA))
        .then(pl.concat_str(pl.lit("'"), pl.col(name)))
        .otherwise(pl.col(name))
        .alias(name)
        for name, kind in rows.schema.items()
        if kind == pl.String
    )
    content = io.BytesIO()
    escaped.write_csv(content, line_terminator="\n")
    return content.getvalue()


def as_json(rows: pl.DataFrame) -> bytes:
    """The rows as a list of objects, one a line."""
    content = io.BytesIO()
    rows.write_ndjson(content)
    lines = content.getvalue().decode().removesuffix("\n").split("\n")
    return ("[\n" + ",\n".join(lines) + "\n]\n").encode()
