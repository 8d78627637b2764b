"""Answers in, scores, flags, outcomes and counts out: the same respondents, columns added."""

from collections.abc import Sequence
from fractions import Fraction
from typing import TypeVar

import polars as pl

from pipeline.analysis.scoring.screens import points
from pipeline.definitions.catalogue import Catalogue, asked_factors, asked_items, is_asked
from pipeline.definitions.factor import Factor, FactorItem, Outcome
from pipeline.definitions.flag_count import FlagCount, MeasureDefinition
from pipeline.definitions.instrument import Instrument, ResponseFormat
from pipeline.definitions.norm import FlaggedSide, Norm

DECIMALS = 12
"""Decimals of a stored score: a third of a point is kept to a thousandth of a billionth."""

SCORE = pl.Float64
"""Flags are decided on the stored score, so that whoever reads it can decide them again."""

Scores = TypeVar("Scores", pl.Expr, pl.Series)
Points = TypeVar("Points", pl.Expr, Fraction)


def add_scores(
    respondents: pl.DataFrame, catalogue: Catalogue, instrument: Instrument
) -> pl.DataFrame:
    """Score every factor, outcome and count of flags the site lists.

    Args:
        respondents: one row per respondent of one wave, a column of codes per item.
        catalogue: the site's definitions.
        instrument: of the wave.

    Returns:
        ``respondents`` with, for each factor, ``score_<factor>`` (mean points of the answered
        items after reversal; null if fewer than ``min_answered`` were answered) and
        ``is_flagged_<factor>`` (1 or 0; null without a score or a cut-off for the grade); for
        each outcome, ``outcome_<outcome>`` (1 or 0; null if too few items were answered);
        for each count of flags, ``reaches_<count>`` (see ``reaches``);
        ``is_scored``: whether any of these has a value;
        and ``is_analysed``: neither refused nor caught by a screen.
    """
    factors = [factor for factor in catalogue.factors if is_asked(factor, instrument)]
    outcomes = [outcome for outcome in catalogue.outcomes if is_asked(outcome, instrument)]
    # Lazy, so that what several columns are made of is computed once.
    scored = respondents.lazy().with_columns(
        *(
            _score(factor, instrument).round(DECIMALS).alias(f"score_{factor.id}")
            for factor in factors
        ),
        *(_outcome(outcome, instrument).alias(f"outcome_{outcome.id}") for outcome in outcomes),
    )
    flagged = scored.with_columns(
        is_flagged(factor, catalogue.norms).alias(f"is_flagged_{factor.id}") for factor in factors
    )
    counts = [count for count in catalogue.flag_counts if is_asked(count, instrument)]
    counted = flagged.with_columns(
        reaches(count, instrument).alias(f"reaches_{count.id}") for count in counts
    )
    values = [f"score_{factor.id}" for factor in factors]
    values += [f"outcome_{outcome.id}" for outcome in outcomes]
    has_value = pl.any_horizontal(pl.lit(value=False), pl.col(values).is_not_null())
    is_analysed = pl.col("refused_reason").is_null() & pl.col("screened_by").is_null()
    asked: list[MeasureDefinition] = [*factors, *outcomes, *counts]
    not_asked = _nulls(catalogue, {measure.id for measure in asked})
    return counted.with_columns(
        *not_asked,
        is_analysed=is_analysed,
        is_scored=has_value,
    ).collect()


def is_flagged(factor: Factor, norms: tuple[Norm, ...]) -> pl.Expr:
    """1 if the score is past its grade's cut-off on the norm's side, else 0, as Int8.

    Null without a score, a grade, or a cut-off for the grade.
    """
    score = pl.col(f"score_{factor.id}")
    flags = [
        is_past(score, _cutoff_of_grade(factor, norm), flagged_side(norm, factor))
        for norm in norms
        if any(cut.factor == factor.id for cut in norm.cutoffs)
    ]
    return pl.coalesce(*flags, pl.lit(None, pl.Boolean)).cast(pl.Int8)


