"""Raking: weights under which respondents are spread over several margins as a population is.

Shapes: n respondents, k margins, c cells (combinations of categories that respondents have).
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from pipeline.analysis.estimation.variance import Floats, Integers

EXCESS = 1e-13
"""Share of the bound by which a weight may lie above it for the last bits of its sum."""


class Raked(NamedTuple):
    """What raking gave."""

    weights: Floats
    """Shape (n,), 0 and above."""

    iterations: int
    """Rounds over all margins."""

    error: float
    """Largest share by which a weighted category misses its target."""


class Kish(NamedTuple):
    """What unequal weights cost."""

    design_effect: float
    """1 plus the squared coefficient of variation of the weights; 1 where all are equal."""

    n_effective: float
    """Respondents with equal weights that would be as many."""


def scaled_targets(categories: Integers, targets: Sequence[Floats]) -> list[Floats]:
    """Targets that can all hold at once, where those given do not add up to the same.

    Each margin is scaled to those before it, the first as it is. Two margins must agree in every
    block of categories that have no respondent in common with another (as the schools and grades
    of upper secondary), so a margin is scaled block by block; a single block is the whole.

    Args:
        categories: shape (n, k): number of the respondent's category in each margin.
        targets: k arrays, above 0; each category has a respondent.

    Returns:
        k arrays. They are those given, to the last bits, if these agree.
    """
    scaled = list(targets)
    for margin in range(1, len(scaled)):
        for earlier in range(margin):
            block, other_block = _blocks(categories[:, margin], categories[:, earlier])
            given = np.bincount(block, scaled[margin])
            wanted = np.bincount(other_block, scaled[earlier])
            scaled[margin] = scaled[margin] * (wanted / given)[block]
    return scaled


def rake(
    base: Floats,
    categories: Integers,
    targets: Sequence[Floats],
    tolerance: float,
    max_iterations: int,
) -> Raked:
    """Weights that are the base weights times a factor for each category of each margin.

    Iterative proportional fitting over the cells, in which all respondents have one factor: each
    margin in turn is multiplied to its targets until all hold at once. It is the calibration with
    the multiplicative distance: of all weights with these margins, those nearest the base weights.

    Args:
        base: shape (n,): weights before, above 0.
        categories: shape (n, k): number of the respondent's category in each margin.
        targets: k arrays: what the weights of each category shall add up to, above 0. All margins
            have the same total, and each category has a respondent.
        tolerance: largest ``error`` at which to stop.
        max_iterations: at which to stop without.

    Source:
        Deming and Stephan (1940), Annals of Mathematical Statistics 11, 427-444; Deville and
        Särndal (1992), JASA 87, 376-382, case 2.
    """
    cells: Integers
    cells, cell = np.unique(categories, axis=0, return_inverse=True)
    weight = np.bincount(cell, base).astype(np.float64)
    factor = np.ones(len(cells))
    iterations, error = 0, _error(weight, cells, targets)
    while error > tolerance and iterations < max_iterations:
        for margin, target in enumerate(targets):
            given = np.bincount(cells[:, margin], weight * factor, len(target))
            factor *= (target / given)[cells[:, margin]]
        iterations, error = iterations + 1, _error(weight * factor, cells, targets)
    return Raked(base * factor[cell], iterations, error)


def largest_error(weights: Floats, categories: Integers, targets: Sequence[Floats]) -> float:
    """Largest share by which a weighted category misses its target; arguments as of ``rake``."""
    return _error(weights, categories, targets)


def trim(weights: Floats, upper: float) -> Floats:
    """Cut weights at a bound, and give what is cut off to all others in equal parts.

    Repeated until no weight lies above the bound. The sum of the weights stays as it was.

    Args:
        weights: shape (n,).
        upper: the bound, above the mean of the weights.

    Source:
        The convention of R package survey, ``trimWeights(upper = , strict = TRUE)``.
    """
    trimmed, is_cut = weights, np.zeros(len(weights), bool)
    while (above := trimmed > upper * (1 + EXCESS)).any():
        is_cut |= above
        kept = weights[~is_cut]
        cut_off = weights.sum() - kept.sum() - upper * is_cut.sum()
        trimmed = np.where(is_cut, upper, weights + cut_off / len(kept))
    return trimmed


def kish(weights: Floats) -> Kish:
    """Kish's design effect of weights: ``n Σw² / (Σw)²``.

    Args:
        weights: shape (n,), not all 0.

    Source:
        Kish (1965), Survey Sampling, section 11.2C; Kish (1992), Journal of Official Statistics
        8(2), 183-200.
    """
    design_effect = len(weights) * (weights**2).sum() / weights.sum() ** 2
    return Kish(float(design_effect), float(len(weights) / design_effect))


def _blocks(some: Integers, others: Integers) -> tuple[Integers, Integers]:
    """Number of the block of each category of one margin, and of each of another."""
    n_some, n_others = some.max() + 1, others.max() + 1
    size = n_some + n_others
    links = coo_array((np.ones(len(some)), (some, n_some + others)), shape=(size, size))
    _, block = connected_components(links, directed=False)
    return block[:n_some].astype(np.int64), block[n_some:].astype(np.int64)


def _error(weights: Floats, categories: Integers, targets: Sequence[Floats]) -> float:
    errors = [
        np.abs(np.bincount(categories[:, margin], weights, len(target)) / target - 1).max()
        for margin, target in enumerate(targets)
    ]
    return float(max(errors))
