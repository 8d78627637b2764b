"""Files of polygons: what is refused, with which words."""

import re
from pathlib import Path
from typing import Any

import pytest

from pipeline.definitions.polygons import load_polygons
from pipeline.errors import DefinitionError
from tests.made_map import AREAS, FILE, MAP, feature, features, geojson, made_polygons, square

GOOD = features()
BOWTIE = [[17.0, 60.0], [17.1, 60.1], [17.1, 60.0], [17.0, 60.1], [17.0, 60.0]]
LINE = [[17.0, 60.0], [17.1, 60.1], [17.2, 60.2], [17.0, 60.0]]
METRES = [[x * 1e5, y * 1e5] for x, y in square(0, 0)]
EXPECTED = "expected a GeoJSON FeatureCollection whose features are Polygon or MultiPolygon."


def point() -> dict[str, Any]:
    return feature("nw") | {"geometry": {"type": "Point", "coordinates": [17.0, 60.0]}}


BROKEN = {
    "not JSON": ("{", "the file: Invalid JSON: EOF while parsing"),
    "not GeoJSON": ("[1]", "the file: "),
    "no features": (geojson([]), "the file: List should have at least 1 item"),
    "an endless number": (
        geojson([feature("nw", [[17.0, float("nan")]] * 4)]),
        "feature 1, geometry, ",
    ),
    "a point": (geojson([*GOOD, point()]), "feature 7, geometry: Input tag 'Point'"),
    "no geometry": (geojson([feature("nw") | {"geometry": None}]), "feature 1, geometry: "),
    "empty geometry": (geojson([feature("nw")]), "feature 1, geometry, Polygon, coordinates: "),
    "a ring of three": (geojson([feature("nw", square(0, 0)[:3])]), "feature 1, geometry, "),
}
MISFITS = {
    "metres": (
        feature("nw", METRES),
        "feature 1 (nw): 1.7e+06, 6e+06 is no place in degrees; expected longitude and latitude "
        "in WGS 84",
    ),
    "no such area": (
        feature("islets", square(0, 0)),
        "feature 1: kod: 'islets' is no area's id or code; nearest is 'islet'",
    ),
    "no such property": (
        feature("nw", square(0, 0)) | {"properties": {"KOD": 1}},
        "feature 1: has no property 'kod'; nearest is 'KOD'",
    ),
    "half a number": (
        feature(1.5, square(0, 0)), "feature 1: kod: expected text or a whole number"
    ),
    "yes or no": (
        feature(True, square(0, 0)), "feature 1: kod: expected text or a whole number"
    ),
    "crossing itself": (
        feature(1, BOWTIE),
        "feature 1 (1): its polygon crosses itself or another (self-intersection[17.05 60.05])",
    ),
    "an open ring": (
        feature("nw", square(0, 0)[:-1]),
        "feature 1 (nw): its polygon has a ring that does not end where it begins",
    ),
    "without area": (feature("nw", LINE), "feature 1 (nw): its polygon has no area"),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_what_is_no_geojson_is_refused_in_one_message(tmp_path: Path, case: str) -> None:
    text, said = BROKEN[case]
    path = tmp_path / FILE
    path.write_text(text, "utf-8")
    with pytest.raises(DefinitionError, match=re.escape(f"{path}: {said}")) as refused:
        load_polygons(tmp_path, MAP, AREAS)
    assert str(refused.value).endswith(EXPECTED)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("case", MISFITS)
def test_what_cannot_be_an_area_is_refused(tmp_path: Path, case: str) -> None:
    content, said = MISFITS[case]
    path = tmp_path / FILE
    path.write_text(geojson([content, *GOOD]), "utf-8")
    with pytest.raises(DefinitionError, match=r"does not fit the site's areas") as refused:
        load_polygons(tmp_path, MAP, AREAS)
    assert str(refused.value).split("\n  ") == [f"{path}: does not fit the site's areas:", said]


def test_all_misfits_are_said_at_once_up_to_a_limit(tmp_path: Path) -> None:
    unknown = [feature(f"x{n}", square(0, 0)) for n in range(60)]
    (tmp_path / FILE).write_text(geojson(unknown), "utf-8")
    with pytest.raises(DefinitionError, match=r"and 10 more$") as refused:
        load_polygons(tmp_path, MAP, AREAS)
    assert str(refused.value).count("\n") == 51


def test_a_code_of_two_areas_is_no_name(tmp_path: Path) -> None:
    codes = AREAS.areas[3].codes
    moved = AREAS.areas[4].model_copy(update={"codes": codes})
    areas = AREAS.model_copy(update={"areas": (*AREAS.areas[:4], moved, *AREAS.areas[5:])})
    (tmp_path / FILE).write_text(geojson([feature("1", square(0, 0))]), "utf-8")
    with pytest.raises(DefinitionError, match="kod: '1' names nw and sw; expected an area's id"):
        load_polygons(tmp_path, MAP, areas)


@pytest.mark.parametrize("file", ["../areas.geojson", "/areas.geojson"])
def test_a_file_outside_the_site_is_refused(tmp_path: Path, file: str) -> None:
    with pytest.raises(DefinitionError, match="lies outside"):
        load_polygons(tmp_path, MAP.model_copy(update={"file": file}), AREAS)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="cannot be read: No such file"):
        load_polygons(tmp_path, MAP, AREAS)


def test_areas_are_named_by_id_or_code_and_put_together(tmp_path: Path) -> None:
    polygons = made_polygons(tmp_path)
    assert list(polygons) == ["nw", "sw", "ne", "se", "islet"]
    assert [len(polygons[each].geoms) for each in ("islet",)] == [2]
    assert polygons["nw"].area == pytest.approx(0.02**2)


def test_a_line_that_runs_back_over_itself_is_taken_away(tmp_path: Path) -> None:
    ring = square(0, 0)
    ring[1:1] = [[17.02, 60.0], [17.05, 60.0]]
    (tmp_path / FILE).write_text("\ufeff" + geojson([feature("nw", ring)]), "utf-8")
    polygons = load_polygons(tmp_path, MAP, AREAS)
    assert polygons["nw"].is_valid
    assert polygons["nw"].area == pytest.approx(0.02**2)
