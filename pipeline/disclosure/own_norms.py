"""Norms whose sample is the municipality's own answers: they state figures of one of its waves.

A norm's number of respondents and share are in its definition, and stand beside every area. What
they are of must not be hidden for the sake of something smaller, since everyone could look it up;
where it has to be hidden for its own sake, the norm's share is not printed.
"""

from collections.abc import Sequence

import polars as pl

from pipeline.definitions.norm import Norm
from pipeline.disclosure.cells import CELL

ALIKE = 0.02
"""Part of a group that a norm sample may differ by and still be the group, e.g. after respondents
were erased or a delivery corrected. The project's choice."""

FEW = 3
"""Respondents that it may differ by in any case. The project's choice."""


def add_stated(cells: pl.DataFrame, norms: Sequence[Norm], root_area: str) -> pl.DataFrame:
    """Add is_stated: whether a norm states the very cell.

    Told by the numbers, not by a declaration that might be missing: the norm is of a year that
    the site has a wave of, and its sample of a grade is as large as the municipality's answers and
    flagged as often.

    Args:
        cells: of ``collect_cells``.
        norms: the site's.
        root_area: the municipality.
    """
    stated = pl.DataFrame(
        [
            (norm.wave, root_area, "area", cut.grade, "all", cut.factor, cut.n, cut.share_flagged)
            for norm in norms
            for cut in norm.cutoffs
        ],
        {name: cells.schema[name] for name in CELL} | {"of": pl.Int64, "share": pl.Float64},
        orient="row",
    )
    n = pl.col("n")
    most = pl.max_horizontal(ALIKE * n, FEW)
    is_alike = ((pl.col("of") - n).abs() <= most) & (
        (pl.col("share") * n - pl.col("k")).abs() <= most
    )
    found = cells.join(stated, on=CELL).filter(is_alike, n > 0).select(CELL).unique()
    return cells.join(
        found.with_columns(is_stated=pl.lit(value=True)), on=CELL, how="left", maintain_order="left"
    ).with_columns(pl.col("is_stated").fill_null(value=False))


def withheld_norms(cells: pl.DataFrame) -> list[str]:
    """Measures whose norm must not be printed: a cell that it states is hidden or coded."""
    hidden = cells.filter("is_stated", (pl.col("reason") != "") | pl.col("code").is_not_null())
    return hidden["measure_id"].unique().sort().to_list()
