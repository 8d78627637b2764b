"""Respondents of one measure, their totals, and a standard error without any formula."""

from collections.abc import Callable
from random import Random
from typing import NamedTuple

import numpy as np

from pipeline.analysis.estimation.sides import LinkedTotals
from pipeline.analysis.estimation.totals import DomainTotals, Strata
from pipeline.analysis.estimation.variance import Floats, Integers, LonelyPsu, LonelyRule


class Respondent(NamedTuple):
    """One respondent and the domains they are in."""

    stratum: int
    psu: int
    weight: float
    value: float
    domains: frozenset[int]


def linked_totals(
    respondents: list[Respondent], stratum_psus: list[int], lonely_psu: LonelyPsu = "fail"
) -> LinkedTotals:
    """Totals of every domain that someone is in, numbered without gaps."""
    keys = sorted({(d, r.stratum, r.psu) for r in respondents for d in r.domains})
    sums = np.zeros((len(keys), 4))
    for respondent in respondents:
        for domain in respondent.domains:
            at = keys.index((domain, respondent.stratum, respondent.psu))
            sums[at] += (
                respondent.weight > 0,
                respondent.weight,
                respondent.weight * respondent.value,
                respondent.weight * respondent.value**2,
            )
    domains, stratum, psu = np.array(keys, dtype=np.int64).T
    n, w, wy, wyy = sums.T[:, :, np.newaxis]
    return LinkedTotals(
        DomainTotals(domain=domains, stratum=stratum, n=n, w=w, wy=wy, wyy=wyy),
        psu=psu,
        strata=Strata(np.array(stratum_psus, dtype=np.int64), np.ones(len(stratum_psus))),
        rule=LonelyRule(lonely_psu),
    )


def random_respondents(seed: int, *, n_strata: int, n_psu: int, groups: int) -> list[Respondent]:
    """Everyone in domain 0 and in one of the groups, numbered from 1; values 0 or 1."""
    chance = Random(seed)  # noqa: S311 - a seeded survey, not a secret
    return [
        Respondent(
            stratum,
            psu,
            chance.uniform(0.5, 2),
            float(chance.random() < 0.2 + 0.1 * psu),
            frozenset({0, 1 + chance.randrange(groups)}),
        )
        for stratum in range(n_strata)
        for psu in range(n_psu)
        for _ in range(9)
    ]


def mean_of(respondents: list[Respondent], domain: int) -> float:
    """Weighted mean of a domain's values."""
    members = [r for r in respondents if domain in r.domains]
    return sum(r.weight * r.value for r in members) / sum(r.weight for r in members)


def nudged_se(
    respondents: list[Respondent], estimate: Callable[[list[Respondent]], float], n_psu: int
) -> float:
    """Standard error by nudging the weights of one PSU at a time, and plain sums over PSUs.

    How an estimate changes with a PSU's weights is what linearisation writes as a formula.

    Args:
        respondents: of strata numbered from 0 and PSUs numbered from 0 in each.
        estimate: what the standard error is of.
        n_psu: PSUs in every stratum.
    """
    step = 1e-5

    def slope(stratum: int, psu: int) -> float:
        def nudged(factor: float) -> float:
            return estimate(
                [
                    r._replace(weight=r.weight * factor)
                    if (r.stratum, r.psu) == (stratum, psu)
                    else r
                    for r in respondents
                ]
            )

        return (nudged(1 + step) - nudged(1 - step)) / (2 * step)

    variance = 0.0
    for stratum in {r.stratum for r in respondents}:
        slopes = [slope(stratum, psu) for psu in range(n_psu)]
        middle = sum(slopes) / n_psu
        variance += n_psu / (n_psu - 1) * sum((z - middle) ** 2 for z in slopes)
    return float(variance**0.5)


def numbers(*values: int) -> Integers:
    """An array of domain numbers."""
    return np.array(values, dtype=np.int64)


def only(values: Floats) -> float:
    """The value of the only comparison and measure."""
    return float(values.item())
