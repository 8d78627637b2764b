"""What the explorer embeds is what the release has published, and tells nothing more."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from pipeline.attack.release import open_release as open_as_stranger
from pipeline.attack.tables import read_table
from pipeline.web.explorer import GROUP, MARKS
from pipeline.web.pages import Source

KEYS = ("wave", "area_id", "grade", "gender", "measure_id")
NUMBERS = ("n", "percent", "percent_lower", "percent_upper", "is_unreliable")
COLUMNS = (*KEYS, "status", *NUMBERS)


def embedded(page: Path) -> Any:
    """The data of an explorer on disk."""
    script = re.compile(r'<script type="application/json" id="data">(.*?)</script>', re.DOTALL)
    [text] = script.findall(page.read_text("utf-8"))
    return json.loads(text)


def decoded(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The embedded figures as rows of ``estimate`` again."""
    statuses = {mark: status for status, mark in MARKS.items()}
    axes = [
        data["waves"],
        *([each["id"] for each in data[name]] for name in ("areas", "grades", "genders")),
    ]
    rows = []
    for *places, cells in data["figures"]:
        group = [axis[place] for axis, place in zip(axes, places, strict=True)]
        keys = dict(zip(GROUP, group, strict=True)) | {"wave": int(group[0])}
        for measure, cell in zip(data["measures"], cells, strict=True):
            if cell is not None:
                rows.append(keys | {"measure_id": measure["id"]} | as_row(cell, statuses))
    return rows


def as_row(cell: str | list[Any], statuses: Mapping[str, str]) -> dict[str, Any]:
    nothing = dict.fromkeys(("n", "percent", "percent_lower", "percent_upper", "is_unreliable"))
    if isinstance(cell, str):
        return nothing | {"status": statuses[cell]}
    if isinstance(cell[0], str):
        return nothing | {"status": statuses[cell[0]], "n": cell[1]}
    numbers = dict(zip(nothing, cell, strict=True))
    return numbers | {"status": "shown", "is_unreliable": bool(cell[4])}


def published(source: Source) -> list[dict[str, Any]]:
    """Every figure of the database, read by other means than the pages'."""
    path = source.released.folder / "published.duckdb"
    with duckdb.connect(str(path), read_only=True) as connection:
        found = connection.execute(f"select {', '.join(COLUMNS)} from estimate")  # noqa: S608
        return [dict(zip(COLUMNS, row, strict=True)) for row in found.fetchall()]


def by_key(rows: list[dict[str, Any]]) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    return {
        tuple(row[name] for name in KEYS): tuple(row[name] for name in COLUMNS[5:]) for row in rows
    }


@pytest.mark.parametrize("name", ["explorer.html", "en/explorer.html"])
def test_every_embedded_figure_is_the_published_one(
    source: Source, website: Path, name: str
) -> None:
    rows = decoded(embedded(website / name))
    expected = published(source)
    assert len(rows) == len(expected) > 30_000
    found, wanted = by_key(rows), by_key(expected)
    assert found.keys() == wanted.keys()
    for key, figure in wanted.items():
        # Whether a figure that is not shown would be reliable is not embedded.
        if figure[0] == "shown":
            assert found[key] == figure, key
        else:
            assert found[key][:5] == figure[:5], key


def test_a_hidden_figure_has_no_number_but_its_base(website: Path) -> None:
    hidden = [
        row for row in decoded(embedded(website / "explorer.html")) if row["status"] == "suppressed"
    ]
    assert hidden
    assert {row[name] for row in hidden for name in NUMBERS[1:]} == {None}


def test_a_stranger_reads_nothing_more_than_from_the_tables(source: Source, website: Path) -> None:
    release = open_as_stranger(source.released.folder)
    rows = decoded(embedded(website / "explorer.html"))
    texts = [
        {name: None if row[name] is None else str(row[name]).lower() for name in COLUMNS}
        for row in rows
    ]
    schema = dict.fromkeys(COLUMNS, pl.String)
    order = {row: place for place, row in enumerate(by_key(published_sorted(source)))}
    texts.sort(key=lambda row: order[int(str(row["wave"])), *(row[each] for each in KEYS[1:])])
    pages = read_table(
        "estimate",
        pl.DataFrame(texts, schema=schema),
        release.names,
        release.policy,
        form="pages",
        where="explorer",
    )
    tables = read_table(
        "estimate",
        release.tables["estimate"],
        release.names,
        release.policy,
        form="duckdb",
        where="estimate",
    )
    assert [each.kind for each in pages.findings] == []
    said = ["wave", "area", "grade", "gender", "measure", "what", "low", "high"]
    assert pages.figures.height > 10_000
    assert pages.figures.join(tables.figures, on=said, how="anti").height == 0


def published_sorted(source: Source) -> list[dict[str, Any]]:
    """The database's figures in the order of their keys."""
    return sorted(published(source), key=lambda row: tuple(row[name] for name in KEYS))


@pytest.mark.parametrize("name", ["explorer.html", "en/explorer.html"])
def test_what_stands_behind_figures_is_the_release_s(
    source: Source, website: Path, name: str
) -> None:
    data = embedded(website / name)
    path = source.released.folder / "published.duckdb"
    with duckdb.connect(str(path), read_only=True) as connection:
        steps = connection.execute(
            "select wave || ' ' || grade, [n_enrolled, n_opened, n_valid, n_passed_screens, "
            "n_placed, n_scored] from coverage"
        ).fetchall()
        bases = connection.execute(
            "select concat_ws(' ', wave, area_id, grade, gender), n_respondents from domain "
            "where n_respondents is not null"
        ).fetchall()
        query = data["query"].format(
            waves="2023, 2025",
            areas="'norrsatra', 'sandviken'",
            grade="all",
            gender="girl",
            measures="'c_opp'",
        )
        rows = connection.execute(query).fetchall()
    assert data["coverage"] == dict(steps)
    assert data["respondents"] == dict(bases)
    assert len(data["steps"]) == 6
    assert [(wave, area) for wave, area, *_ in rows] == [
        (wave, area) for area in ("norrsatra", "sandviken") for wave in (2023, 2025)
    ]
    factors = {each["id"] for each in data["measures"] if each["kind"] != "outcome"}
    assert data["norms"].keys() <= factors
    assert data["norms"]
