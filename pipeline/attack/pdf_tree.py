"""The structure of a tagged PDF as the same tree that a page is."""

from collections.abc import Iterator
from typing import NamedTuple

from pikepdf import Array, Dictionary, Name, Object, Pdf

from pipeline.attack.html_tree import Element
from pipeline.attack.pdf_texts import Drawn

TAGS = {
    **{f"/H{level}": f"h{level}" for level in range(1, 7)},
    "/P": "p",
    "/Table": "table",
    "/Caption": "caption",
    "/THead": "thead",
    "/TBody": "tbody",
    "/TR": "tr",
    "/TH": "th",
    "/TD": "td",
    "/Figure": "img",
    "/LI": "li",
    "/Span": "span",
    "/Strong": "span",
    "/Em": "span",
    "/Link": "span",
    "/Lbl": "span",
}
"""Kinds of structure elements as those of pages; any other is a division."""

_OF_ELEMENT = frozenset({"/Type", "/S", "/K", "/P", "/Pg", "/A", "/ID", "/Lang"})
_TEXTS = ("/Alt", "/ActualText", "/E", "/T")
_ATTRIBUTES = frozenset([
    "/O", "/Placement", "/BBox", "/Headers", "/Scope", "/ColSpan", "/RowSpan",
    "/BorderThickness", "/BorderColor", "/BorderStyle", "/BaselineShift", "/LineHeight",
    "/ListNumbering", "/TextAlign", "/BlockAlign", "/InlineAlign", "/Width", "/Height", "/Color",
    "/BackgroundColor", "/Padding", "/TextDecorationType", "/TextDecorationColor",
    "/TextDecorationThickness", "/StartIndent", "/EndIndent", "/SpaceBefore", "/SpaceAfter",
    "/TextIndent"
])  # fmt: skip


class Structure(NamedTuple):
    """A document's structure, and what of it no reader knows."""

    root: Element
    said: tuple[str, ...]
    """Texts that stand for others: titles of elements, expansions, replacements."""

    unknown: tuple[str, ...]
    used: frozenset[tuple[int, int]]
    """Marked content that belongs to it."""


def structure_of(document: Pdf, drawn: Drawn) -> Structure:
    """The tree, with the texts of its marked content."""
    reader = _Reader(document, drawn)
    tree = document.Root.get("/StructTreeRoot")
    if isinstance(tree, Dictionary):
        reader.read_kids(tree, reader.root, None)
    return Structure(
        reader.root, tuple(reader.said), tuple(sorted(reader.unknown)), frozenset(reader.used)
    )


class _Reader:
    def __init__(self, document: Pdf, drawn: Drawn) -> None:
        self.root = Element("", {})
        self.drawn = drawn
        self.pages: dict[tuple[int, int], int] = {
            each.obj.objgen: place for place, each in enumerate(document.pages)
        }
        self.said: list[str] = []
        self.unknown: set[str] = set()
        self.used: set[tuple[int, int]] = set()

    def read_kids(self, given: Object, into: Element, page: int | None) -> None:
        """Elements and marked content directly inside of one."""
        for kid in _listed(given.get("/K")):
            if isinstance(kid, int):
                self._add_text(into, page, kid)
            elif not isinstance(kid, Dictionary):
                self.unknown.add("a part of the structure that is none")
            elif "/S" in kid:
                self._read(kid, into, page)
            elif kid.get("/Type") == Name.MCR:
                self._add_text(into, self._page_of(kid, page), int(kid.MCID))
            else:
                self.unknown.add("a note or form field in the structure")

    def _read(self, given: Object, into: Element, page: int | None) -> None:
        kind = str(given.S)
        element = Element(TAGS.get(kind, "div"), {})
        into.children.append(element)
        for key in set(given.keys()) - _OF_ELEMENT:
            if key not in _TEXTS:
                self.unknown.add(f"key {key} of an element")
            elif key == "/Alt":
                element.attributes["alt"] = str(given[key])
            else:
                self.said.append(str(given[key]))
        self._read_attributes(given, element)
        self.read_kids(given, element, self._page_of(given, page))

    def _read_attributes(self, given: Object, element: Element) -> None:
        for each in _listed(given.get("/A")):
            if not isinstance(each, Dictionary):
                continue
            for key in each.keys():  # noqa: SIM118 - no mapping
                if key not in _ATTRIBUTES:
                    self.unknown.add(f"attribute {key} of an element")
            if each.get("/Scope") == Name.Row:
                element.attributes["scope"] = "row"
            if "/ColSpan" in each:
                element.attributes["colspan"] = str(each.ColSpan)

    def _page_of(self, given: Object, page: int | None) -> int | None:
        stated = given.get("/Pg")
        return page if stated is None else self.pages.get(stated.objgen)

    def _add_text(self, into: Element, page: int | None, mark: int) -> None:
        if page is not None and (page, mark) in self.drawn.marked:
            self.used.add((page, mark))
            into.children.append(self.drawn.marked[page, mark])


def _listed(kids: Object | None) -> Iterator[Object]:
    if isinstance(kids, Array):
        yield from kids
    elif kids is not None:
        yield kids
