"""Cells of a raw export as codes and texts, with what is wrong counted, never shown."""

import polars as pl

from pipeline.definitions.instrument import Instrument, Item, ResponseFormat
from pipeline.definitions.wave import CodedColumn, Weight

WHOLE_NUMBER = r"^\s*([+-]?\d{1,9})(?:[.,]0+)?\s*$"

WRITTEN_AS_DECIMAL = r"^([+-]?\d+)\.0+$"
"""A whole number as some programs write it: 8.0 is the code 8. 08 stays 08."""

WEIGHT_DECIMALS = 12

WEIGHT = pl.Decimal(18, WEIGHT_DECIMALS)
"""Weights are kept as decimals: sums of decimals are exact in any order."""

EXACT_BELOW = 2**53
"""Whole numbers up to here are exact as floats; beyond, two ids could be stored as one."""

MAX_WEIGHT = 100_000
"""Project choice: no respondent stands for more pupils. Keeps weights within what floats hold
exactly."""


def is_filled(column: str, dtype: pl.DataType) -> pl.Expr:
    """Whether a cell holds anything. Blank text, null and not-a-number are nothing."""
    cell = pl.col(column)
    filled = cell.str.strip_chars() != "" if dtype == pl.String else cell.is_not_nan()
    return filled.fill_null(value=False)


def as_code(column: str, dtype: pl.DataType) -> pl.Expr:
    """The cell as a whole number; null if it is blank or is not one. Text may say 3 or 3.0."""
    cell = pl.col(column)
    if dtype == pl.String:
        return cell.str.extract(WHOLE_NUMBER).cast(pl.Int32, strict=False)
    # Numbers beyond any code are null here, and counted as unusable since they are filled.
    whole = (cell % 1 == 0) & (cell.abs() < 1e9)
    return pl.when(whole).then(cell).cast(pl.Int32, strict=False)


def as_text(column: str, dtype: pl.DataType) -> pl.Expr:
    """The cell as text: 1001.0, as a number or written so, is ``1001``. Null if blank."""
    cell = pl.col(column)
    if dtype == pl.String:
        text = cell.str.strip_chars().str.replace(WRITTEN_AS_DECIMAL, "${1}")
    else:
        is_whole = (cell % 1 == 0) & (cell.abs() < EXACT_BELOW)
        text = (
            pl.when(is_whole)
            .then(cell.cast(pl.Int64, strict=False).cast(pl.String))
            .otherwise(cell.cast(pl.String))
        )
    return pl.when(is_filled(column, dtype)).then(text)


def add_item_codes(rows: pl.DataFrame, instrument: Instrument) -> pl.DataFrame:
    """One Int16 column per item, named ``<item>``; missing codes are kept.

    Args:
        rows: one row per row of the export, with the instrument's columns.
        instrument: of the wave.
    """
    return rows.select(
        as_code(item.column, rows.schema[item.column]).cast(pl.Int16, strict=False).alias(item.id)
        for item in instrument.items
    )


def item_problems(rows: pl.DataFrame, instrument: Instrument) -> list[str]:
    """One line for each item with cells that are neither a known code nor blank."""
    misfits = rows.select(
        _is_misfit(item, instrument.format_of(item), rows.schema[item.column]).alias(item.id)
        for item in instrument.items
    )
    return [
        f"column {item.column} (item {item.id}): {count_cells(misfits[item.id])}; "
        f"expected {_expected(instrument.format_of(item))}"
        for item in instrument.items
        if misfits[item.id].any()
    ]


def coded_problems(rows: pl.DataFrame, name: str, column: CodedColumn) -> list[str]:
    """At most one line: cells of a coded column (grade, gender) without a known code."""
    dtype = rows.schema[column.column]
    known = [meaning.code for meaning in column.codes]
    misfits = rows.select(
        is_filled(column.column, dtype)
        & as_text(column.column, dtype).is_in([*known, *column.missing]).not_()
    ).to_series()
    if not misfits.any():
        return []
    return [
        f"column {column.column} ({name}): {count_cells(misfits)}; expected {', '.join(known)}"
        + (f", or missing {', '.join(column.missing)}" if column.missing else "")
    ]


def as_coded(column: CodedColumn, dtype: pl.DataType) -> pl.Expr:
    """The site's own id for each cell; null for blank and missing codes."""
    meanings = {meaning.code: meaning.id for meaning in column.codes}
    return as_text(column.column, dtype).replace_strict(
        meanings, default=None, return_dtype=pl.String
    )


def weight_problems(rows: pl.DataFrame, weight: Weight) -> list[str]:
    """At most one line: weights that are blank, out of range, or have more decimals than stated."""
    given = rows.select(as_number(weight.column, rows.schema)).to_series()
    scaled = given * 10**weight.decimals
    # A large number with many decimals is stored less exactly.
    is_whole = (scaled - scaled.round()).abs() < 1e-4 + 4e-16 * scaled
    usable = (given.is_between(0, MAX_WEIGHT) & is_whole).fill_null(value=False)
    if usable.all():
        return []
    return [
        f"column {weight.column} (weight): {count_cells(~usable)}; expected numbers from 0 to "
        f"{MAX_WEIGHT} with at most {weight.decimals} decimals"
    ]


def as_weight(weight: Weight | None, schema: pl.Schema) -> pl.Expr:
    """The weight as an exact decimal; 1 where the wave has none."""
    if weight is None:
        return pl.lit(1).cast(WEIGHT)
    return as_number(weight.column, schema).round(weight.decimals).cast(WEIGHT)


def as_number(column: str, schema: pl.Schema) -> pl.Expr:
    """The cell as a number; null if it is not one. Text may say 1.25 or 1,25."""
    cell = pl.col(column)
    if schema[column] == pl.String:
        # One that has both, or two commas, becomes no number.
        cell = cell.str.replace_all(",", ".", literal=True)
    return cell.cast(pl.Float64, strict=False)


def fpc_problems(rows: pl.DataFrame, column: str) -> list[str]:
    """At most one line: sizes or fractions of a population that are blank or not above 0."""
    given = rows.select(as_number(column, rows.schema)).to_series()
    usable = ((given > 0) & given.is_finite()).fill_null(value=False)
    if usable.all():
        return []
    return [f"column {column} (fpc): {count_cells(~usable)}; expected numbers above 0"]


def count_cells(misfits: pl.Series) -> str:
    """How many cells, and the first of their rows."""
    n = int(misfits.sum())
    return f"{n} unusable cell{'s' if n > 1 else ''}, {first_row(misfits)}"


def first_row(misfits: pl.Series) -> str:
    """Where to look for the first of some rows; the first row below a header is 1."""
    return f"the first in row {misfits.to_list().index(True) + 1}"


def _is_misfit(item: Item, response_format: ResponseFormat, dtype: pl.DataType) -> pl.Expr:
    is_known = as_code(item.column, dtype).is_in(response_format.all_codes).fill_null(value=False)
    return is_filled(item.column, dtype) & is_known.not_()


def _expected(response_format: ResponseFormat) -> str:
    codes = ", ".join(str(option.code) for option in response_format.codes)
    missing = ", ".join(f"{each.code} ({each.reason})" for each in response_format.missing)
    return f"{codes}, or missing {missing}" if missing else codes
