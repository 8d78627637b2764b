"""Where an area lies: what is drawn of it, and what is said."""

import re
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pipeline.attack.html_residue import residue
from pipeline.attack.html_tree import parse
from pipeline.attack.names import Names
from pipeline.attack.policy import Policy
from pipeline.definitions.catalogue import Catalogue
from pipeline.documents.area_map import area_map
from pipeline.documents.map_geometry import rings_of
from pipeline.documents.map_view import AreaMap
from pipeline.documents.outline import Map
from pipeline.documents.outlining import outline_of
from pipeline.documents.render import render_profile
from tests.documents.sample_map import SAMPLE_MAP
from tests.documents.sample_profile import PROFILE
from tests.made_definitions import ONE_TO_FOUR, made_catalogue, made_factor, made_instrument
from tests.made_map import AREAS, made_polygons

DAY = date(2025, 10, 6)
WITH_MAP = replace(PROFILE, map=SAMPLE_MAP)


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    made = made_catalogue(
        made_instrument({"often": ONE_TO_FOUR}), factors=[made_factor("scale", ["often"])]
    )
    site = made.site.model_copy(update={"root_area": "stad"})
    return made._replace(site=site, areas=AREAS, polygons=made_polygons(tmp_path))


def map_of(catalogue: Catalogue, area_id: str) -> AreaMap | None:
    assert catalogue.polygons is not None
    return area_map(catalogue, catalogue.polygons, area_id, DAY)


def shown(catalogue: Catalogue, area_id: str) -> AreaMap:
    found = map_of(catalogue, area_id)
    assert found is not None
    return found


def test_every_area_of_the_level_is_drawn_once_its_own_last(catalogue: Catalogue) -> None:
    found = shown(catalogue, "nw")
    assert Counter(shape.label for shape in found.shapes) == Counter(
        ["Nw", "Ne", "Sw", "Se", "Islet"]
    )
    assert [shape.label for shape in found.shapes if shape.is_here] == ["Nw"]
    assert found.shapes[-1].is_here


def test_a_district_is_the_areas_that_lie_in_it(catalogue: Catalogue) -> None:
    found = shown(catalogue, "west")
    assert [shape.label for shape in found.shapes] == ["East", "Islet", "West"]
    assert (found.neighbours, found.part) == (("East",), "west")
    # The border between its parts is gone: as many corners as a rectangle has.
    [ring] = found.shapes[-1].rings
    assert len(ring) == 4


@pytest.mark.parametrize(
    ("area", "part", "neighbours"),
    [
        ("nw", "northwest", {"Ne", "Sw"}),
        ("ne", "northeast", {"Nw", "Se"}),
        ("sw", "southwest", {"Nw", "Se"}),
        ("se", "southeast", {"Ne", "Sw"}),
        ("islet", "northeast", set()),
    ],
)
def test_neighbours_have_a_border_in_common_and_not_a_corner(
    catalogue: Catalogue, area: str, part: str, neighbours: set[str]
) -> None:
    found = shown(catalogue, area)
    assert (found.part, set(found.neighbours)) == (part, neighbours)
    assert not found.has_more_neighbours


def test_north_is_up(catalogue: Catalogue) -> None:
    shapes = {shape.label: shape.rings[0] for shape in shown(catalogue, "nw").shapes}
    lowest = {label: max(y for _, y in ring) for label, ring in shapes.items()}
    leftmost = {label: min(x for x, _ in ring) for label, ring in shapes.items()}
    assert lowest["Islet"] < lowest["Nw"] < lowest["Sw"]
    assert leftmost["Nw"] == leftmost["Sw"] < leftmost["Ne"] < leftmost["Islet"]


def test_a_degree_of_longitude_is_narrower_than_one_of_latitude(catalogue: Catalogue) -> None:
    found = shown(catalogue, "nw")
    # At 60 degrees north it is half of it.
    assert (found.width - 16) / (found.height - 16) == pytest.approx(0.5, abs=0.02)


