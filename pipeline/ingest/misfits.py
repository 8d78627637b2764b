"""Where an export differs from what it should be: which column, how often, what was expected."""

import polars as pl

from pipeline.definitions.instrument import Instrument
from pipeline.definitions.reading import nearest
from pipeline.definitions.wave import Columns, Wave
from pipeline.ingest.cells import (
    as_text,
    coded_problems,
    count_cells,
    first_row,
    fpc_problems,
    is_filled,
    item_problems,
    weight_problems,
)
from pipeline.ingest.reader import RawExport


def wanted_columns(columns: Columns, instrument: Instrument) -> list[str]:
    """The columns of an export that are read, each once."""
    items = [item.column for item in instrument.items]
    return list(dict.fromkeys([*_design_columns(columns), *items]))


def export_problems(
    raw: RawExport, wave: Wave, instrument: Instrument, area_codes: list[str]
) -> list[str]:
    """One line for each way in which a file is not what the wave and the instrument say.

    Args:
        raw: the parsed file.
        wave: that it belongs to.
        instrument: of the wave.
        area_codes: codes that name an area on the first day of the fieldwork.
    """
    return _missing_columns(raw, wave, instrument) or [
        *_id_problems(raw.rows, wave.columns),
        *_school_problems(raw.rows, wave.columns.school),
        *_design_problems(raw.rows, wave.columns),
        *_area_problems(raw.rows, wave.columns.area, area_codes),
        *item_problems(raw.rows, instrument),
    ]


def _design_columns(columns: Columns) -> list[str]:
    named = (columns.grade, columns.gender, columns.weight)
    plain = (columns.respondent, columns.school, columns.school_class, columns.area)
    return [
        *(column for column in (*plain, columns.stratum, *columns.psu, *columns.unit) if column),
        *columns.fpc,
        *(column.column for column in named if column),
    ]


def _missing_columns(raw: RawExport, wave: Wave, instrument: Instrument) -> list[str]:
    wanted = dict.fromkeys(_design_columns(wave.columns), "")
    wanted |= {item.column: f" (item {item.id})" for item in instrument.items}
    if not set(wanted) & set(raw.columns):
        # Not even the nearest is said: where the first line is a row, it holds answers.
        return [
            f"none of the {len(wanted)} columns that are read is there, {next(iter(wanted))} among "
            "them; does its first line name the columns?"
        ]
    return [
        f"column {column}{what} is missing{nearest(column, raw.columns)}"
        for column, what in wanted.items()
        if column not in raw.columns
    ]


def _id_problems(rows: pl.DataFrame, columns: Columns) -> list[str]:
    if columns.respondent is None:
        return []
    ids = rows.select(as_text(columns.respondent, rows.schema[columns.respondent])).to_series()
    empty, again = ids.is_null(), ids.is_duplicated() & ids.is_not_null()
    problems = []
    if empty.any():
        n = int(empty.sum())
        problems.append(f"{n} {'id is' if n == 1 else 'ids are'} empty, {first_row(empty)}")
    if again.any():
        n, n_rows = ids.filter(again).n_unique(), int(again.sum())
        which = "id is" if n == 1 else "ids are"
        problems.append(f"{n} {which} used more than once, in {n_rows} rows, {first_row(again)}")
    return [
        f"column {columns.respondent} (respondent): {problem}; expected each row its own"
        for problem in problems
    ]


def _school_problems(rows: pl.DataFrame, column: str | None) -> list[str]:
    if column is None:
        return []
    reserved = (rows.select(as_text(column, rows.schema[column])).to_series() == "all").fill_null(
        value=False
    )
    if not reserved.any():
        return []
    return [
        f'column {column} (school): {count_cells(reserved)}; expected a name other than "all", '
        "which stands for all schools together"
    ]


def _design_problems(rows: pl.DataFrame, columns: Columns) -> list[str]:
    problems = []
    for name, coded in (("grade", columns.grade), ("gender", columns.gender)):
        problems += coded_problems(rows, name, coded) if coded else []
    problems += weight_problems(rows, columns.weight) if columns.weight else []
    problems += [line for column in columns.fpc for line in fpc_problems(rows, column)]
    needed = [
        ("stratum", columns.stratum),
        *(("psu", column) for column in columns.psu),
        *(("unit", column) for column in columns.unit),
    ]
    for name, column in needed:
        if column is None:
            continue
        empty = ~rows.select(is_filled(column, rows.schema[column])).to_series()
        if empty.any():
            problems.append(f"column {column} ({name}): {count_cells(empty)}; expected none empty")
    return problems


def _area_problems(rows: pl.DataFrame, column: str | None, known: list[str]) -> list[str]:
    if column is None:
        return []
    codes = rows.select(as_text(column, rows.schema[column])).to_series()
    unknown = (~codes.is_in(known)).fill_null(value=False)
    if not unknown.any():
        return []
    return [
        f"column {column} (area): {count_cells(unknown)}; expected a code that areas.yml gives "
        "on the first day of the fieldwork, or an empty cell"
    ]
