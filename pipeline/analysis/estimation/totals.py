"""Totals of domains as arrays.

Shapes: r rows (one per domain, stratum and PSU), u units sampled within PSUs, m measures, h strata
and p PSUs of the design.
"""

from typing import NamedTuple

import polars as pl

from pipeline.analysis.estimation.variance import Floats, Integers

DOMAIN = ["wave", "area_id", "grade", "gender"]

STATISTICS = {
    "is_flagged_": "share",
    "score_": "mean",
    "outcome_": "share",
    "reaches_": "share",
}
"""Statistic of a measure's column, by the prefix of its name."""

COUNT_OF_FLAGS = "reaches_"
"""Begins the columns of measures that count the flags of others."""


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

    wyy: Floats
    """Shape (r, m): sum of weight times squared value."""


class Strata(NamedTuple):
    """Strata of the whole design."""

    n_psu: Integers
    """Shape (h,): PSUs that were sampled."""

    left_out: Floats
    """Shape (h,): share of the population's PSUs that was not; 1 without a correction."""


class UnitTotals(NamedTuple):
    """A second stage: sums over respondents of a unit within a PSU, sorted as ``DomainTotals``."""

    domain: Integers
    """Shape (u,): number of the row's domain."""

    stratum: Integers
    """Shape (u,): number of the row's stratum."""

    psu: Integers
    """Shape (u,): number of the row's PSU in the design."""

    w: Floats
    """Shape (u, m)."""

    wy: Floats
    """Shape (u, m)."""

    n_unit: Integers
    """Shape (p,): units that were sampled within each PSU."""

    left_out: Floats
    """Shape (p,): share of the PSU's units that was not."""


class SecondStage(NamedTuple):
    """What was sampled within PSUs; without rows where no wave has a second stage."""

    domain_units: pl.DataFrame
    """Of ``unit_totals_of_domains``."""

    psus: pl.DataFrame
    """``totals.psu``."""


def measures_of(domain_psus: pl.DataFrame) -> list[str]:
    """Measures that have totals, e.g. ``score_lna``, sorted by id, then statistic."""
    prefixes = tuple(f"n_{prefix}" for prefix in STATISTICS)
    names = [column for column in domain_psus.columns if column.startswith(prefixes)]
    return sorted((name.removeprefix("n_") for name in names), key=id_and_statistic)


def id_and_statistic(measure: str) -> tuple[str, str]:
    """What a measure's column is of, e.g. ``lna`` and ``mean``."""
    prefix = next(prefix for prefix in STATISTICS if measure.startswith(prefix))
    return measure.removeprefix(prefix), STATISTICS[prefix]


def domain_totals(
    domain_psus: pl.DataFrame, strata: pl.DataFrame, measures: list[str]
) -> DomainTotals:
    """PSU totals as arrays; strata are numbered in the order of ``strata``."""
    keys = domain_psus.select(
        domain=pl.struct(DOMAIN).rle_id().cast(pl.Int64), wave="wave", stratum="stratum"
    )
    # The square of 0 or 1 is itself.
    squares = [
        f"wyy_{measure}" if measure.startswith("score_") else f"wy_{measure}"
        for measure in measures
    ]
    return DomainTotals(
        domain=keys["domain"].to_numpy(),
        stratum=_numbered(keys, strata, ["wave", "stratum"]),
        n=_floats(domain_psus, [f"n_{measure}" for measure in measures]),
        w=_floats(domain_psus, [f"w_{measure}" for measure in measures]),
        wy=_floats(domain_psus, [f"wy_{measure}" for measure in measures]),
        wyy=_floats(domain_psus, squares),
    )


def design_strata(strata: pl.DataFrame) -> Strata:
    """``totals.stratum`` as arrays."""
    return Strata(
        n_psu=strata["n_psu"].to_numpy(),
        left_out=_left_out(strata, "n_psu", "psus_in_stratum"),
    )


def unit_totals(
    second: SecondStage, domains: pl.DataFrame, strata: pl.DataFrame, measures: list[str]
) -> UnitTotals:
    """The second stage as arrays; domains are numbered in the order of ``domains``."""
    units, psus = second.domain_units, second.psus.sort("wave", "stratum", "psu")
    return UnitTotals(
        domain=_numbered(units, domains, DOMAIN),
        stratum=_numbered(units, strata, ["wave", "stratum"]),
        psu=_numbered(units, psus, ["wave", "stratum", "psu"]),
        w=_floats(units, [f"w_{measure}" for measure in measures]),
        wy=_floats(units, [f"wy_{measure}" for measure in measures]),
        n_unit=psus["n_unit"].to_numpy(),
        left_out=_left_out(psus, "n_unit", "units_in_psu"),
    )


def _left_out(groups: pl.DataFrame, sampled: str, size: str) -> Floats:
    """Share of the population that was not sampled; 1 where its size is not known."""
    share = (pl.col(size) - pl.col(sampled)) / pl.col(size)
    return groups.select(share.cast(pl.Float64).fill_null(1.0)).to_series().to_numpy()


def _numbered(rows: pl.DataFrame, listed: pl.DataFrame, keys: list[str]) -> Integers:
    numbered = listed.select(*keys, number=pl.int_range(pl.len()))
    joined = rows.select(keys).join(numbered, on=keys, how="left", maintain_order="left")
    return joined["number"].to_numpy()


def _floats(rows: pl.DataFrame, columns: list[str]) -> Floats:
    return rows.select(pl.col(columns).cast(pl.Float64)).to_numpy()
