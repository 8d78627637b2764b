"""A release folder: its files, how each is read, and what all of them say."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import polars as pl

from pipeline.attack.csv_form import csv_tables
from pipeline.attack.duckdb_form import WORDS, duckdb_findings, duckdb_tables
from pipeline.attack.figures import Finding, Reading, empty_figures, together
from pipeline.attack.html_form import read_page
from pipeline.attack.html_said import Said, phrases
from pipeline.attack.json_form import json_tables, manifest_findings
from pipeline.attack.names import Names, read_names
from pipeline.attack.policy import Policy, read_policy
from pipeline.attack.tables import read_table


@dataclass(frozen=True, eq=False)
class Release:
    """A folder with the words and the rules that its own tables state."""

    folder: Path
    tables: Mapping[str, pl.DataFrame]
    """The release's tables, from its database or else its files: columns as text."""

    names: Names
    policy: Policy


class Form(NamedTuple):
    """A kind of file and how its figures are read; a later kind is one more line in ``FORMS``."""

    name: str
    suffix: str
    read: Callable[[Path, Release, Said], Reading]


def open_release(folder: Path) -> Release:
    """The folder, with its names and rules."""
    tables: dict[str, pl.DataFrame] = {}
    for path in files_of(folder):
        if path.suffix == ".csv":
            tables |= csv_tables(path)[0]
    for path in files_of(folder):
        if path.suffix == ".duckdb":
            tables |= duckdb_tables(path)
    policy = read_policy(tables.get("policy", pl.DataFrame({"parameter": [], "value": []})))
    return Release(folder, tables, read_names(tables), policy)


def read_release(release: Release) -> dict[str, Reading]:
    """What each form says, by its name; tables are read first, since pages repeat them."""
    readings: dict[str, Reading] = {}
    forms = {form.suffix: form for form in FORMS}
    said: Said = {}
    for form in FORMS:
        paths = [path for path in files_of(release.folder) if path.suffix == form.suffix]
        readings[form.name] = together(form.read(path, release, said) for path in paths)
        if form.name == LAST_TABLE:
            pages = [path for path in files_of(release.folder) if path.suffix == ".html"]
            said = _said(pl.concat([each.figures for each in readings.values()]))
            said = {**said, **phrases(pages, release.names)}
    unknown = tuple(
        Finding("undeclared", f"no reader knows files that end in {path.suffix!r}", path.name)
        for path in files_of(release.folder)
        if path.suffix not in forms
    )
    readings["other"] = Reading(empty_figures(), unknown, len(unknown))
    return readings


def files_of(folder: Path) -> list[Path]:
    """All files of a release, in the order of their names."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _said(figures: pl.DataFrame) -> Said:
    """Numbers by area, measure and wave, of everyone there."""
    of_all = figures.filter(grade="all", gender="all").select(
        "area", "measure", "wave", value=((pl.col("low") + pl.col("high")) / 2).abs().round(9)
    )
    grouped = of_all.group_by("area", "measure", "wave").agg(pl.col("value").unique())
    return {
        (area, measure, wave): frozenset(values) for area, measure, wave, values in grouped.rows()
    }


def _read_csv(path: Path, release: Release, said: Said) -> Reading:
    del said
    return _read_tables(*csv_tables(path), path, release, "csv")


def _read_json(path: Path, release: Release, said: Said) -> Reading:
    del said
    if path.name == "manifest.json":
        return Reading(empty_figures(), tuple(manifest_findings(path)))
    return _read_tables(*json_tables(path), path, release, "json")


def _read_duckdb(path: Path, release: Release, said: Said) -> Reading:
    del said
    tables = duckdb_tables(path)
    findings = duckdb_findings(path, tables, release.names)
    read = {name: rows for name, rows in tables.items() if name not in WORDS}
    return _read_tables(read, findings, path, release, "duckdb")


def _read_html(path: Path, release: Release, said: Said) -> Reading:
    return read_page(path, release.names, release.policy, said)


def _read_tables(
    tables: Mapping[str, pl.DataFrame],
    findings: list[Finding],
    path: Path,
    release: Release,
    form: str,
) -> Reading:
    readings = [
        read_table(
            name,
            rows,
            release.names,
            release.policy,
            form=form,
            where=path.name if path.stem == name else f"{path.name}, {name}",
        )
        for name, rows in tables.items()
    ]
    every = together(readings)
    return Reading(every.figures, (*findings, *every.findings), 1)


FORMS = (
    Form("duckdb", ".duckdb", _read_duckdb),
    Form("csv", ".csv", _read_csv),
    Form("json", ".json", _read_json),
    Form("html", ".html", _read_html),
)

LAST_TABLE = "json"
"""The form after which all tables are read."""
