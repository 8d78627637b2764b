"""Design effects pooled over a wave's whole design, for domains with too few PSUs of their own.

How alike respondents of one PSU are is estimated once for each measure and wave, from every PSU;
each domain's design effect then follows from how its respondents lie in PSUs and how they are
weighted. It exists for a domain in one PSU, of one respondent, or without any that differ.

Numbers in, numbers out.
Shapes: r rows (one per domain, stratum and PSU), d domains, m measures, q pools.
"""

from typing import NamedTuple

import numpy as np

from pipeline.analysis.estimation.linearisation import starts_of
from pipeline.analysis.estimation.pools import Pools
from pipeline.analysis.estimation.sides import sum_by
from pipeline.analysis.estimation.totals import DomainTotals
from pipeline.analysis.estimation.variance import Floats

ROUNDING = 1e-12
"""A difference of sums, or a variance, below this, relative to what it comes from, is 0."""


class Likeness(NamedTuple):
    """How alike respondents of one PSU are; each of shape (q, m)."""

    correlation: Floats
    """Intraclass correlation, 0 to 1; nan if no two PSUs could be compared."""

    variance: Floats
    """Of the values, within and between PSUs; nan likewise."""

    df: Floats
    """PSUs less the groups they were compared within."""


class PooledEffects(NamedTuple):
    """Each of shape (d, m); nan where nobody has a value or nothing could be pooled."""

    correlation: Floats
    variance: Floats
    design_effect: Floats
    """Beside a simple random sample with replacement."""

    n_effective: Floats
    """Respondents of a simple random sample that would be as precise, at most those there are."""

    df: Floats
    """Degrees of freedom of the whole design, for the measure."""


def pooled_effects(totals: DomainTotals, ww: Floats, pools: Pools) -> PooledEffects:
    """Pooled design effects of every domain and measure.

    With n respondents, weights w and the sum W of a PSU's weights:
    ``deff = n / sum(w)**2 * ((1 - roh) sum(w**2) + roh sum(W**2))``, which is
    ``(1 + cv(w)**2) (1 + (b - 1) roh)`` with ``b = sum(W**2) / sum(w**2)``, the average take of a
    PSU when weights are equal.

    Args:
        totals: the sufficient statistics.
        ww: shape (r, m), sums of squared weights.
        pools: what to pool over.

    Source:
        Kish (1965), Survey Sampling, sections 5.4 and 8.2, for roh and 1 + (b - 1) roh; Gabler,
        Haeder and Lahiri (1999), Survey Methodology 25, 105-106, for b with weights, both
        remembered. Carrying roh rather than deff from a design to its domains: Kish, Groves and
        Krotki (1976), World Fertility Survey Occasional Paper 17; as a generalised variance
        function: Wolter (2007), Introduction to Variance Estimation, chapter 7; remembered.
    """
    likeness = _each_by_grade(estimate_likeness(totals, ww, pools))
    correlation, variance, df = (values[pools.of_domain] for values in likeness)
    starts = starts_of(totals.domain)
    n, w, squared, clustered = (
        np.add.reduceat(values, starts) if len(starts) else values
        for values in (totals.n, totals.w, ww, totals.w**2)
    )
    effect = pooled_design_effect(n, w, squared, clustered, correlation)
    with np.errstate(divide="ignore", invalid="ignore"):
        n_effective = np.minimum(n, n / effect)
    return PooledEffects(correlation, variance, effect, n_effective, df)


def pooled_design_effect(
    n: Floats, w: Floats, squared: Floats, clustered: Floats, correlation: Floats
) -> Floats:
    """The formula of ``pooled_effects``, of any shape; nan or infinite where nobody is.

    Args:
        n: respondents.
        w: sum of their weights.
        squared: sum of their squared weights.
        clustered: sum over PSUs of the squared sum of weights.
        correlation: how alike respondents of one PSU are.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return n / w**2 * ((1 - correlation) * squared + correlation * clustered)


def nothing_pooled(n: Floats) -> PooledEffects:
    """Without a whole design to pool over; ``n`` is of shape (d, m)."""
    return PooledEffects(*[np.full(n.shape, np.nan)] * 5)


def estimate_likeness(totals: DomainTotals, ww: Floats, pools: Pools) -> Likeness:
    """Intraclass correlation of each pool, by analysis of variance with weights.

    Sums of squares between the PSUs of a group and within PSUs, set equal to what they are
    expected to be when values vary between PSUs by one variance and within them by another:
    ``E within = v_w (W - sum_i q_i)`` and
    ``E between = v_b (W - sum_i W_i**2 / W_g) + v_w sum_i q_i (1 - W_i / W_g)`` with
    ``q_i = sum(w**2) / W_i`` of a PSU. With equal weights these are the mean squares of a one-way
    analysis of variance with PSUs of unequal size.

    Args:
        totals: the sufficient statistics.
        ww: shape (r, m), sums of squared weights.
        pools: what to pool over.

    Source:
        Searle, Casella and McCulloch (1992), Variance Components, section 3.6 (remembered), for
        equal weights; the weighted moments are worked out in docs/method.md. A negative
        estimate counts as 0.
    """
    w, wy, wyy, ww = (each[pools.rows] for each in (totals.w, totals.wy, totals.wyy, ww))
    starts = starts_of(pools.group)
    n_rows = np.diff(starts, append=len(w))

    def of_group(values: Floats) -> Floats:
        """Sums over a group, beside each of its rows."""
        return np.repeat(np.add.reduceat(values, starts), n_rows, axis=0) if len(w) else values

    def of_pool(values: Floats) -> Floats:
        return sum_by(np.where(w > 0, values, 0.0), pools.pool, pools.n_pools)

    with np.errstate(divide="ignore", invalid="ignore"):
        mean, part, q = wy / w, w / of_group(w), ww / w
        between = of_pool(w * (mean - of_group(wy) / of_group(w)) ** 2)
        within = of_pool(np.maximum(wyy - wy * mean, 0.0))
        # A PSU alone in its group is compared with nothing: 0 in both.
        spread_between, spread_within = of_pool(w * (1 - part)), of_pool(q * (1 - part))
        left_within = of_pool(w - q)
        # Where no PSU has two respondents, nothing tells apart what they share.
        is_apart = left_within <= ROUNDING * of_pool(w)
        v_within = np.where(is_apart, between / spread_within, within / left_within)
        v_between = np.maximum((between - v_within * spread_within) / spread_between, 0.0)
        # Each group's own mean takes one degree of freedom.
        df = of_pool(1 - (w > 0) / of_group((w > 0).astype(np.float64))).round()
        variance = np.where(df > 0, v_within + v_between, np.nan)
        # Values that are all alike differ by rounding only.
        variance = np.where(variance <= ROUNDING * of_pool(wyy) / of_pool(w), 0.0, variance)
        return Likeness(np.where(variance == 0, 0.0, v_between / variance), variance, df)


def _each_by_grade(likeness: Likeness) -> Likeness:
    """Pools by grade with the degrees of freedom they can have, and filled where they have none.

    A PSU with several grades is met in each of them and is still one.
    """
    df = likeness.df.copy()
    df[1::2] = np.minimum(df[0::2], df[1::2])
    has_own = np.ones_like(df, dtype=np.bool_)
    has_own[1::2] = df[1::2] > 0
    correlation, variance, df = (
        np.where(has_own, own, np.repeat(each[0::2], 2, axis=0))
        for own, each in zip((*likeness[:2], df), likeness, strict=True)
    )
    return Likeness(correlation, variance, df)
