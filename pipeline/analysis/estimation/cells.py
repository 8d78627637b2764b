"""Respondents of a wave in, the sums over the finest cells out: nothing later reads people."""

import math

import polars as pl

PSU = ("stratum", "psu")
UNIT = (*PSU, "unit")

CELL = ("wave", "area_id", "cell_grade", "cell_gender", *UNIT)
"""Key of ``totals.cell``."""

UNKNOWN = ""
"""Grade and gender of a cell whose respondents' is not known, and unit where there is none."""

SCORES = pl.col("^score_.*$")
FLAGS = pl.col("^(?:is_flagged|outcome|reaches)_.*$")
VALUES = pl.col("^(?:is_flagged|score|outcome|reaches)_.*$")

MOST_DECIMALS = 12
"""Of what is added: as many as weights have."""

LARGEST = 2**62
"""Whole number that a sum can be, with room for what is rounded up."""


def cell_totals(
    respondents: pl.DataFrame, area_codes: pl.DataFrame, root_area: str
) -> pl.DataFrame:
    """Add up those who are analysed by area, grade, gender, stratum, PSU and unit.

    Sums do not depend on the order of respondents, nor on threads: what is added is rounded to 12
    decimals and added as whole numbers. There are fewer decimals where the sum over the wave
    would otherwise have more than 63 bits, which takes weights of some hundred thousand pupils.

    Args:
        respondents: ``scores.respondent_factor`` of one wave, in any order.
        area_codes: ``ref.area_code``.
        root_area: the area that holds everyone, and so those without a known area too.

    Returns:
        One row per ``CELL`` of any respondent, in any order: n_respondents, w_respondents (sum of
        weights) and ww_respondents (sum of squared weights); and for each measure
        n_<measure> (respondents with a value and a weight above 0), w_<measure> (sum of their
        weights), wy_<measure> (sum of weight times value) and, of scores,
        wyy_<measure> (sum of weight times squared value).
    """
    weight, whole_weight = pl.col("weight"), pl.col("whole_weight")
    has_value = VALUES.is_not_null()
    placed = _placed(respondents.filter("is_analysed"), area_codes, root_area)
    scale, scale_of_squares = _scales(placed)
    squares = (weight / scale) ** 2 * scale_of_squares
    return (
        placed.lazy()
        .with_columns(weight.cast(pl.Float64) * scale)
        .with_columns(whole_weight=_whole(weight))
        .group_by(CELL)
        .agg(
            # Whose weight is 0 stands for nobody: no figure rests on them.
            (has_value & (weight > 0)).sum().name.prefix("n_"),
            ((has_value * whole_weight).sum() / scale).name.prefix("w_"),
            ((FLAGS * whole_weight).sum() / scale).name.prefix("wy_"),
            (_whole(SCORES * weight).sum() / scale).name.prefix("wy_"),
            (_whole(SCORES * SCORES * weight).sum() / scale).name.prefix("wyy_"),
            n_respondents=pl.len(),
            w_respondents=whole_weight.sum() / scale,
            ww_respondents=_whole(squares).sum() / scale_of_squares,
        )
        .collect()
    )


def _placed(analysed: pl.DataFrame, area_codes: pl.DataFrame, root_area: str) -> pl.DataFrame:
    """Respondents with the key of their cell."""
    # Joined by themselves: all columns of a wave would be copied.
    areas = analysed.select("wave", "area_code").join(
        area_codes.rename({"code": "area_code"}),
        on=["wave", "area_code"],
        how="left",
        maintain_order="left",
    )
    return analysed.with_columns(
        areas["area_id"].fill_null(root_area),
        pl.col("unit").fill_null(UNKNOWN),
        cell_grade=pl.col("grade").fill_null(UNKNOWN),
        cell_gender=pl.col("gender").fill_null(UNKNOWN),
    )


def _scales(analysed: pl.DataFrame) -> tuple[float, float]:
    """What weights and their products with values are multiplied by, and what squared weights."""
    weight = pl.col("weight")
    # Weights are decimals, whose sum is the same in any order.
    bounds = analysed.select(weight.max(), weight.sum().alias("total"), SCORES.abs().max())
    heaviest, total, *scores = bounds.cast(pl.Float64).fill_null(0.0).row(0)
    return _scale(total * max([1.0, *scores]) ** 2), _scale(total * heaviest)


def _scale(largest_sum: float) -> float:
    """A power of ten that the sum can be multiplied by."""
    return 10.0 ** min(MOST_DECIMALS, math.floor(math.log10(LARGEST / max(largest_sum, 1.0))))


def _whole(numbers: pl.Expr) -> pl.Expr:
    return numbers.round().cast(pl.Int64)
