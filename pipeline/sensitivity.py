"""How far figures move under other rules for missing answers and screens.

Through the same scoring, totals and estimates as the figures themselves, once for each choice.
For internal use: two figures of an area that differ by one respondent tell what that one said.
"""

from collections.abc import Sequence
from pathlib import Path

import duckdb
import polars as pl

from pipeline import warehouse
from pipeline.analysis.scoring.choices import Choice, catalogue_under, other_choices
from pipeline.build import (
    Progress,
    add_up,
    compare_totals,
    estimate_totals,
    score_wave,
    weight_wave,
)
from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.reference import reference_tables
from pipeline.definitions.wave import Wave
from pipeline.disclosure.figure import whole_percent
from pipeline.disclosure.minimum_base import suppress_small_bases, suppress_small_comparisons
from pipeline.ingest.export import WaveRows, load_wave

DESIGN = ("totals.stratum", "totals.psu")
"""Relations that no choice changes."""

AS_PUBLISHED = Choice("published")

KEYS = ["wave", "area_id", "measure_id"]

EVERYONE = {"grade": "all", "gender": "all", "statistic": "share"}

VERDICTS = {"norm": "against_norm", "rest": "against_rest"}
"""Columns of the verdicts, by the kind of comparison."""

Loaded = list[tuple[Wave, WaveRows]]


def compute_sensitivity(
    catalogue: Catalogue, waves: Sequence[Wave], progress: Progress
) -> pl.DataFrame:
    """Set the figures under every other choice beside those that are published.

    Args:
        catalogue: the site's definitions.
        waves: those to look at.
        progress: told in one sentence what begins.

    Returns:
        One row per wave, area (over grades and genders), measure and choice (of
        ``other_choices``): n_published, n; share_published, share (flagged, 0 to 1);
        difference (share less share_published); is_other_percent (whether the whole per cent
        that is printed differs); against_norm_published, against_norm, against_rest_published
        and against_rest (verdicts; null where there is nothing to compare with);
        is_other_verdict (whether one of the two differs); is_suppressed. A row that rests on
        fewer than the policy's minimum base, in one of the two figures, has nothing but its
        keys.

    Raises:
        ExportError: as a build does.
        DefinitionError: as a build does, under any choice.
    """
    loaded: Loaded = []
    for wave in waves:
        progress(f"Reading {wave.wave}")
        loaded.append((wave, load_wave(catalogue, wave)))
    with warehouse.connect(Path(":memory:")) as connection:
        for relation, frame in reference_tables(catalogue).items():
            warehouse.write(connection, relation, frame)
        design = pl.concat([rows.respondents.drop(_items(catalogue, w)) for w, rows in loaded])
        warehouse.write(connection, "staging.respondent", design)
        models = [each for each in warehouse.load_models() if each.relation in DESIGN]
        warehouse.build(connection, models)
        published = _figures(connection, catalogue, loaded, AS_PUBLISHED)
        compared = []
        for choice in other_choices(catalogue):
            progress(f"Computing {choice.id}")
            under = _figures(connection, catalogue, loaded, choice)
            compared.append(_compare(published, under, choice))
    return pl.concat(compared)


def _items(catalogue: Catalogue, wave: Wave) -> list[str]:
    return [item.id for item in catalogue.instrument_of(wave).items]


def _figures(
    connection: duckdb.DuckDBPyConnection, catalogue: Catalogue, loaded: Loaded, choice: Choice
) -> pl.DataFrame:
    """One row per wave, area and measure: n, share, its whole per cent, verdicts."""
    cells = pl.concat(
        (add_up(_scored(rows, catalogue, wave, choice), catalogue) for wave, rows in loaded),
        how="diagonal",
    )
    estimates = estimate_totals(connection, catalogue, cells)
    comparisons = compare_totals(connection, catalogue, cells, estimates, _silent)
    min_base = catalogue.policy.public.min_base
    verdicts = suppress_small_comparisons(comparisons, min_base).filter(**EVERYONE)
    return (
        suppress_small_bases(estimates, min_base)
        .filter(pl.col("is_suppressed") | (pl.col("n") > 0), **EVERYONE)
        .select(
            *KEYS,
            "n",
            "is_suppressed",
            share="estimate",
            whole_percent=pl.col("estimate").map_elements(whole_percent, pl.Int16),
        )
        .join(_of_kinds(verdicts), on=KEYS, how="left", maintain_order="left")
    )


def _of_kinds(verdicts: pl.DataFrame) -> pl.DataFrame:
    """One row per wave, area and measure, with a column of verdicts for each kind."""
    return verdicts.group_by(KEYS).agg(
        pl.col("verdict").filter(pl.col("kind") == kind).first().alias(column)
        for kind, column in VERDICTS.items()
    )


def _silent(_: str) -> None:
    """The choice was announced; its steps are not."""


def _scored(rows: WaveRows, catalogue: Catalogue, wave: Wave, choice: Choice) -> pl.DataFrame:
    """Every row of a wave with its flags, without what no share over both genders needs."""
    under = catalogue_under(choice, catalogue, catalogue.instrument_of(wave))
    scored = weight_wave(score_wave(rows, under, wave), under, wave)
    # Of unknown gender, everyone is in one domain of their grade; the norm needs the grade.
    return scored.select(
        pl.exclude("^(score|square|caught)_.*$", "gender"), pl.lit(None, pl.String).alias("gender")
    )


def _compare(published: pl.DataFrame, under: pl.DataFrame, choice: Choice) -> pl.DataFrame:
    verdicts = tuple(VERDICTS.values())
    pairs = published.join(under, on=KEYS, suffix="_under", how="full", coalesce=True)
    is_suppressed = pl.any_horizontal(
        pl.col("is_suppressed", "is_suppressed_under").fill_null(value=False)
    )
    figures = [
        *(each for name in ("n", "share") for each in _both(name)),
        (pl.col("share_under") - pl.col("share")).alias("difference"),
        pl.col("whole_percent").ne(pl.col("whole_percent_under")).alias("is_other_percent"),
        *(each for name in verdicts for each in _both(name)),
        pl.any_horizontal(
            pl.col(name).ne_missing(pl.col(f"{name}_under")) for name in verdicts
        ).alias("is_other_verdict"),
    ]
    return (
        pairs.sort(KEYS)
        .select(*KEYS, pl.lit(choice.id).alias("choice_id"), *figures, is_suppressed=is_suppressed)
        .with_columns(
            pl.when(~pl.col("is_suppressed")).then(pl.exclude(*KEYS, "choice_id", "is_suppressed"))
        )
    )


def _both(name: str) -> tuple[pl.Expr, pl.Expr]:
    return pl.col(name).alias(f"{name}_published"), pl.col(f"{name}_under").alias(name)
