"""Databases as tests look at them: opened read-only, dumped whole, searched in the raw."""

from collections.abc import Iterable
from pathlib import Path

import duckdb


def opened(path: Path) -> duckdb.DuckDBPyConnection:
    """As a researcher opens it."""
    return duckdb.connect(str(path), read_only=True)


def dump(path: Path) -> str:
    """Every table in the order of its rows; every view's definition, which is all that it is."""
    with opened(path) as connection:
        tables = connection.execute(
            "select schema_name, table_name, sql, comment from duckdb_tables() order by all"
        ).fetchall()
        views = connection.execute(
            "select view_name, sql, comment from duckdb_views() where not internal order by all"
        ).fetchall()
        columns = connection.execute(
            "select table_name, column_index, column_name, data_type, comment"
            " from duckdb_columns() where not internal order by all"
        ).fetchall()
        rows = [connection.table(f'"{schema}"."{name}"').fetchall() for schema, name, *_ in tables]
    return "\n".join(map(repr, (tables, views, columns, *rows)))


def found_in(path: Path, words: Iterable[str]) -> set[str]:
    """Words that stand in the bytes of a file or in its dump, in any of three encodings."""
    raw, text = path.read_bytes(), dump(path)
    return {
        word
        for word in words
        if word in text
        or any(word.encode(each) in raw for each in ("utf-8", "utf-16-le", "latin-1"))
    }
