"""JSON files as tables of text."""

import json
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.attack.figures import Finding

AROUND = ("rows", "table", "title", "description", "columns", "release", "release_id", "symbols")
"""Keys that may stand beside a table's rows."""

FIGURE_WORDS = frozenset({"n", "k", "n_flagged", "n_respondents", "percent", "share", "estimate"})


def json_tables(path: Path) -> tuple[dict[str, pl.DataFrame], list[Finding]]:
    """The file's one table, named as the file, and keys that are no part of it.

    Either a list of rows, or an object with ``rows`` and words around them.
    """
    content = json.loads(path.read_text("utf-8"))
    findings = []
    rows = content
    if isinstance(content, dict):
        rows = content.get("rows", [])
        findings = [
            Finding("undeclared", f"key {key}: no reader knows what it holds", path.name)
            for key in content
            if key not in AROUND
        ]
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return {}, [*findings, Finding("undeclared", "no list of rows", path.name)]
    return {path.stem: text_frame(rows)}, findings


def manifest_findings(path: Path) -> list[Finding]:
    """Figures that a manifest holds: it has sums and versions, and no counts of respondents."""
    words = sorted(_keys(json.loads(path.read_text("utf-8"))) & FIGURE_WORDS)
    return [Finding("undeclared", f"key {word} in a manifest", path.name) for word in words]


def text_frame(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Rows as a frame of text; a key that a row lacks is null."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns = {name: [_text(row.get(name)) for row in rows] for name in names}
    return pl.DataFrame(columns, schema=dict.fromkeys(names, pl.String))


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def _keys(content: Any) -> set[str]:
    if isinstance(content, dict):
        return set(content).union(*map(_keys, content.values()))
    if isinstance(content, list):
        return set().union(*map(_keys, content))
    return set()
