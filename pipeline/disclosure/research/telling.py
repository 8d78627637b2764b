"""Columns that tell of what others may know of a respondent: given only where that itself is.

A flag is a score beside the cut-off of a grade, so a score with its flag tells which grades are
possible; so does a question that one grade was not asked. An age at first use is an age at least.
Where grade or age is generalised, such a column would narrow it down again, and those who look
alike would be fewer than they seem.

Whether a column is given depends on nothing but what is shown of the respondent, so it is given of
all who look alike, or of none of them: that it is not there tells nothing.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from pipeline.definitions.catalogue import Catalogue, asked_items
from pipeline.definitions.factor import Factor, Outcome
from pipeline.definitions.instrument import Instrument
from pipeline.definitions.wave import Wave
from pipeline.disclosure.research.quasi_identifiers import QuasiIdentifier

GRADE = "grade"
"""What cut-offs differ by."""

Telling = dict[str, frozenset[str]]
"""By column of answers and measures, the quasi-identifiers that it tells of; no other columns."""

Told = Mapping[str, npt.NDArray[np.bool_]]
"""By quasi-identifier, of which respondents all is shown that is of anyone."""


def telling_columns(
    rows: pl.DataFrame, quasi: Sequence[QuasiIdentifier], catalogue: Catalogue, wave: Wave
) -> Telling:
    """What each column tells of, by its definition and by whom it has values of.

    Args:
        rows: one row per respondent of the wave: items, scores, flags, outcomes, counts of flags.
        quasi: the quasi-identifiers that the wave has, in the order of ``rows``.
        catalogue: the site's definitions, with its policy.
        wave: which wave.
    """
    instrument = catalogue.instrument_of(wave)
    told = _items_tell(instrument)
    measures: list[Factor | Outcome] = [*catalogue.factors, *catalogue.outcomes]
    for measure in measures:
        of = frozenset[str]().union(*(told[item] for item in asked_items(measure, instrument)))
        told |= {f"score_{measure.id}": of, f"outcome_{measure.id}": of}
    for column, of in _silent(rows, told, quasi, catalogue.policy.research.k).items():
        told[column] |= of
    for factor in catalogue.factors:
        told[f"is_flagged_{factor.id}"] = told[f"score_{factor.id}"] | {GRADE}
    for count in catalogue.flag_counts:
        flags = (told[f"is_flagged_{factor.id}"] for factor in count.factors)
        told[f"reaches_{count.id}"] = frozenset[str]().union(*flags)
    # What is a quasi-identifier itself is shown or not already.
    named = set(catalogue.policy.research.quasi_identifiers)
    telling = {column: of & named for column, of in told.items() if column not in named}
    return {column: of for column, of in telling.items() if of and column in rows.columns}


def without_telling(rows: pl.DataFrame, telling: Telling, told: Told) -> pl.DataFrame:
    """Respondents without the values that tell of what is not shown of them."""
    given = {column: np.all([told[each] for each in of], axis=0) for column, of in telling.items()}
    return rows.with_columns(
        pl.when(pl.Series(kept)).then(pl.col(column)).alias(column)
        for column, kept in given.items()
    )


def told_fully(
    quasi: Sequence[QuasiIdentifier], levels: npt.NDArray[np.int64], names: Sequence[str]
) -> Told:
    """Of whom all is shown; of what the wave or the file does not have, of nobody.

    Args:
        quasi: the quasi-identifiers that the wave has.
        levels: respondents x ``quasi``: how many levels are shown.
        names: of all quasi-identifiers that the policy names.
    """
    nobody = np.zeros(levels.shape[0], np.bool_)
    shown = {each.name: each.is_told(levels[:, place]) for place, each in enumerate(quasi)}
    return {name: shown.get(name, nobody) for name in names}


def _items_tell(instrument: Instrument) -> Telling:
    """What the questionnaire says of its items; an item tells of itself."""
    formats = {each.id: frozenset(each.tells) for each in instrument.formats}
    return {item.id: formats[item.format] | {item.id} for item in instrument.items}


def _silent(
    rows: pl.DataFrame, columns: Telling, quasi: Sequence[QuasiIdentifier], k: int
) -> Telling:
    """Columns without values of anyone of some grade, say, which at least ``k`` are in.

    So few that it may be chance are left, since nobody could tell either.
    """
    present = [column for column in columns if column in rows.columns]
    has_value = [rows[column].is_not_null().to_numpy() for column in present]
    silent: dict[str, set[str]] = {}
    for each in quasi:
        # Codes from -1, where nothing is known.
        finest = each.finest() + 1
        is_enough = np.bincount(finest) >= k
        for column, answered in zip(present, has_value, strict=True):
            is_silent = np.bincount(finest, answered) == 0
            if answered.any() and (is_silent & is_enough).any():
                silent.setdefault(column, set()).add(each.name)
    return {column: frozenset(of) for column, of in silent.items()}
