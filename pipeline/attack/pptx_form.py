"""Slides: every shape, wherever it stands, every table, picture's words and page of notes."""

import re
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from pipeline.attack.document import Document, Part
from pipeline.attack.html_tree import Element
from pipeline.attack.office_package import open_package, undeclared_elements

READ = re.compile(r"ppt/(slides/slide|notesSlides/notesSlide)\d+\.xml")

KNOWN = frozenset([
    "avLst", "blip", "blipFill", "bodyPr", "buNone", "cNvGraphicFramePr", "cNvGrpSpPr",
    "cNvPicPr", "cNvPr", "cNvSpPr", "cSld", "chExt", "chOff", "clrMapOvr", "endParaRPr", "ext",
    "fillRect", "fld", "graphic", "graphicData", "graphicFrame", "graphicFrameLocks", "gridCol",
    "grpSpPr", "lstStyle", "masterClrMapping", "noFill", "notes", "nvGraphicFramePr",
    "nvGrpSpPr", "nvPicPr", "nvPr", "nvSpPr", "off", "p", "pPr", "ph", "pic", "picLocks",
    "prstGeom", "r", "rPr", "sld", "solidFill", "sp", "spAutoFit", "spLocks", "spPr", "spTree",
    "spcAft", "spcBef", "spcPts", "srgbClr", "stretch", "t", "tableStyleId", "tbl", "tblGrid",
    "tblPr", "tc", "tcPr", "tr", "txBody", "xfrm"
])  # fmt: skip
"""Elements that are read or are looks."""


_FOOT = re.compile(r"(Footer|Slide Number|Date) Placeholder [2-6]")


def read_pptx(path: Path) -> Document:
    """Slides, with their notes, in one document.

    Args:
        path: of the file.
    """
    package = open_package(path, READ)
    document = Document(Element("", {}), package.title)
    document.unseen += package.unseen
    document.unknown += package.unknown
    for name in sorted(package.content, key=_order):
        tree = package.content[name]
        document.unknown += undeclared_elements(tree, KNOWN)
        slide = Element("div", {})
        for shape in tree.iter("{*}sp", "{*}pic", "{*}graphicFrame"):
            slide.children += _shape(shape)
        document.root.children.append(slide)
        document.unseen += [Part(each, "name of a shape") for each in _names(tree)]
    return document


def _order(name: str) -> tuple[str, int]:
    """Slides before notes, by their numbers."""
    kind, number = re.fullmatch(r"(.*?)(\d+)\.xml", name).groups()  # type: ignore[union-attr]
    return "" if kind.endswith("slides/slide") else kind, int(number)


def _shape(shape: etree._Element) -> Iterator[Element]:
    for named in shape.iter("{*}cNvPr"):
        yield from (
            Element("img", {"alt": str(named.get(key))})
            for key in ("descr", "title")
            if named.get(key)
        )
    if (table := next(shape.iter("{*}tbl"), None)) is not None:
        yield _table(table)
        return
    is_title = any(each.get("type") in ("title", "ctrTitle") for each in shape.iter("{*}ph"))
    is_number = any(each.get("type") == "sldNum" for each in shape.iter("{*}ph"))
    for paragraph in shape.iter("{*}p"):
        text = "".join(str(each.text or "") + str(each.tail or "") for each in paragraph.iter())
        if not (is_number and text == "‹#›"):
            yield Element("h1" if is_title else "p", {}, [text])


def _table(given: etree._Element) -> Element:
    rows = [
        [
            " ".join("".join(map(str, each.itertext())) for each in cell.iter("{*}p"))
            for cell in row.iter("{*}tc")
        ]
        for row in given.iter("{*}tr")
    ]
    head, *body = rows or [[]]
    return Element(
        "table",
        {},
        [
            Element("thead", {}, [_row(head, is_head=True)]),
            Element("tbody", {}, [_row(row, is_head=False) for row in body]),
        ],
    )


def _row(texts: list[str], *, is_head: bool) -> Element:
    cells = [
        Element("th" if is_head else "td", {}, [text])
        for text in texts[0 if is_head else 1 :]
    ]  # fmt: skip
    heading = [] if is_head else [Element("th", {"scope": "row"}, [text]) for text in texts[:1]]
    return Element("tr", {}, [*heading, *cells])


def _names(tree: etree._Element) -> Iterator[str]:
    """Names of shapes, but those that a program counts: its kind and its number less one.

    Feet keep the names that they have in the template.
    """
    for each in tree.iter("{*}cNvPr"):
        name = str(each.get("name") or "")
        if _FOOT.fullmatch(name):
            continue
        counted = re.fullmatch(r"[A-Z][A-Za-z ]* (\d+)", name)
        if counted is None or int(counted.group(1)) != int(str(each.get("id"))) - 1:
            yield name
