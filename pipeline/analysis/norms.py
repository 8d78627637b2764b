"""Scores of a norm sample in, cut-offs out."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipeline.analysis.scores import DECIMALS, flagged_side, is_flagged
from pipeline.definitions.factor import Factor
from pipeline.definitions.norm import CutOff, MedianMad, Norm

Floats = NDArray[np.float64]


def derive_cutoffs(
    respondents: pl.DataFrame, factors: tuple[Factor, ...], norm: Norm
) -> tuple[CutOff, ...]:
    """Cut-offs of every factor in every grade of the norm, by the norm's own rule.

    Args:
        respondents: the norm sample: is_analysed, grade and ``score_<factor>`` per respondent.
            Everyone counts once.
        factors: those to derive.
        norm: its method, sides and grades; its cut-offs are not looked at.

    Returns:
        By factor, then grade. A factor nobody in a grade has a score on has none there.
    """
    analysed = respondents.filter("is_analysed")
    return tuple(
        cutoff
        for factor in factors
        for grade in norm.grades
        for cutoff in _cutoff(analysed.filter(grade=grade), factor, grade, norm)
    )


def median_mad_cutoff(scores: Floats, rule: MedianMad, side: str) -> float:
    """Median plus (upper side) or minus (lower) ``k`` absolute deviations from it.

    Args:
        scores: points, shape (n,), n above 0.
        rule: ``k`` and which average of the absolute deviations.
        side: ``upper`` or ``lower``.

    Source:
        Mejía-Trujillo et al. (2018), after Arthur et al. (2007), Eval. Program Plann. 30(2).
    """
    median = float(np.median(scores))
    deviations = np.abs(scores - median)
    spread = float(np.median(deviations) if rule.mad == "median" else np.mean(deviations))
    return median + rule.k * spread if side == "upper" else median - rule.k * spread


def _cutoff(graded: pl.DataFrame, factor: Factor, grade: str, norm: Norm) -> list[CutOff]:
    scores = graded[f"score_{factor.id}"].drop_nulls().cast(pl.Float64)
    if scores.is_empty():
        return []
    side = flagged_side(norm, factor).side
    cutoff = round(median_mad_cutoff(scores.to_numpy(), norm.method, side), DECIMALS)
    draft = CutOff(factor=factor.id, grade=grade, cutoff=cutoff, n=scores.len(), share_flagged=0)
    draft_norm = norm.model_copy(update={"cutoffs": (draft,)})
    flags = graded.select(is_flagged(factor, (draft_norm,))).to_series()
    share = round(int(flags.sum()) / scores.len(), DECIMALS)
    return [draft.model_copy(update={"share_flagged": share})]
