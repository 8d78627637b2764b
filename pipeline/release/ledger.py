"""The ledger: what was decided about every release, one line each, only ever added to.

Each line holds the hash of the one before, so no line can be changed, moved or taken out without
its being seen. ``head.json`` holds the length, so neither can the last ones. Nothing in it is about
a respondent.
"""

import hashlib
import json
import os
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple

from pipeline.errors import DisclosureError
from pipeline.files import sync
from pipeline.release.durable import replace_file
from pipeline.release.layout import PRIVATE_FILE, Layout

Decision = Literal["promoted", "held", "approved", "rolled_back", "erased"]
START = "0" * 64
"""Stands for the line before the first."""

PROMOTIONS = ("promoted", "approved")
"""After these a release has been seen by everyone."""

POINTING = (*PROMOTIONS, "rolled_back")
"""After these readers see the release that they are about."""


class Entry(NamedTuple):
    """A decision."""

    decision: Decision
    command: str
    role: str
    """Who decided: a role, never a name."""

    release_id: str = ""
    """Empty where the decision is not about a release."""

    reason: str = ""
    """In the words of whoever decided."""

    reasons: tuple[str, ...] = ()
    """Why a release was held; of one that was approved, what was overridden."""

    hashes: dict[str, str] = {}  # noqa: RUF012 - never changed: a default for reading
    """SHA-256 of inputs, definitions, policy, manifest and cells."""

    suppressed: dict[str, int] = {}  # noqa: RUF012
    """Number of suppressed cells by reason."""


class Line(NamedTuple):
    """A decision in the ledger."""

    number: int
    time: str
    """ISO 8601, UTC."""

    digest: str
    """SHA-256 of the line; the next line holds it."""

    entry: Entry


def read_ledger(layout: Layout) -> list[Line]:
    """Every line, oldest first.

    Raises:
        DisclosureError: a line was changed, moved, added or taken out.
    """
    content = _content(layout)
    if problems := _problems(content, _head(layout), layout):
        raise DisclosureError("\n".join(problems))
    return [_line(number, raw) for number, raw in enumerate(content.split(b"\n")[:-1], 1)]


def ledger_problems(layout: Layout) -> list[str]:
    """What is wrong with the ledger, in words; nothing if it is as it was written."""
    return _problems(_content(layout), _head(layout), layout)


def append_line(layout: Layout, entry: Entry) -> Line:
    """Add a decision; on the disk when this returns.

    Raises:
        DisclosureError: the ledger is not as it was written.
    """
    lines = read_ledger(layout)
    if lines and _head(layout)[0] < len(lines):
        # An earlier run ended between its line and the head, which may be one behind, never two.
        _write_head(layout, lines[-1])
    previous = lines[-1].digest if lines else START
    time = clock().isoformat(timespec="seconds")
    content = {"previous": previous, "time": time} | entry._asdict()
    raw = json.dumps(content, ensure_ascii=False, sort_keys=True).encode()
    opened = os.open(layout.lines, os.O_WRONLY | os.O_CREAT | os.O_APPEND, PRIVATE_FILE)
    try:
        # One call: a kill leaves the line whole or absent.
        if os.write(opened, raw + b"\n") != len(raw) + 1:
            raise OSError(28, "no space left for the ledger", str(layout.lines))
        os.fsync(opened)
    finally:
        os.close(opened)
    sync(layout.ledger)
    line = _line(len(lines) + 1, raw)
    _write_head(layout, line)
    return line


def mend_ledger(layout: Layout) -> None:
    """Take away the beginning of a line that a full disk cut short; it was never acted upon.

    Whatever was cut off a line that had been whole is seen by its head, and stays to be seen.
    """
    content, head = _content(layout), _head(layout)
    whole, newline, rest = content.rpartition(b"\n")
    if not rest or _problems(whole + newline, head, layout):
        return
    with layout.lines.open("r+b") as file:
        file.truncate(len(whole + newline))
        os.fsync(file.fileno())


def clock() -> datetime:
    """Now. The ledger alone knows the time; no figure, document or table does."""
    return datetime.now(UTC)


def _write_head(layout: Layout, line: Line) -> None:
    head = {"lines": line.number, "digest": line.digest}
    replace_file(layout.head, json.dumps(head).encode() + b"\n")


def _content(layout: Layout) -> bytes:
    return layout.lines.read_bytes() if layout.lines.exists() else b""


def _head(layout: Layout) -> tuple[int, str]:
    if not layout.head.exists():
        return (0, START)
    try:
        head = json.loads(layout.head.read_bytes())
        return (int(head["lines"]), str(head["digest"]))
    except (ValueError, KeyError, TypeError):
        return (-1, "")


def _problems(content: bytes, head: tuple[int, str], layout: Layout) -> list[str]:
    raws = content.split(b"\n")
    rest = raws.pop()
    digests = [START, *(hashlib.sha256(raw).hexdigest() for raw in raws)]
    problems = [] if not rest else [f"{layout.lines}: the last line is not whole"]
    for number, (raw, digest) in enumerate(zip(raws, digests, strict=False), 1):
        if _previous(raw) != digest:
            what = f"does not follow from line {number - 1}" if number > 1 else "is not the first"
            problems.append(
                f"{layout.lines}: line {number} {what}: one of them was changed, moved or taken out"
            )
    # A kill between the line and the head leaves the head one behind, never more.
    if len(raws) - head[0] not in (0, 1):
        problems.append(f"{layout.lines}: has {len(raws)} lines, {layout.head.name} another number")
    elif digests[head[0]] != head[1]:
        problems.append(
            f"{layout.lines}: line {head[0]} is not the one that {layout.head.name} has"
        )
    return problems


def _previous(raw: bytes) -> str | None:
    try:
        content = json.loads(raw)
        return str(content["previous"])
    except (ValueError, KeyError, TypeError):
        return None


def _line(number: int, raw: bytes) -> Line:
    content: dict[str, Any] = json.loads(raw)
    known = {field: content[field] for field in Entry._fields}
    entry = Entry(**known | {"reasons": tuple(known["reasons"])})
    return Line(number, str(content["time"]), hashlib.sha256(raw).hexdigest(), entry)


def promoted_lines(lines: list[Line]) -> dict[str, Line]:
    """Every release that has been seen by everyone, by its id, with the last such decision."""
    return {line.entry.release_id: line for line in lines if line.entry.decision in PROMOTIONS}


def published_id(lines: list[Line]) -> str | None:
    """Id of the release that readers are to see; null before the first."""
    pointing = [line for line in lines if line.entry.decision in POINTING]
    return pointing[-1].entry.release_id if pointing else None


def id_before(lines: list[Line]) -> str | None:
    """Id of the release that going back one step leads to; null if there is none.

    Going back again leads further back, not forward again.
    """
    steps: list[str] = []
    for line in lines:
        release_id = line.entry.release_id
        if line.entry.decision == "rolled_back" and release_id in steps:
            while steps[-1] != release_id:
                steps.pop()
        elif line.entry.decision in POINTING and steps[-1:] != [release_id]:
            # The same again: its folder was made anew.
            steps.append(release_id)
    return steps[-2] if len(steps) > 1 else None


def last_about(lines: list[Line], release_id: str) -> Line | None:
    """The last decision about a release; null if there was none."""
    return next((line for line in reversed(lines) if line.entry.release_id == release_id), None)
