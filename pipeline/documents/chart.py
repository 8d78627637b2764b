"""Where marks stand in the charts, as percentages of the drawing's width and height."""

from itertools import pairwise
from typing import NamedTuple

from pipeline.documents.view import WaveFigure
from pipeline.documents.wording import whole_percent


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
    return Series(tuple(point for point in points if point), tuple(joined))


def _point(wave: WaveFigure, along: float) -> Point | None:
    if wave.figure.share is None:
        return None
    return Point(position(along), position(1 - wave.figure.share), wave.break_reason is None)
