"""A factor as one wave asked it: the points of its items, and the scores that can be had."""

from fractions import Fraction
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipeline.analysis.reliability import Floats
from pipeline.analysis.screens import points
from pipeline.definitions.catalogue import asked_items
from pipeline.definitions.factor import Factor, FactorItem
from pipeline.definitions.instrument import Instrument, ResponseFormat


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
    asked = set(asked_items(factor, instrument))
    keyed = [_item(item, factor, instrument) for item in factor.items if item.id in asked]
    columns = [_points(item, factor, instrument) for item in keyed]
    return AskedScale(
        factor_id=factor.id,
        items=tuple(keyed),
        points=answers.select(columns).to_numpy().reshape(len(answers), len(keyed)),
        min_answered=factor.min_answered,
    )


def attainable_scores(scale: AskedScale) -> list[Fraction]:
    """Every score, lowest first, that can be had by who answers every item."""
    sums = {Fraction(0)}
    for item in scale.items:
        sums = {total + given for total in sums for given in item.attainable}
    return sorted(total / len(scale.items) for total in sums)


def _item(item: FactorItem, factor: Factor, instrument: Instrument) -> AskedItem:
    response_format = _format(item.id, instrument)
    low, high = response_format.lowest, response_format.highest
    given = {Fraction(option.score_points) for option in response_format.codes}
    if item.reversed:
        given = {low + high - each for each in given}
    if factor.rescale == "minmax":
        given = {(each - low) / (high - low) for each in given}
    options = sorted(response_format.codes, key=lambda option: option.score_points)
    codes = tuple(option.code for option in options)
    return AskedItem(item.id, item.reversed, codes, tuple(sorted(given)))


def _points(item: AskedItem, factor: Factor, instrument: Instrument) -> pl.Expr:
    response_format = _format(item.id, instrument)
    low, high = response_format.lowest, response_format.highest
    given = points(item.id, instrument).cast(pl.Float64)
    keyed = low + high - given if item.is_reversed else given
    scaled = (keyed - low) / (high - low) if factor.rescale == "minmax" else keyed
    return scaled.fill_null(float("nan")).alias(item.id)


def _format(item_id: str, instrument: Instrument) -> ResponseFormat:
    return instrument.format_of(next(item for item in instrument.items if item.id == item_id))
