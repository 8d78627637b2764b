"""A made municipality and its release: six places, two grades, two genders, two measures.

Every place but one is large; the small one is hidden, and its largest neighbour with it, so that
the rounded total gives neither away. Nobody in it ever lived.
"""

import json
import random
from dataclasses import dataclass, field
from itertools import product
from math import ceil, floor, sqrt
from pathlib import Path
from typing import Any

import duckdb

Row = dict[str, Any]

WAVES = (2023, 2025)
PLACES = ("arken", "backen", "dalen", "ekhult", "granby", "holmen")
SMALL, NEIGHBOUR = "holmen", "granby"
GRADES = ("g7", "g9")
GENDERS = ("boy", "girl")
MEASURES = {"bullying": ("Mobbning", "Bullying", False), "cannabis": ("Cannabis", "Cannabis", True)}
POLICY = {
    "public.min_base": "30",
    "public.min_count": "8",
    "public.min_count_sensitive": "10",
    "public.extreme_code.below": "5",
    "public.extreme_code.above": "95",
    "public.extreme_code.min_base": "100",
    "public.round_counts": "5",
    "public.min_interval": "8",
}


def label(place: str) -> str:
    return place.capitalize()


def nearest(count: int) -> int:
    return (2 * count + 5) // 10 * 5


def percent(k: int, n: int) -> int:
    return (200 * k + n) // (2 * n)


def interval(k: int, n: int, effect: float) -> tuple[int, int]:
    """Wilson's, at 1.96 standard errors, on n / effect respondents, in whole per cent outwards."""
    z, size, share = 1.959963984540054, n / effect, k / n
    middle = share + z * z / (2 * size)
    reach = z * sqrt(share * (1 - share) / size + z * z / (4 * size * size))
    below, above = ((middle + side * reach) / (1 + z * z / size) for side in (-1, 1))
    return floor(100 * below), ceil(100 * above)


@dataclass
class Made:
    """True counts, and the tables that are published of them."""

    true: dict[tuple[Any, ...], tuple[int, int]] = field(default_factory=dict)
    """(n, k) by wave, area, grade, gender and measure."""

    people: dict[tuple[Any, ...], int] = field(default_factory=dict)
    """Respondents by wave, area, grade and gender: more than answered either question."""

    tables: dict[str, list[Row]] = field(default_factory=dict)

    def estimate(self, **key: Any) -> Row:
        """The one row with these keys."""
        [row] = [
            each
            for each in self.tables["estimate"]
            if all(each[name] == wanted for name, wanted in key.items())
        ]
        return row


def made() -> Made:
    """Counts by chance, always the same, and what is published of them."""
    chance = random.Random(5)  # noqa: S311 - made up, not secret
    here = Made()
    atoms = {}
    for wave, place, grade, gender, measure in product(WAVES, PLACES, GRADES, GENDERS, MEASURES):
        n = chance.randint(3, 6) if place == SMALL else chance.randint(20, 28)
        share = 0.3 + 0.1 * (gender == "girl")
        k = sum(chance.random() < share for _ in range(n))
        atoms[wave, place, grade, gender, measure] = (n, k)
    groups = product(WAVES, ("stad", *PLACES), ("all", *GRADES), ("all", *GENDERS), MEASURES)
    for wave, area, grade, gender, measure in groups:
        kinds = [
            kind
            for kind in atoms
            if kind[0] == wave
            and area in {"stad", kind[1]}
            and grade in {"all", kind[2]}
            and gender in {"all", kind[3]}
        ]
        inside = [atoms[kind] for kind in kinds if kind[4] == measure]
        homes = {kind[:4] for kind in kinds}
        here.people[wave, area, grade, gender] = sum(
            1 + max(atoms[*home, each][0] for each in MEASURES) for home in homes
        )
        here.true[wave, area, grade, gender, measure] = (
            sum(n for n, _ in inside),
            sum(k for _, k in inside),
        )
    here.tables = published(here)
    return here


def is_shown(area: str, grade: str, gender: str) -> bool:
    return area == "stad" or (area not in {SMALL, NEIGHBOUR} and grade == gender == "all")


