"""Respondents and enrolment in, the same respondents with raked weights out."""

from typing import NamedTuple

import numpy as np
import polars as pl

from pipeline.analysis.response.raking import Raked, rake, scaled_targets, trim
from pipeline.analysis.response.raking_report import (
    COLUMN,
    MARGIN_SCHEMA,
    WAVE_SCHEMA,
    Margin,
    RakedSample,
    margin_rows,
    wave_row,
)
from pipeline.definitions.raking import Raking
from pipeline.definitions.wave import Wave
from pipeline.errors import DefinitionError
from pipeline.ingest.cells import WEIGHT, WEIGHT_DECIMALS
from pipeline.ingest.enrolment import ALL


class Weighted(NamedTuple):
    """A wave after weighting."""

    respondents: pl.DataFrame
    """As given, with the weights of those who were weighted replaced."""

    waves: pl.DataFrame
    """One row as ``wave_row`` says; none without raking."""

    margins: pl.DataFrame
    """A row per margin and category as ``margin_rows`` says; none without raking."""


def rake_respondents(respondents: pl.DataFrame, enrolled: pl.DataFrame, wave: Wave) -> Weighted:
    """Weight the analysed respondents of a wave to its enrolment, if the wave says so.

    The sum of the weights stays as it was. Who lacks a category of some margin, or has one that
    no pupil is enrolled in (as a gender the rolls do not know), keeps the weight they had.

    Args:
        respondents: one row per respondent of the wave, with ``is_analysed``.
        enrolled: ``enrolled_margins`` of the wave.
        wave: that they belong to.

    Raises:
        DefinitionError: enrolment lacks a margin, a category has pupils and no respondents and
            is to be refused, or the margins cannot all be reached.
    """
    if wave.raking is None:
        nothing = pl.DataFrame(schema=WAVE_SCHEMA), pl.DataFrame(schema=MARGIN_SCHEMA)
        return Weighted(respondents, *nothing)
    try:
        return _rake(respondents, enrolled, wave.wave, wave.raking)
    except DefinitionError as error:
        raise DefinitionError(f"waves/{wave.wave}.yml: raking: {error}") from None


def _rake(respondents: pl.DataFrame, enrolled: pl.DataFrame, wave: int, raking: Raking) -> Weighted:
    counted = respondents.with_row_index("place").filter(
        pl.col("is_analysed") & (pl.col("weight") > 0)
    )
    margins = [_margin(name, enrolled, counted, raking) for name in raking.margins]
    chosen = counted.filter(
        pl.all_horizontal(pl.col(COLUMN[each.name]).is_in(each.categories) for each in margins)
    )
    sample = _raked(chosen, margins, raking)
    place = chosen["place"].to_numpy()
    weights = respondents["weight"].cast(pl.Float64).to_numpy(writable=True)
    weights[place] = sample.weights
    is_raked = np.isin(np.arange(len(weights)), place)
    weighted = respondents.with_columns(
        weight=pl.when(pl.Series(is_raked))
        .then(pl.Series(weights).round(WEIGHT_DECIMALS).cast(WEIGHT))
        .otherwise("weight")
    )
    return Weighted(
        weighted,
        wave_row(
            wave,
            sample,
            weights=weights[counted["place"].to_numpy()],
            counted=counted,
            chosen=chosen,
            enrolled=enrolled,
        ),
        margin_rows(wave, sample),
    )


def _margin(name: str, enrolled: pl.DataFrame, counted: pl.DataFrame, raking: Raking) -> Margin:
    """A margin's categories with pupils that a respondent can stand for."""
    column = COLUMN[name]
    rows = enrolled.filter(
        pl.col(column) != ALL,
        *(pl.col(each) == ALL for each in COLUMN.values() if each != column),
        pl.col("n_enrolled") > 0,
    ).sort(column)
    if rows.is_empty():
        raise DefinitionError(f"no pupils are enrolled by {name}; expected numbers for each.")
    has_respondents = pl.col(column).is_in(counted[column].drop_nulls().unique().to_list())
    kept, left = rows.filter(has_respondents), rows.filter(~has_respondents)
    if kept.is_empty() or (left.height and raking.without_respondents == "refuse"):
        raise DefinitionError(
            f"{left.height} of {rows.height} categories of {name} have pupils and no respondents: "
            f"{', '.join(left[column])}; expected respondents in each, the same names in the "
            "enrolment file and the export, or without_respondents: leave_out."
        )
    return Margin(
        name,
        kept[column].to_list(),
        kept["n_enrolled"].cast(pl.Float64).to_numpy(),
        left.height,
        int(left["n_enrolled"].sum()),
    )


def _raked(chosen: pl.DataFrame, margins: list[Margin], raking: Raking) -> RakedSample:
    numbers = np.column_stack(
        [
            chosen[COLUMN[each.name]]
            .replace_strict({name: n for n, name in enumerate(each.categories)}, default=None)
            .cast(pl.Int64)
            .to_numpy()
            for each in margins
        ]
    )
    for column, each in enumerate(margins):
        if n := len(each.categories) - len(np.unique(numbers[:, column])):
            raise DefinitionError(
                f"{n} categories of {each.name} have respondents only whose other margins are not "
                "known; expected one at least who can be weighted. Leave a margin out."
            )
    base = chosen["weight"].cast(pl.Float64).to_numpy()
    pupils = scaled_targets(numbers, [each.n_enrolled for each in margins])
    targets = [each / pupils[0].sum() * base.sum() for each in pupils]
    raked = rake(base, numbers, targets, raking.tolerance, raking.max_iterations)
    _refuse_unreached(raked, raking)
    weights = raked.weights
    if raking.trim_above is not None:
        weights = trim(weights, raking.trim_above * float(weights.mean()))
    return RakedSample(margins, numbers, targets, raked, weights)


def _refuse_unreached(raked: Raked, raking: Raking) -> None:
    if raked.error > raking.tolerance:
        raise DefinitionError(
            f"after {raked.iterations} rounds a margin is still {raked.error:.2g} of its number "
            f"off; expected at most {raking.tolerance:g}. The respondents cannot be spread over "
            "all margins at once: leave a margin out."
        )
