"""Printed shares of the municipality without an area, as bounds."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipeline.attack.knowledge import Axes

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

SLACK = 1e-9
"""Per cent by which arithmetic may miss a limit."""


def rest_bounds(axes: Axes, cells: pl.DataFrame, root: int | None) -> tuple[Floats, Floats]:
    """Shares of the rest: printed, or the area's own less the printed difference.

    Open where it is what printed counts of the municipality less those of the area give: who has
    these learns nothing from it.
    """
    rest, own = cells.filter(what="rest"), cells.filter(what="percent")
    lower = axes.values(rest, "low", -np.inf)
    upper = axes.values(rest, "high", np.inf)
    difference = cells.filter(what="difference")
    of_area = axes.values(own, "value", np.nan)
    apart = axes.values(difference, "value", np.nan)
    known = np.isfinite(of_area - apart)
    # The difference is between printed numbers, each half a point off at most.
    lower = np.where(known, np.maximum(lower, of_area - apart - 0.5), lower)
    upper = np.where(known, np.minimum(upper, of_area - apart + 0.5), upper)
    follows = _follows(axes, cells, lower, upper, root)
    return np.where(follows, -np.inf, lower / 100), np.where(follows, np.inf, upper / 100)


def _follows(
    axes: Axes, cells: pl.DataFrame, lower: Floats, upper: Floats, root: int | None
) -> Flags:
    """Whether printed counts leave the rest a share within the bounds of its print."""
    if root is None:
        return np.zeros(axes.shape, dtype=np.bool_)
    n, k = (axes.values(cells.filter(what=count), "value", np.nan) for count in ("n", "k"))
    with np.errstate(invalid="ignore", divide="ignore"):
        percent = 100 * (k[:, [root]] - k) / (n[:, [root]] - n)
        return np.asarray((percent >= lower - SLACK) & (percent <= upper + SLACK))
