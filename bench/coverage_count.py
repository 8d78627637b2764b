"""How often the product's intervals hold what is true, and how wide they are."""

from collections.abc import Iterator

import numpy as np
import polars as pl

from bench.coverage_municipality import MEAN_SCORE, MUNICIPALITY, Drawn, draw, measures_of
from bench.coverage_setting import Setting
from pipeline.analysis.estimation.estimates import compute_estimates
from pipeline.definitions.site import Design, FewPsus

BLOCK = 250
"""Draws held in memory at a time."""

METHODS = ("product", "own", "plain")
"""The product's default; a variance of the area's own schools; p -+ 1.96 sqrt(p (1 - p) / n)."""

SIMULATED = "simulated"
OWN = FewPsus(interval="own", source=SIMULATED)


def count(setting: Setting, seed: list[int]) -> pl.DataFrame:
    """Simulate a setting.

    Args:
        setting: what to simulate, and how many times.
        seed: of its random numbers, one or more; nothing else decides them.

    Returns:
        One row per area and measure: correlation, share (null: a score's mean), n, n_schools;
        of each method coverage and width, over the draws in which it has an interval, null if it
        never has, and answered, the share of such draws.
    """
    blocks = pl.concat(_judged(setting, seed)).group_by("area_id", "measure_id", "statistic")
    per_method = [
        column
        for method in METHODS
        for column in (
            pl.col(f"{method}_holds").mean().alias(f"{method}_coverage"),
            pl.col(f"{method}_width").mean(),
            pl.col(f"{method}_width").is_not_null().mean().alias(f"{method}_answered"),
        )
    ]
    areas = pl.DataFrame(
        [(area.area_id, area.n, len(area.takes)) for area in setting.areas()],
        schema=["area_id", "n", "n_schools"],
        orient="row",
    )
    return (
        blocks.agg(per_method)
        .join(areas, on="area_id")
        .join(_truths(setting), on=["measure_id", "statistic"])
        .sort("correlation", "share", "n", "n_schools", nulls_last=True)
    )


def _judged(setting: Setting, seed: list[int]) -> Iterator[pl.DataFrame]:
    """Block by block, each method's width and whether it holds the truth, by area and measure."""
    generator = np.random.default_rng(seed)
    for first in range(0, setting.replications, BLOCK):
        drawn = draw(setting, generator, min(BLOCK, setting.replications - first))
        product = _estimated(drawn, setting, None)
        own = _estimated(drawn, setting, OWN) if setting.has_own else product.clear(product.height)
        limits = product.with_columns(
            own.select(own_lower="lower", own_upper="upper"),
            half=pl.when(statistic="share").then(
                1.96 * (pl.col("estimate") * (1 - pl.col("estimate")) / pl.col("n")).sqrt()
            ),
        ).select(
            "area_id",
            "measure_id",
            "statistic",
            "own_lower",
            "own_upper",
            product_lower="lower",
            product_upper="upper",
            plain_lower=pl.col("estimate") - pl.col("half"),
            plain_upper=pl.col("estimate") + pl.col("half"),
        )
        truths = _truths(setting).select("measure_id", "statistic", "truth")
        yield limits.join(truths, on=["measure_id", "statistic"], maintain_order="left").select(
            "area_id", "measure_id", "statistic", *_judgements()
        )


def _estimated(drawn: Drawn, setting: Setting, few_psus: FewPsus | None) -> pl.DataFrame:
    """Estimates of the areas, by the product's way."""
    design = _design(setting, few_psus=few_psus)
    estimates = compute_estimates(*drawn, design, root_area=MUNICIPALITY)
    return estimates.filter(pl.col("area_id").str.starts_with("n"))


def _judgements() -> Iterator[pl.Expr]:
    for method in METHODS:
        lower, upper = pl.col(f"{method}_lower"), pl.col(f"{method}_upper")
        yield (upper - lower).alias(f"{method}_width")
        yield ((lower <= pl.col("truth")) & (pl.col("truth") <= upper)).alias(f"{method}_holds")


def _truths(setting: Setting) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "measure_id": each.name,
                "statistic": "mean" if each.share is None else "share",
                "truth": MEAN_SCORE if each.share is None else each.share,
                "share": each.share,
                "correlation": each.correlation,
            }
            for each in measures_of(setting)
        ]
    )


def _design(setting: Setting, *, few_psus: FewPsus | None) -> Design:
    """The product's default, unless another rule is asked for."""
    chosen = {"few_psus": few_psus} if few_psus else {}
    return Design(
        stance="superpopulation",
        degrees_of_freedom="domain",
        lonely_psu="certainty",
        interval=setting.interval,
        source=SIMULATED,
        **chosen,
    )
