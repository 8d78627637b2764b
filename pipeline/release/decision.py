"""Who decides what about a release, and what speaks against it."""

import re
from typing import Literal, NamedTuple

import polars as pl

from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.reading import nearest
from pipeline.errors import DisclosureError, UsageError
from pipeline.release.cells import load_cells
from pipeline.release.differencing import hold_reasons
from pipeline.release.layout import Layout, releases_in
from pipeline.release.ledger import Line, last_about, promoted_lines
from pipeline.release.manifest import misfits
from pipeline.release.promotion import promote

MAKER = "nightly"
"""Role of whoever runs unattended."""

ROLE = re.compile(r"[^\W_][\w .-]{0,59}")
MAX_REASON = 500


class Approval(NamedTuple):
    """A person's decision that a held release may be seen."""

    release_id: str
    role: str
    reason: str


class Outcome(NamedTuple):
    """What became of a release."""

    release_id: str
    state: Literal["promoted", "held", "unchanged"]
    reasons: tuple[str, ...] = ()
    """Why it was held; of one that was approved, what was overridden."""


def require_role(role: str) -> None:
    """Refuse what is no role.

    Raises:
        UsageError: it is empty, or longer than a role.
    """
    if not ROLE.fullmatch(role):
        raise UsageError("--by: expected a role in at most 60 letters, e.g. --by analyst.")


def require_reason(reason: str) -> None:
    """Refuse a decision without a reason.

    Raises:
        UsageError: there is none, or it is not one line.
    """
    if not reason.strip() or len(reason) > MAX_REASON or not reason.isprintable():
        raise UsageError(f"--reason: expected one line of at most {MAX_REASON} characters.")


def speaks_against(
    layout: Layout, lines: list[Line], release_id: str, cells: pl.DataFrame, catalogue: Catalogue
) -> tuple[str, ...]:
    """Why a release must not follow those that have been seen, every one of them.

    Raises:
        DisclosureError: the true counts of an earlier release are missing or were changed.
    """
    earlier = {
        each: load_cells(layout, each, line.entry.hashes["cells"])
        for each, line in promoted_lines(lines).items()
        if each != release_id
    }
    return hold_reasons(
        cells,
        earlier,
        min_changed=catalogue.policy.public.min_changed,
        root_area=catalogue.site.root_area,
    )


def approve(layout: Layout, lines: list[Line], approval: Approval, catalogue: Catalogue) -> Outcome:
    """Promote the held release that a second person has approved.

    Raises:
        UsageError: no such release is held, or role or reason are missing.
        DisclosureError: whoever made it approves it; it was changed since; or more speaks against
            it now than when it was held.
    """
    require_role(approval.role)
    require_reason(approval.reason)
    held = _held_line(layout, lines, approval.release_id)
    if approval.role.casefold() == held.entry.role.casefold():
        raise DisclosureError(
            f"release {held.entry.release_id}: was made by the role {held.entry.role!r}; "
            "expected the approval of another."
        )
    folder = layout.held / held.entry.release_id
    if problems := misfits(folder, manifest_sha256=held.entry.hashes["manifest"]):
        raise DisclosureError("\n".join(["the held release was changed:", *problems]))
    cells = load_cells(layout, held.entry.release_id, held.entry.hashes["cells"])
    reasons = speaks_against(layout, lines, held.entry.release_id, cells, catalogue)
    if new := [each for each in reasons if each not in held.entry.reasons]:
        lines_of = "\n".join(f"  {each}" for each in new)
        raise DisclosureError(
            f"release {held.entry.release_id}: more speaks against it than when it was held; "
            f"release anew and decide on that:\n{lines_of}"
        )
    entry = held.entry._replace(
        decision="approved",
        command="release --approve",
        role=approval.role,
        reason=approval.reason.strip(),
        reasons=reasons,
    )
    promote(layout, folder, entry)
    return Outcome(entry.release_id, "promoted", reasons)


def _held_line(layout: Layout, lines: list[Line], release_id: str) -> Line:
    known = releases_in(layout.held)
    line = last_about(lines, release_id) if release_id in known else None
    if line is None:
        held = f"held is {', '.join(known)}" if known else "none is held"
        near = nearest(release_id, known)
        raise UsageError(f"no release {release_id!r} is held{near}; {held}.")
    return line
