"""A table as Word's XML: caption, a header row that is repeated, row headings."""

from itertools import accumulate, pairwise

from pipeline.documents.forms.grid import kept_columns, placed, span_of, wanted_widths, widths
from pipeline.documents.forms.word_text import attribute, paragraph, run, runs
from pipeline.documents.outline import Cell, Table, text_of

WIDTH = 9866
"""Of an A4 page between the margins, in twentieths of a point."""

_EM = 170
"""Size of letters in a table, in twentieths of a point."""

_LOOK = (
    '<w:tblLook w:val="04A0" w:firstRow="1" w:lastRow="0" w:firstColumn="1" '
    'w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
)
_NARROW = 4
"""Columns up to which a table need not be as wide as the page."""


def table_xml(table: Table, *, is_named: bool = False) -> str:
    """The caption and the table; columns of drawings alone are left out.

    Args:
        table: any.
        is_named: the heading above it has said its caption.
    """
    kept = kept_columns(table)
    width = WIDTH if len(kept) > _NARROW else _width_wanted(table)
    columns = _whole(widths(table, width / _EM), width)
    grid = "".join(f'<w:gridCol w:w="{each}"/>' for each in columns)
    head = _row(table.head, kept, columns, is_head=True)
    body = "".join(
        _row(row, kept, columns, is_first=bool(number) and not place)
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


def _width_wanted(table: Table) -> int:
    """As wide as the page, or less where short texts would stand far apart."""
    _, wanted = wanted_widths(table)
    return min(WIDTH, max(WIDTH * 6 // 10, int(_EM * sum(wanted))))


def _whole(columns: tuple[float, ...], width: int) -> list[int]:
    """Whole numbers that add up to the width, in the same proportions."""
    edges = [0, *(round(width * part / sum(columns)) for part in accumulate(columns))]
    return [right - left for left, right in pairwise(edges)]


def _row(
    row: tuple[Cell, ...],
    kept: tuple[int, ...],
    columns: list[int],
    *,
    is_head: bool = False,
    is_first: bool = False,
) -> str:
    """A row.

    Args:
        row: cells of the outline.
        kept: columns that are shown.
        columns: their widths.
        is_head: the header row.
        is_first: begins a group after another one.
    """
    cells = []
    is_band = len(row) > 1 and not any(cell.lines for cell in row[1:])
    for column, cell in placed(row):
        span = span_of(column, cell, kept)
        if span:
            first = sum(each < column for each in kept)
            width = sum(columns[first : first + span])
            cells.append(
                _cell(cell, width, span, is_head=is_head, is_first=is_first, is_band=is_band)
            )
    header = "<w:tblHeader/>" if is_head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{header}</w:trPr>{''.join(cells)}</w:tr>"


def _cell(
    cell: Cell, width: int, span: int, *, is_head: bool, is_first: bool, is_band: bool
) -> str:
    style = "TableNumber" if cell.is_number else "TableText"
    spanned = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    edge = '<w:top w:val="single" w:sz="8" w:space="0" w:color="51606A"/>' if is_first else ""
    edges = f"<w:tcBorders>{edge}</w:tcBorders>" if edge else ""
    low = '<w:vAlign w:val="bottom"/>' if is_head else ""
    lines = [
        paragraph(style, run(text_of(line), "Strong") if is_band else runs(line))
        for line in cell.lines
    ] or [paragraph(style, "")]
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{spanned}{edges}{low}</w:tcPr>'
        f"{''.join(lines)}</w:tc>"
    )
