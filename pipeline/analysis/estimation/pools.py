"""What a design effect is pooled over, from ``psu_totals``, as arrays.

Shapes: r rows (one per domain, stratum and PSU), d domains, m measures; q pools, s rows of them.
"""

from typing import NamedTuple

import numpy as np
import polars as pl

from pipeline.analysis.estimation.totals import DOMAIN
from pipeline.analysis.estimation.variance import Floats, Integers


class Pools(NamedTuple):
    """Two pools for each wave: the whole design, and the same by grade.

    By grade, a PSU counts once for each of its grades and is compared with others of that grade
    alone, so that what differs between grades is not taken for what differs between classes.
    """

    of_domain: Integers
    """Shape (d,): pool of each domain: 2 k for all grades in the k-th wave, 2 k + 1 for one."""

    rows: Integers
    """Shape (s,): rows of the totals, sorted by pool, then group."""

    pool: Integers
    """Shape (s,): pool of each."""

    group: Integers
    """Shape (s,): number of the grade and stratum within which PSUs are compared; rising."""

    n_pools: int
    """q, twice the number of waves."""


def pools_of(domain_psus: pl.DataFrame, root_area: str) -> Pools:
    """The rows of the area that holds everyone, all genders, over all grades and by grade.

    Args:
        domain_psus: ``psu_totals``, sorted by wave, area_id, grade, gender, stratum, psu.
        root_area: the area that holds everyone.
    """
    numbered = domain_psus.select(
        *DOMAIN,
        "stratum",
        pool=2 * (pl.col("wave").rank("dense").cast(pl.Int64) - 1)
        + (pl.col("grade") != "all").cast(pl.Int64),
        row=pl.int_range(pl.len()),
    )
    of_domain = numbered.unique(DOMAIN, keep="first", maintain_order=True)["pool"]
    found = (
        numbered.filter(area_id=root_area, gender="all")
        .sort("pool", "grade", "stratum", "row")
        .with_columns(group=pl.struct("pool", "grade", "stratum").rle_id().cast(pl.Int64))
    )
    return Pools(
        of_domain=of_domain.to_numpy(),
        rows=found["row"].to_numpy(),
        pool=found["pool"].to_numpy(),
        group=found["group"].to_numpy(),
        n_pools=2 * domain_psus["wave"].n_unique(),
    )


def squared_weights(domain_psus: pl.DataFrame, w: Floats) -> Floats:
    """Sum of the squared weights of those with a value.

    Those without one are taken to have the weights of the others of their PSU: the sum of weights
    is multiplied by sum(w**2) / sum(w) of all its respondents. Exact where all have a value,
    and where the weights of a PSU are equal.

    Args:
        domain_psus: ``psu_totals``.
        w: shape (r, m), sums of the weights of those with a value.

    Returns:
        Shape (r, m).
    """
    sums = domain_psus.select(pl.col("w_respondents", "ww_respondents").cast(pl.Float64)).to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        mean_weight = np.where(sums[:, 0] > 0, sums[:, 1] / sums[:, 0], 0.0)
    return w * mean_weight[:, np.newaxis]