def test_a_small_area_has_a_sign_and_a_large_one_none(catalogue: Catalogue) -> None:
    found = shown(catalogue, "islet")
    assert found.sign is not None
    x, y, radius = found.sign
    corners = [corner for ring in found.shapes[-1].rings for corner in ring]
    assert all(abs(left - x) < radius and abs(top - y) < radius for left, top in corners)
    assert shown(catalogue, "nw").sign is None


def test_a_shape_smaller_than_a_unit_is_still_drawn(catalogue: Catalogue) -> None:
    assert catalogue.polygons is not None
    [ring] = rings_of(catalogue.polygons["islet"])
    assert len(set(ring)) == 4


def test_there_is_no_map_of_the_municipality_or_without_polygons(catalogue: Catalogue) -> None:
    assert map_of(catalogue, "stad") is None
    assert map_of(catalogue, "unseen") is None


def test_the_same_polygons_give_the_same_page(catalogue: Catalogue, tmp_path: Path) -> None:
    again = catalogue._replace(polygons=made_polygons(tmp_path))
    pages = [
        render_profile(replace(PROFILE, map=map_of(each, "nw"))) for each in (catalogue, again)
    ]
    assert pages[0] == pages[1]


@pytest.mark.parametrize(
    ("lang", "changes", "said"),
    [
        ("sv", {}, "Norrby ligger i kommunens nordvästra del, intill Söderby och Åby & <i>Ö</i>."),
        ("sv", {"neighbours": (), "part": "middle"}, "Norrby ligger mitt i kommunen."),
        ("sv", {"has_more_neighbours": True, "neighbours": ("A", "B", "C")},
         "Norrby ligger i kommunens nordvästra del, intill bland annat A, B och C."),
        ("en", {"part": "south", "neighbours": ("A", "B")},
         "Norrby lies in the southern part of the municipality, next to A and B."),
        ("en", {"has_more_neighbours": True, "neighbours": ("A", "B")},
         "Norrby lies in the north-western part of the municipality, next to A and B, among "
         "others."),
    ],
)  # fmt: skip
def test_the_map_is_said_in_words(lang: str, changes: dict[str, object], said: str) -> None:
    profile = replace(PROFILE, lang=lang, map=replace(SAMPLE_MAP, **changes))  # type: ignore[arg-type]
    [found] = [
        block for block in outline_of(render_profile(profile)).blocks if isinstance(block, Map)
    ]
    assert found.said == said
    assert found.description.endswith(f"Norrby. {said}" if lang == "sv" else f"lies. {said}")


def test_the_outline_has_the_corners_of_the_page() -> None:
    blocks = outline_of(render_profile(WITH_MAP)).blocks
    [found] = [block for block in blocks if isinstance(block, Map)]
    assert [(shape.rings, shape.is_here) for shape in found.shapes] == [
        (shape.rings, shape.is_here) for shape in SAMPLE_MAP.shapes
    ]
    assert (found.width, found.height, found.sign) == (516, 1016, (258, 258, 60))


def test_a_picture_is_named_and_described_and_has_no_number_to_read() -> None:
    html = render_profile(WITH_MAP)
    [svg] = re.findall(r"<svg viewBox.*?</svg>", html, re.DOTALL)
    assert 'role="img" aria-labelledby="map-title map-words"' in svg
    assert svg.count('class="here"') == 1
    assert not re.search(r">[^<]*\d[^<]*<", svg)


def test_names_stay_text() -> None:
    assert "<title>Åby &amp; &lt;i&gt;Ö&lt;/i&gt;</title>" in render_profile(WITH_MAP)


def test_the_attacker_takes_corners_for_layout() -> None:
    def found(html: str) -> list[str]:
        return [each.says for each in residue(parse(html)[0], [], Names(), Policy(), "page")]

    assert found(render_profile(WITH_MAP)) == found(render_profile(PROFILE))


def test_a_site_without_polygons_shows_nothing() -> None:
    html = render_profile(PROFILE)
    assert '<figure class="map"' not in html
    assert 'beside-map">' not in html
