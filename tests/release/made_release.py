"""Working files of a handful of made-up pupils, with the relations that releases are made from."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import duckdb
import polars as pl

from pipeline import warehouse
from pipeline.definitions.database import TableColumn
from pipeline.release.database_file import load_database
from pipeline.release.published_database import COMMON

ROOT = "kommun"
GRADES = ("g7", "g8")
MEASURE = "alcohol_30d"


class Pupil(NamedTuple):
    """One row of a made-up export."""

    wave: int
    area: str
    grade: str
    is_flagged: bool


class Rules(NamedTuple):
    """A very small policy: counts at or above these are shown."""

    min_base: int = 30
    min_count: int = 8


Cell = tuple[int, str, str]
"""Wave, area, grade."""


class Count(NamedTuple):
    """The truth about a cell, and whether it is shown."""

    n: int
    k: int
    is_shown: bool


def count(pupils: Mapping[int, Pupil], areas: tuple[str, ...], rules: Rules) -> dict[Cell, Count]:
    """Every cell, counted pupil by pupil."""
    waves = sorted({pupil.wave for pupil in pupils.values()})
    cells = {}
    for wave in waves:
        for area in (ROOT, *areas):
            for grade in ("all", *GRADES):
                inside = [
                    pupil
                    for pupil in pupils.values()
                    if pupil.wave == wave
                    and area in (ROOT, pupil.area)
                    and grade in ("all", pupil.grade)
                ]
                n, k = len(inside), sum(pupil.is_flagged for pupil in inside)
                is_shown = n >= rules.min_base and rules.min_count <= k <= n - rules.min_count
                cells[wave, area, grade] = Count(n, k, is_shown)
    return cells


def write_working_file(path: Path, cells: Mapping[Cell, Count], rules: Rules) -> None:
    """The relations of a working file that a release is made from, rounded to 5."""
    path.unlink(missing_ok=True)
    keys = [
        {"wave": wave, "area_id": area, "grade": grade, "gender": "all"}
        for wave, area, grade in cells
    ]
    counts = list(cells.values())
    relations: dict[str, list[dict[str, object]]] = {
        "published.estimate": [
            key | {"measure_id": MEASURE} | _estimate(each)
            for key, each in zip(keys, counts, strict=True)
        ],
        "disclosure.cell": [
            key
            | {"part": "area", "measure_id": MEASURE, "n": each.n, "k": each.k}
            | {"is_suppressed": not each.is_shown, "reason": "" if each.is_shown else "base"}
            for key, each in zip(keys, counts, strict=True)
        ],
        "published.domain": [
            key | _domain(each, rules) for key, each in zip(keys, counts, strict=True)
        ],
        "totals.domain": [
            key | {"n_respondents": each.n} for key, each in zip(keys, counts, strict=True)
        ],
        "published.coverage": [
            {"wave": wave, "grade": grade, "n_opened": _rounded(each.n)}
            for (wave, area, grade), each in cells.items()
            if area == ROOT
        ],
        "published.left_out": [
            {"wave": wave, "stage": "screened", "reason": "honesty", "n_respondents": 20}
            for wave in sorted({wave for wave, _, _ in cells})
        ],
        "published.participation": [
            {"wave": wave, "grade": "all", "gender": "all", "n_valid": _rounded(each.n)}
            for (wave, area, grade), each in cells.items()
            if (area, grade) == (ROOT, "all")
        ],
        "published.representativeness": [
            {"wave": wave, "variables": "grade, gender", "n_valid": 500, "r": 0.9}
            for wave in sorted({wave for wave, _, _ in cells})
        ],
        "published.area": [
            {"wave": wave, "area_id": area, "label": area.title()}
            for wave, area in sorted({(wave, area) for wave, area, _ in cells})
        ],
        "published.measure": [{"measure_id": MEASURE, "label_sv": "=1+1", "label_en": "-2"}],
        "published.policy": [{"parameter": "min_base", "value": str(rules.min_base)}],
    }
    content = json.dumps([relations, rules], sort_keys=True).encode()
    build = {"site_id": ["made"], "fingerprint": [hashlib.sha256(content).hexdigest()]}
    with warehouse.connect(path) as connection:
        for relation, rows in relations.items():
            frame = pl.DataFrame(rows, infer_schema_length=None)
            warehouse.write(connection, relation, frame)
        _complete(connection)
        warehouse.write(connection, "ref.build", pl.DataFrame(build))


def _complete(connection: duckdb.DuckDBPyConnection) -> None:
    """Give ``published.*`` the other tables and columns that a release has.

    Columns that may be empty are; others hold what says nothing of anyone.
    """
    for table in load_database("published").tables:
        if table.name in COMMON or table.is_optional:
            continue
        name = f"published.{table.name}"
        columns = ", ".join(f"{each.name} {each.type}" for each in table.columns)
        connection.execute(f"create table if not exists {name} ({columns})")
        for each in table.columns:
            connection.execute(
                f"alter table {name} add column if not exists {each.name} {each.type}"
            )
            if each.null_means is None:
                connection.execute(
                    f"update {name} set {each.name} = ? where {each.name} is null",  # noqa: S608
                    [_plausible(each)],
                )


def _plausible(column: TableColumn) -> str | int:
    """The first of the values that are listed, or the least that the type has."""
    if column.values:
        return column.values[0]
    return "made" if column.type == "varchar" else 0


def _estimate(each: Count) -> dict[str, object]:
    n, k = _rounded(each.n), _rounded(each.k)
    percent = (200 * k + n) // (2 * n) if n else 0
    return {
        "status": "shown" if each.is_shown else "suppressed",
        "n": n if each.is_shown else None,
        "n_flagged": k if each.is_shown else None,
        "percent": percent if each.is_shown else None,
        "is_suppressed": not each.is_shown,
    }


def _domain(each: Count, rules: Rules) -> dict[str, object]:
    is_shown = each.n >= rules.min_base
    return {
        "status": "shown" if is_shown else "suppressed",
        "n_respondents": _rounded(each.n) if is_shown else None,
    }


def _rounded(n: int) -> int:
    return (2 * n + 5) // 10 * 5


def some_pupils(wave: int = 2025, **sizes: int) -> dict[int, Pupil]:
    """Pupils of areas with these sizes, in two grades by turns, every third flagged."""
    rows = [(area, place) for area, size in sizes.items() for place in range(size)]
    return {
        1000 * wave + number: Pupil(wave, area, GRADES[place % 2], place // 2 % 3 == 0)
        for number, (area, place) in enumerate(rows)
    }
