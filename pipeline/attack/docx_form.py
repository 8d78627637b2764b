"""Word documents: everything that is written in them, shown, hidden or deleted."""

import re
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from pipeline.attack.document import Document, Part
from pipeline.attack.html_tree import Element
from pipeline.attack.office_package import described, open_package, undeclared_elements

BODY = "word/document.xml"
READ = re.compile(r"word/(document|header\d+|footer\d+)\.xml")

KNOWN = frozenset([
    "avLst", "blip", "blipFill", "body", "cNvPicPr", "cNvPr", "cantSplit", "cols", "docGrid",
    "keepLines", "keepNext", "noBreakHyphen", "pageBreakBefore", "br", "b", "i", "sz", "szCs",
    "color", "shd", "lang", "rFonts", "ind", "tblInd", "tblCellMar", "left", "right", "bottom",
    "docPr", "document", "drawing", "ext", "extent", "extLst", "fillRect", "fldSimple",
    "footerReference", "ftr", "graphic", "graphicData", "gridCol", "gridSpan", "hdr",
    "headerReference", "inline", "jc", "nvPicPr", "off", "p", "pPr", "pStyle", "pgMar", "pgSz",
    "pic", "prstGeom", "r", "rPr", "rStyle", "sectPr", "softHyphen", "spPr", "spacing", "stretch",
    "t", "tab", "tbl", "tblCaption", "tblGrid", "tblHeader", "tblLayout", "tblLook", "tblPr",
    "tblStyle", "tblW", "tc", "tcBorders", "tcPr", "tcW", "top", "tr", "trPr", "vAlign", "xfrm"
])  # fmt: skip
"""Elements that are read or are looks. Comments, changes and hidden text are none of them."""

_PAGES = re.compile(r"\d+ \w+ \d+\s*$")
"""Page of pages at the end of a foot; programs put in their own numbers."""


def read_docx(path: Path) -> Document:
    """A Word document.

    Args:
        path: of the file.
    """
    package = open_package(path, READ)
    document = Document(Element("", {}), package.title)
    document.unseen += package.unseen
    document.unknown += package.unknown
    for name, tree in package.content.items():
        document.unknown += undeclared_elements(tree, KNOWN)
        if name == BODY:
            document.root.children += _blocks(tree[0])
        else:
            texts = (_PAGES.sub("", _text(each)) for each in _all(tree, "p"))
            document.around.append([Part(text, "head or foot of a page") for text in texts])
            document.unseen += described(tree, "description")
        document.unseen += [
            Part(_value(each), "caption of a table") for each in _all(tree, "tblCaption")
        ]
    return document


def _blocks(body: etree._Element) -> Iterator[Element]:
    for each in body:
        if _kind(each) == "tbl":
            yield _table(each)
        else:
            yield _paragraph(each)


def _paragraph(given: etree._Element) -> Element:
    styles = [_value(each) for each in _all(given, "pStyle")]
    level = re.fullmatch(r"Heading([1-6])", styles[0]) if styles else None
    block = Element(f"h{level.group(1)}" if level else "p", {}, [_text(given)])
    block.children += [
        Element("img", {"alt": str(value)})
        for each in given.iter()
        if isinstance(each.tag, str)
        for name, value in each.attrib.items()
        if etree.QName(name).localname in ("descr", "title", "instr")
    ]
    return block


def _table(given: etree._Element) -> Element:
    rows = [_row(each) for each in _all(given, "tr")]
    head = [row for row, is_head in rows if is_head]
    body = [row for row, is_head in rows if not is_head]
    return Element("table", {}, [Element("thead", {}, [*head]), Element("tbody", {}, [*body])])


def _row(given: etree._Element) -> tuple[Element, bool]:
    """A row whose first cell is its heading; whether it heads the table."""
    is_head = next(_all(given, "tblHeader"), None) is not None
    row = Element("tr", {})
    for place, cell in enumerate(_all(given, "tc")):
        spans = [_value(each) for each in _all(cell, "gridSpan")]
        attributes = {"colspan": spans[0]} if spans else {}
        is_heading = is_head or place == 0
        if is_heading and not is_head:
            attributes["scope"] = "row"
        texts = [_text(each) + " " for each in _all(cell, "p")]
        row.children.append(Element("th" if is_heading else "td", attributes, [*texts]))
    return row, is_head


def _text(given: etree._Element) -> str:
    """Every text inside, of whatever kind of element."""
    return "".join(_said(each) for each in given.iter())


def _said(each: etree._Element) -> str:
    if isinstance(each.tag, str) and _kind(each) in ("tab", "br", "cr"):
        return "\t"
    return str(each.text or "") + str(each.tail or "")


def _all(given: etree._Element, kind: str) -> Iterator[etree._Element]:
    return given.iter(f"{{*}}{kind}")


def _kind(each: etree._Element) -> str:
    return etree.QName(each).localname if isinstance(each.tag, str) else ""


def _value(each: etree._Element) -> str:
    return next(
        (str(value) for name, value in each.attrib.items() if str(name).endswith("}val")), ""
    )
