"""A factor as one wave asked it: the points of its items, and the scores that can be had."""

from fractions import Fraction
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipeline.analysis.quality.reliability import Floats
from pipeline.analysis.scoring.scores import item_format, keyed_points, turned
from pipeline.definitions.catalogue import asked_items
from pipeline.definitions.factor import Factor, FactorItem
from pipeline.definitions.instrument import Instrument


class AskedItem(NamedTuple):
    """One question of a scale."""

    id: str
    is_reversed: bool
    codes: tuple[int, ...]
    """Its options, in the order of their points."""

    attainable: tuple[Fraction, ...]
    """Points it can give after reversal and rescaling, fewest first."""


class AskedScale(NamedTuple):
    """The questions of a factor with what respondents scored on each."""

    factor_id: str
    items: tuple[AskedItem, ...]
    points: Floats
    """Shape (respondents, items): after reversal and rescaling, as the score is made of; nan
    is no answer."""

    min_answered: int

    @property
    def is_scored(self) -> NDArray[np.bool_]:
        """Shape (respondents,): whether enough was answered for a score."""
        n_answered: NDArray[np.int64] = (~np.isnan(self.points)).sum(axis=1)
        return n_answered >= self.min_answered

    @property
    def n_complete(self) -> int:
        """Respondents who answered every item."""
        return int((~np.isnan(self.points)).all(axis=1).sum())


def asked_scale(answers: pl.DataFrame, factor: Factor, instrument: Instrument) -> AskedScale:
    """Points of those items of the factor that the instrument asks.

    Args:
        answers: one row per respondent, a column of codes per item.
        factor: with at least one item asked.
        instrument: of the wave.
    """
    asked = _asked(factor, instrument)
    columns = [
        keyed_points(item, factor, instrument)
        .cast(pl.Float64)
        .fill_null(float("nan"))
        .alias(item.id)
        for item in asked
    ]
    return AskedScale(
        factor_id=factor.id,
        items=tuple(_item(item, factor, instrument) for item in asked),
        points=answers.select(columns).to_numpy().reshape(len(answers), len(asked)),
        min_answered=factor.min_answered,
    )


def attainable_scores(scale: AskedScale) -> list[Fraction]:
    """Every score, lowest first, that can be had by who answers every item."""
    return _means(scale.items)


def possible_scores(factor: Factor, instrument: Instrument) -> list[Fraction]:
    """Every score, lowest first, that who answers every item asked can have; none if not asked."""
    return _means(tuple(_item(item, factor, instrument) for item in _asked(factor, instrument)))


def _means(items: tuple[AskedItem, ...]) -> list[Fraction]:
    if not items:
        return []
    sums = {Fraction(0)}
    for item in items:
        sums = {total + given for total in sums for given in item.attainable}
    return sorted(total / len(items) for total in sums)


def _asked(factor: Factor, instrument: Instrument) -> list[FactorItem]:
    asked = set(asked_items(factor, instrument))
    return [item for item in factor.items if item.id in asked]


def _item(item: FactorItem, factor: Factor, instrument: Instrument) -> AskedItem:
    response_format = item_format(item.id, instrument)
    options = sorted(response_format.codes, key=lambda option: option.score_points)
    given = {
        turned(Fraction(option.score_points), item, factor, response_format) for option in options
    }
    codes = tuple(option.code for option in options)
    return AskedItem(item.id, item.reversed, codes, tuple(sorted(given)))
