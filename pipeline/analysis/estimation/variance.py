"""Variance of a sum over sampled units, all groups and measures at once.

A group is what the units were sampled from: a stratum whose PSUs were, or a PSU whose classes were.
Shapes: r rows (units met in a domain), g groups within domains, m measures.
"""

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]
LonelyPsu = Literal["fail", "certainty", "remove", "adjust", "average"]

CENSUS = 1e-7
"""A group with a smaller part of its units left out was taken whole (R package survey's limit)."""


class LonelyRule(NamedTuple):
    """What is done about a group with a single unit."""

    lonely_psu: LonelyPsu
    adjust_domain: bool = False
    """Whether ``adjust`` and ``average`` also hold where one of several is left in a domain."""


class Groups(NamedTuple):
    """The groups of rows, in their order."""

    starts: Integers
    """Shape (g,): first row of each."""

    n_sampled: Floats
    """Shape (g, 1): units of the whole design, met in the domain or not."""

    left_out: Floats
    """Shape (g, 1): share of the population's units that was not sampled; 1 for no correction."""

    @property
    def is_census(self) -> Booleans:
        """Shape (g, 1): taken whole, so that nothing varies between samples."""
        return self.left_out < CENSUS


def group_variance(z: Floats, n_met: Floats, groups: Groups, rule: LonelyRule) -> Floats:
    """Each group's part of the variance of the sum of ``z``.

    ``left_out * n / (n - 1) * sum((z - mean(z))**2)`` over the n units of the group, those
    without anyone of the domain being zeros.

    Args:
        z: shape (r, m), the linearised totals of units.
        n_met: shape (g, m), units with a value.
        groups: shape (g,).
        rule: for groups of one unit. ``fail`` is for the caller to see to, and 0 here.

    Returns:
        Shape (g, m); nan where the rule is to put an average in its place.

    Source:
        Lumley, R package survey 4.1-1, ``svyrecvar``; options survey.lonely.psu and
        survey.adjust.domain.lonely.
    """
    n = groups.n_sampled
    n_rows = np.diff(groups.starts, append=len(z))
    mean = np.add.reduceat(z, groups.starts) / n
    # Centred before squaring: units that are all alike leave 0, not the noise of a difference.
    squares = np.add.reduceat((z - np.repeat(mean, n_rows, axis=0)) ** 2, groups.starts)
    # Units without anyone of the domain have z = 0.
    squares += (n - n_rows[:, np.newaxis]) * mean**2
    scale = groups.left_out * n / np.maximum(n - 1, 1)
    # A lonely unit deviates from its own mean by nothing.
    variance = scale * np.where(n == 1, 0.0, squares)
    is_alone = np.broadcast_to(n == 1, z[groups.starts].shape)
    if rule.adjust_domain:
        is_alone = is_alone | (n_met == 1)
    if rule.lonely_psu == "adjust":
        uncentred = scale * np.add.reduceat(z**2, groups.starts)
        variance = np.where(is_alone, uncentred, variance)
    elif rule.lonely_psu == "average":
        variance = np.where(is_alone, np.nan, variance)
    return np.where(groups.is_census, 0.0, variance)


def summed_variance(variance: Floats, n_met: Floats, starts: Integers) -> Floats:
    """Sum over the groups of each domain, groups to be averaged taking the mean of the others.

    Args:
        variance: shape (g, m); nan where an average is to be put.
        n_met: shape (g, m), units with a value; a group without any is not there.
        starts: shape (d,), first group of each domain.

    Returns:
        Shape (d, m); nan if there is no other group to take an average of.
    """
    is_there = n_met > 0
    is_known = is_there & ~np.isnan(variance)
    total = np.add.reduceat(np.where(is_known, variance, 0.0), starts)
    n_there = np.add.reduceat(is_there.astype(np.float64), starts)
    n_known = np.add.reduceat(is_known.astype(np.float64), starts)
    with np.errstate(divide="ignore", invalid="ignore"):
        return total * (n_there / n_known)
