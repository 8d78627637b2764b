"""PSU totals in, estimates with intervals out, in one pass over all domains and measures."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipeline.analysis.estimation.design_effect import design_effects
from pipeline.analysis.estimation.few_psus import with_pooled
from pipeline.analysis.estimation.intervals import (
    Floats,
    korn_graubard_interval,
    korn_graubard_size,
    logit_interval,
    mean_interval,
    wilson_interval,
)
from pipeline.analysis.estimation.linearisation import (
    DomainEstimates,
    LonelyPsuError,
    estimate_domains,
)
from pipeline.analysis.estimation.pooled_effect import nothing_pooled, pooled_effects
from pipeline.analysis.estimation.pools import pools_of, squared_weights
from pipeline.analysis.estimation.totals import (
    DOMAIN,
    SecondStage,
    design_strata,
    domain_totals,
    id_and_statistic,
    measures_of,
    unit_totals,
)
from pipeline.analysis.estimation.variance import LonelyRule
from pipeline.definitions.site import Design
from pipeline.errors import DefinitionError

NO_SPREAD = 1e-12
"""A standard error below this, relative to the estimate, is rounding: all values are equal."""

MAX_NAMED = 5
"""Strata that an error names, at most."""

LIMITS = {"logit": "logit", "korn_graubard": "kg", "wilson": "wilson"}
"""Columns of each interval, by the name a site calls it."""


def compute_estimates(
    domain_psus: pl.DataFrame,
    strata: pl.DataFrame,
    design: Design,
    second: SecondStage | None = None,
    *,
    root_area: str | None = None,
) -> pl.DataFrame:
    """Estimate every measure in every domain.

    Args:
        domain_psus: of ``psu_totals``, sorted by wave, area_id, grade, gender, stratum, psu.
        strata: ``totals.stratum``.
        design: how uncertainty is computed.
        second: what was sampled within PSUs, if any wave says so.
        root_area: the area that holds everyone; null: nothing is pooled, and intervals rest on
            the domains' own variance.

    Returns:
        One row per domain (wave, area_id, grade, gender), measure_id and statistic (``share``
        or ``mean``): n (respondents with a value and a weight above 0), estimate (0 to 1, or
        points; null if n is 0), se (null if it cannot be estimated: one PSU, no degrees of
        freedom, or all values equal), df, n_psu, n_strata; deff, deff_wr and n_effective (see
        ``design_effects``); kg_n_effective (the size the Korn-Graubard interval rests on); and
        limits: lower and upper (of the site's interval for shares, of the t interval for means),
        logit_*, kg_* and wilson_* (of the domain's own variance, null for means).
        pooled_correlation, how alike respondents of one PSU are in the whole wave, and
        pooled_design_effect, pooled_n_effective, pooled_df, pooled_lower and pooled_upper: the
        same from the whole wave (see ``pooled_effects``; null if n is 0 or the wave has nothing
        to pool). interval_basis: whether lower and upper are the domain's ``own`` or the
        ``pooled`` ones; null if there are none.

    Raises:
        DefinitionError: a stratum has a single PSU and the design refuses that.
    """
    measures = measures_of(domain_psus)
    domains = domain_psus.select(DOMAIN).unique(maintain_order=True)
    strata = strata.sort("wave", "stratum")
    totals = domain_totals(domain_psus, strata, measures)
    try:
        found = estimate_domains(
            totals,
            design_strata(strata),
            rule=LonelyRule(design.lonely_psu, design.adjust_domain_lonely),
            units=unit_totals(second, domains, strata, measures) if second else None,
        )
    except LonelyPsuError as error:
        places = ", ".join(_lonely_places(error, strata, second))
        raise DefinitionError(
            f"design: {error} (in {places}), so their variance cannot be "
            "estimated; merge strata in the data, or state lonely_psu: certainty, average or "
            "adjust."
        ) from None
    is_mean = np.array([measure.startswith("score_") for measure in measures])
    df = _degrees_of_freedom(found, domains, strata, design)
    own = _columns(found, df, is_mean, design)
    pooled = nothing_pooled(found.n)
    if root_area is not None:
        ww = squared_weights(domain_psus, totals.w)
        pooled = pooled_effects(totals, ww, pools_of(domain_psus, root_area))
    return _long(domains, measures, with_pooled(own, found, pooled, is_mean, design))


def _lonely_places(
    error: LonelyPsuError, strata: pl.DataFrame, second: SecondStage | None
) -> list[str]:
    """Strata of one PSU, the first of many; or waves with a PSU of one unit."""
    if second and error.stage == 2:
        waves = second.psus.filter(n_unit=1)["wave"].unique().sort()
        return [str(wave) for wave in waves]
    rows = strata[error.groups].rows(named=True)
    named = [f"{row['wave']}: stratum {row['stratum']}" for row in rows[:MAX_NAMED]]
    return [*named, "..."] if len(rows) > MAX_NAMED else named


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
    share = np.where(is_mean, np.nan, found.estimate)
    is_constant = (share == 0) | (share == 1)
    # With one PSU or no degrees of freedom the variance cannot be seen.
    df_seen = np.where((df > 0) & (found.n_psu > 1), df, np.nan)
    se = np.where(np.isnan(df_seen) | is_constant, np.nan, _seen(found))
    level = design.confidence
    kg = (share, np.where(is_constant, 0.0, se), found.n, df_seen)
    effects = design_effects(found.n, found.w, found.spread, se)
    limits = {
        "logit": logit_interval(share, se, df, confidence=level),
        "korn_graubard": korn_graubard_interval(*kg, confidence=level),
        "wilson": wilson_interval(share, se, df, confidence=level),
    }
    means = mean_interval(np.where(is_mean, found.estimate, np.nan), se, df, confidence=level)
    # The others do not exist at 0 and 1; the exact interval does.
    lower, upper = (
        np.where(is_mean, of_mean, np.where(is_constant, exact, of_share))
        for of_mean, exact, of_share in zip(
            means, limits["korn_graubard"], limits[design.interval], strict=True
        )
    )
    columns = {
        "n": found.n,
        "estimate": found.estimate,
        "se": se,
        "df": df,
        "n_psu": found.n_psu,
        "n_strata": found.n_strata,
        **effects._asdict(),
        "kg_n_effective": korn_graubard_size(*kg, confidence=level),
        "lower": lower,
        "upper": upper,
    }
    for method, prefix in LIMITS.items():
        columns[f"{prefix}_lower"], columns[f"{prefix}_upper"] = limits[method]
    return columns


def _seen(found: DomainEstimates) -> Floats:
    """Standard errors without those that are 0 by accident.

    With all values equal it is 0 by arithmetic, not by knowledge; where everyone was asked, it is
    known to be.
    """
    varies = found.se > NO_SPREAD * np.maximum(1.0, np.abs(found.estimate))
    values_differ = found.spread > NO_SPREAD * np.maximum(1.0, found.estimate**2)
    return np.where(varies | (found.is_census & values_differ), found.se, np.nan)


def _long(domains: pl.DataFrame, measures: list[str], columns: dict[str, Floats]) -> pl.DataFrame:
    """One row per domain and measure, from arrays of shape (domains, measures), both sorted."""
    names = pl.DataFrame(
        [id_and_statistic(measure) for measure in measures],
        {"measure_id": pl.String, "statistic": pl.String},
        orient="row",
    )
    return (
        domains.join(names, how="cross", maintain_order="left_right")
        .with_columns(
            pl.Series(name, array.ravel()).fill_nan(None) for name, array in columns.items()
        )
        .with_columns(
            pl.col("n", "n_psu", "n_strata").cast(pl.Int32),
            interval_basis=pl.when(pl.col("lower").is_not_null()).then(
                pl.when(pl.col("interval_basis") == 1)
                .then(pl.lit("pooled"))
                .otherwise(pl.lit("own"))
            ),
        )
    )
