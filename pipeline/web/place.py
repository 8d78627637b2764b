"""The areas of a release in the order in which they lie in each other."""

from typing import NamedTuple

import polars as pl

from pipeline.definitions.areas import Areas
from pipeline.documents.view import Lang
from pipeline.documents.wording import text_in


class Place(NamedTuple):
    """An area of a release."""

    id: str
    label: str
    level: str
    depth: int
    """0 for the whole site, 1 for what lies in it …"""


def places_of(rows: pl.DataFrame, areas: Areas) -> tuple[Place, ...]:
    """Every area once, each followed by what lies in it; brothers as ``areas.yml`` lists them.

    Args:
        rows: the table ``area``: of the newest wave an area is in, its row holds.
        areas: the site's, for the order alone.
    """
    latest = {row["area_id"]: row for row in rows.sort("wave").iter_rows(named=True)}
    listed = {area.id: number for number, area in enumerate(areas.areas)}
    order = sorted(latest, key=lambda area: (listed.get(area, len(listed)), area))
    inside: dict[str | None, list[str]] = {}
    for area in order:
        parent = latest[area]["parent_id"]
        inside.setdefault(parent if parent in latest and parent != area else None, []).append(area)
    found: list[Place] = []
    pending = [(area, 0) for area in reversed(inside.get(None, []))]
    while pending:
        area, depth = pending.pop()
        row = latest[area]
        found.append(Place(area, row["label"], row["level"], depth))
        pending += [(each, depth + 1) for each in reversed(inside.get(area, []))]
    return tuple(found)


def level_labels(areas: Areas, lang: Lang) -> dict[str, str]:
    """What each kind of area is called, from the largest to the smallest."""
    return {level.id: text_in(level.label, lang) for level in areas.levels}
