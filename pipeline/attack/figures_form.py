"""Figures of one document, one number a row, as CSV and JSON."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.attack.csv_form import csv_tables
from pipeline.attack.document_residue import Sayings, is_on_page, says
from pipeline.attack.figures import Finding, Reading, figures_of
from pipeline.attack.html_behind import BUILD
from pipeline.attack.json_form import text_frame
from pipeline.attack.names import Names
from pipeline.attack.page_words import has_number
from pipeline.attack.policy import Policy
from pipeline.attack.printed import numbers_in
from pipeline.attack.workbook_residue import Known

Row = Mapping[str, str | None]

TEXTS = ("area", "edition", "measure", "kind", "statistic", "unit", "status", "break_reason")
COLUMNS = frozenset(
    (
        *TEXTS,
        "area_id",
        "wave",
        "grade",
        "gender",
        "measure_id",
        "value",
        "limit",
        "is_unreliable",
        "is_pooled",
    )
)
WHATS = {"share": "percent", "lower": "lower", "upper": "upper", "n": "n", "share_rest": "rest"}
ABOUT_TEXTS = ("lang", "site", "area_id", "area", "wave_label", "edition", "build_id")
ABOUT = frozenset(
    (*ABOUT_TEXTS, "synthetic", "wave", "min_base", "round_counts", "confidence", "figures")
)
_SIDES = ("below", "above")


class Figures(NamedTuple):
    """What a file says."""

    rows: tuple[Row, ...]
    about: Mapping[str, Any]
    """Around the rows."""

    unknown: tuple[str, ...]


def read_csv_figures(path: Path) -> Figures:
    """Figures in a CSV file."""
    tables, findings = csv_tables(path)
    return Figures(
        tuple(tables[path.stem].iter_rows(named=True)), {}, tuple(each.says for each in findings)
    )


def read_json_figures(path: Path) -> Figures:
    """Figures in a JSON file, with the keys around them."""
    twice: list[str] = []

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        twice.extend(["a key that is there twice"] if len(made) < len(pairs) else [])
        return made

    content = json.loads(path.read_text("utf-8"), object_pairs_hook=once)
    rows = content.get("figures") if isinstance(content, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return Figures((), {}, ("no list of figures",))
    unknown = [f"key {key}" for key in sorted(set(content) - ABOUT)]
    return Figures(tuple(text_frame(rows).iter_rows(named=True)), content, (*unknown, *twice))


def figures_reading(figures: Figures, known: Known, where: str, form: str) -> Reading:
    """The figures, and what neither the page nor the release's tables say.

    Args:
        figures: of one file.
        known: what it may say.
        where: file.
        form: of file.
    """
    names, policy = known.sayings.names, known.policy
    columns = dict.fromkeys(name for row in figures.rows for name in row)
    unknown = [f"column {name}" for name in columns if name not in COLUMNS]
    findings = [
        Finding("undeclared", f"{each}: no reader knows what it holds", where)
        for each in (*figures.unknown, *unknown)
    ]
    said = [*_around(figures.about, known)]
    for row in figures.rows:
        said += _wrong(row, known, policy)
    findings += [Finding("unread number", each, where) for each in dict.fromkeys(said)]
    if any(row.get("value") and row.get("status") != "shown" for row in figures.rows):
        says_so = "column value: rows that are not shown hold a value"
        findings.append(Finding("hidden row carries", says_so, where))
    rows = [each for row in figures.rows for each in _figure(row, names, where, form)]
    return Reading(figures_of(rows), tuple(findings))


def _around(about: Mapping[str, Any], known: Known) -> Iterator[str]:
    """Keys around the rows whose values are neither the page's nor the rules'."""
    rules = {
        "wave": known.sayings.names.waves,
        "min_base": (known.policy.min_base,),
        "round_counts": (known.policy.round_counts,),
        "confidence": (0.95,),
        "synthetic": (True, False),
    }
    for key, value in about.items():
        # One build in three hundred has an id of digits alone: a number, though it says nothing.
        is_build = key == "build_id" and BUILD.fullmatch(str(value)) is not None
        is_told = is_on_page if is_build else _is_text_told
        if key in ABOUT_TEXTS and not is_told(str(value), known.sayings):
            yield f"key {key}: says a number that the page does not"
        if key in rules and value not in rules[key]:
            yield f"key {key}: is not what the rules say"


def _wrong(row: Row, known: Known, policy: Policy) -> Iterator[str]:
    """What of a row is neither on the page nor in the release's tables."""
    for name in TEXTS:
        if not _is_text_told(row.get(name) or "", known.sayings):
            yield f"column {name}: says a number that the page does not"
    names = known.sayings.names
    if (row.get("area_id") or "") not in ("", *names.area_ids):
        yield "column area_id: is no area of the release"
    if (row.get("wave") or "") not in {str(wave) for wave in names.waves}:
        yield "column wave: is no wave of the release"
    for column, ids in (("grade", names.grades), ("gender", names.genders)):
        if (row.get(column) or "all") not in ("all", *ids):
            yield f"column {column}: is none of the release"
    numbers = numbers_in(row.get("value") or "")
    allowed = known.numbers([row.get(name) or "" for name in ("measure", "grade", "gender")])
    if row.get("kind") in ("coverage", "participation"):
        allowed |= known.of_respondents
    if any(abs(number.value) not in allowed for number in numbers):
        yield "column value: holds a number that is neither on the page nor in the tables"
    limits = {str(policy.below), str(policy.above)} if row.get("status") in _SIDES else set()
    if (row.get("limit") or "") not in ("", *limits):
        yield "column limit: is no limit of the rules"


def _is_text_told(text: str, sayings: Sayings) -> bool:
    return not has_number(text) or says(text, sayings)


def _figure(row: Row, names: Names, where: str, form: str) -> Iterator[tuple[object, ...]]:
    """A figure of an area's measure, in the columns of ``FIGURE``."""
    what = WHATS.get(row.get("statistic") or "")
    numbers = numbers_in(row.get("value") or "")
    is_one = what and row.get("measure_id") in names.measure_ids and len(numbers) == 1
    if not is_one or row.get("area_id") not in names.area_ids:
        return
    number = numbers[0]
    wave = int(row.get("wave") or 0)
    grade, gender = (row.get(name) or "all" for name in ("grade", "gender"))
    key = (wave, row["area_id"], grade, gender, row["measure_id"])
    yield (*key, what, number.low, number.high, number.decimals, form, f"{where}, figures")
