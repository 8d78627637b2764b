"""One sheet of a workbook: a title, a note and one table that begins in column A.

Source:
    Government Analysis Function, Releasing statistics in spreadsheets (United Kingdom): one table
    on each sheet, no merged cells, no empty rows or columns, shorthand explained.
"""

from dataclasses import dataclass
from math import ceil
from typing import Any, Literal, NamedTuple

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from pipeline.disclosure.figure import whole_percent
from pipeline.documents.forms.letters import n_lines, width_of
from pipeline.documents.forms.plain_text import inert
from pipeline.documents.outline import Run

MAX_LETTERS = 32_767
"""Of a cell; a longer text would not be written at all."""

MAX_HEAD = 255
"""Letters of a column's name."""

_DIGIT = 0.604
"""Width of a digit of Excel's own letters, which columns are measured in, in ems of ours: 0.525 in
Arial, which is 1.15 times narrower than what is reckoned with. Without Arial columns widen too."""

_FILTER = 3.5
"""Width of the button in a header, in digits."""

_MAX_WIDTH, _MAX_WIDTH_OF_TWO = 46.0, 100.0
"""Of a column, and of one of two, in digits; longer texts take more lines."""

_LINE, _TITLE_LINE = 13.5, 24.0
_PAGE = 190.0
"""Digits that can still be read across a printed page."""


class Percent(NamedTuple):
    """A share as it is printed, in whole per cent; a number from 0 to 1 in the sheet."""

    whole: int


class Link(NamedTuple):
    """The name of another sheet, which it leads to."""

    sheet: str


Value = str | int | float | Percent | Link
Numbers = Literal["percent", "count", "points", "year", "none"]
Formats = dict[str, Any]


@dataclass(frozen=True)
class Column:
    """A column of a table."""

    head: str
    numbers: Numbers = "none"
    """What its numbers are; it may hold shorthand instead of a number."""


@dataclass(frozen=True)
class Sheet:
    """What stands on a sheet."""

    id: str
    """Name of the table."""

    name: str
    title: str
    notes: tuple[str, ...]
    """Lines below the title."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]


def percent_of(share: float) -> Percent:
    """A share as it is printed."""
    return Percent(whole_percent(share))


def formats_of(book: Workbook, percent: str) -> Formats:
    """How cells look.

    Args:
        book: the workbook.
        percent: number format of a share.
    """
    top = {"valign": "top", "font_name": "Arial", "font_size": 10}
    numbers = {**top, "align": "right"}
    head = {**top, "bold": True, "text_wrap": True, "bottom": 2, "valign": "bottom"}
    # Without a side programs take no notice of the indent.
    set_in = {"align": "left", "indent": 1}
    return {
        "title": book.add_format(
            {"font_name": "Arial", "font_size": 16, "bold": True, "font_color": "#17495A"}
        ),
        "note": book.add_format({"font_name": "Arial", "font_size": 10}),
        "head": book.add_format({**head, **set_in}),
        "first": book.add_format(head),
        "number": book.add_format({**head, "align": "right"}),
        "text": book.add_format({**top, "text_wrap": True, **set_in}),
        "name": book.add_format({**top, "text_wrap": True}),
        "shorthand": book.add_format(numbers),
        "percent": book.add_format({**numbers, "num_format": percent}),
        "count": book.add_format({**numbers, "num_format": "#,##0"}),
        "year": book.add_format({**numbers, "num_format": "0"}),
        "points": book.add_format({**numbers, "num_format": "+0;-0;0"}),
        "tenths": book.add_format({**numbers, "num_format": "+0.0;-0.0;0"}),
        "link": book.add_format({**top, "font_color": "#0B5394", "underline": 1}),
    }


def write_sheet(book: Workbook, sheet: Sheet, formats: Formats) -> None:
    """Add a sheet to a workbook; every text is written as a text."""
    page = book.add_worksheet(sheet.name)
    page.set_row(0, _TITLE_LINE)
    page.write_string(0, 0, _text(sheet.title), formats["title"])
    for line, note in enumerate(sheet.notes, start=1):
        page.write_string(line, 0, _text(note), formats["note"])
    top = len(sheet.notes) + 1
    for line, row in enumerate(sheet.rows, start=top + 1):
        for column, (value, each) in enumerate(zip(row, sheet.columns, strict=True)):
            _write(page, (line, column), value, each, formats)
    _make_table(page, sheet, top)
    _set_page(page, sheet, top, formats)


def _heads(sheet: Sheet) -> list[str]:
    """Names of the columns as Excel takes them: short, and no two alike."""
    found: list[str] = []
    for each in sheet.columns:
        name, number = _text(each.head)[:MAX_HEAD], 1
        while name.casefold() in {other.casefold() for other in found}:
            number += 1
            name = f"{_text(each.head)[: MAX_HEAD - 10]} ({number})"
        found.append(name)
    return found


def _write(
    page: Worksheet, place: tuple[int, int], value: Value, of: Column, formats: Formats
) -> None:
    match value:
        case Percent(whole):
            page.write_number(*place, whole / 100, formats["percent"])
        case Link(name):
            page.write_url(*place, f"internal:'{name}'!A1", formats["link"], name)
        case str():
            looks = formats[_looks(place[1], of)]
            page.write_string(*place, _text(value), looks)
        case _:
            # A whole number has no decimal sign, as on the page.
            is_whole = of.numbers != "points" or value == int(value)
            page.write_number(*place, value, formats[of.numbers if is_whole else "tenths"])


def _make_table(page: Worksheet, sheet: Sheet, top: int) -> None:
    """Excel's own kind of table, so that columns are announced, sorted and filtered."""
    columns = [{"header": each} for each in _heads(sheet)]
    page.add_table(
        top,
        0,
        top + max(len(sheet.rows), 1),
        len(columns) - 1,
        {"name": sheet.id, "columns": columns, "style": "Table Style Light 1"},
    )


