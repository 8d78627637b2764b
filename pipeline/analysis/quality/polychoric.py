"""Correlation of the normal traits behind ordered answers. Numbers in, numbers out."""

from itertools import combinations

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import ndtr, ndtri

from pipeline.analysis.quality.reliability import Floats, cronbach_alpha

FAR = 40.0
"""Standard deviations; the normal density there is 0 to every digit."""

AT_THE_EDGE = 0.999
LEAST_GAIN = 1e-6
"""Log likelihood that must be lost from the maximum to ``AT_THE_EDGE``; else there is no maximum
inside: too many combinations of answers are empty."""

NODES, NODE_WEIGHTS = np.polynomial.legendre.leggauss(48)


def ordinal_alpha(points: Floats) -> float:
    """Standardised alpha on polychoric correlations; at most 1, may be negative.

    It is of the traits behind the answers, not of the score that is used: higher than alpha
    where options are few or answers skewed.

    Args:
        points: shape (r, k), after reversal; nan is no answer. Who answered everything counts.

    Returns:
        nan for fewer than two items, or if a correlation cannot be estimated.

    Source:
        Zumbo, Gadermann and Zeisser (2007), Journal of Modern Applied Statistical Methods 6,
        21-29 (remembered); R ``lavaan::lavCor``, whose numbers ``tests/oracle`` holds.
    """
    complete = points[~np.isnan(points).any(axis=1)]
    correlation = np.eye(points.shape[1])
    for i, j in combinations(range(points.shape[1]), 2):
        correlation[i, j] = correlation[j, i] = polychoric(complete[:, i], complete[:, j])
    return cronbach_alpha(correlation)


def polychoric(first: Floats, second: Floats) -> float:
    """Correlation of two normal traits that are seen as ordered answers.

    In two steps: cuts from each item's own shares, then the correlation that makes the table of
    both most likely.

    Args:
        first: shape (r,): points, no nan.
        second: of the same respondents.

    Returns:
        Above -1 and below 1; nan if an item does not vary, or if the likelihood grows up to the
        edge (an empty corner in a table of two by two).

    Source:
        Olsson (1979), Psychometrika 44, 443-460: the two-step estimator.
    """
    counts = _table(first, second)
    if min(counts.shape) < 2:
        return np.nan
    cuts, others = _cuts(counts.sum(axis=1)), _cuts(counts.sum(axis=0))

    def surprise(correlation: float) -> float:
        cells = np.diff(np.diff(_below(cuts, others, correlation), axis=0), axis=1)
        return -float((counts * np.log(np.maximum(cells, 1e-300))).sum())

    found = float(minimize_scalar(surprise, bounds=(-1, 1), options={"xatol": 1e-7}).x)
    edge = AT_THE_EDGE if found > 0 else -AT_THE_EDGE
    # Before the edge it may be flat to the last digit: any number would do as well.
    has_maximum = abs(found) < AT_THE_EDGE and surprise(edge) > surprise(found) + LEAST_GAIN
    return found if has_maximum else np.nan


def _table(first: Floats, second: Floats) -> Floats:
    """Respondents at each combination of the answers that occur."""
    row, column = (np.unique(each, return_inverse=True)[1] for each in (first, second))
    counts = np.zeros((row.max(initial=-1) + 1, column.max(initial=-1) + 1))
    np.add.at(counts, (row, column), 1)
    return counts


def _cuts(n_each: Floats) -> Floats:
    """Where a standard normal is cut to give these shares, with both ends."""
    below = np.cumsum(n_each)[:-1] / n_each.sum()
    return np.concatenate([[-FAR], ndtri(below), [FAR]])


def _below(cuts: Floats, others: Floats, correlation: float) -> Floats:
    """Chance that two standard normals lie below each pair of cuts.

    Source:
        Drezner and Wesolowsky (1990), Journal of Statistical Computation and Simulation 35,
        101-107: the density integrated over the correlation, here over its angle.
    """
    half = np.arcsin(correlation) / 2
    angle = half * (1 + NODES)[:, np.newaxis, np.newaxis]
    h, k = cuts[:, np.newaxis], others[np.newaxis, :]
    exponent = (h * h + k * k - 2 * h * k * np.sin(angle)) / (2 * np.cos(angle) ** 2)
    density = (NODE_WEIGHTS[:, np.newaxis, np.newaxis] * np.exp(-exponent)).sum(axis=0)
    chance: Floats = ndtr(h) * ndtr(k) + half * density / (2 * np.pi)
    return chance
