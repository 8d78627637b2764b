"""How a site stands: what monitoring asks, and the status page shows."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal, NamedTuple

from pipeline.lock import is_held
from pipeline.operations.run_record import DECIDED, Run, last_run, read_runs

State = Literal["fresh", "stale", "held", "failed", "never_run", "no_release"]

EXIT_CODES: dict[State, int] = {
    "fresh": 0,
    "stale": 10,
    "held": 11,
    "failed": 12,
    "never_run": 13,
    "no_release": 14,
}
"""Apart from those of all commands, so that one table holds for both."""

MAX_AGE_HOURS = 26.0
"""A night and two hours: a run that is late is not yet missing. Project choice."""


RELEASE_ID = re.compile(r"[0-9a-f]{16}")


class Held(NamedTuple):
    """A release that waits for a decision."""

    release_id: str
    since: datetime
    reasons: tuple[str, ...]
    """Empty where no record of a run says."""


class Standing(NamedTuple):
    """A site's state. Ages are in hours; null where there is nothing to be of any age."""

    state: State
    current: str | None
    """Id of the release that readers have; null if there is none."""

    current_since: datetime | None
    last: Run | None
    """The newest run that has ended."""

    hours_since_good: float | None
    """Since the newest run that decided something began."""

    held: tuple[Held, ...]
    """Releases that wait for a decision, newest first."""

    is_running: bool
    runs: tuple[Run, ...]
    """All on record, newest first."""


def read_standing(folder: Path, at: datetime, max_age_hours: float = MAX_AGE_HOURS) -> Standing:
    """How the site whose runs write in ``folder`` stands.

    Args:
        folder: as for the nightly run; need not be there.
        at: now.
        max_age_hours: the newest good run may be this old.
    """
    is_running = is_held(folder)
    runs = [run for _, run in read_runs(folder)]
    if not is_running:
        for run in runs:
            # Its lock is free, so it is dead; the next run puts it on record.
            run.outcome = "killed" if run.outcome == "running" else run.outcome
    last = last_run(runs, lambda run: run.outcome != "running")
    good = last_run(runs, lambda run: run.outcome in DECIDED)
    hours = (at - datetime.fromisoformat(good.started)) / timedelta(hours=1) if good else None
    current = current_release(folder)
    held = _held(runs, folder)
    was_promoted = last_run(runs, lambda run: run.outcome == "promoted") is not None
    state: State
    if last is None:
        state = "never_run"
    elif was_promoted and current is None:
        state = "no_release"
    elif last.outcome not in DECIDED:
        state = "failed"
    # A run in the future was timed by a wrong clock; its age says nothing.
    elif hours is None or not -1 <= hours <= max_age_hours:
        state = "stale"
    else:
        state = "held" if held else "fresh"
    since = _since(folder) if current else None
    return Standing(state, current, since, last, hours, held, is_running, tuple(runs))


def current_release(folder: Path) -> str | None:
    """Id of the release that readers have; null if the pointer leads to none."""
    release = folder / "releases" / "current"
    return release.resolve().name if (release / "manifest.json").is_file() else None


def _since(folder: Path) -> datetime:
    return datetime.fromtimestamp((folder / "releases" / "current").lstat().st_mtime, UTC)


def _held(runs: Sequence[Run], folder: Path) -> tuple[Held, ...]:
    """Releases that lie in the folder of the held, with what is on record of them."""
    by_id = {run.release_id: run for run in reversed(runs) if run.outcome == "held"}
    lying = sorted((folder / "held").glob("*")) if (folder / "held").is_dir() else []
    found = [
        Held(path.name, datetime.fromtimestamp(path.stat().st_mtime, UTC), _reasons(by_id, path))
        for path in lying
        if RELEASE_ID.fullmatch(path.name)
    ]
    return tuple(sorted(found, key=lambda each: each.since, reverse=True))


def _reasons(by_id: Mapping[str | None, Run], path: Path) -> tuple[str, ...]:
    run = by_id.get(path.name)
    return tuple(run.reasons) if run else ()
