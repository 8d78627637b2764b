"""Ordinal logistic regression with proportional odds. Numbers in, numbers out.

Model: logit P(category <= j) = threshold j - predictors slopes. Shapes: r rows, c categories,
p predictors.
"""

from typing import NamedTuple

import numpy as np
from numpy.linalg import LinAlgError
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, logit

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

CONVERGED = 1e-8
"""Longest last step, in any parameter, at which a fit counts as found."""

SEPARATED = 25.0
"""Parameter beyond which a category is told apart without error: nothing is estimated then."""


class OrdinalFit(NamedTuple):
    """A fitted model."""

    thresholds: Floats
    """Shape (c - 1,): rising."""

    slopes: Floats
    """Shape (p,): above 0 means higher categories where the predictor is higher."""

    log_likelihood: float


class _Rows(NamedTuple):
    """What is fitted. Each category lies between two limits on the latent scale."""

    upper: Floats
    """Shape (r, c - 1 + p): the limit above a row's category as a sum of the parameters."""

    lower: Floats
    is_highest: NDArray[np.bool_]
    is_lowest: NDArray[np.bool_]
    share: Floats
    """Shape (r,): of all respondents."""


def fit_proportional_odds(category: Integers, predictors: Floats, n: Floats) -> OrdinalFit | None:
    """The model of greatest likelihood.

    Args:
        category: shape (r,): 0 to c - 1, each occurring, c at least 2.
        predictors: shape (r, p), p from 0; best near 0 and of similar spread.
        n: shape (r,): respondents a row stands for, above 0.

    Returns:
        Null if it does not converge, as when a predictor tells categories apart without error.

    Source:
        McCullagh (1980), Journal of the Royal Statistical Society B 42, 109-142. The likelihood
        is concave: Pratt (1981), Journal of the American Statistical Association 76, 103-106.
        R ``MASS::polr`` and ``ordinal::clm`` give the numbers in the test.
    """
    n_thresholds = int(category.max())
    total = float(n.sum())
    rows = _rows(category, predictors, n / total)
    cumulated = np.cumsum(np.bincount(category, weights=n))[:-1] / total
    found = minimize(
        lambda at: _discrepancy(at, rows),
        np.concatenate([logit(cumulated), np.zeros(predictors.shape[1])]),
        jac=lambda at: _slope(at, rows),
        hess=lambda at: _curvature(at, rows),
        method="trust-exact",
        options={"gtol": 1e-9, "maxiter": 200},
    )
    at = _polished(found.x, rows) if np.abs(found.x).max() < SEPARATED else None
    if at is None:
        return None
    return OrdinalFit(at[:n_thresholds], at[n_thresholds:], -total * _discrepancy(at, rows))


def _polished(at: Floats, rows: _Rows) -> Floats | None:
    """The maximum to the last digits, or null if there is none near.

    The search stops where rounding of the likelihood hides progress. Where categories are told
    apart the likelihood grows for ever, by steps that do not become shorter.
    """
    try:
        for _ in range(3):
            step = np.linalg.solve(_curvature(at, rows), _slope(at, rows))
            at = at - step
    except LinAlgError:
        return None
    return at if np.abs(step).max() < CONVERGED else None


def _rows(category: Integers, predictors: Floats, share: Floats) -> _Rows:
    n_thresholds = int(category.max())
    # A column more, dropped again: the highest category has no limit above.
    above = np.eye(n_thresholds + 1)[category][:, :-1]
    below = np.eye(n_thresholds + 1)[category][:, 1:]
    return _Rows(
        upper=np.hstack([above, -predictors]),
        lower=np.hstack([below, -predictors]),
        is_highest=category == n_thresholds,
        is_lowest=category == 0,
        share=share,
    )


def _limits(at: Floats, rows: _Rows) -> tuple[Floats, Floats]:
    upper = np.where(rows.is_highest, np.inf, rows.upper @ at)
    lower = np.where(rows.is_lowest, -np.inf, rows.lower @ at)
    return upper, lower


def _discrepancy(at: Floats, rows: _Rows) -> float:
    upper, lower = _limits(at, rows)
    if (upper <= lower).any():  # Thresholds that do not rise: out of bounds.
        return np.inf
    # F(u) - F(l) = F(u) F(-l) (1 - exp(l - u)): no difference of nearly equal numbers.
    log_probability = (
        -np.logaddexp(0, -upper) - np.logaddexp(0, lower) + np.log(-np.expm1(lower - upper))
    )
    return -float(rows.share @ log_probability)


def _slope(at: Floats, rows: _Rows) -> Floats:
    upper, lower = _limits(at, rows)
    gap = _odds_of_gap(upper, lower)
    by_upper, by_lower = expit(-upper) + gap, expit(lower) + gap
    slope: Floats = (rows.share * by_lower) @ rows.lower - (rows.share * by_upper) @ rows.upper
    return slope


def _curvature(at: Floats, rows: _Rows) -> Floats:
    upper, lower = _limits(at, rows)
    gap = _odds_of_gap(upper, lower)
    shared = rows.share * gap * (1 + gap)
    curved_upper = rows.share * expit(upper) * expit(-upper) + shared
    curved_lower = rows.share * expit(lower) * expit(-lower) + shared
    mixed = (rows.upper.T * shared) @ rows.lower
    upward, downward = (rows.upper.T * curved_upper) @ rows.upper, rows.lower.T * curved_lower
    curvature: Floats = upward + downward @ rows.lower - mixed - mixed.T
    return curvature


def _odds_of_gap(upper: Floats, lower: Floats) -> Floats:
    """1 / (exp(u - l) - 1), without overflow."""
    odds: Floats = np.exp(lower - upper) / -np.expm1(lower - upper)
    return odds
