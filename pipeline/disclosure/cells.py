"""Everything that a document can show as a count of respondents: one row per cell."""

import polars as pl

from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.policy import PublicEdition
from pipeline.definitions.site import Site
from pipeline.disclosure.overrides import with_overrides

RESPONDENTS = "respondents"
"""Stands for a measure where a cell is the number of respondents itself, whatever they answered."""

CELL = ["wave", "area_id", "part", "grade", "gender", "measure_id"]
"""Key of a cell. ``part``: ``area``, or ``rest``, everyone in the municipality outside of it."""


def collect_cells(
    estimates: pl.DataFrame,
    comparisons: pl.DataFrame,
    schools: pl.DataFrame,
    catalogue: Catalogue,
) -> pl.DataFrame:
    """Counts behind every share, of areas and of the rest of the municipality beside each.

    Args:
        estimates: ``areas.estimate``.
        comparisons: ``areas.comparison``, for the rest's shares.
        schools: ``totals.domain_school``.
        catalogue: the site's definitions.

    Returns:
        One row per ``CELL``, sorted by it: n (respondents with a value), k (flagged; where answers
        are weighted, their weighted share of n, rounded: no other count is printed), n_schools
        (null where not known, and of a rest), is_sensitive, and the thresholds that hold for the
        cell: min_base, min_schools, min_count, is_hidden_by_override. Every area that anyone lives
        in has a row for every grade and gender: a missing one would say that it is empty.
    """
    areas = estimates.filter(statistic="share").select(
        "wave",
        "area_id",
        pl.lit("area").alias("part"),
        "grade",
        "gender",
        "measure_id",
        pl.col("n").cast(pl.Int64),
        k=(pl.col("estimate").fill_null(0) * pl.col("n")).round().cast(pl.Int64),
    )
    areas = _completed(areas, catalogue.site)
    cells = pl.concat([areas, _rests(areas, comparisons, catalogue.site.root_area)])
    domain = ["wave", "area_id", "grade", "gender"]
    known = schools.select(*domain, "n_schools", part=pl.lit("area"))
    return with_overrides(cells.join(known, on=[*domain, "part"], how="left"), catalogue).sort(CELL)


def domain_cells(domains: pl.DataFrame, site: Site, public: PublicEdition) -> pl.DataFrame:
    """How many respondents areas hold, as cells with their rounded number and reason.

    Args:
        domains: ``totals.domain``.
        site: grades, genders and the municipality.
        public: the edition's thresholds.
    """
    keys = ["wave", "area_id", "grade", "gender"]
    every = domains.select("wave", "area_id").unique().join(groups_of(site), how="cross")
    n = pl.col("n")
    # A grade that the wave did not ask is no secret.
    anyone = n.max().over("wave", "grade", "gender") > 0
    base = public.round_counts
    return (
        every.join(domains.select(*keys, n="n_respondents"), on=keys, how="left")
        .with_columns(n.fill_null(0).cast(pl.Int64))
        .with_columns(
            part=pl.lit("area"),
            measure_id=pl.lit(RESPONDENTS),
            k=n,
            n_rounded=(2 * n + base) // (2 * base) * base,
            reason=pl.when((n < public.min_base) & anyone)
            .then(pl.lit("base"))
            .otherwise(pl.lit("")),
            code=pl.lit(None, pl.String),
            is_missing=pl.lit(value=False),
        )
        .with_columns(k_rounded="n_rounded")
        .sort(CELL)
    )


def groups_of(site: Site) -> pl.DataFrame:
    """Every grade and all, by every gender and all."""
    grades, genders = (
        pl.DataFrame({name: ["all", *(each.id for each in listed)]}, {name: pl.String})
        for name, listed in (("grade", site.grades), ("gender", site.genders))
    )
    return grades.join(genders, how="cross")


def _completed(areas: pl.DataFrame, site: Site) -> pl.DataFrame:
    """With a row of nobody for every group of an area that has none."""
    every = areas.select("wave", "area_id", "part", "measure_id").unique()
    return (
        every.join(groups_of(site), how="cross")
        .join(areas, on=CELL, how="full", coalesce=True)
        .with_columns(pl.col("n", "k").fill_null(0))
        .select(areas.columns)
    )


def _rests(areas: pl.DataFrame, comparisons: pl.DataFrame, root_area: str) -> pl.DataFrame:
    key = ["wave", "grade", "gender", "measure_id"]
    whole = areas.filter(area_id=root_area).select(*key, n_whole="n", k_whole="k")
    compared = comparisons.filter(kind="rest").select(
        *key, "area_id", share="second", n_rest="n_second"
    )
    return (
        areas.filter(pl.col("area_id") != root_area)
        .join(whole, on=key)
        .join(compared, on=[*key, "area_id"], how="left")
        .with_columns(
            part=pl.lit("rest"),
            n=pl.col("n_whole") - pl.col("n"),
            # Weighted shares do not add up as counts do: where there is one, it is printed.
            k=pl.coalesce(
                (pl.col("share") * pl.col("n_rest")).round().cast(pl.Int64),
                pl.col("k_whole") - pl.col("k"),
            ),
        )
        .with_columns(k=pl.col("k").clip(0, pl.col("n")))
        .select(areas.columns)
    )
