"""What a document of any form holds, as it was read of its file."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline.attack.html_tree import Element
from pipeline.attack.names import Names, plain

_INLINE = frozenset({"span", "b", "sup"})


class Part(NamedTuple):
    """A text that stands by itself, and where: ``paragraph``, ``row of a table`` ..."""

    text: str
    place: str
    cells: tuple[str, ...] = ()
    """Of a row; its heading first."""


@dataclass
class Document:
    """A file's content.

    ``root`` has what is shown, in the order of reading, with the tags of a page: headings ``h1`` to
    ``h6``, ``p``, ``table`` with its ``caption``, ``thead`` and rows, ``img`` with its ``alt``.
    """

    root: Element
    title: str = ""
    around: list[list[Part]] = field(default_factory=list)
    """Heads and feet of pages, page by page."""

    unseen: list[Part] = field(default_factory=list)
    """Texts that are not shown on a page: properties, comments, notes, names."""

    unknown: list[str] = field(default_factory=list)
    """What no reader knows."""

    is_workbook: bool = False
    """Whether its tables are arranged in another way than the page's."""


def parts_of(root: Element, names: Names) -> Iterator[Part]:
    """What a document shows, part by part; a row of a table is one part."""
    line: list[str] = []
    for child in root.children:
        if isinstance(child, str):
            line.append(child)
        elif child.tag in _INLINE and "alt" not in child.attributes:
            line.append(child.text())
        else:
            yield from _line(line)
            line = []
            yield from _block(child, names)
    yield from _line(line)


def _line(texts: list[str]) -> Iterator[Part]:
    if "".join(texts).strip():
        yield Part(" ".join(texts), "paragraph")


def _block(block: Element, names: Names) -> Iterator[Part]:
    if block.tag == "tr":
        cells = [each.text() for each in block.walk() if each.tag in ("th", "td")]
        yield Part(" ".join(cells), "row of a table", tuple(cells))
        yield from _described(block, names)
        return
    if "alt" in block.attributes:
        yield from _said_rows(block.attributes["alt"], names)
    yield from parts_of(block, names)


def _described(row: Element, names: Names) -> Iterator[Part]:
    """Descriptions of pictures in a row's cells."""
    for each in row.walk():
        if "alt" in each.attributes:
            yield from _said_rows(each.attributes["alt"], names)


def _said_rows(description: str, names: Names) -> Iterator[Part]:
    """A chart in words: each measure's own words begin with its label."""
    for _, text in by_measure(description, names):
        yield Part(text, "description of a picture")


def by_measure(description: str, names: Names) -> list[tuple[str | None, str]]:
    """Texts of a description, each with the measure whose label it begins with.

    The first stands before any label, and is about none.
    """
    text = plain(description)
    places = sorted(_labels_in(text, names))
    starts = [(0, None), *places]
    ends = [place for place, _ in places] + [len(text)]
    return [
        (measure, text[start:end])
        for (start, measure), end in zip(starts, ends, strict=True)
        if text[start:end].strip()
    ]


def _labels_in(text: str, names: Names) -> Iterator[tuple[int, str]]:
    """Where a label stands that begins a sentence and ends with a colon."""
    for label, measure in names.measures.items():
        place = text.find(f"{label}: ")
        while place >= 0:
            if place == 0 or text[:place].rstrip().endswith((".", ":", ",", "…", "!")):
                yield place, measure
            place = text.find(f"{label}: ", place + 1)
