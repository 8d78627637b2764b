"""Release notes: which published figures are not as they were."""

from pathlib import Path

import polars as pl

from pipeline.release.layout import Layout
from pipeline.web import changes
from tests.release.conftest import (
    Release,
    made_catalogue,
    no_documents,
    release,
    small_catalogue,
    small_site,
)
from tests.release.made_release import some_pupils

__all__ = ["made_catalogue", "no_documents", "release", "small_catalogue", "small_site"]


def figures(*rows: tuple[int, str, str, int | None]) -> pl.DataFrame:
    """Wave, area, status and per cent."""
    return pl.DataFrame(
        [
            {"wave": wave, "area_id": area, "grade": "all", "gender": "all", "measure_id": "m"}
            | {"status": status, "n": 30, "percent": share, "percent_lower": share}
            | {"percent_upper": share, "is_unreliable": False}
            for wave, area, status, share in rows
        ],
        schema_overrides={
            "percent": pl.Int64,
            "percent_lower": pl.Int64,
            "percent_upper": pl.Int64,
        },
    )


def test_changed_new_and_gone_figures_are_told_apart() -> None:
    before = figures(
        (2025, "same", "shown", 40),
        (2025, "moved", "shown", 40),
        (2025, "hidden", "shown", 40),
        (2025, "still_hidden", "suppressed", None),
        (2025, "gone", "shown", 40),
    )
    after = figures(
        (2025, "same", "shown", 40),
        (2025, "moved", "shown", 41),
        (2025, "hidden", "suppressed", None),
        (2025, "still_hidden", "suppressed", None),
        (2027, "same", "shown", 40),
    )
    changed, added, n_gone = changes.compare(before, after)
    assert changed["area_id"].to_list() == ["moved", "hidden"]
    assert added["wave"].to_list() == [2027]
    assert n_gone == 1


def test_notes_follow_the_ledger_newest_first(release: Release, tmp_path: Path) -> None:
    first = release(some_pupils(2023, norr=60, soder=60)).release_id
    pupils = some_pupils(2023, norr=60, soder=60) | some_pupils(2025, norr=60, soder=60)
    second = release(pupils).release_id
    newer, older = changes.notes_of(Layout(tmp_path / "out"), second)
    assert (older.release_id, older.before, older.is_current) == (first, None, False)
    assert (newer.release_id, newer.before, newer.is_current) == (second, first, True)
    assert (newer.n_changed, newer.n_gone) == (0, 0)
    assert newer.n_added == sum(each.n_figures for each in newer.moved) == 9
    assert {each.wave for each in newer.moved} == {2025}
    assert {each.area_id for each in newer.moved} == {"kommun", "norr", "soder"}


def test_a_release_that_is_held_is_not_told_of(release: Release, tmp_path: Path) -> None:
    first = release(some_pupils(2023, norr=60, soder=60)).release_id
    held = release(some_pupils(2023, norr=61, soder=60))
    assert held.state == "held"
    [note] = changes.notes_of(Layout(tmp_path / "out"), first)
    assert note.release_id == first
