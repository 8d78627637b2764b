"""Cells in, the totals of every domain out, by primary sampling unit or a unit within it.

Domains are areas of every level, each grade and all, each gender and all.
"""

import numpy as np
import polars as pl
import polars.selectors as cs
from scipy.sparse import csr_array

from pipeline.analysis.estimation.cells import CELL, PSU, UNIT, UNKNOWN
from pipeline.analysis.estimation.totals import DOMAIN

ALL = "all"
"""Grade and gender of a domain that holds every one."""

SUMS = cs.matches("^(?:n|w|ww|wy|wyy)_")


def psu_totals(cells: pl.DataFrame, ancestors: pl.DataFrame) -> pl.DataFrame:
    """One domain and primary sampling unit: the sufficient statistics of every estimate.

    Args:
        cells: of ``cell_totals``, of one wave or several; in any order.
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
    row = members.select(pl.struct(*DOMAIN, *units).rle_id().cast(pl.Int64)).to_series()
    first = np.flatnonzero(np.diff(row.to_numpy(), prepend=-1))
    # A row for each domain and unit, with a one in the column of each of its cells. Floats are
    # added in the order of members, whatever the order of cells.
    holds = csr_array(
        (np.ones(members.height), members["cell"].to_numpy(), np.append(first, members.height)),
        shape=(first.size, cells.height),
    )
    parts = cells.select(SUMS.cast(pl.Float64))
    # Laid out by column, as frames are.
    sums = np.asfortranarray(holds @ parts.to_numpy(order="c"))
    keys = members[first].drop("cell").with_columns(cs.enum().cast(pl.String))
    return keys.hstack(pl.DataFrame(sums, parts.schema))


def _members(cells: pl.DataFrame, ancestors: pl.DataFrame, units: tuple[str, ...]) -> pl.DataFrame:
    """One row per cell and domain it is part of, by domain and unit, then the cell's own key."""
    names = _names(cells.select(CELL), ancestors)
    placed = (
        cells.select(CELL)
        .with_columns(cs.string().cast(names))
        .with_row_index("cell")
        .sort(CELL)
        .with_row_index("place")
        .join(ancestors.with_columns(cs.string().cast(names)), on=["wave", "area_id"])
    )
    own = {name: pl.col(f"cell_{name}").alias(name) for name in ("grade", "gender")}
    every = {name: pl.lit(ALL, names).alias(name) for name in own}
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


def _names(*frames: pl.DataFrame) -> pl.Enum:
    """All texts of the frames in their order: they are sorted as numbers, which is sooner done."""
    texts = [text for frame in frames for text in frame.select(cs.string()).get_columns()]
    return pl.Enum(pl.concat([pl.Series([ALL, UNKNOWN]), *texts]).unique().sort())
