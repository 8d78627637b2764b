"""PSU totals in, comparisons with verdicts out: every kind, domain and measure in one pass."""

import numpy as np
import polars as pl

from pipeline.analysis.comparison.funnel import area_funnel, design_effects_of
from pipeline.analysis.comparison.ground import Comparable, Ground, numbers_of, prepare_ground
from pipeline.analysis.comparison.kinds import KINDS, Compared
from pipeline.analysis.comparison.multiplicity import adjust_p
from pipeline.analysis.comparison.pooled_contrasts import rest_on_pooled
from pipeline.analysis.comparison.pooled_sides import PooledSides, pooled_sides
from pipeline.analysis.comparison.significance import smallest_detectable_difference, t_test
from pipeline.analysis.comparison.verdicts import verdicts
from pipeline.analysis.estimation.totals import (
    COUNT_OF_FLAGS,
    DOMAIN,
    id_and_statistic,
    measures_of,
)
from pipeline.analysis.estimation.variance import Floats
from pipeline.definitions.site import Design

FAMILY = [*DOMAIN, "kind"]
"""What a reader looks at together: all measures in one kind of comparison of one domain. Counts of
flags are a family of their own: they stand by themselves, and say again what the factors have
said, so that they may neither take from the others' findings nor be paid for by them."""

KEYS = {"measure_id": pl.String, "statistic": pl.String, "kind": pl.String, "reference": pl.String}
FUNNEL = (
    "funnel_target",
    "funnel_design_effect",
    "funnel_lower_95",
    "funnel_upper_95",
    "funnel_lower_998",
    "funnel_upper_998",
)


def compute_comparisons(
    domain_psus: pl.DataFrame,
    strata: pl.DataFrame,
    estimates: pl.DataFrame,
    comparable: Comparable,
    design: Design,
    *,
    min_n: int,
) -> pl.DataFrame:
    """Compare every share with all that it can be compared with.

    Args:
        domain_psus: ``psu_totals``, sorted by wave, area_id, grade, gender, stratum, psu,
            without waves that have a second stage: their comparisons are not computed.
        strata: ``totals.stratum``, without those waves.
        estimates: ``areas.estimate``, for design effects and pooled sizes.
        comparable: what may be compared with what.
        design: how uncertainty is computed, and when a difference is a finding.
        min_n: least respondents on either side that anything is said of. Domains with fewer
            have no rows.

    Returns:
        One row per domain (wave, area_id, grade, gender), measure_id, statistic (``share``) and
        kind (see ``KINDS``), where the measure has an answer: reference (what the second side
        is: area, norm, gender, or year of a wave; of a trend, the year it begins);
        n_first and n_second (respondents; of a trend, in its last wave and in the one that has
        fewest; null for a norm); first and second (shares, 0 to 1; second is null for a trend);
        difference (first less second; of a trend, slope per year), se, df, lower, upper and p
        (of this one comparison); basis (what they rest on: the sides' ``own`` variance, or
        the ``pooled`` one of ``pooled_contrasts``; null: neither can be seen); p_holm and
        p_benjamini_hochberg (adjusted over all measures of the domain and kind that rest on
        enough; counts of flags apart); smallest_detectable (see ``_add_tests``);
        verdict; and of kind rest the funnel (see ``area_funnel``): funnel_target,
        funnel_design_effect, limits, funnel.
        Null: cannot be computed.
    """
    ground = prepare_ground(domain_psus, strata, comparable, design, min_n)
    pooled = pooled_sides(ground, estimates)
    found = [
        _long(kind, compared, ground, pooled, design)
        for kind, compare in KINDS.items()
        for compared in compare(ground)
    ]
    rows = (
        pl.concat([_nothing(), *found])
        .filter(pl.col("reference").is_not_null() & (pl.col("n_first") > 0))
        .sort([*FAMILY, "measure_id"])
    )
    return (
        _add_tests(rows, _counts_of_flags(domain_psus), design, min_n)
        .join(_funnels(ground, estimates), on=[*FAMILY, "measure_id"], how="left")
        .sort([*FAMILY, "measure_id"])
    )


def _long(
    kind: str, compared: Compared, ground: Ground, pooled: PooledSides, design: Design
) -> pl.DataFrame:
    """One row per comparison and measure; limits only where they are pooled."""
    measures = pl.DataFrame({"measure_id": compared.measures}, schema={"measure_id": pl.String})
    contrasts, basis, lower, upper = rest_on_pooled(kind, compared, ground, pooled, design)
    numbers = contrasts._asdict() | {"lower": lower, "upper": upper}
    del numbers["least_df"]
    return (
        compared.domains.select(DOMAIN)
        .join(measures, how="cross", maintain_order="left_right")
        .with_columns(
            pl.lit("share").alias("statistic"),
            pl.lit(kind).alias("kind"),
            pl.Series("reference", compared.reference.ravel().tolist(), dtype=pl.String),
            *(pl.Series(name, values.ravel()).fill_nan(None) for name, values in numbers.items()),
            pl.Series("basis", basis.ravel(), dtype=pl.String).replace("", None),
        )
        .with_columns(pl.col("n_first", "n_second").cast(pl.Int32))
    )


