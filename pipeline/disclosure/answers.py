"""What a wave's pupils answered to one measure, by weight: how weighted counts add up."""

from typing import NamedTuple

import numpy as np
from scipy.sparse import block_array, csr_array, diags_array

from pipeline.analysis.estimation.totals import STATISTICS
from pipeline.disclosure.atoms import Crowd, Floats, Unknowns


class Answers(NamedTuple):
    """What a wave's pupils answered to one measure, by unknown. Shapes: u unknowns, d domains."""

    counts: Floats
    """(3 u,), how many each atom holds. Where answers are weighted, the flagged are the weighted
    share of those with a value, which need not be whole."""

    weight: Floats
    """(u,), the mean weight of those with a value, that of all of them being 1."""

    weight_of_domain: Floats
    """(d,), the same of the domains."""

    @property
    def is_weighted(self) -> bool:
        """Whether groups differ in their mean weight, so that their counts do not add up."""
        return bool((self.weight != 1).any())


DECIMALS = 11
"""Of mean weights and weighted counts: the last digits of a sum depend on the order of adding."""


def answers_of(crowd: Crowd, unknowns: Unknowns, measure_id: str) -> Answers:
    """What was answered to one measure."""
    n, w, wy, everyone = (unknowns.pool.T @ sums for sums in _sums_of(crowd, measure_id))
    mean = n.sum() / w.sum() if w.sum() else 1.0
    weight = _ratio(w * mean, n)
    holds = unknowns.holds
    of_domain = _ratio(holds @ w * mean, holds @ n)
    flagged = np.round(n * np.divide(wy, w, out=np.zeros_like(w), where=w > 0), DECIMALS)
    return Answers(np.concatenate([flagged, n - flagged, everyone - n]), weight, of_domain)


def _ratio(w: Floats, n: Floats) -> Floats:
    """Mean weights; 1 of a group without anybody, of whom nobody knows more."""
    mean: Floats = np.divide(w, n, out=np.ones_like(w), where=n > 0)
    return mean.round(DECIMALS)


def weighted_atoms(atoms: dict[str, csr_array], answers: Answers) -> dict[str, csr_array]:
    """What one of each atom adds to the counts that are printed: weighted shares of n.

    A reader may know how much the pupils of every group weigh: weights often follow from numbers
    that anyone can look up. To the flagged of a domain an atom of twice its mean weight adds two.
    """
    parts, wholes = np.tile(answers.weight, 3), 1 / answers.weight_of_domain
    return {
        what: csr_array(diags_array(wholes) @ rows @ diags_array(parts))
        if what in ("k", "others")
        else rows
        for what, rows in atoms.items()
    }


def weighted_balances(unknowns: Unknowns, answers: Answers) -> csr_array:
    """The sums of ``balances_of`` by weight, and the same pupils once more by number."""
    plain = unknowns.balance
    weighted = csr_array(plain @ diags_array(answers.weight))
    rows = [
        [weighted, None, None],
        [None, weighted, None],
        [plain, plain, None],
        [None, None, plain],
    ]
    return csr_array(block_array(rows, format="csr"))


def _sums_of(crowd: Crowd, measure_id: str) -> tuple[Floats, ...]:
    """Of every group: those with a value, their weights, the weights of the flagged, everyone."""
    prefixes = [name for name, statistic in STATISTICS.items() if statistic == "share"]
    [column] = [
        f"{prefix}{measure_id}"
        for prefix in prefixes
        if f"n_{prefix}{measure_id}" in crowd.groups.columns
    ]
    names = (f"n_{column}", f"w_{column}", f"wy_{column}", "n_respondents")
    return tuple(crowd.groups[name].to_numpy().astype(np.float64) for name in names)
