"""Respondents of a wave as researchers may see them: pseudonyms, classes, no rare values."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from pipeline.definitions.catalogue import Catalogue, asked_items
from pipeline.definitions.factor import Factor, Outcome
from pipeline.definitions.wave import Wave
from pipeline.disclosure.research.diversity import Demand
from pipeline.disclosure.research.partition import shown_levels
from pipeline.disclosure.research.pseudonyms import pseudonyms
from pipeline.disclosure.research.quasi_identifiers import quasi_identifiers
from pipeline.disclosure.research.telling import (
    Telling,
    Told,
    telling_columns,
    told_fully,
    without_telling,
)

Integers = npt.NDArray[np.int64]


class Microdata(NamedTuple):
    """Respondents of one wave."""

    respondents: pl.DataFrame
    """One row per respondent, ordered by ``respondent``, the pseudonym: ``wave``, ``area_id``,
    ``grade``, ``gender``, ``weight``, items, scores, flags, outcomes, counts of flags; no id of
    the supplier's."""

    pseudonym_of: dict[str, str]
    """By the supplier's id, for joining other relations; never written."""

    generalisation: pl.DataFrame
    """``wave``, ``quasi_identifier``, ``level``, ``n_respondents``."""

    tells: pl.DataFrame
    """``wave``, ``column_name``, ``quasi_identifier``: what each column tells of, if anything."""

    hidden: pl.DataFrame
    """``wave``, ``respondent``, ``quasi_identifier``: of whom columns that tell of it are not
    given."""

    withheld: frozenset[str]
    """Measures without values here: sensitive ones with too few different values in the whole
    wave, and counts of such factors' flags."""

    n_left_out: int
    """Respondents of a wave that has fewer than k, who are not here."""


def protected_wave(rows: pl.DataFrame, catalogue: Catalogue, wave: Wave, key: bytes) -> Microdata:
    """Make the respondents of a wave k-anonymous and l-diverse, under pseudonyms.

    Args:
        rows: one row per respondent of the wave, as ``sql/databases/research/respondent.sql`` says.
        catalogue: the site's definitions, with its policy.
        wave: which wave.
        key: the release's.
    """
    edition = catalogue.policy.research
    demand = Demand(edition.k, edition.l)
    ids = rows["respondent_id"].to_list()
    named = rows.with_columns(
        respondent=pl.Series(pseudonyms(key, wave.wave, ids), dtype=pl.String)
    )
    # The order of the file would tell of classes and dates.
    named = named.sort("respondent")
    pseudonym_of = dict(named.select("respondent_id", "respondent").iter_rows())
    n_left_out = named.height if named.height < demand.k else 0
    kept = named.clear() if n_left_out else named
    kept = kept.drop("respondent_id", *(each for each in edition.left_out if each in kept.columns))
    withheld = _too_alike(kept, catalogue, demand)
    counts = _counts_of(withheld, catalogue)
    kept = _withhold(kept, withheld, catalogue, wave)
    kept = _emptied(kept, {f"reaches_{each}" for each in counts})
    quasi = quasi_identifiers(kept, catalogue, wave)
    demanded = [each for each in sensitive_measures(catalogue) if each not in withheld]
    levels = shown_levels([each.path for each in quasi], _codes(kept, demanded), demand)
    shown = [each.shown(levels[:, place]) for place, each in enumerate(quasi)]
    told = kept.with_columns(series.cast(kept.schema[series.name], strict=True) for series in shown)
    telling = telling_columns(kept, quasi, catalogue, wave)
    fully = told_fully(quasi, levels, edition.quasi_identifiers)
    told = without_telling(told, telling, fully)
    alike = [each.column for each in quasi]
    return Microdata(
        respondents=told.with_columns(_mean_weight(alike)),
        pseudonym_of=pseudonym_of,
        generalisation=_levels(wave.wave, [each.name for each in quasi], levels),
        tells=_tells(wave.wave, telling),
        hidden=_hidden(told, telling, fully),
        withheld=frozenset({*(each.id for each in withheld), *counts}),
        n_left_out=n_left_out,
    )


