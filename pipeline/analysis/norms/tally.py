"""Scores of a group, each distinct score once, with how many have it and what they weigh."""

from fractions import Fraction
from itertools import accumulate
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipeline.definitions.cutoff_rule import HyndmanFan
from pipeline.ingest.cells import WEIGHT_DECIMALS

Floats = NDArray[np.float64]

INTERPOLATED = {6: "weibull", 7: "linear", 8: "median_unbiased"}
"""NumPy's names for the definitions of Hyndman and Fan that interpolate."""

UNITS = 10**WEIGHT_DECIMALS
"""Units of a weight of 1: whole numbers have exact sums of any size."""


class Tally(NamedTuple):
    """Distinct scores of a group. Nothing in it depends on the order of respondents."""

    scores: Floats
    """Shape (k,), ascending."""

    n: tuple[int, ...]
    """Respondents with each score."""

    weights: tuple[int, ...]
    """Sum of their weights, exact and above 0, in units of the last decimal of a weight."""

    @property
    def n_all(self) -> int:
        """Respondents."""
        return sum(self.n)

    @property
    def weight(self) -> int:
        """Sum of all weights, in the same units."""
        return sum(self.weights)

    def share(self, counts: NDArray[np.bool_]) -> Fraction:
        """Weighted share of those whose score counts; ``counts`` has shape (k,)."""
        return Fraction(self.weight_of(counts), self.weight)

    def weight_of(self, counts: NDArray[np.bool_]) -> int:
        """Sum of the weights of those whose score counts; ``counts`` has shape (k,)."""
        return sum(each for each, holds in zip(self.weights, counts, strict=True) if holds)


def tally(respondents: pl.DataFrame, score: str) -> Tally:
    """Scores of respondents.

    Args:
        respondents: one row each, with ``weight`` (a decimal) and the column of scores.
        score: name of that column. Null: no score; who has none, or a weight of 0, is left out.
    """
    grouped = (
        respondents.select(score=pl.col(score).cast(pl.Float64), weight="weight")
        .filter(pl.col("score").is_not_null() & (pl.col("weight") > 0))
        .group_by("score")
        .agg(n=pl.len(), weight=pl.col("weight").sum())
        .sort("score")
    )
    weights = tuple(int(Fraction(each) * UNITS) for each in grouped["weight"])
    return Tally(grouped["score"].to_numpy(), tuple(grouped["n"]), weights)


def quantile(scores: Tally, share: Fraction, hyndman_fan: HyndmanFan) -> float:
    """Quantile of the scores.

    Definition 1 is the smallest score that at least ``share`` of the weight lies at or below;
    2 is the same, but midway to the next score where exactly ``share`` does. Both are defined
    on sums of weights, which are exact here, so that a weight of 2 is the same as two
    respondents. The others interpolate and count everyone once.

    Args:
        scores: of at least one respondent.
        share: above 0 and below 1.
        hyndman_fan: which definition.

    Source:
        Hyndman and Fan (1996), The American Statistician 50(4), 361-365; with weights as R
        ``survey::svyquantile(qrule = "hf1")`` and ``"hf2"``. ``tests/oracle/cutoffs`` holds R's
        numbers.
    """
    if hyndman_fan in INTERPOLATED:
        method = INTERPOLATED[hyndman_fan]
        everyone = np.repeat(scores.scores, scores.n)
        return float(np.quantile(everyone, float(share), method=method))  # type: ignore[call-overload]
    wanted = share * scores.weight
    reached = list(accumulate(scores.weights))
    place = next(place for place, weight in enumerate(reached) if weight >= wanted)
    if hyndman_fan == 2 and reached[place] == wanted:
        return float((scores.scores[place] + scores.scores[place + 1]) / 2)
    return float(scores.scores[place])


def median_deviation(scores: Tally, middle: float) -> float:
    """Median of the absolute deviations from ``middle`` (definition 2)."""
    deviations = np.abs(scores.scores - middle)
    order = np.argsort(deviations, kind="stable")
    turned = Tally(
        deviations[order],
        tuple(scores.n[place] for place in order),
        tuple(scores.weights[place] for place in order),
    )
    return quantile(turned, Fraction(1, 2), 2)


def mean_deviation(scores: Tally, middle: float) -> float:
    """Mean of the absolute deviations from ``middle``."""
    weights = np.array([float(weight) for weight in scores.weights])
    return float(np.average(np.abs(scores.scores - middle), weights=weights))
