"""Taylor-linearised variance of shares and means, all domains and measures at once.

Numbers in, numbers out.
Shapes: r rows (one per domain, stratum and PSU), d domains, s strata within domains, m measures.
"""

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
LonelyPsu = Literal["fail", "certainty", "adjust"]


class DomainTotals(NamedTuple):
    """Sums over respondents, sorted by domain, then stratum, then PSU."""

    domain: Integers
    """Shape (r,): number of the row's domain, 0, 0, 1, ..., each occurring."""

    stratum: Integers
    """Shape (r,): number of the row's stratum in the design, rising within a domain."""

    n: Floats
    """Shape (r, m): respondents with a value and a weight above 0."""

    w: Floats
    """Shape (r, m): sum of their weights."""

    wy: Floats
    """Shape (r, m): sum of weight times value."""


class DomainEstimates(NamedTuple):
    """Estimates, each of shape (d, m). nan: there is none."""

    n: Floats
    estimate: Floats
    """Weighted mean of the values; nan if nobody has one."""

    se: Floats
    """Standard error; nan if nobody has a value."""

    n_psu: Floats
    """PSUs with a value of positive weight in the domain."""

    n_strata: Floats
    """Strata with such a PSU."""


class LonelyPsuError(Exception):
    """A stratum has one PSU and the design says to refuse that."""

    def __init__(self, n_strata: int) -> None:
        """Keep how many strata there are."""
        super().__init__(f"{n_strata} strata have a single PSU")
        self.n_strata = n_strata


def estimate_domains(
    totals: DomainTotals, stratum_psus: Integers, *, lonely_psu: LonelyPsu
) -> DomainEstimates:
    """Means of domains with their standard errors, as R's ``survey`` gives them.

    PSUs of the design without anyone of the domain count as zeros: it is the number of PSUs
    of the whole stratum that enters the variance, not of those met in the domain.

    Args:
        totals: the sufficient statistics.
        stratum_psus: shape (number of strata,): PSUs of each stratum in the whole design.
        lonely_psu: what to do with a stratum of one PSU that a domain has values in: ``fail``;
            ``certainty``, no variance; ``adjust``, deviation from the domain's mean.

    Raises:
        LonelyPsuError: such a stratum exists and ``lonely_psu`` is ``fail``.

    Source:
        Lumley, R package survey, ``svymean``/``svyrecvar`` (options survey.lonely.psu);
        ``tests/oracle`` holds its answers.
    """
    if totals.domain.size == 0:
        empty = np.empty((0, totals.n.shape[1]))
        return DomainEstimates(empty, empty, empty, empty, empty)
    domain_starts = _starts(totals.domain)
    stratum_starts = _starts(totals.domain, totals.stratum)
    weight = np.add.reduceat(totals.w, domain_starts)
    with np.errstate(divide="ignore", invalid="ignore"):
        estimate = np.add.reduceat(totals.wy, domain_starts) / weight
        z = (totals.wy - estimate[totals.domain] * totals.w) / weight[totals.domain]
    z = np.where(totals.w > 0, z, 0.0)
    has_value = np.add.reduceat((totals.w > 0).astype(np.float64), stratum_starts)
    met = totals.stratum[stratum_starts]
    is_lonely = (stratum_psus[met] == 1) & (has_value > 0).any(axis=1)
    if lonely_psu == "fail" and is_lonely.any():
        raise LonelyPsuError(np.unique(met[is_lonely]).size)
    variance = _stratum_variance(z, stratum_starts, stratum_psus[met], lonely_psu)
    strata_domain = _starts(totals.domain[stratum_starts])
    return DomainEstimates(
        n=np.add.reduceat(totals.n, domain_starts),
        estimate=estimate,
        se=np.where(weight > 0, np.sqrt(np.add.reduceat(variance, strata_domain)), np.nan),
        n_psu=np.add.reduceat(has_value, strata_domain),
        n_strata=np.add.reduceat((has_value > 0).astype(np.float64), strata_domain),
    )


def _stratum_variance(z: Floats, starts: Integers, psus: Integers, lonely_psu: LonelyPsu) -> Floats:
    """Shape (s, m): each stratum's part of the variance of the sum of ``z``, shape (r, m)."""
    n_rows = np.diff(starts, append=len(z))
    n_psu = psus[:, np.newaxis].astype(np.float64)
    mean = np.add.reduceat(z, starts) / n_psu
    # Centred before squaring: PSUs that are all alike leave 0, not the noise of a difference.
    squares = np.add.reduceat((z - np.repeat(mean, n_rows, axis=0)) ** 2, starts)
    # PSUs without anyone of the domain have z = 0.
    squares += (n_psu - n_rows[:, np.newaxis]) * mean**2
    spread = n_psu / np.maximum(n_psu - 1, 1) * squares
    # The mean of a lonely PSU is its own z.
    alone = mean**2 if lonely_psu == "adjust" else np.zeros_like(mean)
    return np.where(n_psu == 1, alone, spread)


def _starts(*keys: Integers) -> Integers:
    """Where a new group begins in sorted keys."""
    changes = np.zeros(keys[0].size, dtype=np.bool_)
    changes[0] = True
    for key in keys:
        changes[1:] |= key[1:] != key[:-1]
    return np.flatnonzero(changes)
