"""Intervals of domains with too few PSUs for a variance of their own.

Numbers in, numbers out. Every array is of shape (domains, measures).
"""

import numpy as np

from pipeline.analysis.estimation.intervals import (
    Floats,
    exact_interval,
    logit_interval,
    mean_interval,
    t_quantile,
    wilson_interval,
)
from pipeline.analysis.estimation.linearisation import DomainEstimates
from pipeline.analysis.estimation.pooled_effect import PooledEffects
from pipeline.analysis.estimation.variance import Booleans
from pipeline.definitions.site import Design

Limits = tuple[Floats, Floats]


def with_pooled(
    own: dict[str, Floats],
    found: DomainEstimates,
    pooled: PooledEffects,
    is_mean: Booleans,
    design: Design,
) -> dict[str, Floats]:
    """Columns of estimates with the pooled ones beside them, and the limits that are shown.

    Args:
        own: columns by name; lower and upper rest on the domains' own variance.
        found: the domains' own estimates.
        pooled: their pooled design effects.
        is_mean: shape (measures,): means, not shares.
        design: which interval is shown.

    Returns:
        ``own`` with pooled_correlation, pooled_design_effect, pooled_n_effective, pooled_df,
        pooled_lower, pooled_upper and interval_basis (1: pooled, 0: own); lower and upper are the
        basis's.
    """
    lower, upper = pooled_limits(found, pooled, is_mean, design)
    is_pooled = rests_on_pooled(found, lower, design)
    has_value = found.n > 0
    return own | {
        "lower": np.where(is_pooled, lower, own["lower"]),
        "upper": np.where(is_pooled, upper, own["upper"]),
        "pooled_correlation": np.where(has_value, pooled.correlation, np.nan),
        "pooled_design_effect": pooled.design_effect,
        "pooled_n_effective": pooled.n_effective,
        "pooled_df": np.where(has_value, pooled.df, np.nan),
        "pooled_lower": lower,
        "pooled_upper": upper,
        "interval_basis": is_pooled.astype(np.float64),
    }


def pooled_limits(
    found: DomainEstimates, pooled: PooledEffects, is_mean: Booleans, design: Design
) -> Limits:
    """Limits of the site's kind on the pooled effective sample size.

    A share's standard error is ``sqrt(p (1 - p) / n_effective)``, a mean's
    ``sqrt(variance / n_effective)`` with the pooled variance, both with the degrees of freedom of
    the whole design. Shares of 0 and 1 have the exact interval, as do all where the site shows
    Korn and Graubard's.

    Args:
        found: the domains' own estimates.
        pooled: their pooled design effects.
        is_mean: shape (measures,): means, not shares.
        design: kind of interval, and confidence.

    Returns:
        nan where nobody has a value, where nothing could be pooled, and for means where all
        values of the design are equal.

    Source:
        Kish (1965), Survey Sampling, section 8.2 (remembered): p (1 - p) deff / n. Coverage by
        simulation: docs/coverage.md.
    """
    level, df = design.confidence, pooled.df
    share = np.where(is_mean, np.nan, found.estimate)
    is_constant = (share == 0) | (share == 1)
    is_exact = is_constant | (design.interval == "korn_graubard")
    exact = exact_interval(
        np.where(is_exact, share, np.nan),
        pooled_exact_size(found.n, pooled, confidence=level),
        confidence=level,
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        se = np.sqrt(share * (1 - share) / pooled.n_effective)
        se_mean = np.sqrt(np.where(pooled.variance > 0, pooled.variance, np.nan))
        se_mean = se_mean / np.sqrt(pooled.n_effective)
    shares = {
        "logit": lambda: logit_interval(share, se, df, confidence=level),
        "wilson": lambda: wilson_interval(share, se, df, confidence=level),
        "korn_graubard": lambda: exact,
    }[design.interval]()
    means = mean_interval(np.where(is_mean, found.estimate, np.nan), se_mean, df, confidence=level)
    lower, upper = (
        np.where(is_mean, of_mean, np.where(is_constant, at_the_end, of_share))
        for of_mean, at_the_end, of_share in zip(means, exact, shares, strict=True)
    )
    return lower, upper


def pooled_exact_size(n: Floats, pooled: PooledEffects, *, confidence: float) -> Floats:
    """The size that exact limits rest on: the effective one, less for few degrees of freedom.

    Korn and Graubard's ``(t(n - 1) / t(df))**2``, but never above 1: n respondents are not more
    than they are for being few.
    """
    upper = (1 + confidence) / 2
    with np.errstate(invalid="ignore"):
        ratio = t_quantile(upper, np.maximum(n - 1, 1.0)) / t_quantile(upper, pooled.df)
    return pooled.n_effective * np.minimum(1.0, ratio**2)


def rests_on_pooled(found: DomainEstimates, lower: Floats, design: Design) -> Booleans:
    """Where the documents' interval is the pooled one.

    That is where the site says so, the domain's own degrees of freedom (PSUs less strata, whatever
    ``degrees_of_freedom`` says) are below the site's limit, and there is a pooled interval. Where
    every PSU of the domain was taken, its own variance is known, and stays.

    Source:
        8 degrees of freedom: Parker et al. (2017), Vital and Health Statistics 2(175), under
        which an estimate is to be reviewed.
    """
    rule = design.few_psus
    if rule.interval == "own":
        return np.zeros(found.n.shape, dtype=np.bool_)
    is_few = found.n_psu - found.n_strata < rule.below_df
    return is_few & ~found.is_census & np.isfinite(lower)
