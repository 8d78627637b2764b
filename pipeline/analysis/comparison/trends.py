"""Linear trends over waves, all at once.

Numbers in, numbers out.
Shapes: c series, k waves, m measures.
"""

from typing import NamedTuple

import numpy as np

from pipeline.analysis.comparison.side_variance import (
    SideEstimates,
    degrees_of_freedom,
    estimate_sides,
    has_spread,
    linearise,
    variance,
)
from pipeline.analysis.estimation.sides import LinkedTotals, align_sides, blocks
from pipeline.analysis.estimation.variance import Floats, Integers

MIN_WAVES = 3
"""Through two points goes a line whatever they are: that is a difference, not a trend."""


class Trends(NamedTuple):
    """Trends, each of shape (c, m). nan: there is none."""

    n: Floats
    """Respondents with a value, in the wave that has fewest of those that have any."""

    n_waves: Floats
    """Waves with a value."""

    slope: Floats
    """Change of the share or mean per unit of time; nan with fewer than three waves."""

    se: Floats
    """Standard error of the slope; nan if it cannot be seen in some wave."""

    df: Floats


def linear_trends(
    linked: LinkedTotals,
    domains: Integers,
    times: Floats,
    *,
    design_df: Floats | None = None,
) -> Trends:
    """Fit a line through the respondents of each series of waves.

    Every wave weighs as much as its respondents' weights, and the line is fitted to respondents,
    not to the waves' means: its standard error holds the spread between PSUs and the covariance
    of PSUs that come back, not how far the waves lie from a line.

    Args:
        linked: the totals. Where the wave is not part of the stratum's number, a school that
            comes back is one PSU.
        domains: shape (c, k): numbers of the domains; -1: a wave the series is not in.
        times: shape (k,): when each wave was, e.g. its year.
        design_df: shape (c,): degrees of freedom of the full design over the waves; null: PSUs
            less strata in which any wave has a value. One is taken off in either case.

    Raises:
        LonelyPsuError: a stratum with values has a single PSU and the design refuses that.

    Source:
        R ``survey::svyglm(y ~ t)``, df ``degf + 1 - 2``: with t centred at its weighted mean and
        S = sum w (t - mean)^2, z_i = sum over waves of (t - mean) (B_it - fitted_t A_it) / S.
        ``tests/oracle`` holds R's numbers.
    """
    found = [
        _in_block(linked, domains[block], times, None if design_df is None else design_df[block])
        for block in blocks(linked, domains)
    ]
    return Trends(*(np.concatenate(columns) for columns in zip(*found, strict=True)))


def _in_block(
    linked: LinkedTotals, domains: Integers, times: Floats, design_df: Floats | None
) -> Trends:
    sides = align_sides(linked, domains)
    found = estimate_sides(sides, linked, design_df=design_df)
    has_value = found.n > 0
    n_waves = has_value.sum(axis=1).astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        slope, fitted, lever = _line(found, times)
        z = linearise(sides, fitted, lever).sum(axis=1)
    se = np.sqrt(variance(z, np.any(sides.n > 0, axis=1), sides, linked))
    enough = n_waves >= MIN_WAVES
    is_visible = enough & (found.is_estimable | ~has_value).all(axis=1) & has_spread(se, slope)
    fewest = np.where(has_value, found.n, np.inf).min(axis=1)
    return Trends(
        n=np.where(n_waves > 0, fewest, 0.0),
        n_waves=n_waves,
        slope=np.where(enough, slope, np.nan),
        se=np.where(is_visible, se, np.nan),
        df=degrees_of_freedom(sides, design_df) - 1,
    )


def _line(found: SideEstimates, times: Floats) -> tuple[Floats, Floats, Floats]:
    """Slope (c, m); fitted values and levers (t - mean) / S, both (c, k, m)."""
    time = times[np.newaxis, :, np.newaxis]
    total = found.weight.sum(axis=1, keepdims=True)
    level = np.where(found.n > 0, found.estimate, 0.0)
    middle = (found.weight * time).sum(axis=1, keepdims=True) / total
    mean = (found.weight * level).sum(axis=1, keepdims=True) / total
    from_middle = time - middle
    lever = from_middle / (found.weight * from_middle**2).sum(axis=1, keepdims=True)
    slope = (found.weight * lever * level).sum(axis=1, keepdims=True)
    return slope[:, 0], mean + slope * from_middle, lever
