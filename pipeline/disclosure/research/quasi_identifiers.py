"""What others may know of a respondent, from the coarsest that can be told to the finest."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from pipeline.definitions.catalogue import Catalogue, ancestors_on
from pipeline.definitions.research_edition import DESIGN_QUASI_IDENTIFIERS
from pipeline.definitions.wave import Wave
from pipeline.disclosure.research.partition import ENDED

Integers = npt.NDArray[np.int64]

COLUMNS = {"area": "area_id"}
"""Column of a quasi-identifier, where it is not its own name."""

NOT_SHOWN = "not_shown"
"""Grade or gender of whom none can be told. Hidden and not stated are one, since telling them apart
would tell of the few who did not state theirs."""


class QuasiIdentifier(NamedTuple):
    """One quasi-identifier of the respondents of a wave."""

    name: str
    column: str
    path: Integers
    """Respondents x levels, from the coarsest: codes of ``values``; -1: nothing finer is known."""

    values: list[str]
    """By code."""

    hidden: str | None
    """What is told of whom nothing can be."""

    def shown(self, levels: Integers) -> pl.Series:
        """What is told of each respondent, given how many levels can be."""
        finest = np.maximum(levels - 1, 0)
        codes = self.path[np.arange(levels.size), finest]
        told = [
            self.values[code] if n else self.hidden for code, n in zip(codes, levels, strict=True)
        ]
        return pl.Series(self.column, told, pl.String)

    def is_told(self, levels: Integers) -> npt.NDArray[np.bool_]:
        """Of whom a value is shown that nothing finer lies below, given how many levels can be.

        It follows from what is shown alone, whatever else is known of the respondent.
        """
        codes = self.path[np.arange(levels.size), np.maximum(levels - 1, 0)]
        coarser = self.path[:, :-1][self.path[:, 1:] != ENDED]
        return (levels > 0) & ~np.isin(codes, coarser)

    def finest(self) -> Integers:
        """The finest code of each respondent; -1 where nothing is known."""
        codes = self.path[:, 0]
        for level in self.path.T:
            codes = np.where(level == ENDED, codes, level)
        return codes


def quasi_identifiers(
    rows: pl.DataFrame, catalogue: Catalogue, wave: Wave
) -> list[QuasiIdentifier]:
    """The quasi-identifiers that the site's policy names, as far as the wave has them.

    Args:
        rows: respondents of the wave: ``area_id``, ``grade``, ``gender`` and items.
        catalogue: the site's definitions.
        wave: which wave.
    """
    hidden = {"area": catalogue.site.root_area, "grade": NOT_SHOWN, "gender": NOT_SHOWN}
    found = []
    for name in catalogue.policy.research.quasi_identifiers:
        column = COLUMNS.get(name, name)
        if column not in rows.columns or column in catalogue.policy.research.left_out:
            continue
        values = rows[column].cast(pl.String)
        paths = _paths(name, values.unique().drop_nulls().sort().to_list(), catalogue, wave)
        path, codes = _coded(values, paths)
        found.append(QuasiIdentifier(name, column, path, codes, hidden.get(name)))
    return found


def item_quasi_identifiers(catalogue: Catalogue) -> set[str]:
    """Items among the quasi-identifiers."""
    return set(catalogue.policy.research.quasi_identifiers) - set(DESIGN_QUASI_IDENTIFIERS)


def _paths(
    name: str, values: list[str], catalogue: Catalogue, wave: Wave
) -> Mapping[str, Sequence[str]]:
    """For each value what it can be told as, from the coarsest to itself."""
    if name == "area":
        return {value: _area_path(value, catalogue, wave) for value in values}
    if name == "grade":
        bands = {
            grade: band.id
            for band in catalogue.policy.research.grade_bands
            for grade in band.grades
        }
        return {value: [each for each in (bands.get(value), value) if each] for value in values}
    return {value: [value] for value in values}


def _area_path(area_id: str, catalogue: Catalogue, wave: Wave) -> list[str]:
    """The areas that it lies in, largest first, of levels that may be shown, and itself."""
    levels = {area.id: area.level for area in catalogue.areas.areas}
    allowed = catalogue.policy.research.levels or set(levels.values())
    return [
        each
        for each in reversed(ancestors_on(catalogue.areas, area_id, wave.fieldwork_from))
        if each != catalogue.site.root_area and levels[each] in allowed
    ]


def _coded(values: pl.Series, paths: Mapping[str, Sequence[str]]) -> tuple[Integers, list[str]]:
    """Paths as codes, one row per respondent, and the value of each code."""
    told = sorted({each for path in paths.values() for each in path})
    code = {value: place for place, value in enumerate(told)}
    # One level at least, also where nothing can be told of anyone: a wave that did not ask.
    depth = max([1, *(len(path) for path in paths.values())])
    levels = [
        values.replace_strict(
            {
                value: code[path[level]] if level < len(path) else ENDED
                for value, path in paths.items()
            },
            default=ENDED,
            return_dtype=pl.Int64,
        ).to_numpy()
        for level in range(depth)
    ]
    return np.column_stack(levels), told
