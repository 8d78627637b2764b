"""Malmö's sub-areas as a made-up site: every area drawn once, and the page stays small."""

import json
import os
import re
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from pipeline import REPOSITORY
from pipeline.definitions.areas import Area, Areas
from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.polygons import load_polygons
from pipeline.definitions.site import Map
from pipeline.documents.area_map import area_map
from pipeline.documents.map_view import AreaMap
from pipeline.documents.render import render_profile
from tests.documents.sample_profile import PROFILE
from tests.made_definitions import (
    MADE_UP,
    ONE_TO_FOUR,
    made_catalogue,
    made_factor,
    made_instrument,
)
from tests.made_map import area

REAL_DATA = (REPOSITORY / os.environ.get("REAL_DATA", "../shared/data")).resolve()
FOLDER, FILE = REAL_DATA / "geo", "malmo_delomraden_wgs84.geojson"
DAY = date(2025, 10, 6)
MOST_BYTES = 30_000
N_AREAS = 136

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(
        not (FOLDER / FILE).is_file(),
        reason=f"{FOLDER / FILE} is not there: name the folder that holds geo in REAL_DATA",
    ),
]


@pytest.fixture(scope="module")
def malmo() -> Catalogue:
    """A site whose areas are those of the file, called by their codes."""
    features = json.loads((FOLDER / FILE).read_text("utf-8"))["features"]
    said = [feature["properties"] for feature in features]
    levels = [{"id": each, "label": {"sv": each, "en": each}} for each in ("town", "part")]
    places = [
        area(f"a{each['do_kod']}", "part", code=str(each["do_kod"])).model_copy(
            update={"label": each["delomrade"].title()}
        )
        for each in said
    ]
    areas = Areas.model_validate(
        {
            "source": MADE_UP,
            "levels": levels,
            "areas": [Area(id="stad", label="Malmö", level="town"), *places],
        }
    )
    made = made_catalogue(
        made_instrument({"often": ONE_TO_FOUR}), factors=[made_factor("scale", ["often"])]
    )
    site = made.site.model_copy(update={"root_area": "stad"})
    polygons = load_polygons(FOLDER, Map(file=FILE, property="do_kod", source=MADE_UP), areas)
    return made._replace(site=site, areas=areas, polygons=polygons)


def maps_of(malmo: Catalogue) -> dict[str, AreaMap]:
    assert malmo.polygons is not None
    found = {each: area_map(malmo, malmo.polygons, each, DAY) for each in malmo.polygons}
    return {each: drawn for each, drawn in found.items() if drawn}


def test_every_area_is_drawn_once_and_marked_in_its_own_map(malmo: Catalogue) -> None:
    labels = Counter(each.label for each in malmo.areas.areas if each.id != "stad")
    found = maps_of(malmo)
    assert len(found) == len(malmo.polygons or ()) == N_AREAS
    for drawn in found.values():
        assert Counter(shape.label for shape in drawn.shapes) == labels
        assert [shape.is_here for shape in drawn.shapes].count(True) == 1
        assert all(len(ring) > 2 for shape in drawn.shapes for ring in shape.rings)


def test_neighbours_are_each_other_s(malmo: Catalogue) -> None:
    labels = {each.id: each.label for each in malmo.areas.areas}
    found = {labels[each]: drawn for each, drawn in maps_of(malmo).items()}
    for label, drawn in found.items():
        for other in drawn.neighbours:
            if not found[other].has_more_neighbours:
                assert label in found[other].neighbours, (label, other)


def test_the_drawing_stays_small(malmo: Catalogue) -> None:
    drawn = max(maps_of(malmo).values(), key=lambda each: len(str(each)))
    html = render_profile(replace(PROFILE, map=drawn))
    [svg] = re.findall(r"<svg viewBox.*?</svg>", html, re.DOTALL)
    assert len(svg.encode()) < MOST_BYTES
