"""Where a cut-off lies between the scores that a scale can have at all."""

from typing import NamedTuple

import polars as pl

from pipeline.analysis.quality.scale_points import possible_scores
from pipeline.analysis.scoring.scores import DECIMALS, flagged_side, is_past
from pipeline.definitions.factor import Factor
from pipeline.definitions.instrument import Instrument
from pipeline.definitions.norm import CutOff, FlaggedSide, Norm


class CutoffSteps(NamedTuple):
    """A cut-off between two scores of who answers every item. A null score: there is none."""

    k_scores: int
    """Scores that can be had."""

    k_flagged: int
    """Those of them that are flagged."""

    at_or_below: float | None
    """The next score at the cut-off or below it."""

    above: float | None
    """The next score above the cut-off."""

    is_at_score: bool
    """Whether the cut-off is itself a score, so that ``inclusive`` decides on those who have
    it."""


def cutoff_steps(cut: CutOff, factor: Factor, norm: Norm, instrument: Instrument) -> CutoffSteps:
    """Where a norm's cut-off lies among the scores that the questionnaire allows.

    Respondents who left an item unanswered can have scores between these.
    """
    scores = [round(float(score), DECIMALS) for score in possible_scores(factor, instrument)]
    cutoff = round(cut.cutoff, DECIMALS)
    return CutoffSteps(
        k_scores=len(scores),
        k_flagged=int(_flagged(scores, cutoff, flagged_side(norm, factor)).sum()),
        at_or_below=max((score for score in scores if score <= cutoff), default=None),
        above=min((score for score in scores if score > cutoff), default=None),
        is_at_score=cutoff in scores,
    )


def scores_apart(
    cuts: tuple[CutOff, CutOff], factor: Factor, norms: tuple[Norm, Norm], instrument: Instrument
) -> int:
    """Scores that one of two norms flags and the other does not: attainable steps between them."""
    scores = [round(float(score), DECIMALS) for score in possible_scores(factor, instrument)]
    first, second = (
        _flagged(scores, round(cut.cutoff, DECIMALS), flagged_side(norm, factor))
        for cut, norm in zip(cuts, norms, strict=True)
    )
    return int((first != second).sum())


def _flagged(scores: list[float], cutoff: float, flagged: FlaggedSide) -> pl.Series:
    return is_past(pl.Series(scores, dtype=pl.Float64), cutoff, flagged)
