"""Taylor-linearised variance of shares and means, all domains and measures at once.

Numbers in, numbers out.
Shapes: r rows (one per domain, stratum and PSU), d domains, m measures.
"""

from typing import NamedTuple

import numpy as np

from pipeline.analysis.estimation.totals import DomainTotals, Strata, UnitTotals
from pipeline.analysis.estimation.variance import (
    Booleans,
    Floats,
    Groups,
    Integers,
    LonelyRule,
    group_variance,
    summed_variance,
)


class DomainEstimates(NamedTuple):
    """Estimates, each of shape (d, m). nan: there is none."""

    n: Floats
    w: Floats
    """Sum of weights of those with a value."""

    estimate: Floats
    """Weighted mean of the values; nan if nobody has one."""

    se: Floats
    """Standard error; nan if nobody has a value."""

    spread: Floats
    """Weighted mean square of the values' deviations from the estimate."""

    n_psu: Floats
    """PSUs with a value of positive weight in the domain."""

    n_strata: Floats
    """Strata with such a PSU."""

    is_census: Booleans
    """Whether all units were taken, so that a standard error of 0 is known and not an accident."""


class LonelyPsuError(Exception):
    """A stratum has one PSU, or in the second stage a PSU one unit, and the rule is to refuse."""

    def __init__(self, n_groups: int, *, stage: int, groups: Integers | None = None) -> None:
        """Keep the stage and the numbers of those that are known; say how many there are."""
        what = "strata have a single PSU" if stage == 1 else "PSUs have a single unit"
        super().__init__(f"{n_groups} {what}")
        self.stage = stage
        self.groups: list[int] = [] if groups is None else groups.tolist()


class _Linearised(NamedTuple):
    """Deviations of units, and what they deviate from."""

    z: Floats
    n_met: Floats
    groups: Groups
    group_domain: Integers


def estimate_domains(
    totals: DomainTotals, strata: Strata, *, rule: LonelyRule, units: UnitTotals | None = None
) -> DomainEstimates:
    """Means of domains with their standard errors, as R's ``survey`` gives them.

    PSUs of the design without anyone of the domain count as zeros: it is the number of PSUs
    of the whole stratum that enters the variance, not of those met in the domain. A PSU's total is
    linearised as ``z = (wy - estimate * w) / sum(w)``.

    Args:
        totals: the sufficient statistics.
        strata: of the whole design.
        rule: what to do with a stratum of one PSU that a domain has values in.
        units: the second stage, if there is one.

    Raises:
        LonelyPsuError: such a stratum exists, or such a PSU of one unit, and the rule is ``fail``.

    Source:
        Lumley, R package survey, ``svymean``/``svyrecvar`` (options survey.lonely.psu);
        ``tests/oracle`` holds its answers.
    """
    if totals.domain.size == 0:
        none = np.empty((0, totals.n.shape[1]))
        return DomainEstimates(none, none, none, none, none, none, none, none > 0)
    starts = starts_of(totals.domain)
    weight = np.add.reduceat(totals.w, starts)
    with np.errstate(divide="ignore", invalid="ignore"):
        estimate = np.add.reduceat(totals.wy, starts) / weight
        squares = np.add.reduceat(totals.wyy, starts) / weight
    first = _first_stage(totals, strata, estimate, weight)
    _refuse_lonely(first, totals.stratum, rule, stage=1)
    strata_starts = starts_of(first.group_domain)
    variance = summed_variance(
        group_variance(first.z, first.n_met, first.groups, rule), first.n_met, strata_starts
    )
    varies = np.add.reduceat((~first.groups.is_census & (first.n_met > 0)), strata_starts) > 0
    if units is not None and units.domain.size:
        within, varies_within = _second_stage(units, strata, estimate, weight, rule)
        variance, varies = variance + within, varies | varies_within
    return DomainEstimates(
        n=np.add.reduceat(totals.n, starts),
        w=weight,
        estimate=estimate,
        se=np.where(weight > 0, np.sqrt(variance), np.nan),
        spread=squares - estimate**2,
        n_psu=np.add.reduceat(first.n_met, strata_starts),
        n_strata=np.add.reduceat((first.n_met > 0).astype(np.float64), strata_starts),
        is_census=~varies,
    )


def _first_stage(
    totals: DomainTotals, strata: Strata, estimate: Floats, weight: Floats
) -> _Linearised:
    starts = starts_of(totals.domain, totals.stratum)
    met = totals.stratum[starts]
    groups = Groups(starts, _column(strata.n_psu[met]), _column(strata.left_out[met]))
    return _linearised(totals, groups, estimate, weight)


def _second_stage(
    units: UnitTotals, strata: Strata, estimate: Floats, weight: Floats, rule: LonelyRule
) -> tuple[Floats, Booleans]:
    """What sampling within PSUs adds to the variance of each domain, and whether it can.

    Source:
        Lumley, R package survey, ``multistage``: the variance within a PSU, times the share of
        the stratum's PSUs that was sampled.
    """
    starts = starts_of(units.domain, units.psu)
    met = units.psu[starts]
    groups = Groups(starts, _column(units.n_unit[met]), _column(units.left_out[met]))
    second = _linearised(units, groups, estimate, weight)
    _refuse_lonely(second, units.psu, rule, stage=2)
    # A PSU is a group of its own: there are no others to take an average of.
    variance = group_variance(second.z, second.n_met, groups, rule)
    variance = np.where(second.n_met > 0, variance, 0.0)
    sampled = 1 - _column(strata.left_out[units.stratum[starts]])
    within = np.zeros_like(estimate)
    np.add.at(within, second.group_domain, sampled * variance)
    varies = np.zeros_like(estimate)
    np.add.at(varies, second.group_domain, ~groups.is_census & (second.n_met > 0))
    return within, varies > 0


def _linearised(
    totals: DomainTotals | UnitTotals, groups: Groups, estimate: Floats, weight: Floats
) -> _Linearised:
    domain, has_value = totals.domain, totals.w > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (totals.wy - estimate[domain] * totals.w) / weight[domain]
    return _Linearised(
        z=np.where(has_value, z, 0.0),
        n_met=np.add.reduceat(has_value.astype(np.float64), groups.starts),
        groups=groups,
        group_domain=domain[groups.starts],
    )


def _refuse_lonely(found: _Linearised, group: Integers, rule: LonelyRule, *, stage: int) -> None:
    if rule.lonely_psu != "fail":
        return
    is_lonely = (found.groups.n_sampled == 1) & ~found.groups.is_census & (found.n_met > 0)
    if is_lonely.any():
        lonely = group[found.groups.starts][is_lonely.any(axis=1)]
        groups = np.unique(lonely)
        raise LonelyPsuError(groups.size, stage=stage, groups=groups)


def _column(values: Integers | Floats) -> Floats:
    return values.astype(np.float64)[:, np.newaxis]


def starts_of(*keys: Integers) -> Integers:
    """Where a new group begins in sorted keys, which may be empty."""
    changes = np.zeros(keys[0].size, dtype=np.bool_)
    changes[:1] = True
    for key in keys:
        changes[1:] |= key[1:] != key[:-1]
    return np.flatnonzero(changes)
