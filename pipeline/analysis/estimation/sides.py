"""Domains side by side, PSU by PSU: what every comparison is computed from.

Numbers in, numbers out.
Shapes: r rows of totals, c comparisons, k sides of each, m measures; g rows side by side (one
per comparison, stratum and PSU that any side has).
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from pipeline.analysis.estimation.linearisation import starts_of
from pipeline.analysis.estimation.totals import DomainTotals, Strata
from pipeline.analysis.estimation.variance import Floats, Integers, LonelyRule

BLOCK_CELLS = 500_000
"""Cells (rows side by side, times sides, times measures) held in memory at a time, at least one
comparison."""


class LinkedTotals(NamedTuple):
    """Totals of domains whose PSUs are recognised from one domain to another."""

    totals: DomainTotals
    """A stratum of one wave is not that of another unless schools are followed over waves: the
    wave is part of the stratum's number or it is not, and that decides."""

    psu: Integers
    """Shape (r,): number of the row's PSU within its stratum, the same in every domain."""

    strata: Strata
    """Of the whole design. A second stage is not carried: its designs are not compared."""

    rule: LonelyRule
    """As in ``estimate_domains``."""


class Sides(NamedTuple):
    """Sums over respondents, sorted by comparison, then stratum, then PSU."""

    n_comparisons: int
    comparison: Integers
    """Shape (g,)."""

    stratum: Integers
    """Shape (g,)."""

    n: Floats
    """Shape (g, k, m), as the next two: 0 where a side has nobody in the PSU."""

    w: Floats
    wy: Floats


def blocks(linked: LinkedTotals, domains: Integers) -> Iterator[slice]:
    """Slices of comparisons that fit in memory together.

    Args:
        linked: the totals.
        domains: as in ``align_sides``.
    """
    n_rows, _ = _rows_of_domains(linked.totals)
    cells = n_rows[domains].sum(axis=1) * domains.shape[1] * linked.totals.n.shape[1]
    block = np.cumsum(cells) // BLOCK_CELLS
    edges = [0, *(np.flatnonzero(np.diff(block)) + 1).tolist(), len(domains)]
    return (slice(first, last) for first, last in pairwise(edges))


def align_sides(linked: LinkedTotals, domains: Integers) -> Sides:
    """Put the domains of each comparison beside each other, PSU by PSU.

    Args:
        linked: the totals.
        domains: shape (c, k): number of the domain on each side; -1: a domain nobody is in.
    """
    n_comparisons, n_sides = domains.shape
    n_rows, first_row = _rows_of_domains(linked.totals)
    sizes = n_rows[domains].ravel()
    pair = np.repeat(np.arange(sizes.size), sizes)
    row = np.arange(pair.size) + np.repeat(
        first_row[domains].ravel() - np.cumsum(sizes) + sizes, sizes
    )
    comparison, side = np.divmod(pair, n_sides)
    order = np.lexsort((linked.psu[row], linked.totals.stratum[row], comparison))
    row, comparison, side = row[order], comparison[order], side[order]
    stratum = linked.totals.stratum[row]
    starts = starts_of(comparison, stratum, linked.psu[row])
    is_start = np.zeros(row.size, dtype=np.int64)
    is_start[starts] = 1
    group = np.cumsum(is_start) - 1

    def beside(values: Floats) -> Floats:
        aligned = np.zeros((starts.size, n_sides, values.shape[1]))
        aligned[group, side] = values[row]
        return aligned

    return Sides(
        n_comparisons=n_comparisons,
        comparison=comparison[starts],
        stratum=stratum[starts],
        n=beside(linked.totals.n),
        w=beside(linked.totals.w),
        wy=beside(linked.totals.wy),
    )


def sum_by(values: Floats, group: Integers, n_groups: int) -> Floats:
    """Shape (n_groups, ...): sums over rows of a group, in order; 0 for a group without rows."""
    starts = starts_of(group)
    summed = np.zeros((n_groups, *values.shape[1:]))
    summed[group[starts]] = np.add.reduceat(values, starts)
    return summed


def _rows_of_domains(totals: DomainTotals) -> tuple[Integers, Integers]:
    """Number of rows and first row of each domain; at -1 of the domain nobody is in."""
    n_rows = np.append(np.bincount(totals.domain), 0)
    return n_rows, np.cumsum(n_rows) - n_rows
