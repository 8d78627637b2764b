"""Protected cells in, the rows that documents and tables may show out. All counts are rounded."""

from typing import NamedTuple

import numpy as np
import polars as pl

from pipeline.analysis.estimation.intervals import korn_graubard_size
from pipeline.definitions.catalogue import Catalogue
from pipeline.disclosure.cells import CELL
from pipeline.disclosure.primary import KEEPS_N
from pipeline.disclosure.reliability import presentation
from pipeline.disclosure.rounding import (
    percent_interval,
    percent_of_pair,
    published_effect,
    rounded,
)

SHARE = ["wave", "area_id", "grade", "gender", "measure_id"]


class Rounded(NamedTuple):
    """Numbers of every cell as they may be printed, hidden or not; each of shape (cells,)."""

    n: pl.Series
    k: pl.Series
    percent: pl.Series


def add_rounded(cells: pl.DataFrame, estimates: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Add what could be printed of every cell, and whether that is reliable.

    Args:
        cells: of ``collect_cells``.
        estimates: ``areas.estimate``.
        catalogue: the site's definitions.

    Returns:
        ``cells`` with n_rounded, k_rounded, percent (null without respondents), design_effect
        (null where the uncertainty is not known, and of a rest), percent_lower, percent_upper
        and is_unreliable, all from the rounded pair and the published design effect.
    """
    design, base = catalogue.site.design, catalogue.policy.public.round_counts
    effects = (
        estimates.filter(statistic="share")
        .select(*SHARE, part=pl.lit("area"))
        .hstack(
            [pl.Series("effect", _effects(estimates.filter(statistic="share"), design.confidence))]
        )
    )
    found = cells.join(effects, on=CELL, how="left", maintain_order="left")
    n = rounded(found["n"].to_numpy(), base)
    k = rounded(found["k"].to_numpy(), base)
    effect = found["effect"].fill_null(np.nan).to_numpy()
    least_one = np.maximum(n, 1)
    lower, upper = percent_interval(
        k, least_one, effect, design.interval, confidence=design.confidence
    )
    no_df = np.full(n.shape, np.inf)
    unreliable = presentation(k, n, effect, no_df).is_unreliable
    has_percent = pl.col("n_rounded") > 0
    return cells.with_columns(
        pl.Series("n_rounded", n),
        pl.Series("k_rounded", np.minimum(k, n)),
        pl.Series("percent", percent_of_pair(np.minimum(k, least_one), least_one)),
        pl.Series("design_effect", effect).fill_nan(None),
        pl.Series("percent_lower", lower).fill_nan(None).cast(pl.Int64),
        pl.Series("percent_upper", upper).fill_nan(None).cast(pl.Int64),
        pl.Series("is_unreliable", unreliable),
    ).with_columns(pl.when(has_percent).then(pl.col("percent", "percent_lower", "percent_upper")))


def exact_reliability(estimates: pl.DataFrame) -> pl.DataFrame:
    """Whether each share is unreliable by its exact counts: for the internal edition.

    Returns:
        ``SHARE`` and is_unreliable, of every share that anyone has a value for.
    """
    shares = estimates.filter(pl.col("n") > 0, statistic="share")
    is_pooled = (shares["interval_basis"] == "pooled").fill_null(value=False).to_numpy()

    def column(own: str, pooled: str) -> np.ndarray:
        return np.where(is_pooled, _floats(shares, pooled), _floats(shares, own))

    n, df = _floats(shares, "n"), column("df", "pooled_df")
    effect = column("deff_wr", "pooled_design_effect")
    judged = presentation(_floats(shares, "estimate") * n, n, effect, df)
    return shares.select(SHARE).with_columns(pl.Series("is_unreliable", judged.is_unreliable))


def estimate_rows(cells: pl.DataFrame) -> pl.DataFrame:
    """``published.estimate``: one row per area, group and measure."""
    is_shown = pl.col("status") == "shown"
    return (
        cells.filter(part="area")
        .with_columns(status=_status())
        .select(
            *SHARE,
            "status",
            n=pl.when(shows_n() & ~pl.col("is_missing")).then("n_rounded"),
            n_flagged=pl.when(is_shown).then("k_rounded"),
            percent=pl.when(is_shown).then("percent"),
            percent_lower=pl.when(is_shown).then("percent_lower"),
            percent_upper=pl.when(is_shown).then("percent_upper"),
            design_effect=pl.when(is_shown).then("design_effect"),
            is_unreliable=pl.when(is_shown).then("is_unreliable"),
            is_suppressed=pl.col("status") == "suppressed",
        )
        .sort(SHARE)
    )


def shows_n() -> pl.Expr:
    """Whether a cell's number of respondents is shown."""
    return ((pl.col("reason") == "") | pl.col("reason").is_in(KEEPS_N)) & ~pl.col("hides_n")


def _status() -> pl.Expr:
    return (
        pl.when(pl.col("is_missing"))
        .then(pl.lit("no_answers"))
        .when(pl.col("reason") != "")
        .then(pl.lit("suppressed"))
        .when(pl.col("code").is_not_null())
        .then(pl.lit("coded_") + pl.col("code"))
        .otherwise(pl.lit("shown"))
    )


def _effects(shares: pl.DataFrame, confidence: float) -> np.ndarray:
    """The published design effect of each share: what its interval rests on."""
    n, share = _floats(shares, "n"), _floats(shares, "estimate")
    with np.errstate(divide="ignore", invalid="ignore"):
        se = np.sqrt(share * (1 - share) / _floats(shares, "pooled_n_effective"))
        pooled = korn_graubard_size(
            share, se, n, _floats(shares, "pooled_df"), confidence=confidence
        )
    is_pooled = (shares["interval_basis"] == "pooled").fill_null(value=False).to_numpy()
    return published_effect(n, np.where(is_pooled, pooled, _floats(shares, "kg_n_effective")))


def _floats(rows: pl.DataFrame, column: str) -> np.ndarray:
    return rows[column].cast(pl.Float64).fill_null(np.nan).to_numpy()
