"""Reliability of a scale from its items' points. Numbers in, numbers out.

Shapes: r respondents, k items. ``points``: shape (r, k), after reversal; nan is no answer.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import fdtri

Floats = NDArray[np.float64]

NO_SPREAD = 1e-12
"""Square points: a variance at or below this is rounding; everyone has the same points."""


def pairwise_covariance(points: Floats) -> Floats:
    """Shape (k, k): each covariance from those who answered both items, over n - 1.

    nan where fewer than two respondents answered both.

    Source:
        R ``cov(use = "pairwise.complete.obs")``; ``tests/oracle`` holds what follows from it.
    """
    answered = ~np.isnan(points)
    given = answered.astype(np.float64)
    n_both = given.T @ given
    # Centred first, so that the sums below do not lose digits.
    n_each = np.maximum(np.diag(n_both), 1)
    centred = np.where(answered, points - np.where(answered, points, 0).sum(0) / n_each, 0)
    sums = centred.T @ given
    with np.errstate(divide="ignore", invalid="ignore"):
        covariance = (centred.T @ centred - sums * sums.T / n_both) / (n_both - 1)
    return np.where(n_both > 1, covariance, np.nan)


def listwise_covariance(points: Floats, weights: Floats | None = None) -> Floats:
    """Shape (k, k): covariance of those who answered every item.

    Args:
        points: shape (r, k).
        weights: shape (r,), 0 or more; null: everyone counts as one.

    Returns:
        Over n - 1 without weights, over the sum of the weights with them. nan if fewer than
        two respondents of positive weight answered everything.
    """
    complete = ~np.isnan(points).any(axis=1)
    weight = np.ones(len(points)) if weights is None else weights
    kept, weight = points[complete], weight[complete]
    if np.count_nonzero(weight) < 2:
        return np.full((points.shape[1],) * 2, np.nan)
    centred = kept - weight @ kept / weight.sum()
    divisor = len(kept) - 1 if weights is None else weight.sum()
    covariance: Floats = (centred * weight[:, np.newaxis]).T @ centred / divisor
    return covariance


def correlations(covariance: Floats) -> Floats:
    """Shape (k, k): the covariances on the scale -1 to 1; nan for an item without spread."""
    variance = np.diag(covariance)
    spread: Floats = np.sqrt(np.where(variance > NO_SPREAD, variance, np.nan))
    return covariance / spread / spread[:, np.newaxis]


def cronbach_alpha(covariance: Floats) -> float:
    """Cronbach's alpha; at most 1, may be negative.

    ``alpha_pairwise``, ``alpha_listwise`` and ``alpha_weighted_listwise`` differ in the
    covariance alone.

    Args:
        covariance: shape (k, k).

    Returns:
        nan for fewer than two items, a missing covariance, or a sum that does not vary.

    Source:
        Cronbach (1951), Psychometrika 16, 297-334. R ``psych::alpha`` (raw_alpha) on the
        pairwise covariance, except that psych drops items without spread or answers, silently;
        here they count, or leave no alpha. ``tests/oracle`` holds R's numbers.
    """
    k, total = len(covariance), float(covariance.sum())
    if k < 2 or not np.isfinite(total) or abs(total) <= NO_SPREAD:
        return np.nan
    return k / (k - 1) * (1 - float(np.trace(covariance)) / total)


def spearman_brown(correlation: float) -> float:
    """Reliability of the sum of two items from their correlation; nan at -1 and passed on.

    Source:
        Eisinga, te Grotenhuis and Pelzer (2013), International Journal of Public Health 58,
        637-642, recommend it for two items (remembered).
    """
    return 2 * correlation / (1 + correlation) if correlation > -1 else np.nan


def feldt_interval(alpha: float, n: int, k: int, *, confidence: float) -> tuple[float, float]:
    """Interval for alpha under equal covariances and independent respondents.

    Pupils of a class resemble each other, so that it is too narrow for a survey by classes.

    Args:
        alpha: at most 1; nan passes through.
        n: respondents.
        k: items.
        confidence: coverage, above 0 and below 1.

    Returns:
        Lower and upper limit; nan for fewer than two respondents or items.

    Source:
        Feldt (1965), Psychometrika 30, 357-370; R ``psych::alpha`` (feldt), whose n is the
        rows passed to it. ``tests/oracle`` holds its numbers.
    """
    if n < 2 or k < 2:
        return np.nan, np.nan
    freedom, residual = n - 1, (n - 1) * (k - 1)
    upper_tail = (1 + confidence) / 2
    lower = 1 - (1 - alpha) * float(fdtri(freedom, residual, upper_tail))
    upper = 1 - (1 - alpha) / float(fdtri(residual, freedom, upper_tail))
    return lower, upper


def item_total_correlations(covariance: Floats) -> Floats:
    """Shape (k,): each item with the sum of the others ("corrected"); nan without spread.

    Source:
        R ``psych::alpha`` (r.drop), on the pairwise covariance; see ``tests/oracle``.
    """
    variance, row = np.diag(covariance), covariance.sum(axis=1)
    others = covariance.sum() - 2 * row + variance
    usable = (variance > NO_SPREAD) & (others > NO_SPREAD)
    scale = np.sqrt(np.where(usable, variance * others, 1.0))
    return np.where(usable, (row - variance) / scale, np.nan)


def alpha_if_deleted(covariance: Floats) -> Floats:
    """Shape (k,): alpha of the scale without each item; nan for fewer than three items."""
    if (k := len(covariance)) < 3:
        return np.full(k, np.nan)
    variance, row = np.diag(covariance), covariance.sum(axis=1)
    total = covariance.sum() - 2 * row + variance
    usable = np.isfinite(total) & (np.abs(total) > NO_SPREAD)
    share = (np.trace(covariance) - variance) / np.where(usable, total, 1.0)
    return np.where(usable, (k - 1) / (k - 2) * (1 - share), np.nan)