def published(here: Made) -> dict[str, list[Row]]:
    keys = ("wave", "area_id", "grade", "gender", "measure_id")
    estimates, comparisons = [], []
    domains: dict[tuple[Any, ...], Row] = {}
    for key, (n, k) in here.true.items():
        wave, area, grade, gender, measure = key
        shown = is_shown(area, grade, gender)
        row = dict(zip(keys, key, strict=True))
        estimates.append(row | figures(n, k, shown=shown))
        domains[key[:4]] = {
            **dict(zip(keys[:4], key[:4], strict=True)),
            "status": "shown" if shown else "suppressed",
            "n_respondents": nearest(here.people[key[:4]]) if shown else None,
        }
        if area != "stad" and grade == gender == "all":
            whole = here.true[wave, "stad", grade, gender, measure]
            rest = (nearest(whole[0] - n), nearest(whole[1] - k))
            printed = percent(rest[1], rest[0]) if shown else None
            own = percent(nearest(k), nearest(n))
            comparisons.append(
                {
                    **dict(zip(keys[:4], key[:4], strict=True)),
                    "kind": "rest",
                    "reference": "stad",
                    "measure_id": measure,
                    "status": "shown" if shown else "suppressed",
                    "verdict": "no_difference" if shown else "too_few",
                    "second_percent": printed,
                    "difference": own - printed if printed is not None else None,
                }
            )
    areas = [
        {
            "wave": wave,
            "area_id": area,
            "label": label(area),
            "level": "municipality" if area == "stad" else "place",
            "parent_id": None if area == "stad" else "stad",
        }
        for wave in WAVES
        for area in ("stad", *PLACES)
    ]
    measures = [
        {"measure_id": each, "label_sv": sv, "label_en": en, "kind": "risk", "is_sensitive": secret}
        for each, (sv, en, secret) in MEASURES.items()
    ]
    return {
        "estimate": sorted(estimates, key=lambda row: [row[name] for name in keys]),
        "comparison": sorted(comparisons, key=lambda row: (row["wave"], row["area_id"])),
        "domain": sorted(domains.values(), key=lambda row: [row[name] for name in keys[:4]]),
        "area": areas,
        "measure": measures,
        "policy": [{"parameter": name, "value": value} for name, value in POLICY.items()],
    }


def figures(n: int, k: int, *, shown: bool) -> Row:
    names = ("n", "n_flagged", "percent", "percent_lower", "percent_upper", "design_effect")
    if not shown:
        hidden = dict.fromkeys((*names, "is_unreliable"))
        return {"status": "suppressed", **hidden, "is_suppressed": True}
    pair = nearest(k), nearest(n)
    printed = (pair[1], pair[0], percent(*pair), *interval(*pair, 1.5), 1.5)
    return {
        "status": "shown",
        **dict(zip(names, printed, strict=True)),
        "is_unreliable": False,
        "is_suppressed": False,
    }


TYPES = {bool: "boolean", int: "integer", float: "double", str: "varchar"}


def write_release(here: Made, folder: Path) -> Path:
    """The release folder, as it would be published."""
    (folder / "tables").mkdir(parents=True)
    (folder / "documents").mkdir()
    for name, rows in here.tables.items():
        names = list(dict.fromkeys(column for row in rows for column in row))
        lines = [names, *([_cell(row.get(column)) for column in names] for row in rows)]
        text = "\n".join(",".join(line) for line in lines)
        (folder / "tables" / f"{name}.csv").write_text(text + "\n", "utf-8")
        (folder / "tables" / f"{name}.json").write_text(json.dumps(rows), "utf-8")
    write_database(here, folder / "published.duckdb")
    manifest = {"release_id": "0123456789abcdef", "files": {}}
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    return folder


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def write_database(here: Made, path: Path) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema public_tables")
        connection.execute("use public_tables")
        for name, rows in here.tables.items():
            columns = {
                column: next(
                    (TYPES[type(row[column])] for row in rows if row.get(column) is not None),
                    "varchar",
                )
                for row in rows
                for column in row
            }
            kinds = ", ".join(f"{column} {kind}" for column, kind in columns.items())
            connection.execute(f"create table {name} ({kinds})")
            marks = ", ".join("?" for _ in columns)
            values = [[row.get(column) for column in columns] for row in rows]
            connection.executemany(f"insert into {name} values ({marks})", values)  # noqa: S608
            connection.execute(f"comment on table {name} is 'Counts are rounded to 5.'")
        connection.execute(
            "create view v_estimate as select wave, area_id, label as area_label, measure_id, "
            "percent from estimate join area using (wave, area_id) "
            "where grade = 'all' and gender = 'all' order by all"
        )
