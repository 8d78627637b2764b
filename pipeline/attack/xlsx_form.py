"""Workbooks: every cell of every sheet as it is stored, not as it looks; names and formats."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from lxml import etree

from pipeline.attack.document import Document, Part
from pipeline.attack.html_tree import Element
from pipeline.attack.office_package import open_package, undeclared_elements

READ = re.compile(r"xl/(workbook|sharedStrings|styles|worksheets/sheet\d+)\.xml")

KNOWN = frozenset([
    "c", "col", "cols", "dimension", "headerFooter", "hyperlink", "hyperlinks", "oddFooter",
    "pageMargins", "pageSetUpPr", "pageSetup", "pane", "row", "selection", "sheetData",
    "sheetFormatPr", "sheetPr", "sheetView", "sheetViews", "tablePart", "tableParts", "v",
    "worksheet", "bookViews", "calcPr", "definedName", "definedNames", "fileVersion", "sheet",
    "sheets", "workbook", "workbookPr", "workbookView"
])  # fmt: skip
"""Elements that are read or are looks. Formulas, checks of input and notes are none of them."""

_REFERENCE = re.compile(r"((^|,)('[^'\d]+'|[^\W\d]+)!\$?[A-Z]{0,2}\$?\d*(:\$?[A-Z]{0,2}\$?\d*)?)+")
_FORMAT = re.compile(r"[0#,.%+;\- \u00a0?@]*|General")
_FOOT = re.compile(r"(&[LCRAPN]| / )*")
_PERCENTS = frozenset(("9", "10"))
"""Numbers of the formats for per cent that every program knows."""


class Strings(NamedTuple):
    """What cells refer to."""

    texts: tuple[str, ...]
    is_percent: tuple[bool, ...]
    """Of each look of a cell."""


def read_xlsx(path: Path) -> Document:
    """A workbook; each sheet is a table.

    Args:
        path: of the file.
    """
    package = open_package(path, READ)
    content = dict(package.content)
    styles, book = content.pop("xl/styles.xml"), content.pop("xl/workbook.xml")
    shared = content.pop("xl/sharedStrings.xml", None)
    document = Document(Element("", {}), package.title, is_workbook=True)
    document.unseen += _without_counts(package.unseen, book)
    document.unknown += package.unknown + undeclared_elements(book, KNOWN)
    document.unknown += [f"format {each}" for each in _formats(styles).values() if not _tells(each)]
    document.unseen += [*_names(book), *_texts_of(styles)]
    texts = () if shared is None else tuple(_text(each) for each in shared.iter("{*}si"))
    strings = Strings(texts, tuple(_percents(styles)))
    used: set[int] = set()
    for name in sorted(content):
        document.unknown += undeclared_elements(content[name], KNOWN)
        document.root.children.append(_sheet(content[name], strings, used))
        document.unseen += _around(content[name])
    document.unseen += [
        Part(text, "text of no cell") for place, text in enumerate(texts) if place not in used
    ]
    return document


def _sheet(tree: etree._Element, strings: Strings, used: set[int]) -> Element:
    return Element("table", {}, [_row(each, strings, used) for each in tree.iter("{*}row")])


def _row(row: etree._Element, strings: Strings, used: set[int]) -> Element:
    """A row; its first cell is the heading, and numbers say what kind they are."""
    made = Element("tr", {})
    for cell in row.iter("{*}c"):
        tag = "td" if made.children else "th"
        attributes = {} if made.children else {"scope": "row"}
        stored = "".join(str(each.text or "") for each in cell.iter("{*}v"))
        if cell.get("t") == "s":
            used.add(int(stored))
            made.children.append(Element(tag, attributes, [strings.texts[int(stored)]]))
        elif cell.get("t", "n") != "n":
            made.children.append(Element(tag, attributes, [f"{stored} {cell.get('t')}"]))
        elif stored:
            is_percent = strings.is_percent[int(str(cell.get("s") or 0))]
            kind = {"data-kind": "percent" if is_percent else "number"}
            printed = _printed(stored, is_percent=is_percent)
            made.children.append(Element(tag, attributes | kind, [printed]))
    return made


def _printed(stored: str, *, is_percent: bool) -> str:
    """A number with all of its decimals.

    Programs that keep 16 digits write some whole per cent with a last digit of their own.
    """
    number = Decimal(stored) * (100 if is_percent else 1)
    if is_percent and stored == f"{round(number) / 100:.16G}":
        number = Decimal(round(number))
    text = f"{number.normalize():f}"
    return f"{text} %" if is_percent else text


def _percents(styles: etree._Element) -> Iterator[bool]:
    formats = _formats(styles)
    for look in next(styles.iter("{*}cellXfs"), ()):
        number = str(look.get("numFmtId"))
        yield number in _PERCENTS or "%" in formats.get(number, "")


def _formats(styles: etree._Element) -> Mapping[str, str]:
    return {
        str(each.get("numFmtId")): str(each.get("formatCode")) for each in styles.iter("{*}numFmt")
    }


def _tells(code: str) -> bool:
    """Whether a format only says how a number looks: it may hold texts, and so numbers."""
    return _FORMAT.fullmatch(code) is not None


def _names(book: etree._Element) -> Iterator[Part]:
    """Names of sheets, and names that stand for anything but places on sheets."""
    for each in book.iter("{*}sheet"):
        yield Part(str(each.get("name")), "name of a sheet")
    for each in book.iter("{*}definedName"):
        yield Part(str(each.get("name")).removeprefix("_xlnm."), "defined name")
        if not _REFERENCE.fullmatch(_text(each)):
            yield Part(_text(each), "defined name")
        yield Part(str(each.get("comment") or ""), "defined name")


def _without_counts(parts: list[Part], book: etree._Element) -> list[Part]:
    """Properties without the numbers of sheets and of names that programs put there."""
    counts = {str(len(list(book.iter(f"{{*}}{kind}")))) for kind in ("sheet", "definedName")}
    return [part for part in parts if not (part.place == "property" and part.text in counts)]


def _texts_of(styles: etree._Element) -> Iterator[Part]:
    yield from (Part(_text(each), "style") for each in styles.iter("{*}styleSheet"))


def _around(tree: etree._Element) -> Iterator[Part]:
    """Feet of printed pages, and links."""
    for each in tree.iter("{*}oddFooter"):
        if not _FOOT.fullmatch(_text(each)):
            yield Part(_text(each), "foot of a page")
    for each in tree.iter("{*}hyperlink"):
        for key in ("display", "tooltip"):
            yield Part(str(each.get(key) or ""), "link")
        if not _REFERENCE.fullmatch(str(each.get("location") or "")):
            yield Part(str(each.get("location")), "link")


def _text(each: etree._Element) -> str:
    return "".join(map(str, each.itertext()))
