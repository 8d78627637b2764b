"""Drawings of a page, as positions."""

from collections.abc import Callable
from typing import Literal, cast

from lxml.html import HtmlElement

from pipeline.documents.outline import Chart, ChartRow, Drawing, Legend, Map, MapShape, Shape
from pipeline.documents.outline_splits import SplitChart
from pipeline.documents.outlining_splits import split_chart_of
from pipeline.documents.view import MeasureKind

Words = Callable[[HtmlElement], str]
"""Text of an element, tidied."""


def figure_of(figure: HtmlElement, words: Words) -> Chart | SplitChart | Map:
    """A map, or a chart."""
    classes = str(figure.get("class")).split()
    if "map" in classes:
        return map_of(figure, words)
    return (split_chart_of if "splits" in classes else chart_of)(figure, words)


def map_of(figure: HtmlElement, words: Words) -> Map:
    """A map's areas as their corners."""
    svg, said = figure.find("svg"), figure.find("figcaption/p")
    title = words(said.find("strong"))
    _, _, width, height = map(int, str(svg.get("viewbox")).split())
    signs = svg.findall("circle")
    return Map(
        title=title,
        said=words(said).removeprefix(title).strip(),
        description=f"{words(svg.find('title'))}. {words(svg.find('desc'))}",
        width=width,
        height=height,
        shapes=tuple(
            MapShape(_rings(str(path.get("d"))), path.get("class") == "here")
            for path in svg.findall("path")
        ),
        sign=None if not signs else _circle(signs[0]),
    )


def chart_of(figure: HtmlElement, words: Words) -> Chart:
    """A chart's rows with the positions of their marks."""
    said = figure.find("figcaption/p")
    title = said.find("strong")
    axis = figure.find_class("axis")[0]
    strip = figure.find_class("strip")[0]
    note = words(said).removeprefix(words(title)).strip(" –")
    rows = tuple(_row(each, words) for each in figure.find_class("row") if each.get("data-measure"))
    each_said = " ".join(f"{row.label}: {row.description}" for row in rows)
    return Chart(
        title=words(title),
        note=note,
        kind=cast(MeasureKind, str(strip.get("class")).split()[-1]),
        hint=words(axis.find_class("hint")[0]),
        unit=words(axis.find_class("unit")[0]),
        whole=words(axis.find_class("q4")[0]),
        rows=rows,
        description=f"{words(title)}, {note}. {each_said}",
    )


def legend_of(element: HtmlElement) -> Legend:
    """What each mark means."""
    found: dict[str, str] = {}
    for item in element.findall("li"):
        classes = {str(mark.get("class")) for mark in item.iter()}
        found |= dict.fromkeys(classes, item.text_content().strip())
    return Legend(found["whisker"], found.get("rest"), found.get("norm"))


def drawing_of(svg: HtmlElement) -> Drawing:
    """A small drawing's marks; those without size have the same start and end."""
    kind = cast(Literal["series", "funnel", "rung", "span"], str(svg.get("class")))
    return Drawing(kind, tuple(_shape(each) for each in svg))


def _rings(path: str) -> tuple[tuple[tuple[int, int], ...], ...]:
    """Corners of a path as ``path_of`` writes it."""
    rings = [ring.removesuffix("Z").split() for ring in path.split("M")[1:]]
    return tuple(tuple(_corner(corner) for corner in ring) for ring in rings)


def _corner(text: str) -> tuple[int, int]:
    x, y = text.split(",")
    return int(x), int(y)


def _circle(mark: HtmlElement) -> tuple[int, int, int]:
    x, y, radius = (int(str(mark.get(name))) for name in ("cx", "cy", "r"))
    return x, y, radius


def _row(row: HtmlElement, words: Words) -> ChartRow:
    name, number = row.find_class("name")[0], row.find_class("number")[0]
    note = name.find("span")
    big, said = number.find("b"), number.find("span")
    svg = row.find_class("strip")[0]
    return ChartRow(
        measure_id=str(row.get("data-measure")),
        label=words(name).removesuffix(words(note) if note is not None else "").strip(),
        note="" if note is None else words(note),
        number="" if big is None else words(big),
        said="" if said is None else words(said),
        description=words(svg.find("desc")),
        share=_place(svg, "dot", "cx"),
        lower=_place(svg, "whisker", "x1"),
        upper=_place(svg, "whisker", "x2"),
        rest=_place(svg, "mark", "x"),
        norm=_place(svg, "norm", "x1"),
    )


def _place(svg: HtmlElement, of_class: str, attribute: str) -> int | None:
    """Where a mark stands, in whole per cent; null if it is not drawn."""
    marks = svg.find_class(of_class)
    return int(str(marks[0].get(attribute)).removesuffix("%")) if marks else None


def _shape(mark: HtmlElement) -> Shape:
    kind = str(mark.get("class"))
    if mark.tag == "line":
        return Shape(kind, *(_percent(mark, name) for name in ("x1", "y1", "x2", "y2")))
    if mark.tag == "circle":
        x, y = _percent(mark, "cx"), _percent(mark, "cy")
        return Shape(kind, x, y, x, y)
    x, y = _percent(mark, "x"), _percent(mark, "y")
    return Shape(kind, x, y, x + _percent(mark, "width"), y + _percent(mark, "height"))


def _percent(mark: HtmlElement, name: str) -> float:
    return float(str(mark.get(name, "0")).removesuffix("%"))
