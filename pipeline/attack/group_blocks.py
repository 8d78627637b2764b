"""Parts of a page, or of a document that is made like one, about a measure in groups."""

import re
from collections.abc import Iterator

from pipeline.attack.groups import EVERYONE, Group, by_group, group_of
from pipeline.attack.html_cells import cells_of, numbered
from pipeline.attack.html_charts import Drawing, Mark, read_lane, undeclared
from pipeline.attack.html_tree import Element
from pipeline.attack.page_blocks import Block, Page, measure_of, measure_rows
from pipeline.attack.page_words import words
from pipeline.attack.printed import numbers_in

_NUMBER = r"\d+(?:[.,]\d+)?"
_LIMITS = re.compile(rf"({_NUMBER})\s?[–-]\s?({_NUMBER})\s?%")
_SHARE = re.compile(rf"({_NUMBER})\s?%")
_SAID = re.compile(rf":\s({_NUMBER})\s?%")


def group_tables(page: Page) -> Iterator[Block]:
    """Tables with a column for each group: share, interval and number of answers in one cell."""
    for table in page.root.find("table", "splits"):
        heads = [each for head in table.find("thead") for each in head.find("th")]
        groups = [_column(each, page) for each in heads[1:]]
        for measure, row in measure_rows(table, page.names):
            names = list(row.find("th"))
            for cell, group in zip((*names, *cells_of(row)), (None, *groups), strict=False):
                marks = () if group is None else tuple(cell_marks(cell))
                yield Block(measure, cell, marks, (), "groups", group=group or EVERYONE)


def group_charts(page: Page) -> Iterator[Block]:
    """Rows of charts with a line for each group: drawn, in numbers and in words."""
    for row in page.root.find("div", "row"):
        measure = row.attributes.get("data-measure")
        for drawing in row.find("svg", "lanes") if measure else ():
            for lane, drawn in _lanes(drawing):
                yield _of_group(measure or "", lane, drawn, page)
            for said in drawing.find("desc"):
                yield from _told(measure or "", said.text(), page)
            for item in row.find("li"):
                marks = Drawing(tuple(numbered("percent", item)), ())
                yield _of_group(measure or "", item, marks, page)
            rest = _pruned(row)
            yield Block(measure or "", rest, (), _loose(drawing), "groups")


def group_descriptions(page: Page) -> Iterator[Block]:
    """Told rows of a table in notes: the measure's name first, then each group with its cell."""
    by_words = {words(label): group for label, group in page.groups.items()}
    for paragraph in page.root.find("p"):
        first, *cells = [piece.partition(": ") for piece in paragraph.text().split("; ")]
        measure = measure_of(first[2], page.names) if cells else None
        for head, _, cell in cells if measure else ():
            group = by_words.get(words(head))
            if group is not None:
                told = Element("p", {}, [cell])
                yield Block(measure or "", told, tuple(cell_marks(told)), (), "notes", group=group)


def told_marks(text: str) -> tuple[Mark, ...]:
    """A share after a colon, and its limits, in words."""
    share, limits = _SAID.search(text), _LIMITS.search(text)
    found = [] if share is None else [Mark("percent", numbers_in(share.group(1))[0])]
    if share is not None and limits is not None:
        found += _pair(limits)
    return tuple(found)


def cell_marks(cell: Element) -> Iterator[Mark]:
    """Share, limits and number of answers of a cell that may hold all of them."""
    text = cell.text(without=("sup",))
    if cell.has("missing"):
        return
    if (limits := _LIMITS.search(text)) is not None:
        yield from _pair(limits)
        text = text[: limits.start()] + text[limits.end() :]
    if (share := _SHARE.search(text)) is not None:
        # A share that is only said to be below or above a limit is no figure.
        if not text[: share.start()].rstrip("\u00a0 ").endswith(("<", ">")):
            yield Mark("percent", numbers_in(share.group(1))[0])
        text = text[: share.start()] + text[share.end() :]
    for number in numbers_in(text)[:1]:
        yield Mark("n", number)


def _pair(limits: re.Match[str]) -> list[Mark]:
    lower, upper = (numbers_in(each)[0] for each in limits.groups())
    return [Mark("lower", lower), Mark("upper", upper)]


def _column(head: Element, page: Page) -> Group | None:
    """The group that a column is about, by what it says or by the page's name for it."""
    stated = group_of(head, page.names)
    if stated is not None:
        return stated
    by_words = {words(label): group for label, group in page.groups.items()}
    return by_words.get(words(head.text()))


def _lanes(drawing: Element) -> Iterator[tuple[Element, Drawing]]:
    """Lines of a drawing, which stand below each other in equal steps."""
    for place, lane in enumerate(drawing.find("svg", "lane")):
        top, height = (numbers_in(lane.attributes.get(each, "")) for each in ("y", "height"))
        is_even = top and height and abs(top[0].value - place * height[0].value) < 1e-6
        drawn = read_lane(lane)
        moved = () if is_even else ("a line at a place of its own",)
        yield lane, Drawing(drawn.marks, (*drawn.unknown, *moved))


def _of_group(measure: str, element: Element, drawn: Drawing, page: Page) -> Block:
    """A line; what is drawn or printed in one of no known group has no reader."""
    group = group_of(element, page.names)
    unknown = drawn.unknown
    if group is None and drawn.marks:
        unknown = (*unknown, "a line of no group that the release knows")
    marks = () if group is None else drawn.marks
    return Block(measure, element, marks, unknown, "groups", group=group or EVERYONE)


def _told(measure: str, text: str, page: Page) -> Iterator[Block]:
    for group, part in by_group(text, page.groups):
        is_named = group != EVERYONE
        marks = told_marks(part) if is_named else ()
        # The digits of a group's name are no figure.
        begins = [each for each in page.groups if part.startswith(f"{each}: ")]
        told = part.removeprefix(max(begins, key=len, default="")) if is_named else part
        yield Block(measure, Element("p", {}, [told]), marks, (), "groups", group=group)


def _loose(drawing: Element) -> tuple[str, ...]:
    """Marks that stand in no line."""
    inside = {id(each) for lane in drawing.find("svg", "lane") for each in lane.walk()}
    return tuple(
        says
        for each in drawing.walk()
        if id(each) not in inside and each is not drawing
        for says in undeclared(each)
    )


def _pruned(element: Element) -> Element:
    """All but what has been read: lines, what is said of them, and their numbers."""
    is_read = ("desc", "li")
    kept = [
        each if isinstance(each, str) else _pruned(each)
        for each in element.children
        if isinstance(each, str) or not (each.tag in is_read or each.has("lane"))
    ]
    return Element(element.tag, element.attributes, kept)
