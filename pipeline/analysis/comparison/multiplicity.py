"""p-values adjusted for how many were looked at together. Numbers in, numbers out."""

from typing import Literal

import numpy as np

from pipeline.analysis.estimation.variance import Floats, Integers

Method = Literal["holm", "hochberg", "benjamini_hochberg", "benjamini_yekutieli"]
"""``holm``: chance of any false finding in a family, whatever the dependence; ``hochberg``: the
same, for tests that depend positively; ``benjamini_hochberg``: share of findings that are
false, for tests that depend positively; ``benjamini_yekutieli``: the same, whatever the
dependence."""


def adjust_p(p: Floats, family: Integers, method: Method) -> Floats:
    """Adjust p-values within their families.

    Args:
        p: shape (k,), 0 to 1; nan: nothing was tested, and it does not count.
        family: shape (k,): number of each one's family, 0 or above: those looked at together.
        method: see ``Method``.

    Returns:
        Shape (k,), 0 to 1: at or below alpha means found at that level. nan stays.

    Source:
        R ``stats::p.adjust``; Holm (1979), Hochberg (1988), Benjamini and Hochberg (1995),
        Benjamini and Yekutieli (2001). ``tests/oracle`` holds R's numbers.
    """
    tested = np.flatnonzero(~np.isnan(p))
    adjusted = np.full(p.shape, np.nan)
    if tested.size == 0:
        return adjusted
    order = tested[np.lexsort((p[tested], family[tested]))]
    n_tested = np.bincount(family[order])
    first = np.cumsum(n_tested) - n_tested
    rank = np.arange(order.size) - first[family[order]]
    # A row per family, smallest p first; what a family lacks is 1, the largest there is.
    table = np.ones((n_tested.size, n_tested.max()))
    table[family[order], rank] = p[order]
    adjusted[order] = _adjust_rows(table, n_tested, method)[family[order], rank]
    return adjusted


def _adjust_rows(table: Floats, n_tested: Integers, method: Method) -> Floats:
    rank = np.arange(1, table.shape[1] + 1)
    n = n_tested[:, np.newaxis]
    match method:
        case "holm":
            return np.maximum.accumulate(np.minimum(1.0, (n - rank + 1) * table), axis=1)
        case "hochberg":
            return _smallest_from_here(np.where(rank <= n, (n - rank + 1) * table, 1.0))
        case "benjamini_hochberg":
            return _smallest_from_here(np.where(rank <= n, n / rank * table, 1.0))
        case "benjamini_yekutieli":
            harmonic = np.cumsum(1 / rank)[np.maximum(n_tested, 1) - 1, np.newaxis]
            return _smallest_from_here(np.where(rank <= n, harmonic * n / rank * table, 1.0))


def _smallest_from_here(table: Floats) -> Floats:
    backwards = np.minimum(1.0, table)[:, ::-1]
    return np.minimum.accumulate(backwards, axis=1)[:, ::-1]
