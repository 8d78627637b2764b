"""Polygons in degrees in, a small drawing and what can be said of it out."""

import math
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Geometry

from pipeline.documents.map_view import Part, Ring

Corners = NDArray[np.float64]
"""Two columns: x and y."""

SIZE = 1000
"""Units of the areas' longer side together."""

MARGIN = 8
"""Units around the areas, in which half of a thick line has room."""

TOLERANCE = 3.0
"""Units that a border may move when it is simplified: less than the width of the thicker line."""

NEAR = 1.0
"""Units within which borders are the same."""

SHORTEST_BORDER = 4 * NEAR
"""Units; areas that meet in a corner have less in common."""

MIDDLE = 0.25
"""Nearer to the municipality's middle than this share of its radius, an area lies in the middle."""

SMALLEST = 3
"""Units of the side of the square that stands for an area too small to have a shape."""

PARTS: tuple[Part, ...] = (
    "east",
    "northeast",
    "north",
    "northwest",
    "west",
    "southwest",
    "south",
    "southeast",
)
"""By angle, from the x axis against the clock."""


class Layout(NamedTuple):
    """Areas in units of a drawing."""

    width: int
    height: int
    exact: dict[str, Geometry]
    """As supplied, by area id; y grows downwards."""

    rings: dict[str, tuple[Ring, ...]]
    """Simplified, neighbours alike, in whole units."""

    whole: Geometry
    """All of them together, as supplied."""


@lru_cache(maxsize=8)
def layout(areas: tuple[tuple[str, Geometry], ...]) -> Layout:
    """Areas as a drawing, the same for all documents that show these areas.

    Projected as if the earth were flat there: x is the longitude times the cosine of the mean
    latitude. Across a municipality that is off by less than a line's width.

    Args:
        areas: ids and polygons in degrees, none inside another.
    """
    polygons = [polygon for _, polygon in areas]
    west, south, east, north = map(float, shapely.total_bounds(polygons))
    narrowing = math.cos(math.radians((south + north) / 2))
    scale = SIZE / max((east - west) * narrowing, north - south)

    def placed(corners: Corners) -> Corners:
        return MARGIN + (corners - (west, north)) * (scale * narrowing, -scale)

    exact = [shapely.transform(each, placed) for each in polygons]
    drawn = shapely.coverage_simplify(exact, TOLERANCE)
    ids = [area_id for area_id, _ in areas]
    return Layout(
        width=2 * MARGIN + math.ceil((east - west) * narrowing * scale),
        height=2 * MARGIN + math.ceil((north - south) * scale),
        exact=dict(zip(ids, exact, strict=True)),
        rings={each: rings_of(shape) for each, shape in zip(ids, drawn, strict=True)},
        whole=shapely.union_all(exact),
    )


def rings_of(shape: Geometry) -> tuple[Ring, ...]:
    """A shape's rings with corners in whole units; a small square where no ring is left."""
    rings = tuple(ring for ring in map(_whole, _boundaries(shape)) if len(ring) > 2)
    if rings:
        return rings
    middle = shapely.point_on_surface(shape)
    x, y = round(middle.x), round(middle.y)
    return (((x, y), (x + SMALLEST, y), (x + SMALLEST, y + SMALLEST), (x, y + SMALLEST)),)


def _boundaries(shape: Geometry) -> Iterator[Geometry]:
    for polygon in shapely.get_parts(shape):
        yield polygon.exterior
        yield from polygon.interiors


def _whole(boundary: Geometry) -> Ring:
    """Corners in whole units, none twice in a row."""
    corners: list[tuple[int, int]] = []
    for x, y in boundary.coords:
        corner = round(x), round(y)
        if not corners or corner != corners[-1]:
            corners.append(corner)
    return tuple(corners[:-1])


def neighbours(shapes: Mapping[str, Geometry], here: str) -> list[str]:
    """Ids of the areas that have a border in common with one, the longest border first."""
    around = shapely.buffer(shapes[here], NEAR)
    borders = {
        each: shapely.intersection(around, shapely.boundary(shape)).length
        for each, shape in shapes.items()
        if each != here and shapely.intersects(around, shape)
    }
    found = [each for each, border in borders.items() if border > SHORTEST_BORDER]
    return sorted(found, key=lambda each: -borders[each])


def part_of(whole: Geometry, here: Geometry) -> Part:
    """In which part of all areas together the middle of one lies."""
    middle, own = shapely.centroid(whole), shapely.centroid(here)
    x, y = own.x - middle.x, middle.y - own.y
    if math.hypot(x, y) < MIDDLE * math.sqrt(whole.area / math.pi):
        return "middle"
    eighth = math.tau / len(PARTS)
    return PARTS[round(math.atan2(y, x) / eighth) % len(PARTS)]
