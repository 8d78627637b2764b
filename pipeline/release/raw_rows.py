"""A raw export, read once more, row by row: the recount's own way in.

Cells are texts here, and nothing is checked: what is compared later was built from cells that were.
"""

import csv
import io
import math
import re
from collections.abc import Iterator
from typing import NamedTuple

from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.wave import Export, Wave
from pipeline.ingest.location import export_path
from pipeline.ingest.reader import read_export

MAX_CELL = 1_000_000
"""Characters of a cell. The csv module stops at fewer unless told."""


class RawRow(NamedTuple):
    """One row of an export."""

    respondent: str
    """Its id; in a wave without ids, the number of the file and of the row within it."""

    cells: dict[str, str]
    """Text by column: trimmed, a whole number without decimals, empty if there is nothing."""


def raw_rows(catalogue: Catalogue, wave: Wave, columns: list[str]) -> Iterator[RawRow]:
    """Every row of a wave's exports.

    Args:
        catalogue: the site's definitions.
        wave: whose exports are read.
        columns: those needed beside the respondent's; each is in every export.

    Raises:
        ExportError: a file is not there, or its parser fails.
        UnicodeError, csv.Error: a text is no longer what the build read.
    """
    named = wave.columns.respondent
    wanted = list(dict.fromkeys([*columns, *([named] if named else [])]))
    for file_number, export in enumerate(wave.exports, start=1):
        is_text = export.file.lower().endswith(".csv")
        read = _separated if is_text else _parsed
        for row_number, cells in enumerate(read(catalogue, export, wanted), start=1):
            yield RawRow(cells[named] if named else f"{file_number}-{row_number}", cells)


def _separated(catalogue: Catalogue, export: Export, wanted: list[str]) -> Iterator[dict[str, str]]:
    encoding = "utf-8-sig" if export.encoding == "utf-8" else export.encoding
    text = export_path(catalogue.folder, export).read_bytes().decode(encoding)
    csv.field_size_limit(MAX_CELL)
    separator = "\t" if export.separator == "tab" else export.separator
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    header = next(lines)
    places = [(column, header.index(column)) for column in wanted]
    for line in lines:
        if line:
            yield {column: as_cell(line[place]) for column, place in places}


def _parsed(catalogue: Catalogue, export: Export, wanted: list[str]) -> Iterator[dict[str, str]]:
    path = export_path(catalogue.folder, export)
    rows = read_export(path, wanted, expected_rows=export.rows).rows
    for row in rows.select(wanted).iter_rows():
        yield {column: as_cell(cell) for column, cell in zip(wanted, row, strict=True)}


def as_cell(cell: str | float | None) -> str:
    """A cell as text: 8.0, as a number or written so, is ``8``; nothing is empty."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        text = cell.strip()
        whole = re.fullmatch(r"([+-]?\d+)\.0+", text)
        return whole[1] if whole else text
    if math.isnan(cell):
        return ""
    return str(int(cell)) if cell.is_integer() else repr(cell)
