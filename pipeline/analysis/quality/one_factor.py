"""One common factor behind a scale's items, by maximum likelihood. Numbers in, numbers out.

Model: covariance = loadings loadings' + diagonal of uniquenesses, k items.
"""

from typing import NamedTuple

import numpy as np
from scipy.linalg import LinAlgError, cho_factor, cho_solve
from scipy.optimize import minimize

from pipeline.analysis.quality.reliability import Floats, correlations

SINGULAR = 1e-10
"""Least eigenvalue of the correlations below which some items are sums of others."""

NEARLY_CONVERGED, CONVERGED = 1e-5, 1e-9
"""Largest slope of the discrepancy, items at variance 1, after the search and in the end."""

DIVERGED = 100.0
"""Parameter, items at variance 1, beyond which the likelihood grows without end."""


class OneFactor(NamedTuple):
    """A fitted model."""

    loadings: Floats
    """Shape (k,): of the items, in points; their sum is not negative."""

    uniquenesses: Floats
    """Shape (k,): variance of each item that the factor leaves. Not held above 0."""

    covariance: Floats
    """Shape (k, k): what was fitted."""

    @property
    def is_heywood(self) -> bool:
        """Whether a unique variance came out negative, which no real variance can be."""
        return bool((self.uniquenesses < 0).any())

    @property
    def standardised_loadings(self) -> Floats:
        """Shape (k,): correlation of each item with the factor, as the model has it."""
        return self.loadings / np.sqrt(np.diag(self.covariance))


def fit_one_factor(covariance: Floats) -> OneFactor | None:
    """The one-factor model of greatest likelihood.

    Args:
        covariance: shape (k, k), of complete answers; whether over n or n - 1 changes nothing
            that is used of the fit.

    Returns:
        Null if there is none: fewer than three items (two do not identify it), items that do
        not vary or are sums of one another, or no convergence. Three items fit exactly.

    Source:
        Jöreskog (1967), Psychometrika 32, 443-482: the discrepancy minimised here.
        Uniquenesses may go below 0, as in R ``lavaan::cfa``; ``tests/oracle`` holds its numbers.
    """
    k, observed = len(covariance), correlations(covariance)
    if k < 3 or not np.isfinite(observed).all() or np.linalg.eigvalsh(observed)[0] < SINGULAR:
        return None
    spread = np.sqrt(np.diag(covariance))
    found = minimize(
        lambda at: _discrepancy(at, observed),
        _start(observed),
        jac=lambda at: _slope(at, observed),
        hess=_information,
        method="trust-exact",
        options={"gtol": 1e-9, "maxiter": 500},
    )
    if np.abs(found.x).max() > DIVERGED or np.abs(found.jac).max() > NEARLY_CONVERGED:
        return None
    at = found.x
    for _ in range(10):
        # The search stops where rounding of the discrepancy hides progress; the slope shows it.
        at = at - np.linalg.solve(_information(at), _slope(at, observed))
    if not np.abs(_slope(at, observed)).max() < CONVERGED:
        return None
    loadings, uniquenesses = np.split(at, 2)
    sign = -1.0 if (loadings * spread).sum() < 0 else 1.0
    return OneFactor(sign * loadings * spread, uniquenesses * spread**2, covariance)


def omega_cfa_model(fit: OneFactor) -> float:
    """McDonald's omega total: share of the modelled variance of the sum due to the factor.

    Source:
        McDonald (1999), Test Theory: (sum of loadings)^2 over itself plus the uniquenesses.
    """
    common = float(fit.loadings.sum()) ** 2
    return common / (common + float(fit.uniquenesses.sum()))


def omega_cfa_obsvar(fit: OneFactor) -> float:
    """The same over the observed variance of the sum: lower if the model misses covariances.

    Source:
        Packages differ in which they call omega (R semTools, issue 48); both are named here.
    """
    return float(fit.loadings.sum()) ** 2 / float(fit.covariance.sum())


def _start(observed: Floats) -> Floats:
    values, vectors = np.linalg.eigh(observed)
    component = vectors[:, -1] * np.sqrt(values[-1])
    # A component explains more than a factor: shrunk, so that every uniqueness begins above 0.
    loadings = 0.8 * np.clip(component, -1, 1)
    return np.concatenate([loadings, 1 - loadings**2])


def _modelled(at: Floats) -> Floats:
    loadings, uniquenesses = np.split(at, 2)
    modelled: Floats = np.outer(loadings, loadings) + np.diag(uniquenesses)
    return modelled


def _discrepancy(at: Floats, observed: Floats) -> float:
    try:
        factor = cho_factor(_modelled(at))
    except LinAlgError:  # Not a covariance: out of bounds.
        return np.inf
    log_determinant = 2 * float(np.log(np.diag(factor[0])).sum())
    return log_determinant + float(np.trace(cho_solve(factor, observed)))


def _slope(at: Floats, observed: Floats) -> Floats:
    inverse = np.linalg.inv(_modelled(at))
    residual = inverse - inverse @ observed @ inverse
    loadings = at[: len(observed)]
    return np.concatenate([2 * residual @ loadings, np.diag(residual)])


def _information(at: Floats) -> Floats:
    """Expected curvature: never negative, so that each step goes downhill."""
    loadings = at[: len(at) // 2]
    inverse = np.linalg.inv(_modelled(at))
    pull = inverse @ loadings
    loading = 2 * (inverse * (loadings @ pull) + np.outer(pull, pull))
    mixed = 2 * inverse * pull[:, np.newaxis]
    return np.block([[loading, mixed.T], [mixed, inverse**2]])
