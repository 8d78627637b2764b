"""The steps by which a release comes to be seen, each whole, in an order that a kill cannot mix up.

The ledger goes before what it says: first the line, then the pointer. Whatever a killed run left
undone is done, or cleared away, by the next.
"""

import stat
from pathlib import Path

from pipeline.errors import DisclosureError
from pipeline.files import remove
from pipeline.release.durable import move_folder, open_to_all, point
from pipeline.release.layout import PUBLIC_FOLDER, UNFINISHED, Layout, current_id, releases_in
from pipeline.release.ledger import (
    Entry,
    Line,
    append_line,
    last_about,
    mend_ledger,
    promoted_lines,
    published_id,
    read_ledger,
)


def promote(layout: Layout, source: Path, entry: Entry) -> None:
    """Let everyone see a finished folder.

    Args:
        layout: where to.
        source: the folder, sealed, closed to others; or the release itself, seen before.
        entry: the decision.
    """
    target = layout.releases / entry.release_id
    if source != target:
        if target.exists():
            # What was there did not pass verification, or the ledger does not know it.
            remove(target)
        move_folder(source, target)
    append_line(layout, entry)
    show(layout, entry.release_id)


def show(layout: Layout, release_id: str) -> None:
    """Let readers follow the pointer to a release that the ledger says they are to see."""
    open_to_all(layout.releases / release_id)
    if current_id(layout) != release_id:
        point(layout.current, release_id)


def hold(layout: Layout, source: Path, entry: Entry) -> None:
    """Put a finished folder where it waits for a decision; one that waited before gives way."""
    target = layout.held / entry.release_id
    if target.exists():
        remove(target)
    move_folder(source, target)
    append_line(layout, entry)
    for superseded in set(releases_in(layout.held)) - {entry.release_id}:
        remove(layout.held / superseded)
        layout.cells(superseded).unlink(missing_ok=True)


def mend(layout: Layout) -> list[Line]:
    """Finish or clear away what a killed run left; return the ledger.

    Raises:
        DisclosureError: the ledger was changed, or a release is public that it does not know.
    """
    mend_ledger(layout)
    lines = read_ledger(layout)
    for folder in (layout.releases, layout.held, layout.ledger):
        for debris in sorted(folder.glob(f"{UNFINISHED}*")):
            remove(debris)
    _return_unpromoted(layout, lines)
    for release_id in releases_in(layout.held):
        if not _is_held(lines, release_id):
            remove(layout.held / release_id)
    known = {*promoted_lines(lines), *releases_in(layout.held)}
    for cells in layout.ledger.glob("cells_*.parquet"):
        if cells.stem.removeprefix("cells_") not in known:
            remove(cells)
    target = published_id(lines)
    if target and (layout.releases / target).is_dir():
        show(layout, target)
    return lines


def _return_unpromoted(layout: Layout, lines: list[Line]) -> None:
    """Take back releases that were moved to their place, but not decided upon."""
    promoted = promoted_lines(lines)
    for release_id in releases_in(layout.releases):
        folder = layout.releases / release_id
        if release_id in promoted:
            continue
        if stat.S_IMODE(folder.stat().st_mode) == PUBLIC_FOLDER:
            raise DisclosureError(
                f"{folder}: is public, but the ledger has no decision about it; "
                "put the ledger back, or take the folder away."
            )
        if _is_held(lines, release_id):
            move_folder(folder, layout.held / release_id)
        else:
            remove(folder)


def _is_held(lines: list[Line], release_id: str) -> bool:
    last = last_about(lines, release_id)
    return last is not None and last.entry.decision == "held"
