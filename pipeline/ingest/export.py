"""Survey exports in, tidy and checked respondents out."""

from pathlib import Path
from typing import NamedTuple

import polars as pl

from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.instrument import Instrument
from pipeline.definitions.wave import CodedColumn, Wave
from pipeline.errors import ExportError
from pipeline.ingest.cells import (
    add_item_codes,
    as_coded,
    as_number,
    as_text,
    as_weight,
)
from pipeline.ingest.location import export_path
from pipeline.ingest.misfits import export_problems, wanted_columns
from pipeline.ingest.population import FPC, add_population
from pipeline.ingest.reader import RawExport, read_export


class WaveRows(NamedTuple):
    """All rows of a wave's exports, tidied. Codes are as supplied; nothing is recoded here."""

    respondents: pl.DataFrame
    """One row per row read: wave, respondent_id, school_id, class_id, area_code, grade, gender,
    stratum, psu, unit (null without a second stage), psus_in_stratum and units_in_psu (sizes of
    the population; null where not stated), weight, refused_reason (null if the row is valid),
    then a column per item: its code, null if missing for whatever reason."""

    missing_answers: pl.DataFrame
    """One row per answer that is missing with a stated reason: wave, respondent_id, item_id,
    reason. A null answer that is not listed was left blank."""

    item_cells: pl.DataFrame
    """One row per item and fate: wave, item_id, fate (``answered``, ``blank``, or the reason),
    n_cells. They add up to the rows read."""

    value_labels: pl.DataFrame
    """One row per labelled code of a file: wave, item_id, code, label."""


def load_wave(catalogue: Catalogue, wave: Wave) -> WaveRows:
    """Read all exports of a wave and check them against its instrument.

    Raises:
        ExportError: a file cannot be read or differs from what it should be, no file holds
            any rows, or nobody has a weight above 0. All differences of a file are listed at
            once, with counts, never with answers or ids.
        DefinitionError: an export is named that lies outside the site's folder.
    """
    instrument = catalogue.instrument_of(wave)
    area_codes = [
        code.code
        for area in catalogue.areas.areas
        for code in area.codes
        if code.holds_on(wave.fieldwork_from)
    ]
    parts = [
        _load_file(catalogue.folder, index, wave, instrument, area_codes)
        for index in range(len(wave.exports))
    ]
    if not any(codes.height for codes, _ in parts):
        files = ", ".join(export.file for export in wave.exports)
        raise ExportError(f"wave {wave.wave}: holds no rows in {files}; expected at least one.")
    ids = pl.concat([codes["respondent_id"] for codes, _ in parts])
    if n_twice := int(ids.is_duplicated().sum()):
        raise ExportError(
            f"wave {wave.wave}: {n_twice} rows share a respondent id with another file of the "
            "wave; expected each id once."
        )
    codes = pl.concat([codes for codes, _ in parts])
    _refuse_no_weight(codes, wave)
    labels = [_value_labels(raw, wave, instrument) for _, raw in parts]
    codes = add_population(codes, wave)
    return _tidy(codes, wave, instrument, pl.concat(labels))


def _load_file(
    folder: Path, index: int, wave: Wave, instrument: Instrument, area_codes: list[str]
) -> tuple[pl.DataFrame, RawExport]:
    export = wave.exports[index]
    path = export_path(folder, export)
    raw = read_export(
        path,
        wanted_columns(wave.columns, instrument),
        separator=export.separator,
        encoding=export.encoding,
        expected_rows=export.rows,
    )
    problems = export_problems(raw, wave, instrument, area_codes)
    if problems:
        lines = [f"  {problem}" for problem in problems]
        raise ExportError("\n".join([f"{path} does not match {instrument.id}:", *lines]))
    return _codes(raw.rows, index, wave, instrument), raw


def _refuse_no_weight(codes: pl.DataFrame, wave: Wave) -> None:
    # Single weights of 0 are a supplier's way to leave a row out; all of them leave nothing.
    if wave.columns.weight and not (codes["weight"] > 0).any():
        raise ExportError(
            f"wave {wave.wave}: column {wave.columns.weight.column} (weight): all "
            f"{codes.height} weights are 0; expected some above 0."
        )


