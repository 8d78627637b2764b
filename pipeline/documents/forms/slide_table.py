"""Tables on slides: which columns, how large the letters, how many rows a slide has room for."""

from dataclasses import dataclass, replace
from math import ceil

from pipeline.documents.forms.grid import (
    PADDING,
    kept_columns,
    placed,
    span_of,
    wanted_widths,
    widths,
)
from pipeline.documents.forms.letters import BOLD, n_lines
from pipeline.documents.forms.plain_text import unhyphenated
from pipeline.documents.outline import Cell, Line, Table

_Tall = tuple[tuple[Cell, ...], float]
"""A row and its height."""

POINTS_PER_INCH = 72
_LINE_HEIGHT = 1.2
_PADDING_INCHES = 0.07
"""Above and below the text of a row, together."""


@dataclass(frozen=True)
class Fitted:
    """A part of a table that fits a slide."""

    table: Table
    size: float
    """Of letters, in points."""

    columns: tuple[float, ...]
    """Widths, in inches."""

    heights: tuple[float, ...]
    """Of rows with the head first, in inches."""


def brief(table: Table, columns: tuple[int, ...] | None = None) -> Table:
    """A table without explanations below names, and without remarks below verdicts.

    Args:
        table: of an outline.
        columns: which are kept; all that have text if nothing is said.
    """
    kept = kept_columns(table) if columns is None else columns

    def row_of(row: tuple[Cell, ...]) -> tuple[Cell, ...]:
        cells = (
            replace(cell, span=span_of(at, cell, kept), lines=_brief_lines(at, cell))
            for at, cell in placed(row)
        )
        return tuple(cell for cell in cells if cell.span)

    groups = tuple(tuple(map(row_of, group)) for group in table.groups)
    return replace(table, head=row_of(table.head), groups=groups)


def _brief_lines(at: int, cell: Cell) -> tuple[Line, ...]:
    """The first line, and those below it that are no remarks; nothing that breaks words."""
    first, others = cell.lines[:1], cell.lines[1:] if at else ()
    kept = (line for line in others if cell.is_number or any(run.style != "note" for run in line))
    return tuple(
        tuple(replace(run, text=unhyphenated(run.text)) for run in line) for line in (*first, *kept)
    )


def fitted(
    table: Table, width: float, height: float, sizes: tuple[float, ...]
) -> tuple[Fitted, ...]:
    """The table in the largest letters in which it fits, or on several slides in the smallest.

    Args:
        table: as ``brief`` makes it.
        width: of the room, in inches.
        height: likewise.
        sizes: of letters in points, largest first.
    """
    for size in sizes:
        whole = _laid_out(table, width, size)
        if sum(whole.heights) <= height:
            return (whole,)
    return _in_parts(whole, height)


def is_roomy(part: Fitted) -> bool:
    """Whether every column has room for its longest word."""
    ems = sum(part.columns) * POINTS_PER_INCH / part.size
    return sum(wanted_widths(part.table)[0]) <= ems


def _laid_out(table: Table, width: float, size: float) -> Fitted:
    ems = width * POINTS_PER_INCH / size
    columns = widths(table, ems)
    line = size * _LINE_HEIGHT / POINTS_PER_INCH
    heights = tuple(
        _PADDING_INCHES + line * _most_lines(row, columns, is_bold=not place)
        for place, row in enumerate((table.head, *table.rows))
    )
    return Fitted(table, size, tuple(width * each / ems for each in columns), heights)


def _in_parts(whole: Fitted, height: float) -> tuple[Fitted, ...]:
    """Parts of about as many rows each, all with the head."""
    head, *heights = whole.heights
    n_parts = ceil(sum(heights) / (height - head))
    while True:
        parts = _split(list(zip(whole.table.rows, heights, strict=True)), n_parts)
        if all(head + sum(high for _, high in part) <= height or len(part) == 1 for part in parts):
            break
        n_parts += 1
    return tuple(
        Fitted(
            replace(whole.table, groups=(tuple(row for row, _ in part),)),
            whole.size,
            whole.columns,
            (head, *(high for _, high in part)),
        )
        for part in parts
    )


def _split(rows: list[_Tall], n_parts: int) -> list[list[_Tall]]:
    size = ceil(len(rows) / n_parts)
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def _most_lines(row: tuple[Cell, ...], columns: tuple[float, ...], *, is_bold: bool) -> int:
    """Lines of the cell that needs most."""
    needed = [1]
    for at, cell in placed(row):
        room = max(sum(columns[at : at + cell.span]) - PADDING, 1.0) / (BOLD if is_bold else 1.0)
        needed.append(sum(n_lines(line, room) for line in cell.lines))
    return max(needed)
