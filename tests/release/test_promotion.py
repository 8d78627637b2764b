"""What a killed run left is finished or cleared away; what the ledger does not know is not seen."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.errors import DisclosureError
from pipeline.release.durable import seal
from pipeline.release.layout import UNFINISHED, Layout, current_id, releases_in, sole_writer
from pipeline.release.ledger import Decision, Entry, append_line, read_ledger
from pipeline.release.promotion import hold, mend, promote

FIRST, SECOND, THIRD = (f"{number:016x}" for number in (1, 2, 3))


@pytest.fixture
def layout(tmp_path: Path) -> Iterator[Layout]:
    layout = Layout(tmp_path / "out")
    with sole_writer(layout):
        yield layout


def finished(layout: Layout, content: str = "made") -> Path:
    folder = layout.releases / f"{UNFINISHED}1"
    folder.mkdir(mode=0o700)
    (folder / "manifest.json").write_text(content, "utf-8")
    seal(folder)
    return folder


def entry(decision: Decision, release_id: str) -> Entry:
    return Entry(decision, "release", "nightly", release_id)


def cells(layout: Layout, release_id: str) -> Path:
    path = layout.cells(release_id)
    path.write_bytes(b"counts")
    return path


def decisions(layout: Layout) -> list[tuple[str, str]]:
    return [(line.entry.decision, line.entry.release_id) for line in read_ledger(layout)]


def test_a_promoted_release_is_written_down_and_pointed_to(layout: Layout) -> None:
    promote(layout, finished(layout), entry("promoted", FIRST))
    assert current_id(layout) == FIRST
    assert decisions(layout) == [("promoted", FIRST)]
    assert (layout.releases / FIRST).stat().st_mode & 0o777 == 0o555
    promote(layout, finished(layout), entry("promoted", SECOND))
    # And back: it is where it was.
    promote(layout, layout.releases / FIRST, entry("rolled_back", FIRST))
    assert current_id(layout) == FIRST
    assert releases_in(layout.releases) == [FIRST, SECOND]


def test_a_release_takes_the_place_of_one_of_its_name_that_did_not_pass(layout: Layout) -> None:
    promote(layout, finished(layout, "damaged"), entry("promoted", FIRST))
    promote(layout, finished(layout, "anew"), entry("promoted", FIRST))
    assert (layout.current / "manifest.json").read_text("utf-8") == "anew"


def test_one_release_waits_at_a_time(layout: Layout) -> None:
    kept = []
    for release_id in (FIRST, SECOND):
        kept.append(cells(layout, release_id))
        hold(layout, finished(layout, release_id), entry("held", release_id))
    assert releases_in(layout.held) == [SECOND]
    assert [each.exists() for each in kept] == [False, True]
    assert decisions(layout) == [("held", FIRST), ("held", SECOND)]
    hold(layout, finished(layout, "anew"), entry("held", SECOND))
    assert (layout.held / SECOND / "manifest.json").read_text("utf-8") == "anew"
    assert current_id(layout) is None


def test_what_nobody_finished_is_cleared_away(layout: Layout) -> None:
    promote(layout, finished(layout), entry("promoted", FIRST))
    known = cells(layout, FIRST)
    unknown = cells(layout, SECOND)
    finished(layout)
    for folder in (layout.held, layout.ledger):
        (folder / f"{UNFINISHED}2-file").write_bytes(b"x")
    lines = mend(layout)
    assert [line.entry.release_id for line in lines] == [FIRST]
    left = [path.name for folder in (layout.releases, layout.held, layout.ledger)
            for path in folder.iterdir()]  # fmt: skip
    assert not [name for name in left if name.startswith(UNFINISHED)]
    assert (known.exists(), unknown.exists()) == (True, False)
    assert current_id(layout) == FIRST


def test_a_line_that_a_full_disk_cut_short_is_taken_away(layout: Layout) -> None:
    promote(layout, finished(layout), entry("promoted", FIRST))
    whole = layout.lines.read_bytes()
    layout.lines.write_bytes(whole + b'{"command": "rele')
    assert [line.entry.release_id for line in mend(layout)] == [FIRST]
    assert layout.lines.read_bytes() == whole


def test_what_was_moved_but_not_decided_upon_is_taken_back(layout: Layout) -> None:
    finished(layout).rename(layout.releases / FIRST)
    finished(layout).rename(layout.held / SECOND)
    mend(layout)
    assert (releases_in(layout.releases), releases_in(layout.held)) == ([], [])
    # One that waits was being approved when the run was killed: it waits again.
    kept = cells(layout, THIRD)
    hold(layout, finished(layout), entry("held", THIRD))
    (layout.held / THIRD).rename(layout.releases / THIRD)
    mend(layout)
    assert (releases_in(layout.releases), releases_in(layout.held)) == ([], [THIRD])
    assert kept.exists()


def test_what_was_decided_is_carried_out(layout: Layout) -> None:
    promote(layout, finished(layout), entry("promoted", FIRST))
    finished(layout).rename(layout.releases / SECOND)
    append_line(layout, entry("promoted", SECOND))
    mend(layout)
    assert current_id(layout) == SECOND
    # Held, and then approved under another name: no longer waiting.
    hold(layout, finished(layout), entry("held", THIRD))
    append_line(layout, entry("approved", THIRD))
    mend(layout)
    assert releases_in(layout.held) == []
    # Its folder is gone: readers keep the one they have.
    assert current_id(layout) == SECOND


def test_a_public_release_that_the_ledger_does_not_know_stops_everything(layout: Layout) -> None:
    folder = finished(layout)
    folder.chmod(0o555)
    folder.rename(layout.releases / FIRST)
    with pytest.raises(DisclosureError, match="is public, but the ledger has no decision about it"):
        mend(layout)
    assert (layout.releases / FIRST).exists()
