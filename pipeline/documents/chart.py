"""Where marks stand in the charts, as percentages of the drawing's width and height."""

from itertools import pairwise
from typing import NamedTuple

from pipeline.disclosure.figure import whole_percent
from pipeline.documents.comparison_view import FunnelArea
from pipeline.documents.view import WaveFigure


class Point(NamedTuple):
    """One wave's share in a series."""

    x: str
    y: str
    is_comparable: bool
    """False where the wave cannot be compared with the document's wave."""


class Segment(NamedTuple):
    """A line between two comparable neighbours."""

    start: Point
    end: Point


class Series(NamedTuple):
    """A measure over the waves."""

    points: tuple[Point, ...]
    segments: tuple[Segment, ...]
    breaks: tuple[str, ...]
    """Places between neighbours of which one can be compared with the document's wave."""


class FunnelMark(NamedTuple):
    """One area of a funnel: a column with two bands and a dot, places as of ``position``."""

    area: FunnelArea
    left: str
    width: str
    middle: str
    top_998: str
    height_998: str
    top_95: str
    height_95: str
    y: str


class Funnel(NamedTuple):
    """Areas beside the limits that chance keeps them within."""

    marks: tuple[FunnelMark, ...]
    common: str
    """Height of the share that holds if no area differs."""


def position(share: float) -> str:
    """``41%``: where a share stands on an axis from 0 to 100 per cent.

    Rounded as the printed number is: a drawing must not tell more than its text, since a
    share with decimals gives away the counts behind it.
    """
    return f"{min(max(whole_percent(share), 0), 100)}%"


def series(waves: tuple[WaveFigure, ...]) -> Series:
    """The shown figures of ``waves`` by year, 0 to 100 per cent upwards.

    Neighbouring waves are joined only when both are shown and comparable; a hidden wave
    between two others leaves a gap.
    """
    first, last = waves[0].wave, waves[-1].wave
    span = max(last - first, 1)
    points = [_point(each, (each.wave - first) / span) for each in waves]
    joined = [
        Segment(start, end)
        for start, end in pairwise(points)
        if start and end and start.is_comparable and end.is_comparable
    ]
    breaks = [
        position((start.wave + end.wave - 2 * first) / 2 / span)
        for start, end in pairwise(waves)
        if (start.break_reason is None) != (end.break_reason is None)
    ]
    return Series(tuple(point for point in points if point), tuple(joined), tuple(breaks))


def funnel(areas: tuple[FunnelArea, ...], share: float) -> Funnel:
    """The areas side by side in the order given, 0 to 100 per cent upwards.

    Args:
        areas: not empty.
        share: of the whole they are parts of.
    """
    marks = [_funnel_mark(area, place, len(areas)) for place, area in enumerate(areas)]
    return Funnel(tuple(marks), position(1 - share))


def _funnel_mark(area: FunnelArea, place: int, n_areas: int) -> FunnelMark:
    top_998, height_998 = _band(area.lower_998, area.upper_998)
    top_95, height_95 = _band(area.lower_95, area.upper_95)
    return FunnelMark(
        area,
        left=_along(place, n_areas),
        width=_along(1, n_areas),
        middle=_along(place + 0.5, n_areas),
        top_998=top_998,
        height_998=height_998,
        top_95=top_95,
        height_95=height_95,
        y=position(1 - area.share),
    )


def _band(lower: float, upper: float) -> tuple[str, str]:
    """Upper edge and height, between limits rounded as their text is."""
    top, bottom = 100 - whole_percent(upper), 100 - whole_percent(lower)
    return f"{top}%", f"{bottom - top}%"


def _along(places: float, n_places: int) -> str:
    return f"{100 * places / n_places:.2f}%"


def _point(wave: WaveFigure, along: float) -> Point | None:
    if wave.figure.share is None:
        return None
    return Point(position(along), position(1 - wave.figure.share), wave.break_reason is None)
