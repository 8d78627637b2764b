"""A respondent taken out of a site: exports written anew, all that was derived from them deleted.

Published releases stay as they are. A figure that changed by one respondent would tell what
that one answered.
"""

import csv
from pathlib import Path
from typing import NamedTuple

import polars as pl

from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.wave import Export
from pipeline.errors import ExportError, UsageError
from pipeline.files import PROTECTIONS
from pipeline.fingerprint import DATABASE
from pipeline.ingest.location import export_path
from pipeline.operations.leftovers import is_said, leftovers, norms_of_wave
from pipeline.operations.replacement import (
    Erasure,
    Replacement,
    beside,
    clear_beside,
    decide,
    write_beside,
)
from pipeline.operations.respondent import Found, as_read, find, read_columns
from pipeline.operations.spss_without import NotAsDocumentedError, spss_without
from pipeline.operations.without_rows import text_without, wave_with_rows
from pipeline.operations.writing import temporary_files_in
from pipeline.release.decision import require_reason, require_role


class Erased(NamedTuple):
    """What became of an erasure."""

    wave: int
    rewritten: tuple[str, ...]
    """Files of the site written anew, by their path in it."""

    left: tuple[str, ...]
    """Files that are not ours and may hold the respondent, and norms, with why."""


class _Derived(NamedTuple):
    """Where that stands which was made from the exports."""

    folder: Path
    build: Path

    def paths(self) -> list[Path]:
        """All of it that is not published."""
        whole = [self.folder / "research", self.folder / "held"]
        if self.build.name == "build":
            # All in it is derived, whoever made it.
            whole.append(self.build)
        inside = [path for each in whole if each.is_dir() for path in each.iterdir()]
        inside += self.build.glob(f"{DATABASE}*")
        inside += self.build.glob("unfinished-*")
        inside += [self.build / PROTECTIONS, self.build / "profiles"]
        return list(dict.fromkeys(inside))


def erase(
    catalogue: Catalogue,
    respondent: str,
    year: int | None,
    *,
    role: str,
    reason: str,
    folder: Path,
    build: Path,
) -> Erased:
    """Take a respondent out of the exports, and delete whatever else may hold the answers.

    Nothing is changed unless all can be. Killed at any moment, either nothing has happened, or
    ``finish_erasure`` carries it through.

    Args:
        catalogue: the site's definitions.
        respondent: the id, as the export has it.
        year: of the wave; null: the one wave that has the id.
        role: who decided; never a name.
        reason: why; for the ledger.
        folder: where releases, research files and the ledger stand.
        build: folder of the working file.

    Raises:
        UsageError: nobody has the id, two waves have it, it stands in the reason, or role or
            reason are missing.
        ExportError: an export cannot be read, or not be written anew without the row.
        OSError: a file cannot be written.
    """
    require_role(role)
    require_reason(reason)
    clear_beside(catalogue.folder)
    wanted = as_read(respondent)
    if is_said(wanted, f"{role} {reason}"):
        raise UsageError("--by or --reason: holds the id; they stay in the ledger for good.")
    derived = _Derived(folder, build)
    # What is read lies beside the exports, not in a folder that others share.
    with temporary_files_in(beside(catalogue.folder / "scratch")):
        found = find(catalogue, wanted, year)
        return _erase(catalogue, wanted, found, Erasure(found[0].wave.wave, role, reason), derived)


def _erase(
    catalogue: Catalogue,
    wanted: str,
    found: list[Found],
    erasure: Erasure,
    derived: _Derived,
) -> Erased:
    wave = found[0].wave
    files = {}
    for each in found:
        export = wave.exports[each.export]
        path = export_path(catalogue.folder, export)
        files[path] = _without(path, export, each.rows)
    files |= _definition(catalogue, found)
    write_beside(catalogue.folder, files)
    try:
        for each in found:
            _compare(catalogue, each)
    except ExportError:
        clear_beside(catalogue.folder)
        raise
    forgotten = [path.resolve() for path in derived.paths()]
    decide(catalogue.folder, Replacement(files, forgotten, derived.folder.resolve(), erasure))
    site = catalogue.folder.resolve()
    rewritten = tuple(str(path.relative_to(site)) for path in files)
    left = (*leftovers(catalogue, wanted), *norms_of_wave(catalogue, wave.wave))
    return Erased(wave.wave, rewritten, tuple(dict.fromkeys(left)))


def _without(path: Path, export: Export, rows: frozenset[int]) -> bytes:
    content = path.read_bytes()
    try:
        if path.suffix.lower() == ".csv":
            separator = "\t" if export.separator == "tab" else export.separator
            return text_without(content, export.encoding, separator, rows)
        return spss_without(content, rows)
    except (NotAsDocumentedError, UnicodeError, csv.Error):
        raise _refused(path) from None


def _refused(path: Path) -> ExportError:
    return ExportError(
        f"{path}: cannot be written anew without one row and with all else as it was. Ask the "
        "supplier for a file without the respondent, and put it in this one's place. Nothing has "
        "been erased."
    )


def _definition(catalogue: Catalogue, found: list[Found]) -> dict[Path, bytes]:
    """The wave's file with the numbers of rows that are left; nothing if it states none."""
    wave = found[0].wave
    path = (catalogue.folder / "waves" / f"{wave.wave}.yml").resolve()
    stated = [(each, wave.exports[each.export].rows) for each in found]
    counted = [(each, rows) for each, rows in stated if rows is not None]
    if not counted:
        return {}
    # As bytes, since line breaks are to stay what they are.
    text = path.read_bytes().decode()
    for each, rows in counted:
        text = wave_with_rows(text, each.export, rows - len(each.rows))
    return {path: text.encode()}


def _compare(catalogue: Catalogue, found: Found) -> None:
    """Read the new file as a delivered one: it must be the old one without the rows.

    Raises:
        ExportError: it is not.
    """
    export = found.wave.exports[found.export]
    path = export_path(catalogue.folder, export)
    before = read_columns(path, export, found.columns, export.rows)
    n_left = before.rows.height - len(found.rows)
    after = read_columns(beside(path), export, found.columns, n_left)
    kept = before.rows.with_row_index("").filter(~pl.col("").is_in(list(found.rows))).drop("")
    is_same = kept.equals(after.rows) and before.value_labels == after.value_labels
    if not is_same or before.columns != after.columns:
        raise _refused(path)
