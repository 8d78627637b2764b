"""A table as Word's XML: caption, a header row that is repeated, row headings."""

from itertools import accumulate, pairwise
from typing import NamedTuple

from pipeline.documents.forms.grid import kept_columns, placed, span_of, wanted_widths, widths
from pipeline.documents.forms.word_text import attribute, paragraph, run, runs
from pipeline.documents.outline import Cell, Table, text_of

WIDTH = 9866
"""Of an A4 page between the margins, in twentieths of a point."""

_SIZES = (8.5, 8.0, 7.5, 7.0)
"""Of letters in points: as the template's tables have them, or smaller where words would break."""

_PER_POINT = 20

_LOOK = (
    '<w:tblLook w:val="04A0" w:firstRow="1" w:lastRow="0" w:firstColumn="1" '
    'w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
)
_NARROW = 4
"""Columns up to which a table need not be as wide as the page."""


class _Layout(NamedTuple):
    """How a table is laid out."""

    kept: tuple[int, ...]
    """Columns that are shown."""

    columns: list[int]
    """Their widths, in twentieths of a point."""

    size: float | None
    """Of letters in points; null where it is the template's."""


def table_xml(table: Table, *, is_named: bool = False) -> str:
    """The caption and the table; columns of drawings alone are left out.

    Args:
        table: any.
        is_named: the heading above it has said its caption.
    """
    layout = _layout(table)
    width = sum(layout.columns)
    grid = "".join(f'<w:gridCol w:w="{each}"/>' for each in layout.columns)
    head = _row(table.head, layout, is_head=True)
    body = "".join(
        _row(row, layout, is_first=bool(number) and not place)
        for number, group in enumerate(table.groups)
        for place, row in enumerate(group)
    )
    return (
        ("" if is_named else paragraph("Caption", run(table.caption)))
        + '<w:tbl><w:tblPr><w:tblStyle w:val="ProfileTable"/>'
        + f'<w:tblW w:w="{width}" w:type="dxa"/><w:tblLayout w:type="fixed"/>{_LOOK}'
        + f"<w:tblCaption w:val={attribute(table.caption)}/></w:tblPr>"
        + f"<w:tblGrid>{grid}</w:tblGrid>{head}{body}</w:tbl>"
    )


def _layout(table: Table) -> _Layout:
    """As wide as the page, or less where short texts would stand far apart."""
    kept = kept_columns(table)
    least, wanted = wanted_widths(table)
    fitting = (size for size in _SIZES if sum(least) * size * _PER_POINT <= WIDTH)
    size = next(fitting, _SIZES[-1])
    em = size * _PER_POINT
    width = WIDTH
    if len(kept) <= _NARROW:
        width = min(WIDTH, max(WIDTH * 6 // 10, int(em * sum(wanted))))
    columns = _whole(widths(table, width / em), width)
    return _Layout(kept, columns, None if size == _SIZES[0] else size)


def _whole(columns: tuple[float, ...], width: int) -> list[int]:
    """Whole numbers that add up to the width, in the same proportions."""
    edges = [0, *(round(width * part / sum(columns)) for part in accumulate(columns))]
    return [right - left for left, right in pairwise(edges)]


def _row(
    row: tuple[Cell, ...], layout: _Layout, *, is_head: bool = False, is_first: bool = False
) -> str:
    """A row.

    Args:
        row: cells of the outline.
        layout: of the table.
        is_head: the header row.
        is_first: begins a group after another one.
    """
    cells = []
    for column, cell in placed(row):
        span = span_of(column, cell, layout.kept)
        if span:
            first = sum(each < column for each in layout.kept)
            width = sum(layout.columns[first : first + span])
            looks = _cell_looks(width, span, is_head=is_head, is_first=is_first)
            is_band = 1 < span == len(layout.kept)
            content = _content(cell, layout.size, is_head=is_head, is_band=is_band)
            cells.append(f"<w:tc>{looks}{content}</w:tc>")
    header = "<w:tblHeader/>" if is_head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{header}</w:trPr>{''.join(cells)}</w:tr>"


def _cell_looks(width: int, span: int, *, is_head: bool, is_first: bool) -> str:
    spanned = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    edge = '<w:top w:val="single" w:sz="8" w:space="0" w:color="51606A"/>' if is_first else ""
    edges = f"<w:tcBorders>{edge}</w:tcBorders>" if edge else ""
    low = '<w:vAlign w:val="bottom"/>' if is_head else ""
    return f'<w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{spanned}{edges}{low}</w:tcPr>'


def _content(cell: Cell, size: float | None, *, is_head: bool, is_band: bool) -> str:
    """Paragraphs. A head, or a name of the rows below it, is never the last row of a page."""
    style = "TableNumber" if cell.is_number else "TableText"
    lines = [
        run(text_of(line), "Strong", size=size) if is_band else runs(line, size=size)
        for line in cell.lines
    ]
    return "".join(paragraph(style, line, with_next=is_head or is_band) for line in lines or [""])
