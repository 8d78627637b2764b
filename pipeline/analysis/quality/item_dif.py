"""Differential item functioning of one item, by ordinal logistic regression.

Numbers in, numbers out.
"""

from typing import Any, Literal, NamedTuple

import numpy as np
from scipy.special import chdtrc

from pipeline.analysis.quality.proportional_odds import (
    Floats,
    Integers,
    fit_proportional_odds,
)

DifSize = Literal["negligible", "moderate", "large"]

MAX_P = 0.01
"""Zumbo (1999), A Handbook on the Theory and Methods of DIF: at most 0.01 for both tests together,
since many items are tested."""

MODERATE, LARGE = 0.035, 0.07
"""Limits that are applied to the change of Nagelkerke's R2. Jodoin and Gierl (2001), Applied
Measurement in Education 14, 329-349, set them for yes/no items and another R2 (remembered); for
this one, and for more options, they are a project choice. Zumbo and Thomas's 0.13 (found in Zumbo)
and 0.26 (remembered) would flag next to nothing."""

CHI2 = ("chi2_uniform", "chi2_nonuniform")
P = ("p_uniform", "p_nonuniform", "p_both")
R2 = ("nagelkerke_uniform", "nagelkerke_nonuniform", "mcfadden_uniform", "mcfadden_nonuniform")


class Matched(NamedTuple):
    """Respondents with the same answer, group and score, counted. Shapes (rows,)."""

    category: Integers
    """Of the item: 0, 1, ..., each occurring."""

    group: Integers
    """0 (compared with), 1, ..., each occurring."""

    score: Floats
    """To match on; with mean 0 and spread 1 over respondents."""

    n: Floats
    """Respondents the row stands for."""

    @property
    def n_off_mode(self) -> float:
        """Respondents who gave another than the commonest answer."""
        n_each = np.bincount(self.category, weights=self.n)
        return float(n_each.sum() - n_each.max())


def item_dif(matched: Matched) -> dict[str, Any]:
    """The tests of one item: n, df, chi2_*, p_*, changes of R2, size; nan or null: none."""
    total, df = float(matched.n.sum()), int(matched.group.max())
    is_group = np.eye(df + 1)[matched.group][:, 1:]
    score = matched.score[:, np.newaxis]
    null = null_log_likelihood(matched.category, matched.n)
    fits = [
        fit_proportional_odds(matched.category, np.hstack(predictors), matched.n)
        for predictors in ([score], [score, is_group], [score, is_group, is_group * score])
    ]
    reached = np.array([fit.log_likelihood if fit else np.nan for fit in fits])
    chi2 = 2 * np.maximum(np.diff(reached), 0)
    p = [*chdtrc(df, chi2), chdtrc(2 * df, chi2.sum())]
    nagelkerke = np.diff([nagelkerke_r2(each, null, total) for each in reached])
    mcfadden = np.diff([mcfadden_r2(each, null) for each in reached])
    return {
        "n": int(total),
        "df": df,
        **dict(zip(CHI2, chi2, strict=True)),
        **dict(zip(P, p, strict=True)),
        **dict(zip(R2, (*nagelkerke, *mcfadden), strict=True)),
        "size": _size(float(p[-1]), float(nagelkerke.sum())),
    }


def match(points: Floats, item: int, group: Integers) -> Matched:
    """Count respondents by their answer to one item, their group and their score.

    Args:
        points: shape (respondents, items), complete.
        item: position of the item.
        group: shape (respondents,): 0, 1, ...
    """
    # Rounded, so that sums of the same points in another order are one score.
    score = points.mean(axis=1).round(12)
    spread = score.std()
    score = (score - score.mean()) / (spread if spread > 0 else 1.0)
    kinds, n = np.unique(
        np.column_stack([points[:, item], group, score]), axis=0, return_counts=True
    )
    category = np.unique(kinds[:, 0], return_inverse=True)[1]
    return Matched(category, kinds[:, 1].astype(np.int64), kinds[:, 2], n.astype(np.float64))


def null_log_likelihood(category: Integers, n: Floats) -> float:
    """Log likelihood without predictors: each category as likely as it is common."""
    n_each = np.bincount(category, weights=n)
    n_each = n_each[n_each > 0]
    return float((n_each * np.log(n_each / n_each.sum())).sum())


def nagelkerke_r2(log_likelihood: float, null: float, n: float) -> float:
    """Share of what could be explained, 0 to 1.

    Source:
        Nagelkerke (1991), Biometrika 78, 691-692.
    """
    return float(np.expm1(2 * (null - log_likelihood) / n) / np.expm1(2 * null / n))


def mcfadden_r2(log_likelihood: float, null: float) -> float:
    """Share by which the log likelihood falls, 0 to 1."""
    return 1 - log_likelihood / null


def _size(p: float, change: float) -> DifSize | None:
    if np.isnan(p) or np.isnan(change):
        return None
    if p >= MAX_P or change < MODERATE:
        return "negligible"
    return "moderate" if change < LARGE else "large"
