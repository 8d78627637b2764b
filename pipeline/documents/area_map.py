"""Polygons of areas in, the map that a profile shows out."""

from datetime import date

import shapely
from shapely import Geometry

from pipeline.definitions.areas import Area
from pipeline.definitions.catalogue import Catalogue, ancestors_on
from pipeline.definitions.polygons import Polygons
from pipeline.documents.map_geometry import SIZE, Layout, layout, neighbours, part_of
from pipeline.documents.map_view import AreaMap, MapShape

MAX_NEIGHBOURS = 5
"""Neighbours that are named: more do not help to find the place."""

SMALL = SIZE // 20
"""Units; an area that is smaller in both directions has a circle drawn around it."""

ROOM = SIZE // 40
"""Units between such an area and the circle."""


def area_map(catalogue: Catalogue, polygons: Polygons, area_id: str, day: date) -> AreaMap | None:
    """Where an area lies among the others of its level.

    Args:
        catalogue: the site's definitions.
        polygons: of some of its areas.
        area_id: one of the site's areas.
        day: that decides what lies in what.

    Returns:
        Null for the municipality, which lies in nothing, and where there is no polygon of the
        area or of any area in it.
    """
    shown = _shown(catalogue, polygons, area_id, day)
    if area_id == catalogue.site.root_area or area_id not in shown:
        return None
    drawing = layout(tuple(shown.items()))
    labels = {area.id: area.label for area in catalogue.areas.areas}
    beside = neighbours(drawing.exact, area_id)
    # What is drawn last is not covered by the lines of others.
    order = sorted(drawing.rings, key=lambda each: each == area_id)
    return AreaMap(
        width=drawing.width,
        height=drawing.height,
        shapes=tuple(
            MapShape(labels[each], drawing.rings[each], each == area_id) for each in order
        ),
        sign=_sign(drawing, area_id),
        part=part_of(drawing.whole, drawing.exact[area_id]),
        neighbours=tuple(labels[each] for each in beside[:MAX_NEIGHBOURS]),
        has_more_neighbours=len(beside) > MAX_NEIGHBOURS,
    )


def _shown(
    catalogue: Catalogue, polygons: Polygons, area_id: str, day: date
) -> dict[str, Geometry]:
    """Areas that together are the municipality, none inside another, by id.

    Those of the same level as the document's; where there is none, the largest that have a
    polygon.
    """
    levels = [level.id for level in catalogue.areas.levels]
    areas = {area.id: area for area in catalogue.areas.areas if area.id != catalogue.site.root_area}
    own_level = next((areas[each].level for each in areas if each == area_id), None)
    chains = {each: ancestors_on(catalogue.areas, each, day) for each in areas}

    def rank(area: Area) -> tuple[bool, int]:
        return area.level != own_level, levels.index(area.level)

    shown: dict[str, Geometry] = {}
    for area in sorted(areas.values(), key=rank):
        related = [*chains[area.id], *(each for each in areas if area.id in chains[each])]
        shape = _shape(polygons, area.id, chains)
        if shape is not None and not shown.keys() & set(related):
            shown[area.id] = shape
    return shown


def _shape(polygons: Polygons, area_id: str, chains: dict[str, list[str]]) -> Geometry | None:
    """An area's own polygon, or else all of those that lie in it; null where there is none."""
    if area_id in polygons:
        return polygons[area_id]
    inside = [polygon for each, polygon in polygons.items() if area_id in chains.get(each, ())]
    return shapely.union_all(inside) if inside else None


def _sign(drawing: Layout, area_id: str) -> tuple[int, int, int] | None:
    """A circle around an area that is hard to see."""
    corners = [corner for ring in drawing.rings[area_id] for corner in ring]
    (left, right), (top, bottom) = ((min(each), max(each)) for each in zip(*corners, strict=True))
    size = max(right - left, bottom - top)
    if size >= SMALL:
        return None
    return (left + right) // 2, (top + bottom) // 2, size // 2 + ROOM
