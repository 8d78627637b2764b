"""DuckDB files: every table, view and comment."""

import re
from pathlib import Path

import duckdb
import polars as pl

from pipeline.attack.columns import TABLES
from pipeline.attack.figures import Finding
from pipeline.attack.names import Names
from pipeline.attack.printed import numbers_in

WORDS = ("dictionary", "v_dictionary", "example_query", "data_dictionary", "example", "column")
"""Tables of words about tables, in which numbers are looked for as in comments."""

USUAL = frozenset({0, 1, 2, 3, 4, 5, 8, 10, 25, 30, 50, 75, 90, 95, 99, 99.8, 100, 998})
"""Numbers that descriptions of the rules are made of."""

RULES = re.compile(
    r"\b(?:"
    r"rounded to 5|multiple of 5|per 100(?= (?:respondents|of|in)\b|[,.])|"
    r"(?:95|99\.8) % (?:interval|limit)|"
    r"0 to 1|may be 0|1 where all"
    r")(?!\w)"
)
"""How descriptions state a rule: with a number that is nobody's, whatever word beside it is also
an area's name."""

# Everything beside tables and views that can hold a word or a number.
OBJECTS = """
    select 'sequence ' || sequence_name as object from duckdb_sequences() where not temporary
    union all by name
    select 'macro ' || function_name as object from duckdb_functions() where not internal
    union all by name
    select 'type ' || type_name as object from duckdb_types() where not internal
    union all by name
    select 'index ' || index_name as object from duckdb_indexes()
    order by all
"""

COMMENTS = """
    select table_name as place, comment from duckdb_tables() where comment is not null
    union all by name
    select view_name as place, comment from duckdb_views() where comment is not null
    union all by name
    select table_name || '.' || column_name as place, comment
    from duckdb_columns() where comment is not null
    union all by name
    select schema_name as place, comment from duckdb_schemas() where comment is not null
    order by all
"""


def duckdb_tables(path: Path) -> dict[str, pl.DataFrame]:
    """All tables and views of a file as text, in the order that they are stored in."""
    with _connect(path) as connection:
        found = connection.execute(
            "select database_name, schema_name, table_name from duckdb_tables() "
            "where not internal union all "
            "select database_name, schema_name, view_name from duckdb_views() "
            "where not internal order by all"
        ).fetchall()
        return {
            table: _as_text(connection, database, schema, table)
            for database, schema, table in found
        }


def duckdb_findings(path: Path, tables: dict[str, pl.DataFrame], names: Names) -> list[Finding]:
    """Tables nobody declared, and words of a file that hold a number."""
    where = path.name
    findings = [
        Finding("undeclared", f"table {table}: no reader knows what it holds", where)
        for table in tables
        if table not in TABLES and table not in WORDS and not table.startswith("v_")
    ]
    with _connect(path) as connection:
        objects = connection.execute(OBJECTS).fetchall()
        comments = connection.execute(COMMENTS).fetchall()
    findings += [Finding("undeclared", f"{each}: is no table", where) for (each,) in objects]
    for place, comment in comments:
        findings += told(comment, f"the comment on {place}", names, where)
    for table in sorted(set(tables) & set(WORDS)):
        for row in tables[table].iter_rows():
            for cell in filter(None, row):
                findings += told(cell, f"a cell of {table}", names, where)
    beside = path.with_name(f"{path.name}.wal")
    if beside.exists():
        findings.append(Finding("undeclared", "a write-ahead log lies beside the file", where))
    return findings


def told(text: str, place: str, names: Names, where: str) -> list[Finding]:
    """A finding if a description holds a number that is no rule's, or one beside a name."""
    numbers = numbers_in(names.without(text))
    unusual = [number for number in numbers if number.value not in USUAL]
    is_more_than_rules = bool(numbers_in(names.without(RULES.sub(" ", text))))
    is_about_area = any(
        re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text)
        for word in (*names.area_ids, *names.areas)
    )
    if unusual or (is_more_than_rules and is_about_area):
        return [Finding("comment", f"{place} holds a number that is no rule", where)]
    return []


def _connect(path: Path) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(
        str(path),
        read_only=True,
        config={"enable_external_access": "false", "python_enable_replacements": "false"},
    )


def _as_text(
    connection: duckdb.DuckDBPyConnection, database: str, schema: str, table: str
) -> pl.DataFrame:
    # A file may be named as a schema in it: then two parts of a name are ambiguous.
    relation = connection.table(f'"{database}"."{schema}"."{table}"')
    columns = [f'cast("{name}" as varchar) as "{name}"' for name in relation.columns]
    return pl.DataFrame(relation.project(", ".join(columns)))
