"""A release folder: its files, and what all of them say."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import polars as pl

from pipeline.attack.csv_form import csv_tables
from pipeline.attack.duckdb_form import duckdb_tables
from pipeline.attack.figures import Finding, Reading, empty_figures, together
from pipeline.attack.forms import CSV, DOCUMENTS, FORMS, TABLES, Form, Release
from pipeline.attack.html_said import Said, makings, phrases
from pipeline.attack.names import read_names
from pipeline.attack.page_labels import page_labels
from pipeline.attack.policy import read_policy
from pipeline.processes import in_processes, n_cores

WORTH_PROCESSES = 40
"""Files below which starting processes takes longer than it saves."""


MANIFEST = "manifest.json"

SAID = ("area", "measure", "wave", "grade", "gender")


def is_release(folder: Path) -> bool:
    """Whether a folder has what a release has: a manifest, or else a table of estimates."""
    return (folder / MANIFEST).is_file() or "estimate" in open_release(folder).tables


def open_release(folder: Path) -> Release:
    """The folder, with its names and rules."""
    tables: dict[str, pl.DataFrame] = {}
    for path in files_of(folder):
        if CSV.reads(path):
            tables |= csv_tables(path)[0]
    for path in files_of(folder):
        if path.suffix == ".duckdb":
            tables |= duckdb_tables(path)
    policy = read_policy(tables.get("policy", pl.DataFrame({"parameter": [], "value": []})))
    names = read_names(tables)
    names = replace(names, on_pages=page_labels(_pages_of(folder), names))
    return Release(folder, tables, names, policy)


def read_release(release: Release) -> dict[str, Reading]:
    """What each form says, by its name; tables are read first, since documents repeat them."""
    paths = files_of(release.folder)
    tables = [form for form in FORMS if form.name in TABLES]
    readings = _read(paths, release, {}, tables)
    said = said_of(release, pl.concat([each.figures for each in readings.values()]))
    # A document's forms go together, since each is set beside its page.
    stems = sorted({path.stem for path in paths})
    n_processes = n_cores() if len(paths) >= WORTH_PROCESSES else 1
    size = -(-len(stems) // n_processes)
    parts = [set(stems[first : first + size]) for first in range(0, len(stems), size)]
    given = [[path for path in paths if path.stem in part] for part in parts]
    documents = in_processes(
        partial(_read_documents, release=release, said=said), given, n_processes
    )
    for form in DOCUMENTS:
        readings[form.name] = together(each[form.name] for each in documents)
    unknown = tuple(
        Finding("undeclared", f"no reader knows files that end in {path.suffix!r}", path.name)
        for path in paths
        if not any(form.reads(path) for form in FORMS)
    )
    readings["other"] = Reading(empty_figures(), unknown, len(unknown))
    return readings


def _read_documents(paths: Sequence[Path], release: Release, said: Said) -> dict[str, Reading]:
    return _read(paths, release, said, DOCUMENTS)


def _read(
    paths: Sequence[Path], release: Release, said: Said, forms: Sequence[Form]
) -> dict[str, Reading]:
    """What each of some forms says, by its name."""
    return {
        form.name: together(form.read(path, release, said) for path in paths if form.reads(path))
        for form in forms
    }


def files_of(folder: Path) -> list[Path]:
    """All files of a release, in the order of their names."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _pages_of(folder: Path) -> list[Path]:
    return [path for path in files_of(folder) if path.suffix == ".html"]


def said_of(release: Release, figures: pl.DataFrame) -> Said:
    """What documents may repeat: numbers of an area and its groups, and those that all pages say.

    Args:
        release: with its pages.
        figures: of all its tables.
    """
    of_all = figures.select(*SAID, value=((pl.col("low") + pl.col("high")) / 2).abs().round(9))
    grouped = of_all.group_by(SAID).agg(pl.col("value").unique())
    pages = _pages_of(release.folder)
    told = {
        (area, measure, wave, (grade, gender)): frozenset(values)
        for area, measure, wave, grade, gender, values in grouped.rows()
    }
    return told | phrases(pages, release.names) | makings(pages, release.names)
