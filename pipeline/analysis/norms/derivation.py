"""Scores of a norm sample in, cut-offs out."""

from fractions import Fraction
from typing import Literal, NamedTuple, assert_never

import polars as pl

from pipeline.analysis.norms.roc import NoCutoff, Side, auc, roc_cutoff, split_by
from pipeline.analysis.norms.tally import (
    UNITS,
    Tally,
    mean_deviation,
    median_deviation,
    quantile,
    tally,
)
from pipeline.analysis.scoring.scores import DECIMALS, flagged_side, is_past
from pipeline.definitions.cutoff_rule import MedianMad, Percentile, Roc
from pipeline.definitions.factor import Factor
from pipeline.definitions.norm import CutOff, FlaggedSide, Norm, Separation

SEPARATION_DECIMALS = 4
"""Of sensitivity, specificity and AUC in a norm's file: for reading, nothing is decided by
them."""


class Gap(NamedTuple):
    """A factor that has no cut-off in a grade, and why."""

    factor: str
    grade: str
    reason: NoCutoff | Literal["few_scores"]


class DerivedCutoffs(NamedTuple):
    """What a norm sample gives by the norm's rule: by factor, then grade."""

    cutoffs: tuple[CutOff, ...]
    gaps: tuple[Gap, ...]


def derive_cutoffs(
    respondents: pl.DataFrame, factors: tuple[Factor, ...], norm: Norm, *, min_base: int
) -> DerivedCutoffs:
    """Cut-offs of every factor in every grade of the norm, by the norm's own rule.

    Args:
        respondents: the norm sample: is_analysed, grade, weight, ``score_<factor>`` and
            ``outcome_<outcome>`` per respondent. A weight of 0 stands for nobody.
        factors: those to derive.
        norm: its rule, sides, grades and outcomes; its cut-offs are not looked at.
        min_base: respondents that a cut-off, or a share beside it, rests on at least.
    """
    counted = respondents.filter("is_analysed")
    cutoffs, gaps = [], []
    for factor in factors:
        for grade, found in _by_grade(counted, factor, norm, min_base).items():
            graded = counted.filter(grade=grade)
            if isinstance(found, str):
                gaps.append(Gap(factor.id, grade, found))
            elif (scores := tally(graded, f"score_{factor.id}")).n_all < min_base:
                gaps.append(Gap(factor.id, grade, "few_scores"))
            else:
                against = _against(graded, factor, norm, found, min_base)
                cut = _cutoff(scores, factor, grade, norm, found)
                cutoffs.append(cut.model_copy(update={"against": against}))
    return DerivedCutoffs(tuple(cutoffs), tuple(gaps))


def median_mad_cutoff(scores: Tally, rule: MedianMad, side: Side) -> float:
    """Median plus (upper side) or minus (lower) ``k`` absolute deviations from it.

    Args:
        scores: of at least one respondent. Medians are quantiles by definition 2: the usual
            ones where everyone counts once.
        rule: ``k`` and which average of the absolute deviations.
        side: of the flagged scores.

    Source:
        Mejía-Trujillo et al. (2018), after Arthur et al. (2007), Eval. Program Plann. 30(2).
    """
    median = quantile(scores, Fraction(1, 2), 2)
    average = median_deviation if rule.mad == "median" else mean_deviation
    spread = average(scores, median)
    return median + rule.k * spread if side == "upper" else median - rule.k * spread


def percentile_cutoff(scores: Tally, rule: Percentile, side: Side) -> float:
    """The score that has about ``share_past`` of the respondents past it."""
    # 0.8 as it is written, not as its binary neighbour: quantiles may jump there.
    past = Fraction(str(rule.share_past))
    return quantile(scores, 1 - past if side == "upper" else past, rule.hyndman_fan)


def _by_grade(
    counted: pl.DataFrame, factor: Factor, norm: Norm, min_base: int
) -> dict[str, float | NoCutoff | Literal["few_scores"]]:
    """Cut-off, or why there is none, by grade."""
    if norm.per_grade:
        return {
            grade: _by_rule(counted.filter(grade=grade), factor, norm, min_base)
            for grade in norm.grades
        }
    pooled = counted.filter(pl.col("grade").is_in(norm.grades))
    return dict.fromkeys(norm.grades, _by_rule(pooled, factor, norm, min_base))


def _by_rule(
    counted: pl.DataFrame, factor: Factor, norm: Norm, min_base: int
) -> float | NoCutoff | Literal["few_scores"]:
    score, side = f"score_{factor.id}", flagged_side(norm, factor).side
    scores = tally(counted, score)
    if scores.n_all < min_base:
        return "few_scores"
    found: float | NoCutoff
    match norm.method:
        case MedianMad():
            found = median_mad_cutoff(scores, norm.method, side)
        case Percentile():
            found = percentile_cutoff(scores, norm.method, side)
        case Roc():
            found = roc_cutoff(split_by(counted, score, norm.method.outcome), norm.method, side)
        case _:
            assert_never(norm.method)
    return found if isinstance(found, str) else round(found, DECIMALS)


def _cutoff(scores: Tally, factor: Factor, grade: str, norm: Norm, cutoff: float) -> CutOff:
    flagged = flagged_side(norm, factor)
    return CutOff(
        factor=factor.id,
        grade=grade,
        cutoff=cutoff,
        n=scores.n_all,
        weight=scores.weight / UNITS if norm.weighted else None,
        share_flagged=_flagged_share(scores, cutoff, flagged, DECIMALS),
        share_at_cutoff=round(float(scores.share(scores.scores == cutoff)), DECIMALS),
    )


def _against(
    graded: pl.DataFrame, factor: Factor, norm: Norm, cutoff: float, min_base: int
) -> tuple[Separation, ...]:
    flagged = flagged_side(norm, factor)
    separations = []
    for outcome in norm.against:
        split = split_by(graded, f"score_{factor.id}", outcome)
        n_with, n_without = split.with_it.n_all, split.without.n_all
        reached = spared = area = None
        if n_with >= min_base:
            reached = _flagged_share(split.with_it, cutoff, flagged, SEPARATION_DECIMALS)
        if n_without >= min_base:
            missed = _flagged_share(split.without, cutoff, flagged, DECIMALS)
            spared = round(1 - missed, SEPARATION_DECIMALS)
        if reached is not None and spared is not None:
            area = round(float(auc(split, flagged.side)), SEPARATION_DECIMALS)
        separations.append(
            Separation(
                outcome=outcome,
                n_with=n_with,
                n_without=n_without,
                sensitivity=reached,
                specificity=spared,
                auc=area,
            )
        )
    return tuple(separations)


def _flagged_share(scores: Tally, cutoff: float, flagged: FlaggedSide, decimals: int) -> float:
    is_flagged = is_past(pl.Series(scores.scores), cutoff, flagged).to_numpy()
    return round(float(scores.share(is_flagged)), decimals)
