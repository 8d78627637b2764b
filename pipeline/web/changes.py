"""Which figures of a release are not those of the one before, from what both have published."""

from typing import NamedTuple

import duckdb
import polars as pl

from pipeline import warehouse
from pipeline.release.layout import Layout
from pipeline.release.ledger import PROMOTIONS, Line, read_ledger
from pipeline.web.released import DATABASE

KEYS = ("wave", "area_id", "grade", "gender", "measure_id")
SHOWN = ("status", "n", "percent", "percent_lower", "percent_upper", "is_unreliable")


class Moved(NamedTuple):
    """Figures of an area and wave that are not as they were."""

    wave: int
    area_id: str
    n_figures: int
    measures: tuple[str, ...]
    """Their ids."""


class Note(NamedTuple):
    """What the page of releases says of one of them."""

    release_id: str
    day: str
    """ISO 8601: when it was first seen by everyone."""

    is_current: bool
    before: str | None
    """The release it is set beside; null where none is left."""

    is_there: bool
    """Whether the release still lies where it was, so that it can be compared."""

    n_changed: int
    n_added: int
    n_gone: int
    moved: tuple[Moved, ...]


def notes_of(layout: Layout, current: str) -> tuple[Note, ...]:
    """Every release that has been seen by everyone, newest first.

    Raises:
        DisclosureError: the ledger is not as it was written.
    """
    lines = _first_seen(read_ledger(layout))
    shown = {
        release: _figures(layout, release)
        for release in lines
        if (layout.releases / release / DATABASE).is_file()
    }
    notes = []
    before: str | None = None
    for release, line in lines.items():
        notes.append(_note(release, line, current, before, shown))
        before = release if release in shown else before
    return tuple(reversed(notes))


def compare(before: pl.DataFrame, after: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, int]:
    """The figures that both have but not alike, those that are new, and how many are gone.

    Args:
        before: columns of ``KEYS`` and ``SHOWN``.
        after: the same.
    """
    both = after.join(before, on=KEYS, how="inner", suffix="_before")
    differs = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}_before")) for name in SHOWN)
    added = after.join(before, on=KEYS, how="anti")
    gone = before.join(after, on=KEYS, how="anti").height
    return both.filter(differs).select(KEYS), added.select(KEYS), gone


def _first_seen(lines: list[Line]) -> dict[str, Line]:
    """The line that first promoted each release, oldest first."""
    found: dict[str, Line] = {}
    for line in lines:
        if line.entry.decision in PROMOTIONS:
            found.setdefault(line.entry.release_id, line)
    return found


def _figures(layout: Layout, release: str) -> pl.DataFrame:
    path = layout.releases / release / DATABASE
    with warehouse.connect(path, read_only=True) as connection:
        return _select(connection)


def _select(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    return warehouse.read(connection, "estimate", *KEYS).select(*KEYS, *SHOWN)


def _note(
    release: str, line: Line, current: str, before: str | None, shown: dict[str, pl.DataFrame]
) -> Note:
    day = line.time.partition("T")[0]
    is_there = release in shown
    if before is None or not is_there:
        return Note(release, day, release == current, before, is_there, 0, 0, 0, ())
    changed, added, n_gone = compare(shown[before], shown[release])
    moved = _moved(pl.concat([changed, added]))
    return Note(
        release,
        day,
        release == current,
        before,
        is_there,
        changed.height,
        added.height,
        n_gone,
        moved,
    )


def _moved(rows: pl.DataFrame) -> tuple[Moved, ...]:
    grouped = (
        rows.group_by("wave", "area_id")
        .agg(pl.len().alias("n_figures"), pl.col("measure_id").unique().sort())
        .sort(pl.col("wave"), "area_id", descending=[True, False])
    )
    return tuple(
        Moved(wave, area, n, tuple(measures)) for wave, area, n, measures in grouped.iter_rows()
    )
