"""Confidence intervals. Numbers in, numbers out: no frames, no files, no SQL."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, expit, stdtrit

Floats = NDArray[np.float64]


def t_quantile(probability: float | Floats, df: Floats) -> Floats:
    """Quantile of Student's t; nan where ``df`` is not above 0."""
    if np.ndim(probability):
        return _t_quantile(probability, df)
    # Degrees of freedom are whole numbers shared by many domains, and quantiles are slow.
    distinct, place = np.unique(df, return_inverse=True)
    return _t_quantile(probability, distinct)[place].reshape(np.shape(df))


def _t_quantile(probability: float | Floats, df: Floats) -> Floats:
    usable = df > 0
    return np.where(usable, stdtrit(np.where(usable, df, 1.0), probability), np.nan)


def mean_interval(
    mean: Floats, se: Floats, df: Floats, *, confidence: float
) -> tuple[Floats, Floats]:
    """Symmetric t interval.

    Args:
        mean: any shape; nan passes through.
        se: standard error, same shape.
        df: degrees of freedom, same shape; not above 0 gives nan.
        confidence: coverage, above 0 and below 1.

    Returns:
        Lower and upper limit, same shape.
    """
    half_width = t_quantile((1 + confidence) / 2, df) * se
    return mean - half_width, mean + half_width


def logit_interval(
    share: Floats, se: Floats, df: Floats, *, confidence: float
) -> tuple[Floats, Floats]:
    """Interval for a share, symmetric on the logit scale.

    Args:
        share: 0 to 1, any shape. 0 and 1 give nan: the logit does not exist there.
        se: standard error of the share, same shape.
        df: degrees of freedom, same shape; not above 0 gives nan.
        confidence: coverage, above 0 and below 1.

    Returns:
        Lower and upper limit, 0 to 1, same shape.

    Source:
        R ``survey::svyciprop(method = "xlogit")``; SUDAAN and Stata print the same.
        ``tests/oracle`` holds R's numbers.
    """
    inside = (share > 0) & (share < 1)
    p = np.where(inside, share, np.nan)
    half_width = t_quantile((1 + confidence) / 2, df) * se / (p * (1 - p))
    centre = np.log(p / (1 - p))
    return expit(centre - half_width), expit(centre + half_width)


def wilson_interval(
    share: Floats, se: Floats, df: Floats, *, confidence: float
) -> tuple[Floats, Floats]:
    """Wilson's score interval for a share, on the effective sample size.

    With ``v = se**2 / (p (1 - p))``, one over that size, and t of ``df``:
    ``(p + t**2 v / 2 -+ t sqrt(v p (1 - p) + (t v / 2)**2)) / (1 + t**2 v)``.

    Args:
        share: 0 to 1, any shape. 0 and 1 give nan: no variance can be seen there.
        se: standard error of the share, same shape.
        df: degrees of freedom, same shape; not above 0 gives nan.
        confidence: coverage, above 0 and below 1.

    Returns:
        Lower and upper limit, 0 to 1, same shape.

    Source:
        Wilson (1927), Journal of the American Statistical Association 22, 209-212; for surveys
        as in R ``survey::svyciprop(method = "wilson")``, version 4.5.
        ``tests/oracle`` holds the formula's numbers in R.
    """
    inside = (share > 0) & (share < 1)
    p = np.where(inside, share, np.nan)
    t = t_quantile((1 + confidence) / 2, df)
    v = se**2 / (p * (1 - p))
    centre = p + t**2 * v / 2
    half_width = t * np.sqrt(se**2 + (t * v / 2) ** 2)
    return (centre - half_width) / (1 + t**2 * v), (centre + half_width) / (1 + t**2 * v)


def korn_graubard_interval(
    share: Floats, se: Floats, n: Floats, df: Floats, *, confidence: float
) -> tuple[Floats, Floats]:
    """Korn-Graubard interval for a share: exact binomial limits on the effective sample size.

    At shares of 0 and 1, where no variance can be seen, the effective size starts from ``n``,
    so that the interval stays open on the other side.

    Args:
        share: 0 to 1, any shape.
        se: standard error of the share, same shape.
        n: respondents with a value, same shape.
        df: degrees of freedom, same shape; not above 0 gives nan.
        confidence: coverage, above 0 and below 1.

    Returns:
        Lower and upper limit, 0 to 1, same shape.

    Source:
        Korn and Graubard (1998), Survey Methodology 24, 193-201, as used by the NCHS data
        presentation standards (Parker et al. 2017, Vital and Health Statistics 2(175)): the
        effective size is adjusted for degrees of freedom and never above ``n``.
        ``tests/oracle`` holds R's numbers.
    """
    size = korn_graubard_size(share, se, n, df, confidence=confidence)
    return exact_interval(share, size, confidence=confidence)


def exact_interval(share: Floats, size: Floats, *, confidence: float) -> tuple[Floats, Floats]:
    """Clopper and Pearson's limits for a share of a sample whose size need not be whole.

    Args:
        share: 0 to 1, any shape; nan passes through.
        size: above 0, same shape; nan and infinity give nan.
        confidence: coverage, above 0 and below 1.

    Returns:
        Lower and upper limit, 0 to 1, same shape. 0 is the lower limit of 0, 1 the upper of 1.

    Source:
        Clopper and Pearson (1934), Biometrika 26, 404-413, by quantiles of the beta distribution.
    """
    tail = (1 - confidence) / 2
    reached, not_reached = size * share, size * (1 - share)
    lower = np.where(share == 0, 0.0, _beta_quantile(tail, reached, not_reached + 1))
    upper = np.where(share == 1, 1.0, _beta_quantile(1 - tail, reached + 1, not_reached))
    known = np.isfinite(size) & np.isfinite(share)
    return np.where(known, lower, np.nan), np.where(known, upper, np.nan)


def korn_graubard_size(
    share: Floats, se: Floats, n: Floats, df: Floats, *, confidence: float
) -> Floats:
    """Effective sample size of the Korn-Graubard interval, at most ``n``; arguments as there."""
    tail = (1 - confidence) / 2
    # Where no variance can be seen, or there is none.
    without_variance = (share == 0) | (share == 1) | (se == 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        size = np.where(without_variance, n, share * (1 - share) / se**2)
        adjustment = (t_quantile(1 - tail, n - 1) / t_quantile(1 - tail, df)) ** 2
    return np.minimum(n, size * adjustment)


def _beta_quantile(probability: float, a: Floats, b: Floats) -> Floats:
    usable = (a > 0) & (b > 0)
    quantile = np.full(np.shape(usable), np.nan)
    # Slow, so only of those that have one.
    quantile[usable] = betaincinv(a[usable], b[usable], probability)
    return quantile
