"""Each side of a comparison by itself, and the variance of what they add up to.

The covariance of two domains comes through the PSUs and strata they share. Each PSU's linearised
totals are therefore combined before they are squared, over the joint set of PSUs.

Numbers in, numbers out.
Shapes: c comparisons, k sides of each, m measures; g rows side by side.
"""

from typing import NamedTuple

import numpy as np

from pipeline.analysis.estimation.estimates import NO_SPREAD
from pipeline.analysis.estimation.linearisation import LonelyPsuError, starts_of
from pipeline.analysis.estimation.sides import LinkedTotals, Sides, sum_by
from pipeline.analysis.estimation.variance import (
    Booleans,
    Floats,
    Groups,
    group_variance,
    summed_variance,
)


class SideEstimates(NamedTuple):
    """What each side is by itself; each of shape (c, k, m)."""

    n: Floats
    """Respondents with a value and a weight above 0."""

    weight: Floats
    estimate: Floats
    """Weighted mean of the values; nan if nobody has one."""

    is_estimable: Booleans
    """Whether its variance can be seen: several PSUs, degrees of freedom, values that differ.
    A side all of whose PSUs were taken has no variance to see, and none is shown."""

    own_df: Floats
    """Its PSUs with a value, less their strata."""


def estimate_sides(
    sides: Sides, linked: LinkedTotals, *, design_df: Floats | None = None
) -> SideEstimates:
    """Estimate each side as if it stood alone.

    Args:
        sides: the sums.
        linked: what they came from.
        design_df: null: a side needs degrees of freedom of its own, more PSUs than strata. Else
            those of the full design count (see ``degrees_of_freedom``), and a side needs two
            PSUs.

    Raises:
        LonelyPsuError: a stratum with values has a single PSU and the design refuses that.
    """
    weight = _per_comparison(sides.w, sides)
    with np.errstate(divide="ignore", invalid="ignore"):
        estimate = _per_comparison(sides.wy, sides) / weight
        z = linearise(sides, estimate, 1 / weight)
    has_value = sides.n > 0
    se = np.sqrt(variance(z, has_value, sides, linked))
    n_psu, n_strata = psus_and_strata(sides, has_value)
    own_df = n_psu - n_strata
    df = own_df if design_df is None else design_df[:, np.newaxis, np.newaxis]
    return SideEstimates(
        n=_per_comparison(sides.n, sides),
        weight=weight,
        estimate=estimate,
        is_estimable=(n_psu > 1) & (df > 0) & has_spread(se, estimate),
        own_df=own_df,
    )


def linearise(sides: Sides, centre: Floats, factor: Floats) -> Floats:
    """What each PSU adds to an estimate: (wy - centre w) factor.

    Args:
        sides: the sums.
        centre: shape (c, k, m): what the values are expected to be.
        factor: shape (c, k, m): 1 / weight for a mean.

    Returns:
        Shape (g, k, m); 0 where a side has no values.
    """
    z = (sides.wy - centre[sides.comparison] * sides.w) * factor[sides.comparison]
    return np.where(sides.n > 0, z, 0.0)


def variance(z: Floats, has_value: Booleans, sides: Sides, linked: LinkedTotals) -> Floats:
    """Variance of the sum of each comparison's ``z``, over its strata.

    Args:
        z: shape (g, ...), 0 where a PSU has no values.
        has_value: same shape: whether it has.
        sides: whose rows they are.
        linked: the design.

    Returns:
        Shape (c, ...); 0 for a comparison without rows, nan for one without values.

    Raises:
        LonelyPsuError: a stratum with values has a single PSU and the design refuses that.

    Source:
        Lumley, R package survey, ``svyrecvar``, as in ``estimate_domains``.
    """
    starts = starts_of(sides.comparison, sides.stratum)
    met = sides.stratum[starts]
    n_psu, left_out = linked.strata.n_psu[met], linked.strata.left_out[met]
    groups = Groups(starts, n_psu[:, np.newaxis].astype(np.float64), left_out[:, np.newaxis])
    flat = (len(z), int(np.prod(z.shape[1:])))
    n_met = np.add.reduceat(has_value.reshape(flat).astype(np.float64), starts)
    if linked.rule.lonely_psu == "fail":
        is_lonely = (groups.n_sampled == 1) & ~groups.is_census & (n_met > 0)
        if lonely := np.unique(met[is_lonely.any(axis=1)]).size:
            raise LonelyPsuError(lonely, stage=1)
    parts = group_variance(z.reshape(flat), n_met, groups, linked.rule)
    comparison = sides.comparison[starts]
    first = starts_of(comparison)
    summed = np.zeros((sides.n_comparisons, flat[1]))
    summed[comparison[first]] = summed_variance(parts, n_met, first)
    return summed.reshape(sides.n_comparisons, *z.shape[1:])


def psus_and_strata(sides: Sides, has_value: Booleans) -> tuple[Floats, Floats]:
    """Per comparison, the PSUs and the strata in which something of shape (g, ...) is true."""
    starts = starts_of(sides.comparison, sides.stratum)
    per_stratum = np.add.reduceat(has_value.astype(np.float64), starts)
    comparison = sides.comparison[starts]
    return (
        sum_by(per_stratum, comparison, sides.n_comparisons),
        sum_by((per_stratum > 0).astype(np.float64), comparison, sides.n_comparisons),
    )


def degrees_of_freedom(sides: Sides, design_df: Floats | None) -> Floats:
    """Shape (c, m): PSUs less strata in which any side has a value.

    Args:
        sides: the sums.
        design_df: shape (c,): those of the full design instead; null: those of the sides.

    Source:
        R ``survey::degf`` on the respondents with a value and a weight above 0.
    """
    if design_df is not None:
        return np.broadcast_to(
            design_df[:, np.newaxis], (sides.n_comparisons, sides.n.shape[2])
        ).astype(np.float64)
    n_psu, n_strata = psus_and_strata(sides, np.any(sides.n > 0, axis=1))
    return n_psu - n_strata


def has_spread(se: Floats, estimate: Floats) -> Booleans:
    """Whether a standard error is more than rounding; false where it is nan."""
    return se > NO_SPREAD * np.maximum(1.0, np.abs(estimate))


def _per_comparison(values: Floats, sides: Sides) -> Floats:
    return sum_by(values, sides.comparison, sides.n_comparisons)
