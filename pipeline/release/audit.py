"""What a finished folder is put through before anyone may see it. Any finding stops it."""

import json
import re
from collections.abc import Callable, Collection
from pathlib import Path
from typing import NamedTuple

import duckdb

from pipeline.definitions.catalogue import Catalogue
from pipeline.errors import DisclosureError
from pipeline.release.declared import ABOUT, columns_by_table, undeclared
from pipeline.release.document_files import document_names
from pipeline.release.manifest import MANIFEST, misfits, wrong_kinds
from pipeline.release.recount import recount
from pipeline.release.withstanding import attack_findings

DATABASE = "published.duckdb"
MAX_FINDINGS = 10
"""Findings of one check that are told."""


class Audited(NamedTuple):
    """A finished release that nobody has seen yet."""

    catalogue: Catalogue
    working_file: Path
    folder: Path


class Check(NamedTuple):
    """One thing that must hold."""

    name: str
    findings: Callable[[Audited], list[str]]


def audit(audited: Audited, checks: tuple[Check, ...]) -> None:
    """Put a release through every check.

    Raises:
        DisclosureError: a check has findings; all checks' findings at once.
    """
    lines = []
    for check in checks:
        findings = check.findings(audited)
        lines += [f"  {check.name}: {finding}" for finding in findings[:MAX_FINDINGS]]
        if len(findings) > MAX_FINDINGS:
            lines.append(f"  {check.name}: and {len(findings) - MAX_FINDINGS} more")
    if lines:
        what = "the release did not pass its audit and nothing was published:"
        raise DisclosureError("\n".join([what, *lines]))


def require_declared(connection: duckdb.DuckDBPyConnection) -> None:
    """Refuse a working file that would publish a table or column which is not declared.

    Raises:
        DisclosureError: there is one.
    """
    if problems := undeclared(columns_by_table(connection, "published")):
        lines = [f"  {problem}" for problem in problems]
        raise DisclosureError("\n".join(["published.* does not fit what may leave:", *lines]))


def _files(audited: Audited) -> list[str]:
    """Only what is expected: names, endings and folders are a closed list."""
    folder = audited.folder
    with duckdb.connect(str(audited.working_file), read_only=True) as connection:
        tables = columns_by_table(connection, "published")
    expected = {MANIFEST, DATABASE}
    expected |= {f"documents/{name}" for name in document_names(audited.catalogue)}
    expected |= {f"tables/{name}.{ending}" for name in tables for ending in ("csv", "json")}
    found = {str(path.relative_to(folder)) for path in folder.rglob("*")} - {"documents", "tables"}
    problems = [f"{name}: is missing" for name in sorted(expected - found)]
    problems += [f"{name}: does not belong here" for name in sorted(found - expected)]
    return problems + [problem.removeprefix(f"{folder}/") for problem in wrong_kinds(folder)]


def _tables(audited: Audited) -> list[str]:
    """Columns of the files, as they were written, are a closed list."""
    problems = []
    for ending in ("csv", "json"):
        found = {
            path.stem: _header(path) for path in sorted(audited.folder.glob(f"tables/*.{ending}"))
        }
        problems += [f"{problem} (.{ending})" for problem in undeclared(found)]
    return problems


def _header(path: Path) -> list[str]:
    if path.suffix == ".csv":
        return path.read_text("utf-8").partition("\n")[0].split(",")
    return sorted({name for row in json.loads(path.read_bytes()) for name in row})


def _database(audited: Audited) -> list[str]:
    """Tables and columns of the database are a closed list; views begin with ``v_``."""
    with duckdb.connect(str(audited.folder / DATABASE), read_only=True) as connection:
        found = columns_by_table(connection)
        views = connection.execute(
            "select view_name from duckdb_views() where not internal order by 1"
        ).fetchall()
        n_rows = _n_rows(connection, found)
    with duckdb.connect(str(audited.working_file), read_only=True) as connection:
        made_from = _n_rows(connection, columns_by_table(connection, "published"), "published")
    figures = {name: columns for name, columns in found.items() if name not in ABOUT}
    problems = undeclared(figures)
    problems += [f"view {name}: is not declared" for (name,) in views if name[:2] != "v_"]
    problems += [
        f"table {name}: has another number of rows than it was made from"
        for name in sorted(made_from)
        if n_rows.get(name) != made_from[name]
    ]
    return problems


def _n_rows(
    connection: duckdb.DuckDBPyConnection, tables: Collection[str], schema: str | None = None
) -> dict[str, int]:
    """Rows of each table."""
    places = connection.execute(
        "select database_name, schema_name, table_name from duckdb_tables()"
    ).fetchall()
    return {
        table: len(connection.table(f'"{database}"."{within}"."{table}"'))
        for database, within, table in places
        if table in tables and schema in (None, within)
    }


def _documents(audited: Audited) -> list[str]:
    """A document runs nothing and fetches nothing."""
    reaching = re.compile(
        rb"<script|<iframe|<object|\bon[a-z]+\s*=\s*[\"']|(?:src|href)\s*=\s*[\"']?(?:https?:)?//",
        re.IGNORECASE,
    )
    return [
        f"documents/{path.name}: runs or fetches something"
        for path in sorted(audited.folder.glob("documents/*.html"))
        if reaching.search(path.read_bytes())
    ]


CHECKS = (
    Check("files", _files),
    Check("tables", _tables),
    Check("database", _database),
    Check("documents", _documents),
    Check("manifest", lambda audited: misfits(audited.folder)),
    Check("areas", lambda audited: recount(*audited)),
    Check("attack", lambda audited: attack_findings(audited.folder)),
)
"""In the order in which they are told."""
