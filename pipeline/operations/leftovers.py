"""Where else a respondent's id may stand, in files that the product did not make."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from pipeline.definitions.catalogue import Catalogue
from pipeline.ingest.location import export_path

OURS = frozenset({"releases", "ledger", "runs"})
"""Folders of a site that hold figures and decisions, and never an id."""

CLOSED = frozenset(
    {".sav", ".zsav", ".por", ".dta", ".sas7bdat", ".xls", ".xlsx", ".ods", ".rds", ".rdata"}
    | {".duckdb", ".parquet", ".feather", ".arrow", ".zip", ".gz", ".7z", ".tar", ".tgz"}
)
"""Endings of files in which a text cannot be looked for as it is."""


def pattern_of(respondent: str) -> re.Pattern[bytes]:
    """The id as a word of its own, in the encodings that files have."""
    encodings = ("utf-8", "cp1252", "utf-16-le")
    written = {respondent.encode(each, "ignore") for each in encodings} - {b""}
    anyone = b"|".join(re.escape(each) for each in sorted(written))
    return re.compile(rb"(?<![0-9A-Za-z])(?:" + anyone + rb")(?![0-9A-Za-z])")


def is_said(respondent: str, text: str) -> bool:
    """Whether a text names the respondent."""
    return pattern_of(respondent).search(text.encode()) is not None


def leftovers(catalogue: Catalogue, respondent: str) -> Iterator[str]:
    """One line for each file of the site that is not ours and may hold the respondent.

    Exports of the waves and definitions are not among them: the first are rewritten, and the
    second hold codes, any of which may look like an id.
    """
    pattern, site = pattern_of(respondent), catalogue.folder.resolve()
    known = set(_known(catalogue))
    for path in _files(site):
        if path in known or path.suffix == ".yml":
            continue
        name = path.relative_to(site)
        if pattern.search(str(name).encode()):
            yield f"{site}: a file whose path holds the id"
        elif pattern.search(path.read_bytes()):
            yield f"{name}: holds the id"
        elif path.suffix.lower() in CLOSED:
            yield f"{name}: cannot be looked into"


def norms_of_wave(catalogue: Catalogue, year: int) -> Iterator[str]:
    """One line for each norm that may have been derived from a wave's answers."""
    for norm in catalogue.norms:
        if norm.wave == year and norm.cutoffs:
            yield (
                f"norm {norm.id}: may state the answers of {year} with the respondent's; derive it "
                "anew and keep no copy of the old one"
            )


def _known(catalogue: Catalogue) -> Iterator[Path]:
    for wave in catalogue.waves:
        if wave.enrolled:
            yield (catalogue.folder / wave.enrolled).resolve()
        for export in wave.exports:
            if export.folder == "site":
                yield export_path(catalogue.folder, export)


def _files(site: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(site):
        if Path(folder) == site:
            folders[:] = sorted(set(folders) - OURS)
        for name in sorted(names):
            path = Path(folder) / name
            if path.is_file() and not path.is_symlink():
                yield path