def _set_page(page: Worksheet, sheet: Sheet, top: int, formats: Formats) -> None:
    """Widths and heights that hold all texts, a head that stays, and paper."""
    widths = [
        _width(each, [row[column] for row in sheet.rows], is_of_two=len(sheet.columns) == 2)
        for column, each in enumerate(sheet.columns)
    ]
    heads = _heads(sheet)
    for column, (width, each) in enumerate(zip(widths, sheet.columns, strict=True)):
        page.set_column(column, column, width)
        # The table has written the head in its own looks.
        looks = "first" if not column else "head" if each.numbers == "none" else "number"
        page.write_string(top, column, heads[column], formats[looks])
    page.set_row(
        top, _LINE * _most_lines(tuple(each.head for each in sheet.columns), widths, _FILTER)
    )
    for line, row in enumerate(sheet.rows, start=top + 1):
        page.set_row(line, _LINE * _most_lines(row, widths, 2))
    page.freeze_panes(top + 1, 1)
    page.repeat_rows(top)
    page.repeat_columns(0)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(ceil(sum(widths) / _PAGE), 0)
    page.set_footer("&L&A&R&P / &N")
    page.hide_gridlines(2)


def _looks(column: int, of: Column) -> str:
    if of.numbers != "none":
        return "shorthand"
    return "text" if column else "name"


def _most_lines(row: tuple[Value, ...], widths: list[float], taken: float) -> int:
    """Lines of the cell that needs most.

    Args:
        row: cells.
        widths: of their columns, in digits.
        taken: how much of each is not for text.
    """
    return max(
        n_lines((Run(each),), _DIGIT * (width - taken)) if isinstance(each, str) else 1
        for each, width in zip(row, widths, strict=True)
    )


def _width(column: Column, values: list[Value], *, is_of_two: bool) -> float:
    """In digits: the longest word of the head, and the longest text, up to a limit."""
    texts = [each if isinstance(each, str) else each.sheet for each in values
             if isinstance(each, str | Link)]  # fmt: skip
    word = max(map(width_of, column.head.split())) * 1.1 / _DIGIT + _FILTER
    text = max(map(width_of, texts), default=0) / _DIGIT + 3
    return max(9.0, word, min(text, _MAX_WIDTH_OF_TWO if is_of_two else _MAX_WIDTH))


def _text(text: str) -> str:
    return inert(str(text))[:MAX_LETTERS]
