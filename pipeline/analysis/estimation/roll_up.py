"""Cells in, the totals of every domain out, by primary sampling unit or a unit within it.

Domains are areas of every level, each grade and all, each gender and all.
"""

import numpy as np
import polars as pl
import polars.selectors as cs
from scipy.sparse import csr_array

from pipeline.analysis.estimation.totals import DOMAIN

PSU = ("stratum", "psu")
UNIT = (*PSU, "unit")

ALL = "all"
"""Grade and gender of a domain that holds every one."""

UNKNOWN = ""
"""Grade and gender of a cell whose respondents' is not known, and unit where there is none."""

CELL = ("wave", "area_id", "cell_grade", "cell_gender", *UNIT)
"""Key of ``totals.cell``."""

SUMS = cs.matches("^(?:n|w|ww|wy|wyy)_")


def psu_totals(cells: pl.DataFrame, ancestors: pl.DataFrame) -> pl.DataFrame:
    """One domain and primary sampling unit: the sufficient statistics of every estimate.

    Args:
        cells: ``totals.cell``, whose sums are exact; in any order.
        ancestors: ``ref.area_ancestor``.

    Returns:
        wave, area_id, grade, gender, stratum and psu, sorted by them and unique; and the sums n_*,
        w_*, wy_* and wyy_* of the cells as floats. Who has no known grade or gender is part of
        ``all``, but not a domain of their own.
    """
    return _rolled_up(cells, ancestors, PSU)


def unit_totals_of_domains(cells: pl.DataFrame, ancestors: pl.DataFrame) -> pl.DataFrame:
    """One domain and unit sampled within a primary sampling unit, e.g. a class of a school.

    As ``psu_totals``, with unit among the keys; without rows for waves with one stage.
    """
    return _rolled_up(cells.filter(pl.col("unit") != UNKNOWN), ancestors, UNIT)


def _rolled_up(
    cells: pl.DataFrame, ancestors: pl.DataFrame, units: tuple[str, ...]
) -> pl.DataFrame:
    members = _members(cells, ancestors, units)
    if members.is_empty():
        return members.drop("cell").hstack(cells.clear().select(SUMS.cast(pl.Float64)))
    keys = [*DOMAIN, *units]
    is_first = members.select(pl.struct(keys) != pl.struct(keys).shift()).to_series()
    first = np.flatnonzero(is_first.fill_null(value=True).to_numpy())
    # A row for each domain and unit, with a one in the column of each of its cells. Floats are
    # added in the order of members, whatever the order of cells.
    holds = csr_array(
        (np.ones(members.height), members["cell"].to_numpy(), np.append(first, members.height)),
        shape=(first.size, cells.height),
    )
    parts = cells.select(SUMS.cast(pl.Float64))
    sums = pl.DataFrame(holds @ parts.to_numpy(order="c"), parts.schema)
    return members[first].drop("cell").hstack(sums)


def _members(cells: pl.DataFrame, ancestors: pl.DataFrame, units: tuple[str, ...]) -> pl.DataFrame:
    """One row per cell and domain it is part of, by domain and unit, then the cell's own key."""
    placed = (
        cells.select(CELL)
        .with_row_index("cell")
        .sort(CELL)
        .with_row_index("place")
        .join(ancestors, on=["wave", "area_id"])
    )
    own = {name: pl.col(f"cell_{name}").alias(name) for name in ("grade", "gender")}
    every = {name: pl.lit(ALL).alias(name) for name in own}
    members = pl.concat(
        placed.select(
            "wave",
            pl.col("ancestor_id").alias("area_id"),
            grade,
            gender,
            *units,
            "place",
            "cell",
        )
        for grade in (own["grade"], every["grade"])
        for gender in (own["gender"], every["gender"])
    )
    known = members.filter(pl.col("grade") != UNKNOWN, pl.col("gender") != UNKNOWN)
    return known.sort(*DOMAIN, *units, "place").drop("place")
