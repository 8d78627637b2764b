"""One file for each run: what it did, when, with what, and how it ended. No personal data."""

import json
import os
import platform
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter, ValidationError, field_validator

from pipeline.files import write_whole
from pipeline.operations.writing import RUNS
from pipeline.sources import library_versions

Outcome = Literal["running", "promoted", "held", "unchanged", "failed", "killed"]

DECIDED: frozenset[Outcome] = frozenset({"promoted", "held", "unchanged"})
"""Outcomes after which the same inputs need not be tried again."""

KEEP = 400
"""Records that are kept: more than a year of nights. Project choice."""

KEPT_ALWAYS: frozenset[Outcome] = frozenset({"promoted", "held"})
"""Of these the newest is kept, however old: the state of the site follows from it."""


@dataclass
class Run:
    """A record. Times are UTC, ISO 8601."""

    number: int
    """1 for the first run of a folder; the order of runs, also where a clock was set back."""

    command: str
    pid: int
    started: str
    ended: str | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    """Wall time by step, in the order of the steps."""

    fingerprints: dict[str, str] = field(default_factory=dict)
    """SHA-256 by part: inputs, definitions, policy, code, documents, libraries."""

    changed: list[str] = field(default_factory=list)
    """Parts that differ from those of the last run that decided something."""

    outcome: Outcome = "running"
    release_id: str | None = None
    """The release that was promoted, held, or found to be the same."""

    reasons: list[str] = field(default_factory=list)
    """Why it was held."""

    error: dict[str, str] | None = None
    """``class`` and ``message`` of what stopped it."""

    exit_code: int | None = None
    versions: dict[str, str] = field(default_factory=dict)

    @field_validator("started", "ended")
    @classmethod
    def _is_a_time(cls, stated: str | None) -> str | None:
        if stated is not None and datetime.fromisoformat(stated).tzinfo is None:
            raise ValueError("has no time zone")
        return stated

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Measure what is done within."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = round(time.perf_counter() - began, 3)


RECORD = TypeAdapter(Run)


def begin_run(folder: Path, command: str) -> Run:
    """A new run, on record from now on; records of runs that were killed are ended first."""
    earlier = read_runs(folder)
    for path, run in earlier:
        if run.outcome == "running":
            # Whoever holds the lock is alone, so nobody else is running.
            run.outcome = "killed"
            _write(path, run)
    run = Run(
        number=1 + max((run.number for _, run in earlier), default=0),
        command=command,
        pid=os.getpid(),
        started=now(),
        versions=_versions(),
    )
    (folder / RUNS).mkdir(parents=True, exist_ok=True)
    _write(_path(folder, run), run)
    return run


def end_run(folder: Path, run: Run) -> None:
    """Put on record how a run ended, and delete records that are too old."""
    run.ended = now()
    _write(_path(folder, run), run)
    _prune(folder)


def read_runs(folder: Path) -> list[tuple[Path, Run]]:
    """All records that can be read, newest first, with their files."""
    found = []
    for path in (folder / RUNS).glob("[0-9]*.json"):
        # A power failure may leave an empty file; it says nothing.
        with suppress(FileNotFoundError, ValidationError):
            found.append((path, RECORD.validate_json(path.read_bytes())))
    return sorted(found, key=lambda each: each[1].number, reverse=True)


def last_run(runs: list[Run], is_wanted: Callable[[Run], bool]) -> Run | None:
    """The newest run that is wanted; null if there is none."""
    return next((run for run in runs if is_wanted(run)), None)


def now() -> str:
    """The time, UTC, as records state it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _path(folder: Path, run: Run) -> Path:
    began = datetime.fromisoformat(run.started)
    return folder / RUNS / f"{began:%Y%m%dT%H%M%SZ}-{run.pid}.json"


def _write(path: Path, run: Run) -> None:
    write_whole(path, json.dumps({"format": 1} | asdict(run), ensure_ascii=False, indent=2) + "\n")


def _prune(folder: Path) -> None:
    seen: set[str] = set()
    for place, (path, run) in enumerate(read_runs(folder)):
        is_newest = run.outcome in KEPT_ALWAYS and run.outcome not in seen
        seen.add(run.outcome)
        if place >= KEEP and not is_newest:
            path.unlink(missing_ok=True)


def _versions() -> dict[str, str]:
    return {
        "uppvaxt": version("uppvaxt"),
        "python": platform.python_version(),
        "jinja2": version("jinja2"),
    } | library_versions()
