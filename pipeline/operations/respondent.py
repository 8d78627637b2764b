"""Where a respondent stands: which rows of which exports of a site."""

from pathlib import Path
from typing import NamedTuple

import polars as pl

from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.wave import Export, Wave
from pipeline.errors import ExportError, UsageError
from pipeline.ingest.cells import as_text
from pipeline.ingest.location import export_path
from pipeline.ingest.reader import RawExport, read_export


class NobodyError(UsageError):
    """No export has the id, or none has any more."""


class Found(NamedTuple):
    """The rows of one export that are the respondent's."""

    wave: Wave
    export: int
    """Place of the export in the wave's list."""

    rows: frozenset[int]
    columns: list[str]
    """All of the export's."""


def as_read(respondent: str) -> str:
    """The id as ids of exports are read.

    Raises:
        UsageError: it is empty.
    """
    typed = pl.DataFrame({"id": [respondent]}, schema={"id": pl.String})
    read = typed.select(as_text("id", pl.String())).item()
    if read is None:
        raise UsageError("no id was given.")
    return str(read)


def find(catalogue: Catalogue, wanted: str, year: int | None) -> list[Found]:
    """Each export of one wave that has the id, with its rows; never empty.

    Args:
        catalogue: the site's definitions.
        wanted: the id, as it is read.
        year: of the wave; null: the one wave that has the id.

    Raises:
        NobodyError: no wave has it.
        UsageError: several waves have it.
        ExportError: an export cannot be read, or lies outside the site.
    """
    waves = [wave for wave in catalogue.waves if year in (None, wave.wave)]
    found = [each for wave in waves for each in _find_in(catalogue, wave, wanted)]
    in_waves = sorted({each.wave.wave for each in found})
    if len(in_waves) > 1:
        raise UsageError(
            f"waves {', '.join(map(str, in_waves))} all have that id, and it may be given to "
            "others in each; name one with --wave. Nothing has been erased."
        )
    if not found:
        without = [str(wave.wave) for wave in waves if wave.columns.respondent is None]
        unsearched = (
            f" Exports of {', '.join(without)} hold no ids, so nobody can be found in them."
            if without
            else ""
        )
        looked_in = ", ".join(str(wave.wave) for wave in waves if wave.columns.respondent)
        raise NobodyError(
            f"no respondent of {looked_in or 'any wave'} has that id; nothing has been erased."
            f"{unsearched}"
        )
    return found


def _find_in(catalogue: Catalogue, wave: Wave, wanted: str) -> list[Found]:
    column = wave.columns.respondent
    if column is None:
        return []
    found = []
    for place, export in enumerate(wave.exports):
        raw = read_columns(export_path(catalogue.folder, export), export, [column], export.rows)
        if column not in raw.rows.columns:
            continue
        ids = raw.rows.select(as_text(column, raw.rows.schema[column])).to_series()
        rows = frozenset((ids == wanted).fill_null(value=False).arg_true().to_list())
        if rows and export.folder != "site":
            raise ExportError(
                f"{export.file}: lies outside the site's folder and holds that id; whoever keeps "
                "it must take the row out. Nothing has been erased."
            )
        if rows:
            found.append(Found(wave, place, rows, raw.columns))
    return found


def read_columns(path: Path, export: Export, wanted: list[str], n_rows: int | None) -> RawExport:
    """Some columns of an export, read as a delivered one; null rows: their number is not stated."""
    return read_export(
        path, wanted, separator=export.separator, encoding=export.encoding, expected_rows=n_rows
    )
