"""PSU totals in, estimates with intervals out, in one pass over all domains and measures."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipeline.analysis.intervals import (
    Floats,
    korn_graubard_interval,
    logit_interval,
    mean_interval,
)
from pipeline.analysis.linearisation import (
    DomainEstimates,
    DomainTotals,
    LonelyPsuError,
    estimate_domains,
)
from pipeline.definitions.site import Design
from pipeline.errors import DefinitionError

DOMAIN = ["wave", "area_id", "grade", "gender"]

STATISTICS = {
    "is_flagged_": "share",
    "score_": "mean",
    "outcome_": "share",
}
"""Statistic of a measure's column, by the prefix of its name."""


NO_SPREAD = 1e-12
"""A standard error below this, relative to the estimate, is rounding: all values are equal."""


def compute_estimates(
    domain_psus: pl.DataFrame, strata: pl.DataFrame, design: Design
) -> pl.DataFrame:
    """Estimate every measure in every domain.

    Args:
        domain_psus: ``totals.domain_psu``, sorted by wave, area_id, grade, gender, stratum, psu.
        strata: ``totals.stratum``.
        design: how uncertainty is computed.

    Returns:
        One row per domain (wave, area_id, grade, gender), measure_id and statistic (``share``
        or ``mean``): n (respondents with a value and a weight above 0), estimate (0 to 1, or
        points; null if n is 0), se (null if it cannot be estimated: one PSU, no degrees of
        freedom, or all values equal), df, n_psu, n_strata, and limits: lower and upper (of the
        site's interval for shares, of the t interval for means), logit_* and kg_* (null for
        means).

    Raises:
        DefinitionError: a stratum has a single PSU and the design refuses that.
    """
    measures = [
        column.removeprefix("n_")
        for column in domain_psus.columns
        if column.startswith(tuple(f"n_{prefix}" for prefix in STATISTICS))
    ]
    domains = domain_psus.select(DOMAIN).unique(maintain_order=True)
    strata = strata.sort("wave", "stratum")
    totals = _totals(domain_psus, strata, measures)
    try:
        found = estimate_domains(totals, strata["n_psu"].to_numpy(), lonely_psu=design.lonely_psu)
    except LonelyPsuError as error:
        waves = strata.filter(pl.col("n_psu") == 1)["wave"].unique().sort()
        raise DefinitionError(
            f"design: {error.n_strata} strata have a single PSU (in {', '.join(map(str, waves))}), "
            "so their variance cannot be estimated; merge strata in the data, or state lonely_psu: "
            "certainty or adjust."
        ) from None
    is_mean = np.array([measure.startswith("score_") for measure in measures])
    df = _degrees_of_freedom(found, domains, strata, design)
    return _long(domains, measures, _columns(found, df, is_mean, design))


def _totals(domain_psus: pl.DataFrame, strata: pl.DataFrame, measures: list[str]) -> DomainTotals:
    keys = domain_psus.select(
        domain=pl.struct(DOMAIN).rle_id().cast(pl.Int64), wave="wave", stratum="stratum"
    ).join(
        strata.select("wave", "stratum", stratum_index=pl.int_range(pl.len())),
        on=["wave", "stratum"],
        how="left",
        maintain_order="left",
    )

    def columns(prefix: str) -> Floats:
        names = [f"{prefix}_{measure}" for measure in measures]
        return domain_psus.select(pl.col(names).cast(pl.Float64)).to_numpy()

    return DomainTotals(
        domain=keys["domain"].to_numpy(),
        stratum=keys["stratum_index"].to_numpy(),
        n=columns("n"),
        w=columns("w"),
        wy=columns("wy"),
    )


def _degrees_of_freedom(
    found: DomainEstimates, domains: pl.DataFrame, strata: pl.DataFrame, design: Design
) -> Floats:
    if design.degrees_of_freedom == "domain":
        return found.n_psu - found.n_strata
    full = strata.group_by("wave").agg(df=pl.col("n_psu").sum() - pl.len())
    per_domain = domains.join(full, on="wave", how="left", maintain_order="left")
    df = per_domain["df"].cast(pl.Float64).to_numpy()
    return np.broadcast_to(df[:, np.newaxis], found.n.shape)


def _columns(
    found: DomainEstimates, df: Floats, is_mean: NDArray[np.bool_], design: Design
) -> dict[str, Floats]:
    """Estimates and limits, each of shape (domains, measures)."""
    # With one PSU or no degrees of freedom the variance cannot be seen; with all values equal
    # the standard error is 0 by arithmetic, not by knowledge.
    estimable = (df > 0) & (found.n_psu > 1)
    share = np.where(is_mean, np.nan, found.estimate)
    is_constant = (share == 0) | (share == 1)
    seen = found.se > NO_SPREAD * np.maximum(1.0, np.abs(found.estimate))
    se = np.where(estimable & ~is_constant & seen, found.se, np.nan)
    level = design.confidence
    logit = logit_interval(share, se, df, confidence=level)
    kg_df = np.where(estimable, df, np.nan)
    kg = korn_graubard_interval(
        share, np.where(is_constant, 0.0, se), found.n, kg_df, confidence=level
    )
    means = mean_interval(np.where(is_mean, found.estimate, np.nan), se, df, confidence=level)
    chosen = kg if design.interval == "korn_graubard" else logit
    # The logit does not exist at 0 and 1; the exact interval does.
    lower, upper = (
        np.where(is_mean, of_mean, np.where(is_constant, exact, of_share))
        for of_mean, exact, of_share in zip(means, kg, chosen, strict=True)
    )
    return {
        "n": found.n,
        "estimate": found.estimate,
        "se": se,
        "df": df,
        "n_psu": found.n_psu,
        "n_strata": found.n_strata,
        "lower": lower,
        "upper": upper,
        "logit_lower": logit[0],
        "logit_upper": logit[1],
        "kg_lower": kg[0],
        "kg_upper": kg[1],
    }


def _long(domains: pl.DataFrame, measures: list[str], columns: dict[str, Floats]) -> pl.DataFrame:
    """One row per domain and measure, from arrays of shape (domains, measures)."""
    prefixes = [
        next(prefix for prefix in STATISTICS if measure.startswith(prefix)) for measure in measures
    ]
    names = pl.DataFrame(
        {
            "measure_id": [
                measure.removeprefix(prefix)
                for measure, prefix in zip(measures, prefixes, strict=True)
            ],
            "statistic": [STATISTICS[prefix] for prefix in prefixes],
        },
        schema={"measure_id": pl.String, "statistic": pl.String},
    )
    return (
        domains.join(names, how="cross", maintain_order="left_right")
        .with_columns(
            pl.Series(name, array.ravel()).fill_nan(None) for name, array in columns.items()
        )
        .with_columns(pl.col("n", "n_psu", "n_strata").cast(pl.Int32))
        .sort([*DOMAIN, "measure_id", "statistic"])
    )
