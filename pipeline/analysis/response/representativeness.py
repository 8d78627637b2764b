"""How alike those who answered and all pupils are: R-indicators from counts of classes."""

from typing import NamedTuple

import numpy as np

from pipeline.analysis.estimation.variance import Floats


class Representativeness(NamedTuple):
    """R-indicator of one response, and what follows from it."""

    share: float
    """Mean response propensity, 0 to 1."""

    s: float
    """Standard deviation of the propensities, 0 to 0.5 and a little more in few pupils."""

    r: float
    """1 where all classes answered to the same extent; 0 and below where none or all did."""

    r_adjusted: float
    """``r`` without the spread that chance alone gives between small classes."""

    cv: float
    """``s`` per ``share``; nan where nobody answered."""

    max_bias: float
    """Largest possible bias of a share through these classes, as a share; nan where nobody
    answered."""


def representativeness(n_enrolled: Floats, n_answered: Floats) -> Representativeness:
    """R-indicator over classes whose members all have the class's response propensity.

    With N pupils, of whom ``N_c`` in class c with the propensity ``ρ_c = n_c / N_c`` (at most 1)::

        ρ̄ = Σ N_c ρ_c / N          S² = Σ N_c (ρ_c - ρ̄)² / (N - 1)
        R = 1 - 2 S                 CV = S / ρ̄
        max_bias = CV / 2           S²_adjusted = max(0, S² - Σ ρ_c (1 - ρ_c) / N)

    The bound is ``S(ρ) S(y) / ρ̄``, with the largest standard deviation that a share can have,
    1/2. The adjustment takes away what the estimation of the propensities adds to S²:
    ``1/N Σ_i z_i' V z_i`` of the source, which is ``1/N Σ_c N_c Var(ρ_c)`` for propensities that
    are shares of classes, in a census. It supposes that pupils decide one by one; classes that
    answer or not as a whole add more than is taken away.

    Args:
        n_enrolled: shape (c,): pupils of each class, above 0.
        n_answered: shape (c,): those of them who answered; more than the pupils count as all.

    Source:
        Schouten, Cobben and Bethlehem (2009), Survey Methodology 35(1), 101-113. Shlomo, Skinner
        and Schouten (2012), Journal of Statistical Planning and Inference 142, 201-211, as the
        RISQ tools carry it out. S² divides by N - 1 as they do.
    """
    n = n_enrolled.sum()
    rho = np.minimum(n_answered / n_enrolled, 1)
    mean = (n_enrolled * rho).sum() / n
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = (n_enrolled * (rho - mean) ** 2).sum() / (n - 1)
        cv = np.sqrt(variance) / mean
    adjusted = np.maximum(variance - (rho * (1 - rho)).sum() / n, 0)
    return Representativeness(
        share=float(mean),
        s=float(np.sqrt(variance)),
        r=float(1 - 2 * np.sqrt(variance)),
        r_adjusted=float(1 - 2 * np.sqrt(adjusted)),
        cv=float(cv),
        max_bias=float(cv / 2),
    )


def partial_indicators(n_enrolled: Floats, n_answered: Floats) -> Floats:
    """How much each category of one variable takes from a representative response.

    ``P_k = √(N_k / N) (ρ_k - ρ̄)``: below 0 where the category is under-represented. The
    variable's own indicator, the spread between its categories, is ``√Σ P_k²``.

    Args:
        n_enrolled: shape (k,): pupils of each category, above 0.
        n_answered: shape (k,): those of them who answered; more than the pupils count as all.

    Returns:
        Shape (k,), -0.5 to 0.5.

    Source:
        Schouten, Shlomo and Skinner (2011), Journal of Official Statistics 27(2), 231-253:
        unconditional partial R-indicators, not adjusted for bias.
    """
    share_of_all = n_enrolled / n_enrolled.sum()
    rho = np.minimum(n_answered / n_enrolled, 1)
    partial: Floats = np.sqrt(share_of_all) * (rho - (share_of_all * rho).sum())
    return partial
