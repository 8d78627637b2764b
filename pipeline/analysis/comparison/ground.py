"""What all comparisons of a site rest on: linked totals, and what may be compared with what.

Shapes: r rows of totals, d domains, m measures.
"""

from typing import NamedTuple

import numpy as np
import polars as pl

from pipeline.analysis.estimation.sides import LinkedTotals
from pipeline.analysis.estimation.totals import (
    DOMAIN,
    design_strata,
    domain_totals,
    id_and_statistic,
    measures_of,
)
from pipeline.analysis.estimation.variance import Floats, Integers, LonelyRule
from pipeline.definitions.site import Design

NOBODY = -1
"""Number of a domain that nobody is in."""


class Comparable(NamedTuple):
    """What a site's definitions say may be compared with what."""

    root_area: str
    genders: tuple[str, ...]
    """In the site's order: the first is compared with the second."""

    earlier_waves: pl.DataFrame
    """``ref.comparable_wave``."""

    norm_shares: pl.DataFrame
    """``ref.norm_share``."""


class Ground(NamedTuple):
    """Shares of the domains that hold enough respondents to be compared."""

    domains: pl.DataFrame
    """``DOMAIN`` of each, and its ``number`` in the totals; shape (d,)."""

    rows: pl.DataFrame
    """``DOMAIN`` of each of the totals' rows, ``w_respondents`` and ``ww_respondents``."""

    measures: tuple[str, ...]
    """Ids of the shares, in the order of the totals' columns."""

    linked: LinkedTotals
    """The wave is part of a stratum's number: waves are taken as independent samples."""

    full_df: pl.DataFrame
    """``wave`` and ``df``: PSUs less strata of its whole design."""

    is_full_df: bool
    comparable: Comparable
    expected: pl.DataFrame
    """``expected_shares``."""

    min_n: int

    def design_df(self, waves: list[pl.Series]) -> Floats | None:
        """Degrees of freedom of the full design over one or several waves; null: the domains'.

        Args:
            waves: of each comparison's sides, null where a side is nobody.
        """
        if not self.is_full_df:
            return None
        of_wave = dict(self.full_df.select("wave", "df").iter_rows())
        found = [
            wave.replace_strict(of_wave, default=0, return_dtype=pl.Float64).to_numpy()
            for wave in waves
        ]
        total: Floats = np.sum(found, axis=0)
        return total


def prepare_ground(
    domain_psus: pl.DataFrame,
    strata: pl.DataFrame,
    comparable: Comparable,
    design: Design,
    min_n: int,
) -> Ground:
    """Link the totals of domains with at least ``min_n`` respondents, PSU by PSU.

    Args:
        domain_psus: ``psu_totals``, sorted by wave, area_id, grade, gender, stratum, psu.
        strata: ``totals.stratum``.
        comparable: what may be compared.
        design: how uncertainty is computed.
        min_n: least respondents that anything is said of.
    """
    columns = [measure for measure in measures_of(domain_psus) if not _is_mean(measure)]
    strata = strata.sort("wave", "stratum")
    large = domain_psus.filter(pl.col("n_respondents").sum().over(DOMAIN) >= min_n)
    linked = LinkedTotals(
        domain_totals(large, strata, columns),
        # One number for a PSU of a wave, whatever domain it is met in.
        psu=large.select(
            pl.struct("wave", "stratum", "psu").rank("dense").cast(pl.Int64).alias("psu")
        )["psu"].to_numpy(),
        strata=design_strata(strata),
        rule=LonelyRule(design.lonely_psu, design.adjust_domain_lonely),
    )
    numbers = pl.int_range(pl.len(), dtype=pl.Int64)
    return Ground(
        domains=large.select(DOMAIN).unique(maintain_order=True).with_columns(number=numbers),
        rows=large.select(*DOMAIN, "w_respondents", "ww_respondents"),
        measures=tuple(id_and_statistic(column)[0] for column in columns),
        linked=linked,
        full_df=strata.group_by("wave").agg(df=(pl.col("n_psu").sum() - pl.len())),
        is_full_df=design.degrees_of_freedom == "full",
        comparable=comparable,
        expected=expected_shares(domain_psus, comparable.norm_shares),
        min_n=min_n,
    )


def domain_sums(linked: LinkedTotals, values: Floats) -> Floats:
    """Shape (d, m): sums of each domain over its rows, from shape (r, m)."""
    starts = np.flatnonzero(np.diff(linked.totals.domain, prepend=-1))
    return np.add.reduceat(values, starts) if starts.size else values


def expected_shares(domain_psus: pl.DataFrame, norm_shares: pl.DataFrame) -> pl.DataFrame:
    """What each domain's share would be if each of its grades had that of the norm sample.

    Args:
        domain_psus: ``psu_totals``.
        norm_shares: ``ref.norm_share``.

    Returns:
        One row per domain and factor whose grades all have a norm: ``expected``, 0 to 1, the
        norm's shares weighted as the domain's grades are; and ``norm_id``, several joined
        by ``+``.
    """
    weights = (
        domain_psus.filter(pl.col("grade") != "all")
        # Floats are added in the order of rows, so that runs agree to the bit.
        .group_by(DOMAIN, maintain_order=True)
        .agg(pl.col("^w_is_flagged_.*$").cast(pl.Float64).sum())
        .unpivot(index=DOMAIN, variable_name="measure_id", value_name="weight")
        .filter(pl.col("weight") > 0)
        .with_columns(pl.col("measure_id").str.strip_prefix("w_is_flagged_"))
        .join(
            norm_shares,
            on=["wave", "measure_id", "grade"],
            how="left",
            maintain_order="left",
        )
    )
    keys = ["wave", "area_id", "gender", "measure_id"]
    over_grades = weights.with_columns(grade=pl.lit("all"))
    return (
        pl.concat([weights, over_grades])
        .group_by(*keys, "grade", maintain_order=True)
        .agg(
            expected=(pl.col("weight") * pl.col("share_flagged")).sum() / pl.col("weight").sum(),
            norm_id=pl.col("norm_id").unique().sort().str.join("+"),
            has_norm=pl.col("norm_id").is_not_null().all(),
        )
        .filter("has_norm")
        .drop("has_norm")
    )


def _is_mean(measure: str) -> bool:
    return measure.startswith("score_")


def numbers_of(frame: pl.DataFrame, column: str = "number") -> Integers:
    """Numbers of domains, ``NOBODY`` where null."""
    return frame[column].fill_null(NOBODY).to_numpy()
