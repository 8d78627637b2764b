"""Whether what was published is still what was published; and going back to what was."""

import os
import stat
from pathlib import Path

from pipeline.definitions.reading import nearest
from pipeline.errors import DisclosureError, UsageError
from pipeline.release.cells import load_cells
from pipeline.release.decision import Outcome, require_reason, require_role
from pipeline.release.layout import PUBLIC_FOLDER, Layout, current_id, releases_in, sole_writer
from pipeline.release.ledger import (
    PROMOTIONS,
    START,
    Entry,
    Line,
    append_line,
    id_before,
    ledger_problems,
    promoted_lines,
    published_id,
    read_ledger,
)
from pipeline.release.manifest import MANIFEST, misfits, read_manifest
from pipeline.release.promotion import mend, show


def verify(path: Path) -> list[str]:
    """Every way in which a release, or a site's whole folder, differs from what was written.

    Args:
        path: a release; the pointer to the current one; or the folder that holds releases and
            ledger. With the ledger in reach, an exchanged manifest is seen as well.

    Returns:
        One sentence each, naming the file; empty if nothing was changed.

    Raises:
        UsageError: ``path`` is neither.
    """
    if (path / "releases").is_dir():
        return _site_problems(Layout(path))
    folder = path.resolve()
    layout = Layout(folder.parent.parent)
    is_in_place = folder.parent in (layout.releases, layout.held)
    if not is_in_place and not (folder / MANIFEST).exists():
        raise UsageError(f"{path}: is no release; expected a folder with {MANIFEST}.")
    if not (is_in_place and os.access(layout.lines, os.R_OK)):
        return _release_problems(folder, None)
    problems = ledger_problems(layout)
    return problems or _release_problems(folder, _line_of(read_ledger(layout), folder.name))


def _line_of(lines: list[Line], release_id: str) -> Line | None:
    with_folder = (*PROMOTIONS, "held")
    found = [
        line
        for line in lines
        if line.entry.release_id == release_id and line.entry.decision in with_folder
    ]
    return found[-1] if found else None


def _release_problems(folder: Path, line: Line | None) -> list[str]:
    manifest = line.entry.hashes.get("manifest") if line else None
    problems = misfits(folder, manifest_sha256=manifest)
    stated = read_manifest(folder).get("release_id")
    if stated and stated != folder.name and line:
        problems.append(f"{folder / MANIFEST}: is of release {stated}")
    mode = stat.S_IMODE(folder.stat().st_mode) if folder.is_dir() else PUBLIC_FOLDER
    if mode != PUBLIC_FOLDER and folder.parent.name == "releases":
        problems.append(f"{folder}: has the mode {mode:04o}; expected {PUBLIC_FOLDER:04o}")
    return problems


def _site_problems(layout: Layout) -> list[str]:
    if problems := ledger_problems(layout):
        return problems
    lines = read_ledger(layout)
    digests = {START, *(line.digest for line in lines)}
    promoted = promoted_lines(lines)
    found = releases_in(layout.releases)
    problems = [
        f"{layout.releases / each}: is missing" for each in sorted(set(promoted) - set(found))
    ]
    for release_id in found:
        folder = layout.releases / release_id
        if release_id not in promoted:
            problems.append(
                f"{folder}: the ledger has no decision about it; its end may be cut off"
            )
            continue
        problems += _release_problems(folder, promoted[release_id])
        problems += _cells_problems(layout, promoted[release_id])
        head = read_manifest(folder).get("ledger_head")
        if head is not None and head not in digests:
            problems.append(f"{layout.lines}: lacks the line that {folder / MANIFEST} follows")
    target, current = published_id(lines), current_id(layout)
    if target != current:
        problems.append(f"{layout.current}: leads to {current}; the ledger says {target}")
    return problems


def _cells_problems(layout: Layout, line: Line) -> list[str]:
    try:
        load_cells(layout, line.entry.release_id, line.entry.hashes["cells"])
    except DisclosureError as error:
        return [str(error)]
    return []


def rollback(folder: Path, release_id: str | None, *, by: str, reason: str) -> Outcome:
    """Let readers see an earlier release again, if it is still what it was.

    Args:
        folder: where releases and the ledger lie.
        release_id: of one that has been published; null: the one before the current one.
        by: role of whoever decides.
        reason: why.

    Raises:
        UsageError: there is no such release.
        DisclosureError: it was changed.
    """
    require_role(by)
    require_reason(reason)
    layout = Layout(folder)
    with sole_writer(layout):
        lines = mend(layout)
        target = _target(layout, lines, release_id)
        line = promoted_lines(lines)[target]
        if problems := _release_problems(layout.releases / target, line):
            raise DisclosureError("\n".join([f"release {target} was changed:", *problems]))
        if target == published_id(lines):
            return Outcome(target, "unchanged")
        append_line(
            layout,
            Entry("rolled_back", "rollback", by, release_id=target, reason=reason.strip()),
        )
        show(layout, target)
        return Outcome(target, "promoted")


def _target(layout: Layout, lines: list[Line], release_id: str | None) -> str:
    known = [each for each in promoted_lines(lines) if (layout.releases / each).is_dir()]
    if release_id is None:
        before = id_before(lines)
        if before not in known:
            raise UsageError(f"{layout.releases}: holds no release before the current one.")
        return before
    if release_id not in known:
        listed = ", ".join(known) or "none"
        near = nearest(release_id, known)
        raise UsageError(f"no release {release_id!r} has been published{near}. Releases: {listed}.")
    return release_id