def _nothing() -> pl.DataFrame:
    """What ``_long`` gives, without rows."""
    domain = dict.fromkeys(DOMAIN, pl.String) | {"wave": pl.Int16}
    counts = dict.fromkeys(("n_first", "n_second"), pl.Int32)
    names = ("first", "second", "difference", "se", "df", "lower", "upper")
    numbers = dict.fromkeys(names, pl.Float64)
    return pl.DataFrame(schema={**domain, **KEYS, **counts, **numbers, "basis": pl.String})


def _counts_of_flags(domain_psus: pl.DataFrame) -> list[str]:
    """Ids of the measures that count others' flags."""
    found = [each for each in measures_of(domain_psus) if each.startswith(COUNT_OF_FLAGS)]
    return [id_and_statistic(each)[0] for each in found]


def _add_tests(
    rows: pl.DataFrame, counts_of_flags: list[str], design: Design, min_n: int
) -> pl.DataFrame:
    """Add limits, p-values, the smallest detectable difference and the verdict.

    The smallest detectable difference is that of a test at alpha divided by the number tested in
    the family: Holm's method and Benjamini and Hochberg's find it at least as often.
    """
    rule = design.comparisons
    difference, se, df = (_floats(rows, name) for name in ("difference", "se", "df"))
    is_pooled = (rows["basis"] == "pooled").fill_null(value=False).to_numpy()
    n = np.fmin(_floats(rows, "n_first"), _floats(rows, "n_second"))
    tested = t_test(difference, se, df, confidence=design.confidence)
    # Nothing is said on fewer, so they do not count among those looked at together either.
    p = np.where(n >= min_n, tested.p, np.nan)
    is_count = pl.col("measure_id").is_in(counts_of_flags).cast(pl.Int64)
    family = rows.select(family=2 * pl.struct(FAMILY).rle_id().cast(pl.Int64) + is_count)
    number = family["family"].to_numpy()
    n_tested = np.bincount(number, weights=np.isfinite(p))[number] if number.size else p
    adjusted = {
        "p_holm": adjust_p(p, number, "holm"),
        "p_benjamini_hochberg": adjust_p(p, number, "benjamini_hochberg"),
    }
    found = {
        "lower": np.where(is_pooled, _floats(rows, "lower"), tested.lower),
        "upper": np.where(is_pooled, _floats(rows, "upper"), tested.upper),
        "p": tested.p,
        **adjusted,
        "smallest_detectable": smallest_detectable_difference(
            se, df, alpha=rule.alpha / np.maximum(n_tested, 1), power=rule.power
        ),
    }
    decides = adjusted[f"p_{rule.adjustment}"]
    verdict = verdicts(difference, decides, n, min_n=min_n, alpha=rule.alpha)
    return rows.with_columns(
        *(pl.Series(name, values).fill_nan(None) for name, values in found.items()),
        pl.Series("verdict", verdict, dtype=pl.String),
    )


def _funnels(ground: Ground, estimates: pl.DataFrame) -> pl.DataFrame:
    """The funnel's columns for every row of kind rest."""
    domains, root = ground.domains, ground.comparable.root_area
    pairs = domains.filter(pl.col("area_id") != root).join(
        domains.filter(area_id=root), on=["wave", "grade", "gender"], maintain_order="left"
    )
    part, whole = numbers_of(pairs), numbers_of(pairs, "number_right")
    effects = design_effects_of(ground, pairs, estimates, root)
    target, own, limits, place = area_funnel(ground, part, whole, effects)
    measures = pl.DataFrame({"measure_id": ground.measures}, schema={"measure_id": pl.String})
    columns = zip(FUNNEL, (target, own, *limits), strict=True)
    return (
        pairs.select(DOMAIN)
        .with_columns(kind=pl.lit("rest"))
        .join(measures, how="cross", maintain_order="left_right")
        .with_columns(
            *(pl.Series(name, values.ravel()).fill_nan(None) for name, values in columns),
            pl.Series("funnel", place.ravel(), dtype=pl.String).replace("", None),
        )
    )


def _floats(rows: pl.DataFrame, name: str) -> Floats:
    return rows[name].cast(pl.Float64).fill_null(np.nan).to_numpy()
