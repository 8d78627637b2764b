"""What researchers look things up in: questions, options, measures, areas, grades."""

from collections.abc import Collection

import polars as pl

from pipeline.definitions.catalogue import Catalogue, ancestors_on, is_asked
from pipeline.definitions.database import Members, Named
from pipeline.definitions.factor import Factor, Outcome
from pipeline.definitions.flag_count import FlagCount, MeasureDefinition
from pipeline.disclosure.research.microdata import sensitive_measures
from pipeline.disclosure.research.quasi_identifiers import NOT_SHOWN, item_quasi_identifiers

Withheld = dict[int, frozenset[str]]
"""By wave: items or measures without values."""


def research_items(catalogue: Catalogue) -> list[str]:
    """Items whose answers are in the file: all asked that the policy does not leave out."""
    asked = {
        item.id: None for wave in catalogue.waves for item in catalogue.instrument_of(wave).items
    }
    return [each for each in asked if each not in catalogue.policy.research.left_out]


def research_members(catalogue: Catalogue) -> Members:
    """What there is a column of each of."""
    texts = {
        item.id: item.text.en
        for wave in catalogue.waves
        for item in catalogue.instrument_of(wave).items
    }
    factors = [Named(each.id, each.label.en) for each in catalogue.factors]
    outcomes = [Named(each.id, each.label.en) for each in catalogue.outcomes]
    counts = [Named(each.id, each.label.en) for each in catalogue.flag_counts]
    return {
        "item": [Named(item, texts[item]) for item in research_items(catalogue)],
        "factor": factors,
        "outcome": outcomes,
        "flag_count": counts,
        "measure": factors + outcomes + counts,
    }


def item_rows(catalogue: Catalogue, withheld: Withheld) -> pl.DataFrame:
    """``item``: one row per wave and item."""
    quasi = item_quasi_identifiers(catalogue)
    rows = []
    for wave in catalogue.waves:
        asked = {
            item.id: (place, item.format, item.text.sv, item.text.en)
            for place, item in enumerate(catalogue.instrument_of(wave).items, 1)
        }
        for item in research_items(catalogue):
            status = _status(item in asked, item, withheld[wave.wave])
            about = asked.get(item, (None, None, None, None))
            rows.append((wave.wave, item, status, *about, item in quasi))
    return pl.DataFrame(
        rows,
        {
            "wave": pl.Int16,
            "item_id": pl.String,
            "status": pl.String,
            "place": pl.Int32,
            "format_id": pl.String,
            "text_sv": pl.String,
            "text_en": pl.String,
            "is_quasi_identifier": pl.Boolean,
        },
        orient="row",
    )


def answer_code_rows(catalogue: Catalogue) -> pl.DataFrame:
    """``answer_code``: one row per wave, set of options and code of an answer."""
    return pl.DataFrame(
        [
            (wave.wave, each.id, code.code, code.label.sv, code.label.en, code.score_points)
            for wave in catalogue.waves
            for each in catalogue.instrument_of(wave).formats
            for code in each.codes
        ],
        {
            "wave": pl.Int16,
            "format_id": pl.String,
            "code": pl.Int16,
            "label_sv": pl.String,
            "label_en": pl.String,
            "points": pl.Int16,
        },
        orient="row",
    )


def measure_rows(catalogue: Catalogue, withheld: Withheld) -> pl.DataFrame:
    """``measure``: one row per wave and measure."""
    sensitive = {each.id for each in sensitive_measures(catalogue)}
    counted = {each.id: {one.id for one in each.factors} for each in catalogue.flag_counts}
    return pl.DataFrame(
        [
            (
                wave.wave,
                each.id,
                _kind(each),
                None if isinstance(each, Outcome) else str(each.direction),
                _status(
                    is_asked(each, catalogue.instrument_of(wave)), each.id, withheld[wave.wave]
                ),
                not sensitive.isdisjoint({each.id} | counted.get(each.id, set())),
                each.label.sv,
                each.label.en,
            )
            for wave in catalogue.waves
            for each in catalogue.measures
        ],
        {
            "wave": pl.Int16,
            "measure_id": pl.String,
            "kind": pl.String,
            "direction": pl.String,
            "status": pl.String,
            "is_sensitive": pl.Boolean,
            "label_sv": pl.String,
            "label_en": pl.String,
        },
        orient="row",
    )


def area_rows(catalogue: Catalogue) -> pl.DataFrame:
    """``area``: one row per wave and area of a level that may be shown."""
    levels = {area.id: area.level for area in catalogue.areas.areas}
    allowed = catalogue.policy.research.levels or set(levels.values())
    root = catalogue.site.root_area
    told = [area for area in catalogue.areas.areas if area.level in allowed or area.id == root]
    known = {area.id for area in told}
    rows = []
    for wave in catalogue.waves:
        for area in told:
            around = ancestors_on(catalogue.areas, area.id, wave.fieldwork_from)[1:]
            parent = next((each for each in around if each in known), None)
            rows.append((wave.wave, area.id, area.label, area.level, parent))
    columns = ("wave", "area_id", "label", "level", "parent_id")
    schema = dict.fromkeys(columns, pl.String) | {"wave": pl.Int16}
    return pl.DataFrame(rows, schema, orient="row")


def grade_rows(catalogue: Catalogue) -> pl.DataFrame:
    """``grade``: one row per grade and what it may be shown as."""
    rows = [(grade.id, grade.id, grade.label.sv, grade.label.en) for grade in catalogue.site.grades]
    rows += [
        (grade, band.id, band.label.sv, band.label.en)
        for band in catalogue.policy.research.grade_bands
        for grade in band.grades
    ]
    rows += [(NOT_SHOWN, NOT_SHOWN, "Visas inte", "Not shown")]
    columns = ("grade", "within", "label_sv", "label_en")
    return pl.DataFrame(rows, dict.fromkeys(columns, pl.String), orient="row")


def _kind(measure: MeasureDefinition) -> str:
    match measure:
        case Factor():
            return "factor"
        case Outcome():
            return "outcome"
        case FlagCount():
            return "flag_count"


def _status(is_there: bool, name: str, withheld: Collection[str]) -> str:
    if not is_there:
        return "not_asked"
    return "withheld" if name in withheld else "asked"
