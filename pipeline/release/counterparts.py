"""Tables of an earlier release that a new one has under another wave or measure.

The name of a wave or measure is the site's to choose; who answered what is not. A table that lost
its name, or whose name now stands for other answers, is looked for by its counts.
"""

from collections.abc import Mapping
from typing import NamedTuple

import polars as pl

from pipeline.release.cells import KEYS

TABLE = ("wave", "measure_id")
"""Cells that are protected together."""

PLACE = ("area_id", "grade", "gender")

FIXED = "respondents"
"""The one measure of true counts whose name is no site's to choose."""

ONE_OF = 10
"""Cells are alike where counts move by no more than one of so many respondents."""

LEAST_ALIKE = 0.5
"""Share of the cells of two tables that are alike, at least, for the tables to be so."""


class Renamed(NamedTuple):
    """A table of the new release with the one of an earlier release that it is like."""

    wave: int
    measure_id: str
    wave_old: int
    measure_id_old: str

    @property
    def said(self) -> str:
        """What looks like what."""
        pairs = ((self.wave, self.wave_old), (self.measure_id, self.measure_id_old))
        return " and ".join(f"{new} looks like its {old}" for new, old in pairs if new != old)


class Likeness(NamedTuple):
    """How alike two tables are; the greater, the more."""

    share: float
    """Of the cells that are alike."""

    nearness: float
    """Below 0 by how far n and k move together, in the mean."""

    @property
    def is_enough(self) -> bool:
        """Whether the tables may be one."""
        return self.share >= LEAST_ALIKE


def renamed_tables(new: pl.DataFrame, old: pl.DataFrame, min_changed: int) -> list[Renamed]:
    """The tables of the new release that an earlier one probably has under another name.

    Args:
        new: cells of the new release, see ``cells.read_cells``.
        old: cells of an earlier one.
        min_changed: counts that move by fewer, and by no more than a tenth, are alike.

    Returns:
        At most one for each table of the new release, the most alike; sorted. Tables that both
        have by name, with most cells alike, are not among them.
    """
    telling_new, telling_old = (_telling(each, min_changed) for each in (new, old))
    found = []
    for wave, wave_old in _waves_beside(telling_new, telling_old, min_changed):
        if wave != wave_old:
            both = _measures(new, wave) & _measures(old, wave_old)
            found += [Renamed(wave, each, wave_old, each) for each in both]
        measures = _counterparts(
            _tables(telling_new.filter(pl.col("measure_id") != FIXED, wave=wave), "measure_id"),
            _tables(telling_old.filter(pl.col("measure_id") != FIXED, wave=wave_old), "measure_id"),
            PLACE,
            min_changed,
        )
        found += [Renamed(wave, one, wave_old, other) for one, other in measures.items()]
    # Of two, the last: a wave's own name says less than its answers, and so does a measure's.
    return sorted({(each.wave, each.measure_id): each for each in found}.values())


def under_new_names(old: pl.DataFrame, renamed: list[Renamed]) -> pl.DataFrame:
    """The cells of an earlier release's tables that were found, as the new release names them.

    Args:
        old: cells of the earlier release.
        renamed: what ``renamed_tables`` found.

    Returns:
        As ``old``, unique by ``KEYS``, with ``said``: what looks like what.
    """
    names = pl.DataFrame(
        [(*each, each.said) for each in renamed],
        {
            "wave_new": pl.Int64,
            "measure_id_new": pl.String,
            "wave": pl.Int64,
            "measure_id": pl.String,
            "said": pl.String,
        },
        orient="row",
    )
    return (
        old.join(names, on=TABLE)
        .drop(TABLE)
        .rename({f"{each}_new": each for each in TABLE})
        .select(*old.columns, "said")
    )


def _telling(cells: pl.DataFrame, min_changed: int) -> pl.DataFrame:
    """True counts of so many that they do not agree by chance alone."""
    return cells.filter(slack=0).filter(pl.col("n") >= min_changed).select(*KEYS, "n", "k")


def _waves_beside(new: pl.DataFrame, old: pl.DataFrame, min_changed: int) -> list[tuple[int, int]]:
    """Waves that both have, and those that are alike under two numbers; the latter last."""
    waves_new, waves_old = _tables(new, "wave"), _tables(old, "wave")
    on = (*PLACE, "measure_id")
    alike = _counterparts(waves_new, waves_old, on, min_changed)
    same = sorted(waves_new.keys() & waves_old.keys())
    return [
        (int(one), int(other)) for one, other in [*zip(same, same, strict=True), *alike.items()]
    ]


def _counterparts(
    new: Mapping[str, pl.DataFrame],
    old: Mapping[str, pl.DataFrame],
    on: tuple[str, ...],
    min_changed: int,
) -> dict[str, str]:
    """Names in the new release, each with the name in the old that it is most like.

    Only those whose name is new or stands for other answers are looked for, among those whose
    name is gone or stands for other answers.
    """
    kept = {
        each
        for each in new.keys() & old.keys()
        if _likeness(new[each], old[each], on, min_changed).is_enough
    }
    found = {}
    for one in sorted(new.keys() - kept):
        likenesses = {
            other: _likeness(new[one], old[other], on, min_changed)
            for other in sorted(old.keys() - kept - {one})
        }
        alike = [other for other, likeness in likenesses.items() if likeness.is_enough]
        if alike:
            found[one] = max(alike, key=likenesses.__getitem__)
    return found


def _likeness(
    new: pl.DataFrame, old: pl.DataFrame, on: tuple[str, ...], min_changed: int
) -> Likeness:
    """How alike two tables are.

    Places are told by their ids; where no id is in both, by their order of size.
    """
    pairs = new.join(old, on=on, suffix="_old")
    if pairs.is_empty():
        within = [each for each in on if each != "area_id"]
        by_size = pl.col("n").rank("ordinal", descending=True).over(within)
        pairs = new.with_columns(area_id=by_size).join(
            old.with_columns(area_id=by_size), on=on, suffix="_old"
        )
    if pairs.is_empty():
        return Likeness(0.0, 0.0)
    moves = [(pl.col(each) - pl.col(f"{each}_old")).abs() for each in ("n", "k")]
    most = (pl.max_horizontal("n", "n_old") // ONE_OF).clip(upper_bound=min_changed - 1)
    share, mean = pairs.select(
        share=pl.all_horizontal(each <= most for each in moves).mean(),
        mean=pl.sum_horizontal(moves).mean(),
    ).row(0)
    return Likeness(share, -mean)


def _tables(cells: pl.DataFrame, name: str) -> dict[str, pl.DataFrame]:
    return {str(key): rows for (key,), rows in cells.group_by(name)}


def _measures(cells: pl.DataFrame, wave: int) -> set[str]:
    return set(cells.filter(wave=wave)["measure_id"])
