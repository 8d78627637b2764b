"""What may be in a release: every table and column by name. What is not here cannot leave.

A second list on purpose: whoever adds a column to ``published.*`` must add it here as well.
"""

import duckdb

KEYS = ("wave", "area_id", "grade", "gender", "measure_id")

TABLES: dict[str, frozenset[str]] = {
    "area": frozenset({"wave", "area_id", "label", "level", "parent_id"}),
    "comparison": frozenset(
        {*KEYS, "kind", "reference", "status", "verdict", "second_percent", "difference"}
    ),
    "coverage": frozenset(
        {"wave", "grade", "n_enrolled", "n_opened", "n_valid", "n_passed_screens", "n_placed"}
        | {"n_scored"}
    ),
    "domain": frozenset({*KEYS[:4], "status", "n_respondents"}),
    "estimate": frozenset(
        {*KEYS, "status", "n", "n_flagged", "percent", "percent_lower", "percent_upper"}
        | {"design_effect", "is_unreliable", "is_suppressed"}
    ),
    "funnel": frozenset(
        {*KEYS, "percent", "lower_95", "upper_95", "lower_998", "upper_998", "place"}
    ),
    "left_out": frozenset({"wave", "stage", "reason", "n_respondents", "is_suppressed"}),
    "measure": frozenset({"measure_id", "label_sv", "label_en", "kind", "is_sensitive"}),
    "participation": frozenset(
        {"wave", "grade", "gender", "n_enrolled", "n_opened", "n_valid", "n_analysed"}
        | {"n_enrolled_lowest", "n_enrolled_highest", "percent_valid", "is_suppressed"}
    ),
    "policy": frozenset({"parameter", "value"}),
    "wave": frozenset(
        {
            "wave",
            "grades_hold_all",
            "genders_hold_all",
            "areas_hold_all",
            "parts_hold_all",
            "is_weighted",
        }
    ),
    "representativeness": frozenset(
        {"wave", "variables", "n_enrolled", "n_valid", "r", "max_bias"}
    ),
}
"""Relations of ``published`` and their columns."""

NEEDED = frozenset({"area", "domain", "estimate", "measure", "policy"})
"""Without these a release cannot be read."""

ABOUT = frozenset({"dictionary", "example_query"})
"""Tables of the database that hold words about the others."""


def undeclared(found: dict[str, list[str]]) -> list[str]:
    """Tables and columns that are not declared, and tables that are missing.

    Args:
        found: columns by table.
    """
    problems = [f"table {name}: is not declared" for name in sorted(set(found) - set(TABLES))]
    problems += [f"table {name}: is missing" for name in sorted(NEEDED - set(found))]
    for name in sorted(set(found) & set(TABLES)):
        unknown = sorted(set(found[name]) - TABLES[name])
        problems += [f"table {name}: column {column} is not declared" for column in unknown]
    return problems


def columns_by_table(
    connection: duckdb.DuckDBPyConnection, schema: str | None = None
) -> dict[str, list[str]]:
    """Columns of every table of a schema, or of all, in order."""
    rows = connection.execute(
        "select table_name, column_name from duckdb_columns() join duckdb_tables() "
        "using (database_name, schema_name, table_name) "
        "where schema_name = coalesce(?, schema_name) order by table_name, column_index",
        [schema],
    ).fetchall()
    found: dict[str, list[str]] = {}
    for table, column in rows:
        found.setdefault(str(table), []).append(str(column))
    return found