def _codes(rows: pl.DataFrame, index: int, wave: Wave, instrument: Instrument) -> pl.DataFrame:
    columns, schema = wave.columns, rows.schema

    def text(column: str | None) -> pl.Expr:
        return as_text(column, schema[column]) if column else pl.lit(None, pl.String)

    def coded(column: CodedColumn | None) -> pl.Expr:
        return as_coded(column, schema[column.column]) if column else pl.lit(None, pl.String)

    def joined(several: tuple[str, ...]) -> pl.Expr:
        if len(several) == 1:
            return text(several[0])
        # Doubled, a slash of a name is never taken for the one between two names.
        parts = [text(column).str.replace_all("/", "//", literal=True) for column in several]
        return pl.concat_str(parts, separator=" / ")

    numbered = pl.format("{}-{}", pl.lit(index + 1), pl.int_range(1, pl.len() + 1))
    design = rows.select(
        pl.lit(wave.wave, pl.Int16).alias("wave"),
        (text(columns.respondent) if columns.respondent else numbered).alias("respondent_id"),
        text(columns.school).alias("school_id"),
        text(columns.school_class).alias("class_id"),
        text(columns.area).alias("area_code"),
        coded(columns.grade).alias("grade"),
        coded(columns.gender).alias("gender"),
        (text(columns.stratum) if columns.stratum else pl.lit("all")).alias("stratum"),
        (joined(columns.psu) if columns.psu else numbered).alias("psu"),
        (joined(columns.unit) if columns.unit else pl.lit(None, pl.String)).alias("unit"),
        *(
            as_number(column, schema).alias(name)
            for column, name in zip(columns.fpc, FPC, strict=False)
        ),
        as_weight(columns.weight, schema).alias("weight"),
    )
    return design.hstack(add_item_codes(rows, instrument))


def _value_labels(raw: RawExport, wave: Wave, instrument: Instrument) -> pl.DataFrame:
    rows = [
        (wave.wave, item.id, code, label)
        for item in instrument.items
        for code, label in raw.value_labels.get(item.column, [])
    ]
    schema = {"wave": pl.Int16, "item_id": pl.String, "code": pl.Int32, "label": pl.String}
    return pl.DataFrame(rows, schema, orient="row")


def _tidy(
    codes: pl.DataFrame, wave: Wave, instrument: Instrument, value_labels: pl.DataFrame
) -> WaveRows:
    missing_answers = pl.concat(
        [_missing_answers(codes, item.id, instrument) for item in instrument.items]
    )
    answered = codes.with_columns(
        pl.when(pl.col(item.id).is_in(_answer_codes(instrument, item.id))).then(item.id)
        for item in instrument.items
    )
    n_answered = pl.sum_horizontal(pl.col(item.id).is_not_null() for item in instrument.items)
    refused = pl.when(n_answered < wave.min_answered_items).then(pl.lit("too_few_answers"))
    return WaveRows(
        respondents=answered.with_columns(refused_reason=refused),
        missing_answers=missing_answers,
        item_cells=_item_cells(answered, missing_answers, wave, instrument),
        value_labels=value_labels.unique(maintain_order=True),
    )


def _answer_codes(instrument: Instrument, item_id: str) -> list[int]:
    item = next(item for item in instrument.items if item.id == item_id)
    return [option.code for option in instrument.format_of(item).codes]


def _missing_answers(codes: pl.DataFrame, item_id: str, instrument: Instrument) -> pl.DataFrame:
    item = next(item for item in instrument.items if item.id == item_id)
    reasons = {each.code: each.reason for each in instrument.format_of(item).missing}
    return codes.filter(pl.col(item_id).is_in(list(reasons))).select(
        "wave",
        "respondent_id",
        pl.lit(item_id).alias("item_id"),
        pl.col(item_id)
        .replace_strict(reasons, default=None, return_dtype=pl.String)
        .alias("reason"),
    )


def _item_cells(
    answered: pl.DataFrame, missing_answers: pl.DataFrame, wave: Wave, instrument: Instrument
) -> pl.DataFrame:
    items = [item.id for item in instrument.items]
    n_answered = dict(zip(items, answered.select(pl.col(items).count()).row(0), strict=True))
    stated = missing_answers.group_by("item_id", "reason").len().sort("item_id", "reason").rows()
    rows = [(item, "answered", n) for item, n in n_answered.items()] + stated
    n_stated = dict.fromkeys(items, 0)
    for item, _, n in stated:
        n_stated[item] += n
    rows += [(item, "blank", answered.height - n_answered[item] - n_stated[item]) for item in items]
    schema = {"item_id": pl.String, "fate": pl.String, "n_cells": pl.Int64}
    return (
        pl.DataFrame(rows, schema, orient="row")
        .select(pl.lit(wave.wave, pl.Int16).alias("wave"), "item_id", "fate", "n_cells")
        .filter(pl.col("n_cells") > 0)
        .sort("item_id", "fate")
    )
