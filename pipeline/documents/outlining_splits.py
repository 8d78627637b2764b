"""Charts by gender or by grade, read of a page."""

from collections.abc import Callable

from lxml.html import HtmlElement

from pipeline.documents.outline_splits import Key, Lane, SplitChart, SplitRow

Words = Callable[[HtmlElement], str]
"""Text of an element, tidied."""


def split_chart_of(figure: HtmlElement, words: Words) -> SplitChart:
    """A chart with a line for each group, with the positions of its marks."""
    said = figure.find("figcaption/p")
    title = words(said.find("strong"))
    note = words(said).removeprefix(title).strip(" –")
    axis = figure.find_class("axis")[0]
    rows = tuple(_row(each, words) for each in figure.find_class("row") if each.get("data-measure"))
    each_said = " ".join(f"{row.label}: {row.description}" for row in rows)
    return SplitChart(
        title=title,
        note=note,
        kind="splits",
        keys=tuple(_key(each, words) for each in figure.findall("ul/li")),
        hint=words(axis.find_class("hint")[0]),
        unit=words(axis.find_class("unit")[0]),
        whole=words(axis.find_class("q4")[0]),
        rows=rows,
        description=f"{title}, {note}. {each_said}",
    )


def _key(item: HtmlElement, words: Words) -> Key:
    [form] = [
        str(mark.get("class")).removeprefix("mark")
        for mark in item.iter("circle", "path")
    ]  # fmt: skip
    return Key(int(form), words(item))


def _row(row: HtmlElement, words: Words) -> SplitRow:
    name, svg = row.find_class("name")[0], row.find_class("lanes")[0]
    note = name.find("span")
    below = "" if note is None else words(note)
    numbers = [words(each) for each in row.findall("ul/li")]
    drawn = svg.find_class("lane")
    return SplitRow(
        label=words(name).removesuffix(below).strip(),
        note=below,
        lanes=tuple(
            Lane(
                number,
                _place(lane, "at", "x"),
                _place(lane, "whisker", "x1"),
                _place(lane, "whisker", "x2"),
            )
            for number, lane in zip(numbers, drawn, strict=True)
        ),
        description=words(svg.find("desc")),
    )


def _place(lane: HtmlElement, of_class: str, attribute: str) -> int | None:
    """Where a mark stands, in whole per cent; null if it is not drawn."""
    marks = lane.find_class(of_class)
    return int(str(marks[0].get(attribute)).removesuffix("%")) if marks else None