def reaches(count: FlagCount, instrument: Instrument) -> pl.Expr:
    """1 if at least ``at_least`` of the factors are flagged, else 0, as Int8.

    Enough flags decide, however many are not known. Null if they are not reached and fewer than
    ``min_flags_known`` are known; so 0 always rests on as many flags as would have been enough.
    """
    factors = asked_factors(count, instrument)
    flags = [pl.col(f"is_flagged_{factor.id}").cast(pl.Int32) for factor in factors]
    n_flagged = pl.sum_horizontal(flags)
    n_known = pl.sum_horizontal(flag.is_not_null() for flag in flags)
    return (
        pl.when(n_flagged >= count.rule.at_least)
        .then(1)
        .when(n_known >= count.rule.min_flags_known)
        .then(0)
        .cast(pl.Int8)
    )


def _cutoff_of_grade(factor: Factor, norm: Norm) -> pl.Expr:
    """The norm's cut-off for each respondent's grade; null if it has none."""
    cutoff = pl.lit(None, pl.Float64)
    for cut in norm.cutoffs:
        if cut.factor == factor.id:
            # Rounded as scores are: a cut-off of 7/3 is reached by a score of 7/3.
            past = round(cut.cutoff, DECIMALS)
            cutoff = pl.when(pl.col("grade") == cut.grade).then(past).otherwise(cutoff)
    return cutoff


def flagged_side(norm: Norm, factor: Factor) -> FlaggedSide:
    """Which scores of a factor the norm flags."""
    return norm.risk if factor.direction == "risk" else norm.protective


def is_past(scores: Scores, cutoff: Scores | float, flagged: FlaggedSide) -> Scores:
    """Whether scores lie past a cut-off, on the side and with the boundary the norm states."""
    match flagged.side, flagged.inclusive:
        case "upper", True:
            return scores >= cutoff
        case "upper", False:
            return scores > cutoff
        case "lower", True:
            return scores <= cutoff
        case _:
            return scores < cutoff


def _score(factor: Factor, instrument: Instrument) -> pl.Expr:
    asked = set(asked_items(factor, instrument))
    keyed = [keyed_points(item, factor, instrument) for item in factor.items if item.id in asked]
    n_answered = pl.sum_horizontal(item.is_not_null() for item in keyed)
    # Whole points are summed before the one division, so that equal answers give equal scores.
    mean = pl.sum_horizontal(keyed) / n_answered
    return pl.when(n_answered >= factor.min_answered).then(mean)


def keyed_points(item: FactorItem, factor: Factor, instrument: Instrument) -> pl.Expr:
    """Points of an item as the score is made of them; null without an answer."""
    given = points(item.id, instrument).cast(pl.Int32)
    return turned(given, item, factor, item_format(item.id, instrument))


def turned(
    given: Points, item: FactorItem, factor: Factor, response_format: ResponseFormat
) -> Points:
    """Points after reversal and rescaling."""
    low, high = response_format.lowest, response_format.highest
    keyed = low + high - given if item.reversed else given
    return (keyed - low) / (high - low) if factor.rescale == "minmax" else keyed


def item_format(item_id: str, instrument: Instrument) -> ResponseFormat:
    """The response format of an item that the instrument asks."""
    return instrument.format_of(next(item for item in instrument.items if item.id == item_id))


def _outcome(outcome: Outcome, instrument: Instrument) -> pl.Expr:
    asked = set(asked_items(outcome, instrument))
    items = [item for item in outcome.items if item.id in asked]
    n_reached = pl.sum_horizontal(pl.col(item.id).is_in(item.codes) for item in items)
    n_answered = pl.sum_horizontal(pl.col(item.id).is_not_null() for item in items)
    is_reached = n_reached >= outcome.min_reached
    # Enough answers that count decide, however many others are missing.
    return (
        pl.when(is_reached).then(1).when(n_answered >= outcome.min_answered).then(0).cast(pl.Int8)
    )


def _nulls(catalogue: Catalogue, asked: set[str]) -> list[pl.Expr]:
    """Columns of what this wave does not ask, so that all waves have the same columns."""
    kinds: tuple[tuple[Sequence[MeasureDefinition], dict[str, pl.DataType]], ...] = (
        (catalogue.factors, {"score_": SCORE(), "is_flagged_": pl.Int8()}),
        (catalogue.outcomes, {"outcome_": pl.Int8()}),
        (catalogue.flag_counts, {"reaches_": pl.Int8()}),
    )
    return [
        pl.lit(None, dtype).alias(f"{prefix}{measure.id}")
        for measures, prefixes in kinds
        for measure in measures
        if measure.id not in asked
        for prefix, dtype in prefixes.items()
    ]
