"""What a release says of a wave's groups other than by printing their figures."""

from collections.abc import Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipeline.attack.knowledge import ALL, Axes, Bounds
from pipeline.attack.names import Names
from pipeline.attack.policy import Policy

Floats = NDArray[np.float64]

MIN_TESTED = 3
"""Shares of a norm that must fit a wave for the norm sample to be taken for that wave's answers."""

HALF = 0.5
"""Of a per cent: how far a share may lie from its print."""


def root_of(axes: Axes, names: Names) -> int | None:
    """Place of the municipality, which lies in no other area; null if that is not one area."""
    above = names.parents[axes.wave]
    roots = [place for place, area in enumerate(axes.areas) if not above[area]]
    return roots[0] if len(roots) == 1 else None


def open_of(axes: Axes) -> tuple[Floats, Floats]:
    """Any number of any group: shape (areas, grades, genders) each."""
    return np.zeros(axes.shape[1:]), np.full(axes.shape[1:], np.inf)


def placed_bounds(
    axes: Axes, tables: Mapping[str, pl.DataFrame], root: int | None, policy: Policy
) -> tuple[Floats, Floats]:
    """Least and greatest number whose area in the municipality is known, by grade.

    Returns:
        Shape (areas, grades, genders), open but for the municipality and everyone of a grade.
    """
    least, most = open_of(axes)
    coverage = tables.get("coverage")
    if (
        coverage is None
        or root is None
        or not {"wave", "grade", "n_placed"} <= set(coverage.columns)
    ):
        return least, most
    for row in coverage.filter(wave=str(axes.wave)).to_dicts():
        if row["grade"] in axes.grades:
            place = (root, axes.grades.index(row["grade"]), 0)
            least[place], most[place] = _reach(row["n_placed"], policy)
    return least, most


def own_norm_bounds(
    axes: Axes, tables: Mapping[str, pl.DataFrame], root: int | None, bounds: Bounds
) -> tuple[Floats, Floats]:
    """Shares, 0 to 1, that a norm states of the municipality's grades, if they are this wave's.

    Norms are printed beside every area. Where all that can be tested of one fits the wave, its
    sample is taken to be the wave's answers, and it tells what the release hides of them.

    Returns:
        As ``Bounds.rest``; infinite where nothing is known.
    """
    least, most = np.full(axes.shape, -np.inf), np.full(axes.shape, np.inf)
    comparison = tables.get("comparison")
    wanted = {"kind", "reference", "second_percent", "grade", "gender", "area_id", "measure_id"}
    if comparison is None or root is None or not wanted <= set(comparison.columns):
        return least, most
    printed = (
        comparison.filter(pl.col("grade") != ALL, kind="norm", area_id=axes.areas[root], gender=ALL)
        .filter(pl.col("measure_id").is_in(axes.measures), pl.col("grade").is_in(axes.grades))
        .select("reference", "measure_id", "grade", share=pl.col("second_percent").cast(pl.Float64))
        .drop_nulls()
        .unique(maintain_order=True)
    )
    for _, stated in printed.group_by("reference", maintain_order=True):
        places = [
            (axes.measures.index(measure), root, axes.grades.index(grade), 0)
            for measure, grade in stated.select("measure_id", "grade").iter_rows()
        ]
        at = tuple(np.array(places).T)
        low, high = ((stated["share"].to_numpy() + side) / 100 for side in (-HALF, HALF))
        if _fits(bounds, at, low, high):
            least[at], most[at] = low, high
    return least, most


def _fits(bounds: Bounds, at: tuple[NDArray[np.int64], ...], low: Floats, high: Floats) -> bool:
    """Whether every printed count that these shares are of can be theirs."""
    (n_least, n_most), (k_least, k_most) = (
        (each[0][at], each[1][at]) for each in (bounds.n, bounds.flagged)
    )
    is_tested = np.isfinite(n_most) & np.isfinite(k_most) & (n_most > 0)
    is_possible = (low * n_least <= k_most) & (high * n_most >= k_least)
    return bool(is_tested.sum() >= MIN_TESTED and is_possible[is_tested].all())


def _reach(printed: str | None, policy: Policy) -> tuple[float, float]:
    """Least and greatest count behind one that is printed, or that is too small for it."""
    if printed is None or printed == "":
        return 0.0, policy.min_base - 1.0
    return max(float(printed) - policy.rounding, 0.0), float(printed) + policy.rounding
