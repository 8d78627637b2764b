"""Where marks stand in drawings, read back as percentages."""

from typing import NamedTuple

from pipeline.attack.html_tree import Element
from pipeline.attack.printed import Printed, numbers_in

FIXED = frozenset({0.0, 25.0, 50.0, 75.0, 100.0})
"""Where grid lines stand."""

PLACES = ("x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "width", "height")

FURNITURE = frozenset({"grid", "norm", "break", "join", "band", "inner", "track", "fill", "rest"})
"""Classes of marks that stand for no figure of the area's own."""


class Mark(NamedTuple):
    """A position that stands for a figure."""

    what: str
    printed: Printed
    wave: int | None = None
    """Null: the page's own."""


class Drawing(NamedTuple):
    """What a drawing says, and marks that nobody declared."""

    marks: tuple[Mark, ...]
    unknown: tuple[str, ...]


def read_strip(drawing: Element) -> Drawing:
    """A bar with a dot and a whisker, and a diamond for the rest."""
    marks, unknown = [], []
    for element in drawing.walk():
        if element.has("bar"):
            marks += _marks(element, {"width": "percent"})
        elif element.has("dot"):
            marks += _marks(element, {"cx": "percent"})
        elif element.has("whisker"):
            marks += _marks(element, {"x1": "lower", "x2": "upper"})
        elif element.has("mark"):
            marks += _marks(element, {"x": "rest"})
        else:
            unknown += undeclared(element)
    return Drawing(tuple(marks), tuple(unknown))


def read_lane(drawing: Element) -> Drawing:
    """One group's line: a mark with a whisker."""
    marks, unknown = [], []
    for element in drawing.walk():
        if element.has("at"):
            marks += _marks(element, {"x": "percent"})
        elif element.has("whisker"):
            marks += _marks(element, {"x1": "lower", "x2": "upper"})
        else:
            unknown += undeclared(element)
    return Drawing(tuple(marks), tuple(unknown))


def read_series(drawing: Element, waves: tuple[int, ...]) -> Drawing:
    """Dots of one measure over the waves, 0 to 100 per cent upwards."""
    marks, unknown = [], []
    first, last = (waves[0], waves[-1]) if waves else (0, 0)
    for element in drawing.walk():
        if element.has("dot"):
            across = _position(element, "cx")
            height = _position(element, "cy")
            if across is None or height is None:
                unknown.append("dot without a place")
                continue
            year = first + across.value / 100 * (last - first)
            wave = min(waves, key=lambda each: abs(each - year), default=None)
            up = Printed(100 - height.value, height.decimals)
            marks.append(Mark("percent", up, wave))
        else:
            unknown += undeclared(element)
    return Drawing(tuple(marks), tuple(unknown))


def read_funnel(drawing: Element) -> Drawing:
    """Dots of areas that are not named, 0 to 100 per cent upwards."""
    marks, unknown = [], []
    for element in drawing.walk():
        height = _position(element, "cy")
        if element.has("dot") and height is not None:
            marks.append(Mark("percent", Printed(100 - height.value, height.decimals)))
        else:
            unknown += undeclared(element)
    return Drawing(tuple(marks), tuple(unknown))


def _marks(element: Element, places: dict[str, str]) -> list[Mark]:
    found = ((what, _position(element, place)) for place, what in places.items())
    return [Mark(what, printed) for what, printed in found if printed is not None]


def _position(element: Element, place: str) -> Printed | None:
    numbers = numbers_in(element.attributes.get(place, ""))
    return numbers[0] if len(numbers) == 1 else None


def undeclared(element: Element) -> list[str]:
    """Positions in per cent of a mark that is neither declared nor part of the grid."""
    if FURNITURE & set(element.attributes.get("class", "").split()):
        return []
    return [
        f"{element.tag} at a position of its own"
        for place in PLACES
        if element.attributes.get(place, "").endswith("%")
        and not {number.value for number in numbers_in(element.attributes[place])} <= FIXED
    ]
