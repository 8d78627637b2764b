"""The order in which a release is made: aside, audited, compared, then promoted or held."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import polars as pl

from pipeline import warehouse
from pipeline.definitions.catalogue import Catalogue
from pipeline.errors import DisclosureError, UsageError
from pipeline.files import remove
from pipeline.release.audit import CHECKS, Audited, audit
from pipeline.release.cells import read_cells, write_cells
from pipeline.release.decision import (
    MAKER,
    Approval,
    Outcome,
    approve,
    require_role,
    speaks_against,
)
from pipeline.release.identity import Origin, origin_of
from pipeline.release.layout import UNFINISHED, Layout, sole_writer
from pipeline.release.ledger import (
    POINTING,
    START,
    Entry,
    Line,
    last_about,
    promoted_lines,
    published_id,
)
from pipeline.release.making import make_release, require_space
from pipeline.release.manifest import MANIFEST, Manifest, digest, misfits
from pipeline.release.promotion import hold, mend, promote

Progress = Callable[[str], None]

BY_HAND = "held by hand"


class Asked(NamedTuple):
    """What is to be released, by whom."""

    catalogue: Catalogue
    working_file: Path
    origin: Origin
    by: str
    is_held: bool
    progress: Progress


def publish(
    catalogue: Catalogue,
    working_file: Path,
    folder: Path,
    *,
    approval: Approval | None,
    progress: Progress,
    by: str = MAKER,
    is_held: bool = False,
) -> Outcome:
    """Make a release of the working file, unless it is there, and let it be seen or held.

    Args:
        catalogue: the site's definitions, which the working file was built from.
        working_file: the site's build, with ``published.*`` and ``disclosure.cell``.
        folder: where releases and the ledger lie.
        approval: promotes the held release it names, instead of making one.
        progress: told in one sentence what begins.
        by: role of whoever makes it.
        is_held: whether it is to wait for a decision, whatever the comparison says.

    Raises:
        DisclosureError: an audit has findings, the ledger was changed, what is private can be
            read by others, or the current release is this one and was changed; nothing was
            promoted.
        UsageError: no such release is held, or a role or reason is missing.
        BusyError: another run is releasing.
        OSError: the disk is full, or writing fails otherwise; nothing was promoted.
    """
    require_role(by)
    layout = Layout(folder)
    with sole_writer(layout):
        lines = mend(layout)
        if approval:
            return approve(layout, lines, approval, catalogue)
        origin = origin_of(catalogue, working_file)
        settled = _settled(layout, lines, origin.release_id, is_held=is_held)
        if settled:
            return settled
        seen = promoted_lines(lines).get(origin.release_id)
        if seen and not _problems(layout, seen):
            entry = seen.entry._replace(decision="promoted", command="release", role=by)
            promote(layout, layout.releases / origin.release_id, entry)
            return Outcome(origin.release_id, "promoted")
        require_space(layout, working_file)
        try:
            asked = Asked(catalogue, working_file, origin, by, is_held, progress)
            return _release(layout, lines, asked)
        except BaseException:
            # A kill leaves this to the next run.
            for debris in layout.releases.glob(f"{UNFINISHED}*"):
                remove(debris)
            raise


def _settled(
    layout: Layout, lines: list[Line], release_id: str, *, is_held: bool
) -> Outcome | None:
    """What became of this very release before, if there is nothing left to do about it."""
    last = last_about(lines, release_id)
    if last is None:
        return None
    if is_held and release_id in promoted_lines(lines):
        raise UsageError(f"release {release_id}: has been published; `uppvaxt rollback` goes back.")
    if release_id == published_id(lines) and (layout.releases / release_id).is_dir():
        if problems := _problems(layout, promoted_lines(lines)[release_id]):
            head = (
                f"release {release_id}: is what readers see, and not as it was published; put it "
                "back from the backup, or take the folder away and it is made again:"
            )
            raise DisclosureError("\n".join([head, *(f"  {each}" for each in problems)]))
        return Outcome(release_id, "unchanged")
    if last.entry.decision == "held" and (layout.held / release_id).is_dir():
        return Outcome(release_id, "held", last.entry.reasons)
    pointing = [each for each in lines if each.entry.decision in POINTING]
    was_gone_back = bool(pointing) and pointing[-1].entry.decision == "rolled_back"
    if was_gone_back and release_id in promoted_lines(lines):
        reason = f"it was gone back from; `uppvaxt rollback {release_id}` shows it again"
        return Outcome(release_id, "held", (reason,))
    return None


def _problems(layout: Layout, line: Line) -> list[str]:
    """Ways in which a release is not as it was published, each naming the file."""
    folder = layout.releases / line.entry.release_id
    return misfits(folder, manifest_sha256=line.entry.hashes["manifest"])


def _release(layout: Layout, lines: list[Line], asked: Asked) -> Outcome:
    """Make, audit, compare and decide."""
    catalogue, origin = asked.catalogue, asked.origin
    head = lines[-1].digest if lines else START
    manifest = Manifest(origin, catalogue.site.id, head)
    made = make_release(catalogue, asked.working_file, layout, manifest, asked.progress)
    asked.progress("Auditing")
    audit(Audited(catalogue, asked.working_file, made), CHECKS)
    with warehouse.connect(asked.working_file, read_only=True) as connection:
        cells = read_cells(connection, catalogue.policy.public.round_counts)
    reasons = speaks_against(layout, lines, origin.release_id, cells, catalogue)
    if asked.is_held and not reasons:
        reasons = (BY_HAND,)
    kept = {
        "manifest": digest(made / MANIFEST),
        "cells": write_cells(layout, origin.release_id, cells),
    }
    entry = Entry(
        decision="held" if reasons else "promoted",
        command="release --hold" if asked.is_held else "release",
        role=asked.by,
        release_id=origin.release_id,
        reasons=reasons,
        hashes={"build": origin.build} | origin.parts | kept,
        suppressed=_suppressed(cells),
    )
    if reasons:
        hold(layout, made, entry)
        return Outcome(origin.release_id, "held", reasons)
    promote(layout, made, entry)
    return Outcome(origin.release_id, "promoted")


def _suppressed(cells: pl.DataFrame) -> dict[str, int]:
    """Number of cells hidden for each reason."""
    reasons = Counter(str(reason) for reason in cells["reason"] if reason)
    return dict(sorted(reasons.items()))
