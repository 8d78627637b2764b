"""What sides of comparisons weigh by pooled design effects: effective sizes, PSU by PSU.

Shapes: r rows of totals, d domains, c comparisons, m measures.
"""

from typing import NamedTuple

import numpy as np
import polars as pl

from pipeline.analysis.comparison.ground import NOBODY, Ground, domain_sums
from pipeline.analysis.estimation.pooled_effect import pooled_design_effect
from pipeline.analysis.estimation.pools import squared_weights
from pipeline.analysis.estimation.totals import DOMAIN
from pipeline.analysis.estimation.variance import CENSUS, Booleans, Floats, Integers


class PooledSides(NamedTuple):
    """Domains of the ground; nan where nothing is pooled."""

    n_effective: Floats
    """Shape (d, m), as the next two."""

    correlation: Floats
    """How alike respondents of one PSU are in the whole wave."""

    df: Floats
    """Of the whole wave's design."""

    is_census: Booleans
    """Shape (d, m): every PSU was taken, and the domain's own variance is known."""

    squared: Floats
    """Shape (r, m): sums of squared weights."""

    in_root: Floats
    """Shape (r, m): sums of the weights of the PSU's respondents of that grade and gender,
    whichever area they are of."""


def pooled_sides(ground: Ground, estimates: pl.DataFrame) -> PooledSides:
    """Look up what ``areas.estimate`` has pooled, and add up what the rest is computed from.

    Args:
        ground: shares of domains.
        estimates: ``areas.estimate``.
    """
    linked = ground.linked
    totals = linked.totals
    may_vary = (linked.strata.left_out >= CENSUS)[totals.stratum]
    n_effective, correlation, df = _looked_up(ground, estimates)
    return PooledSides(
        n_effective=n_effective,
        correlation=correlation,
        df=df,
        is_census=domain_sums(linked, totals.n * may_vary[:, np.newaxis]) == 0,
        squared=squared_weights(ground.rows, totals.w),
        in_root=totals.w[_rows_of_root(ground)],
    )


def rest_size(ground: Ground, pooled: PooledSides, part: Integers, whole: Integers) -> Floats:
    """Effective sizes of what is left of the whole municipality, from how it lies in PSUs.

    A PSU that the part shares with the rest counts with what is left of it:
    ``sum (R - P)**2 = sum R**2 - 2 sum R P + sum P**2``.

    Args:
        ground: shares of domains.
        pooled: what is pooled of them.
        part: shape (c,): numbers of the domains.
        whole: shape (c,): the root area, in the same grade and gender.

    Returns:
        Shape (c, m); nan where nobody is left or nothing is pooled.
    """
    totals = ground.linked.totals
    n, w, squared, clustered, crossed = (
        domain_sums(ground.linked, values)
        for values in (totals.n, totals.w, pooled.squared, totals.w**2, totals.w * pooled.in_root)
    )
    left = np.where(n[whole] > n[part], n[whole] - n[part], np.nan)
    weight = w[whole] - w[part]
    # Squares are not less than those of equal weights, nor those of PSUs than of respondents,
    # whatever rounding says, or a PSU's weights where some have no value.
    squares = np.maximum(squared[whole] - squared[part], weight**2 / left)
    of_psus = np.maximum(clustered[whole] - 2 * crossed[part] + clustered[part], squares)
    effect = pooled_design_effect(left, weight, squares, of_psus, pooled.correlation[whole])
    return np.fmin(left, left / effect)


def _looked_up(ground: Ground, estimates: pl.DataFrame) -> list[Floats]:
    """Effective sizes, correlations and degrees of freedom, each of shape (d, m)."""
    names = ["pooled_n_effective", "pooled_correlation", "pooled_df"]
    keys = [*DOMAIN, "measure_id"]
    measures = pl.DataFrame({"measure_id": ground.measures}, schema={"measure_id": pl.String})
    found = (
        ground.domains.select(DOMAIN)
        .join(measures, how="cross", maintain_order="left_right")
        .join(
            estimates.filter(statistic="share").select(*keys, *names),
            on=keys,
            how="left",
            maintain_order="left",
        )
    )
    shape = (ground.domains.height, len(ground.measures))
    return [found[name].fill_null(np.nan).to_numpy().reshape(shape) for name in names]


def _rows_of_root(ground: Ground) -> Integers:
    """Shape (r,): the row of the root area in the same PSU, grade and gender."""
    keys = ["wave", "grade", "gender", "psu"]
    rows = ground.rows.select(DOMAIN).with_columns(
        pl.Series("psu", ground.linked.psu), root_row=pl.int_range(pl.len(), dtype=pl.Int64)
    )
    of_root = rows.filter(area_id=ground.comparable.root_area).select(*keys, "root_row")
    found = rows.drop("root_row").join(of_root, on=keys, how="left", maintain_order="left")
    return found["root_row"].fill_null(NOBODY).to_numpy()
