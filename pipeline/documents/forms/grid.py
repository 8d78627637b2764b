"""Tables as grids: every cell has its column, and every column its width."""

from pipeline.documents.forms.letters import BOLD, width_of
from pipeline.documents.forms.plain_text import SOFT_HYPHEN
from pipeline.documents.outline import Cell, Table, text_of

Row = tuple[tuple[int, Cell], ...]
"""Cells with the column that each begins in."""

_MAX_WANTED = 24.0
"""Width of a line, in ems, beyond which it breaks rather than widens its column."""

_MAX_REASON = 9.0
"""The same for words in a column of numbers."""

PADDING = 0.8
"""Of a column that is not for text, in ems."""


def placed(row: tuple[Cell, ...]) -> Row:
    """Cells with their columns, those spanning several counted."""
    found, column = [], 0
    for cell in row:
        found.append((column, cell))
        column += cell.span
    return tuple(found)


def kept_columns(table: Table) -> tuple[int, ...]:
    """Columns that hold more than drawings, which repeat the numbers beside them."""
    cells = [(at, cell) for row in table.rows for at, cell in placed(row)]
    with_text = {at for at, cell in cells if cell.lines}
    drawn = {at for at, cell in cells if cell.drawing is not None}
    return tuple(
        at for at, head in placed(table.head) if at in with_text or (head.lines and at not in drawn)
    )


def span_of(column: int, cell: Cell, kept: tuple[int, ...]) -> int:
    """How many of the kept columns a cell covers."""
    return sum(column <= each < column + cell.span for each in kept)


def widths(table: Table, total: float) -> tuple[float, ...]:
    """The width of each kept column, in ems.

    A column has room for its longest word. What is left is shared by how much more each would
    need to hold its longest line, as browsers do.

    Args:
        table: any.
        total: what the widths add up to.
    """
    least, wanted = wanted_widths(table)
    spare = max(total - sum(least), 0)
    missing = [want - low for low, want in zip(least, wanted, strict=True)]
    if sum(missing) <= spare:
        # What nobody asked for goes to the names.
        return (wanted[0] + total - sum(wanted), *wanted[1:])
    # Names are the longest texts: they get twice as much of what there is.
    asked = [2 * missing[0], *missing[1:]]
    given = (
        min(more * spare / sum(asked), most) for more, most in zip(asked, missing, strict=True)
    )
    found = [low + more for low, more in zip(least, given, strict=True)]
    return tuple(each * total / sum(found) for each in found)


def wanted_widths(table: Table) -> tuple[list[float], list[float]]:
    """For each kept column the width of its longest word, and of its longest line."""
    kept = kept_columns(table)
    rows = [_alone(row, kept) for row in (table.head, *table.rows)]
    least, wanted = [], []
    for place in range(len(kept)):
        head, cells = rows[0][place], [row[place] for row in rows[1:]]
        lines = [line for cell in cells for line in cell_lines(cell)]
        word = max(_longest_word(lines), _longest_word(cell_lines(head)) * BOLD) + PADDING
        longest = max((_wanted(cell, head) for cell in cells if cell), default=0)
        # A head may take two lines.
        halved = max(map(width_of, cell_lines(head)), default=0) * BOLD / 2
        line = PADDING + max(longest, halved)
        least.append(word)
        wanted.append(max(word, min(line, _MAX_WANTED)))
    return least, wanted


def cell_lines(cell: Cell | None) -> list[str]:
    """A cell's lines as texts; none where several columns share it."""
    return [] if cell is None else [text_of(line) for line in cell.lines]


def _alone(row: tuple[Cell, ...], kept: tuple[int, ...]) -> list[Cell | None]:
    """One cell for each kept column; null where a cell spans several."""
    by_column = {column: cell for column, cell in placed(row) if cell.span == 1}
    return [by_column.get(column) for column in kept]


def _wanted(cell: Cell, head: Cell | None) -> float:
    """The longest line; among numbers, words only say why there is none, and may break."""
    longest = max(map(width_of, cell_lines(cell)), default=0.0)
    is_reason = head is not None and head.is_number and not cell.is_number
    return min(longest, _MAX_REASON) if is_reason else longest


def _longest_word(lines: list[str]) -> float:
    pieces = (piece for line in lines for word in line.split(" ") for piece in _pieces(word))
    return max(map(width_of, pieces), default=0)


def _pieces(word: str) -> list[str]:
    """Parts between which a word may break, each with its hyphen."""
    parts = word.split(SOFT_HYPHEN)
    return [part + "-" for part in parts[:-1]] + parts[-1:]
