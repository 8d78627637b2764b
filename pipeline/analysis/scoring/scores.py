"""Answers in, scores, flags and outcomes out: the same respondents, columns added."""

from fractions import Fraction
from typing import TypeVar

import polars as pl

from pipeline.analysis.scoring.screens import points
from pipeline.definitions.catalogue import Catalogue, asked_items, is_asked
from pipeline.definitions.factor import Factor, FactorItem, Outcome
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
    """Score every factor and outcome the site lists.

    Args:
        respondents: one row per respondent of one wave, a column of codes per item.
        catalogue: the site's definitions.
        instrument: of the wave.

    Returns:
        ``respondents`` with, for each factor, ``score_<factor>`` (mean points of the answered
        items after reversal; null if fewer than ``min_answered`` were answered) and
        ``is_flagged_<factor>`` (1 or 0; null without a score or a cut-off for the grade); for
        each outcome, ``outcome_<outcome>`` (1 or 0; null if too few items were answered);
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
    values = [f"score_{factor.id}" for factor in factors]
    values += [f"outcome_{outcome.id}" for outcome in outcomes]
    has_value = pl.any_horizontal(pl.lit(value=False), pl.col(values).is_not_null())
    is_analysed = pl.col("refused_reason").is_null() & pl.col("screened_by").is_null()
    not_asked = _nulls(catalogue, factors, outcomes)
    return flagged.with_columns(
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


def _nulls(catalogue: Catalogue, factors: list[Factor], outcomes: list[Outcome]) -> list[pl.Expr]:
    """Columns of what this wave does not ask, so that all waves have the same columns."""
    asked = {measure.id for measure in (*factors, *outcomes)}
    columns = [
        (f"{prefix}{measure.id}", dtype)
        for measures, prefixes in (
            (
                catalogue.factors,
                (("score_", SCORE), ("is_flagged_", pl.Int8)),
            ),
            (catalogue.outcomes, (("outcome_", pl.Int8),)),
        )
        for measure in measures
        if measure.id not in asked
        for prefix, dtype in prefixes
    ]
    return [pl.lit(None, dtype).alias(column) for column, dtype in columns]
