"""A municipality of squares: west and east, each of a north and a south; an islet; one without."""

import json
from pathlib import Path
from typing import Any

from pipeline.definitions.areas import Area, Areas
from pipeline.definitions.polygons import Polygons, load_polygons
from pipeline.definitions.site import Map
from tests.made_definitions import MADE_UP

FILE = "areas.geojson"
MAP = Map(file=FILE, property="kod", source=MADE_UP)
LABEL = {"sv": "text", "en": "text"}
WEST, SOUTH, SIDE = 17.0, 60.0, 0.02

SQUARES = {"nw": (0, 1), "ne": (1, 1), "sw": (0, 0), "se": (1, 0)}
"""Column and row."""


def area(area_id: str, level: str, parent: str = "stad", code: str = "") -> Area:
    """An area that lies in another."""
    return Area.model_validate(
        {
            "id": area_id,
            "label": area_id.title(),
            "level": level,
            "codes": [{"code": code}] if code else [],
            "lies_in": [{"area": parent, "source": MADE_UP, "status": "sample_data"}],
        }
    )


AREAS = Areas.model_validate(
    {
        "source": MADE_UP,
        "levels": [{"id": each, "label": LABEL} for each in ("town", "district", "part")],
        "areas": [
            Area(id="stad", label="Stad", level="town"),
            area("west", "district"),
            area("east", "district"),
            area("nw", "part", "west", "1"),
            area("sw", "part", "west", "2"),
            area("ne", "part", "east", "3"),
            area("se", "part", "east", "4"),
            area("islet", "part", "stad", "5"),
            area("unseen", "part", "east", "6"),
        ],
    }
)


def square(x: float, y: float, side: float = 1.0) -> list[list[float]]:
    """A closed ring, in degrees; ``x`` and ``y`` count sides of a square."""
    corners = [(x, y), (x + side, y), (x + side, y + side), (x, y + side), (x, y)]
    return [[WEST + SIDE * across, SOUTH + SIDE * up] for across, up in corners]


def feature(name: object, *rings: list[list[float]]) -> dict[str, Any]:
    """A polygon, named as the file names areas."""
    geometry = {"type": "Polygon", "coordinates": list(rings)}
    return {"type": "Feature", "properties": {"kod": name}, "geometry": geometry}


def features() -> list[dict[str, Any]]:
    """Every square by its area's id; the islet by its code, in two parts."""
    return [
        *(feature(each, square(x, y)) for each, (x, y) in SQUARES.items()),
        feature(5, square(3.0, 3.0, 0.02)),
        feature("5", square(3.05, 3.0, 0.02)),
    ]


def geojson(content: list[dict[str, Any]]) -> str:
    """A file of features."""
    return json.dumps({"type": "FeatureCollection", "features": content})


def made_polygons(folder: Path) -> Polygons:
    """The squares, read from a file in ``folder``."""
    (folder / FILE).write_text(geojson(features()), "utf-8")
    return load_polygons(folder, MAP, AREAS)
