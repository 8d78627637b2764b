"""The polygons of a site's areas, in degrees, found to be polygons of these areas."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import shapely
from shapely import Geometry

from pipeline.definitions.areas import Areas
from pipeline.definitions.geojson import Feature, load_geojson
from pipeline.definitions.reading import MAX_SHOWN, nearest, path_inside
from pipeline.definitions.site import Map
from pipeline.errors import DefinitionError

LARGEST_LONGITUDE, LARGEST_LATITUDE = 180, 90

REPAIRED_WITHIN = 0.001
"""Relative difference of a polygon's size before and after a line that runs back over itself, as
real files have, is taken away. One that crosses itself differs by more: what lies inside it is
then a matter of opinion."""

SMALLEST = 1e-10
"""Square degrees, less than a square metre or two: corners on one line have no area."""

Polygons = dict[str, Geometry]
"""Valid polygons or multipolygons by area id, in the order of ``areas.yml``; WGS 84 degrees."""


class _Read(NamedTuple):
    """A feature: the area it names and its geometry, or what is wrong with it."""

    area_id: str
    geometry: Geometry | None
    problem: str


def load_polygons(folder: Path, site_map: Map, areas: Areas) -> Polygons:
    """The areas that a site's map file has polygons of; features of one area are put together.

    Args:
        folder: of the site.
        site_map: which file, and how it names areas.
        areas: of the site.

    Raises:
        DefinitionError: the file lies elsewhere, is no GeoJSON of polygons, names areas that
            are not defined, or holds coordinates or polygons that cannot be drawn.
    """
    path = path_inside(folder.resolve(), site_map.file)
    named = _names(areas)
    read = [
        _read(feature, number, site_map.property, named)
        for number, feature in enumerate(load_geojson(path).features, 1)
    ]
    if problems := [each.problem for each in read if each.problem]:
        more = len(problems) - MAX_SHOWN
        lines = [f"  {problem}" for problem in problems[:MAX_SHOWN]]
        lines += [f"  and {more} more"] if more > 0 else []
        raise DefinitionError("\n".join([f"{path}: does not fit the site's areas:", *lines]))
    parts: defaultdict[str, list[Geometry]] = defaultdict(list)
    for each in read:
        parts[each.area_id].append(each.geometry)
    return {area.id: shapely.union_all(parts[area.id]) for area in areas.areas if area.id in parts}


def _names(areas: Areas) -> dict[str, set[str]]:
    """Ids of the areas that an id or a code stands for; a code may move from one to another."""
    named: defaultdict[str, set[str]] = defaultdict(set)
    for area in areas.areas:
        for name in (area.id, *(code.code for code in area.codes)):
            named[name].add(area.id)
    return dict(named)


def _read(feature: Feature, number: int, key: str, named: dict[str, set[str]]) -> _Read:
    where = f"feature {number}"
    if key not in feature.properties:
        known = list(feature.properties)
        return _Read("", None, f"{where}: has no property {key!r}{nearest(key, known)}")
    value = feature.properties[key]
    if isinstance(value, bool) or not isinstance(value, str | int):
        return _Read("", None, f"{where}: {key}: expected text or a whole number")
    name = str(value).strip()
    if name not in named:
        near = nearest(name, list(named))
        return _Read("", None, f"{where}: {key}: {name!r} is no area's id or code{near}")
    if len(named[name]) > 1:
        both = " and ".join(sorted(named[name]))
        return _Read("", None, f"{where}: {key}: {name!r} names {both}; expected an area's id")
    problem = next(_misplaced(feature), "")
    geometry = None if problem else _polygon(feature)
    if geometry is None and not problem:
        problem = f"its polygon {_why_invalid(feature)}"
    return _Read(
        next(iter(named[name])), geometry, f"{where} ({name}): {problem}" if problem else ""
    )


def _misplaced(feature: Feature) -> Iterator[str]:
    """Coordinates that are no degrees, e.g. metres of SWEREF 99."""
    for polygon in feature.geometry.polygons:
        for longitude, latitude, *_ in (position for ring in polygon for position in ring):
            if abs(longitude) > LARGEST_LONGITUDE or abs(latitude) > LARGEST_LATITUDE:
                yield (
                    f"{longitude:g}, {latitude:g} is no place in degrees; expected longitude and "
                    "latitude in WGS 84"
                )


def _polygon(feature: Feature) -> Geometry | None:
    """The feature's area as a valid geometry; null if there is none without a guess."""
    geometry = _as_drawn(feature)
    if geometry is None or geometry.area < SMALLEST:
        return None
    if geometry.is_valid:
        return geometry
    mended = shapely.make_valid(geometry, method="structure", keep_collapsed=False)
    is_same = abs(mended.area - geometry.area) <= REPAIRED_WITHIN * geometry.area
    return mended if is_same else None


def _why_invalid(feature: Feature) -> str:
    geometry = _as_drawn(feature)
    if geometry is None:
        return "has a ring that does not end where it begins"
    if shapely.convex_hull(geometry).area < SMALLEST:
        return "has no area"
    reason = str(shapely.is_valid_reason(geometry))
    return f"crosses itself or another ({reason[0].lower()}{reason[1:]})"


def _as_drawn(feature: Feature) -> Geometry | None:
    """The feature as it is written; null where a ring is not closed."""
    polygons = [
        [[position[:2] for position in ring] for ring in rings]
        for rings in feature.geometry.polygons
    ]
    if any(ring[0] != ring[-1] for rings in polygons for ring in rings):
        return None
    return shapely.MultiPolygon([(rings[0], rings[1:]) for rings in polygons])
