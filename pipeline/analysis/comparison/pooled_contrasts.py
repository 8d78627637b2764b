"""Differences between domains with too few PSUs for a variance of their own.

Shapes: c comparisons, m measures.
"""

import numpy as np
from numpy.typing import NDArray

from pipeline.analysis.comparison.contrasts import Contrasts
from pipeline.analysis.comparison.ground import Ground
from pipeline.analysis.comparison.kinds import Compared
from pipeline.analysis.comparison.pooled_sides import PooledSides, rest_size
from pipeline.analysis.estimation.intervals import t_quantile
from pipeline.analysis.estimation.variance import Booleans, Floats
from pipeline.definitions.site import Design

Limits = tuple[Floats, Floats]


def rest_on_pooled(
    kind: str, compared: Compared, ground: Ground, pooled: PooledSides, design: Design
) -> tuple[Contrasts, NDArray[np.str_], Floats, Floats]:
    """Put pooled standard errors in place of those that rest on too few PSUs.

    That is where the site says so, and a side's degrees of freedom (its PSUs less strata) are
    below the site's limit or the variance of a side cannot be seen. A trend, and a side all of
    whose PSUs were taken, keep what they have.

    Args:
        kind: of the comparisons.
        compared: some comparisons of that kind.
        ground: what they rest on.
        pooled: what is pooled of the ground's domains.
        design: when differences rest on it.

    Returns:
        The contrasts, with se and df changed where they are pooled; ``own``, ``pooled`` or, where
        there is no standard error, nothing; and the limits of pooled differences, else nan.
    """
    own = compared.contrasts
    nothing = np.full_like(own.se, np.nan)
    is_pooled, lower, upper = np.zeros_like(own.se, dtype=np.bool_), nothing, nothing
    if compared.sides and design.few_psus.interval == "pooled":
        size, df, is_census = _sides(kind, compared, ground, pooled)
        shares = own.first, own.second
        se = score_se(shares, size)
        is_few = (own.least_df < design.few_psus.below_df) | np.isnan(own.se)
        is_pooled = is_few & ~is_census & (se > 0) & (df > 0)
        own = own._replace(se=np.where(is_pooled, se, own.se), df=np.where(is_pooled, df, own.df))
        lower, upper = (
            np.where(is_pooled, limit, np.nan)
            for limit in difference_limits(shares, size, df, confidence=design.confidence)
        )
    has_test = (own.se > 0) & (own.df > 0)
    basis = np.select([is_pooled, has_test], ["pooled", "own"], default="")
    return own, basis, lower, upper


def score_se(shares: tuple[Floats, Floats], size: tuple[Floats, Floats]) -> Floats:
    """Standard error of a difference between two shares if there is none.

    ``sqrt(p (1 - p) (1 / n1 + 1 / n2))``, p being the share of both sides together. It takes the
    sides as independent: those that share PSUs vary together, and the difference less than this.

    Args:
        shares: of either side, any shape.
        size: effective respondents of either side, same shape; infinite: a share that is known,
            which p then is.

    Returns:
        Same shape; 0 where nobody or everybody is flagged on both sides.

    Source:
        The score test of two proportions, as Pearson's chi-square without correction, on
        effective sizes; with a known share the one-sample score test.
    """
    first, second = (1 / each for each in size)
    with np.errstate(invalid="ignore"):
        together = (second * shares[0] + first * shares[1]) / (first + second)
        return np.sqrt(np.maximum(together * (1 - together), 0.0) * (first + second))


def difference_limits(
    shares: tuple[Floats, Floats], size: tuple[Floats, Floats], df: Floats, *, confidence: float
) -> Limits:
    """Confidence limits of a difference between two shares, never beyond -1 and 1.

    Each side's score limits l and u, put together as
    ``d - sqrt((p1 - l1)**2 + (u2 - p2)**2)`` and ``d + sqrt((u1 - p1)**2 + (p2 - l2)**2)``. The
    standard error under no difference would be too narrow around a difference that is there.
    Against a known share they hold 0 exactly where the score test finds nothing; between two
    sides nearly so.

    Args:
        shares: of either side, any shape; 0 and 1 too.
        size: as in ``score_se``.
        df: degrees of freedom, same shape; not above 0 gives nan.
        confidence: coverage, above 0 and below 1.

    Source:
        Newcombe (1998), Statistics in Medicine 17, 873-890, method 10 (remembered), with t for z
        and effective sizes.
    """
    t = t_quantile((1 + confidence) / 2, df)
    difference = shares[0] - shares[1]
    (lower_1, upper_1), (lower_2, upper_2) = (
        _score_limits(share, 1 / each, t) for share, each in zip(shares, size, strict=True)
    )
    below = np.sqrt((shares[0] - lower_1) ** 2 + (upper_2 - shares[1]) ** 2)
    above = np.sqrt((upper_1 - shares[0]) ** 2 + (shares[1] - lower_2) ** 2)
    return difference - below, difference + above


def _score_limits(share: Floats, v: Floats, t: Floats) -> Limits:
    """Wilson's, for an effective size of 1 / v; at 0 and 1 too, where a site shows exact ones."""
    centre = share + t**2 * v / 2
    half_width = t * np.sqrt(np.maximum(share * (1 - share), 0.0) * v + (t * v / 2) ** 2)
    return (centre - half_width) / (1 + t**2 * v), (centre + half_width) / (1 + t**2 * v)


def _sides(
    kind: str, compared: Compared, ground: Ground, pooled: PooledSides
) -> tuple[tuple[Floats, Floats], Floats, Booleans]:
    """Effective sizes of both sides, degrees of freedom, and whether a side is a census."""
    is_wanted = np.isin(ground.measures, compared.measures)
    sizes, df = (
        [values[side][:, is_wanted] for side in compared.sides]
        for values in (pooled.n_effective, pooled.df)
    )
    is_census = [pooled.is_census[side][:, is_wanted] for side in compared.sides]
    if kind == "rest":
        sizes[1] = rest_size(ground, pooled, *compared.sides)[:, is_wanted]
    known = np.full_like(sizes[0], np.inf)
    first, second = [*sizes, known][:2]
    return (first, second), np.minimum.reduce(df), np.logical_or.reduce(is_census)