def sensitive_measures(catalogue: Catalogue) -> list[Factor | Outcome]:
    """Measures that respondents who look alike must differ in.

    No counts of flags: each is worked out from flags that stand beside it.
    """
    measures: list[Factor | Outcome] = [*catalogue.factors, *catalogue.outcomes]
    named = catalogue.policy.research.sensitive
    return [each for each in measures if (each.id in named if named else each.tags)]


def columns_of(measure: Factor | Outcome, present: Iterable[str]) -> list[str]:
    """The columns of a measure's scores, flags or outcomes."""
    columns = {f"score_{measure.id}", f"is_flagged_{measure.id}", f"outcome_{measure.id}"}
    return sorted(columns & set(present))


def _too_alike(rows: pl.DataFrame, catalogue: Catalogue, demand: Demand) -> list[Factor | Outcome]:
    """Sensitive measures of which even the whole wave has too few different values."""
    return [
        each
        for each in sensitive_measures(catalogue)
        if any(
            0 < rows[column].drop_nulls().n_unique() < demand.l
            for column in columns_of(each, rows.columns)
        )
    ]


def _withhold(
    rows: pl.DataFrame, withheld: list[Factor | Outcome], catalogue: Catalogue, wave: Wave
) -> pl.DataFrame:
    """Without the values of some measures, and the answers that they are made from."""
    instrument = catalogue.instrument_of(wave)
    emptied = {column for each in withheld for column in columns_of(each, rows.columns)}
    emptied |= {item for each in withheld for item in asked_items(each, instrument)}
    return _emptied(rows, emptied)


def _counts_of(withheld: list[Factor | Outcome], catalogue: Catalogue) -> set[str]:
    """Counts of flags that would tell of a factor that is withheld."""
    gone = {each.id for each in withheld}
    return {
        count.id
        for count in catalogue.flag_counts
        if gone & {factor.id for factor in count.factors}
    }


def _emptied(rows: pl.DataFrame, columns: set[str]) -> pl.DataFrame:
    return rows.with_columns(
        pl.lit(None, rows.schema[column]).alias(column)
        for column in sorted(columns & set(rows.columns))
    )


def _codes(rows: pl.DataFrame, measures: list[Factor | Outcome]) -> Integers:
    """Values of the measures as codes, -1 where there is none."""
    columns = [column for each in measures for column in columns_of(each, rows.columns)]
    codes = rows.select(pl.col(columns).rank("dense").cast(pl.Int64).fill_null(0) - 1)
    return codes.to_numpy() if columns else np.empty((rows.height, 0), np.int64)


def _mean_weight(alike: list[str]) -> pl.Expr:
    """Weights in which respondents who look alike do not differ, with the same sum."""
    # Sums of decimals are exact, in whatever order the respondents stand.
    weight = pl.col("weight").cast(pl.Decimal(18, 12))
    mean = weight.sum().cast(pl.Float64) / pl.len()
    return (mean.over(alike) if alike else mean).round(6).alias("weight")


def _levels(wave: int, names: list[str], levels: Integers) -> pl.DataFrame:
    rows = [
        (wave, name, level, n)
        for name, column in zip(names, levels.T, strict=True)
        for level, n in enumerate(np.bincount(column).tolist())
    ]
    schema = {
        "wave": pl.Int16,
        "quasi_identifier": pl.String,
        "level": pl.Int32,
        "n_respondents": pl.Int32,
    }
    return pl.DataFrame(rows, schema, orient="row")


def _tells(wave: int, telling: Telling) -> pl.DataFrame:
    rows = [(wave, column, name) for column, of in telling.items() for name in sorted(of)]
    schema = {"wave": pl.Int16, "column_name": pl.String, "quasi_identifier": pl.String}
    return pl.DataFrame(rows, schema, orient="row").sort("column_name", "quasi_identifier")


def _hidden(rows: pl.DataFrame, telling: Telling, told: Told) -> pl.DataFrame:
    """Of whom a quasi-identifier is not fully shown, of those that columns tell of."""
    keys = rows.select(pl.col("wave").cast(pl.Int16), "respondent")
    names = sorted(frozenset[str]().union(*telling.values()))
    none = keys.clear().with_columns(quasi_identifier=pl.lit(None, pl.String))
    parts = [
        keys.filter(pl.Series(~told[name])).with_columns(quasi_identifier=pl.lit(name))
        for name in names
    ]
    return pl.concat([none, *parts]).sort("respondent", "quasi_identifier")
