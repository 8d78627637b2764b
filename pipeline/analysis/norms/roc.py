"""Scores of those with and without a behaviour in, how well a cut-off tells them apart out.

Everything is decided on exact sums of weights, so that ties are ties.
"""

from fractions import Fraction
from typing import Literal, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipeline.analysis.norms.tally import Floats, Tally, tally
from pipeline.definitions.cutoff_rule import Roc

Side = Literal["upper", "lower"]


class Split(NamedTuple):
    """Scores of those with a behaviour, and of those without."""

    with_it: Tally
    without: Tally


class Candidate(NamedTuple):
    """A cut-off that may be chosen."""

    cutoff: float
    sensitivity: Fraction
    specificity: Fraction


NoCutoff = Literal["few_with_and_without", "does_not_separate", "specificity_not_reached"]
"""Why the rule gives none."""


def split_by(respondents: pl.DataFrame, score: str, outcome: str) -> Split:
    """Scores by whether the outcome is reached; who has no outcome is left out.

    Args:
        respondents: with ``weight``, the score and ``outcome_<outcome>`` (1, 0 or null).
        score: the column of scores.
        outcome: id.
    """
    reached = pl.col(f"outcome_{outcome}")
    with_it = tally(respondents.filter(reached == 1), score)
    return Split(with_it, tally(respondents.filter(reached == 0), score))


def roc_cutoff(split: Split, rule: Roc, side: Side) -> float | NoCutoff:
    """The cut-off that best tells those with the behaviour from those without.

    Args:
        split: scores of the norm sample.
        rule: the criterion, what is done about ties, and how many respondents it takes.
        side: on which side of the cut-off scores are flagged.

    Returns:
        A point midway between two neighbouring scores, so that nobody of the norm sample is at
        it; or why there is none.

    Source:
        Youden (1950), Cancer 3(1), 32-35. The same points are tried, and the same J is largest,
        in R ``pROC::coords(x = "best", best.method = "youden")``, version 1.18.0;
        ``tests/oracle/cutoffs`` holds its numbers.
    """
    if min(split.with_it.n_all, split.without.n_all) < rule.min_n:
        return "few_with_and_without"
    candidates = candidate_cutoffs(split, side)
    if rule.min_specificity is not None:
        # 0.8 as it is written, not as its binary neighbour.
        enough = Fraction(str(rule.min_specificity))
        candidates = [each for each in candidates if each.specificity >= enough]
        if not candidates:
            return "specificity_not_reached"
    useful = [each for each in candidates if each.sensitivity + each.specificity > 1]
    if not useful:
        return "does_not_separate"
    return max(useful, key=lambda each: _merit(each, rule)).cutoff


def candidate_cutoffs(split: Split, side: Side) -> list[Candidate]:
    """Every point midway between neighbouring scores, lowest first."""
    scores = np.union1d(split.with_it.scores, split.without.scores)
    return [
        Candidate(
            float(middle),
            split.with_it.share(_lies_past(split.with_it.scores, middle, side)),
            1 - split.without.share(_lies_past(split.without.scores, middle, side)),
        )
        for middle in (scores[:-1] + scores[1:]) / 2
    ]


def auc(split: Split, side: Side) -> Fraction:
    """Chance that one with the behaviour lies further towards ``side`` than one without.

    Ties count half: the area under the ROC curve by the trapezoidal rule.

    Source:
        Bamber (1975), Journal of Mathematical Psychology 12(4), 387-415 (remembered), checked
        beside R ``pROC::auc`` in ``tests/oracle/cutoffs``.
    """
    twice_above = 0
    for score, weight in zip(split.with_it.scores, split.with_it.weights, strict=True):
        below = split.without.weight_of(split.without.scores < score)
        level = split.without.weight_of(split.without.scores == score)
        twice_above += weight * (2 * below + level)
    above = Fraction(twice_above, 2 * split.with_it.weight * split.without.weight)
    return above if side == "upper" else 1 - above


def _lies_past(scores: Floats, cutoff: float, side: Side) -> NDArray[np.bool_]:
    return scores > cutoff if side == "upper" else scores < cutoff


def _merit(each: Candidate, rule: Roc) -> tuple[Fraction, Fraction]:
    j = each.sensitivity + each.specificity - 1
    # Of two that are equally good, the one with the larger specificity flags fewer.
    preferred = each.specificity if rule.ties == "fewer_flagged" else -each.specificity
    return (j if rule.criterion == "youden" else each.sensitivity), preferred
