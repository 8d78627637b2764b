"""Killed at any instant: readers have a whole release, old or new; the next run needs no help.

``KILLS`` says how many are killed: 8 here, 200 by ``make kills``, which also has the real
publisher make the releases.
"""

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from pipeline import REPOSITORY
from tests.operations.night import (
    PUBLISHER,
    change,
    leftovers,
    night,
    outcomes,
    records,
    start_night,
)
from tests.operations.nursery import Nursery, nursery

KILLS = int(os.environ.get("KILLS", "8"))

EVERY = 4
"""After how many tries a run is let to its end; each run begins where a killed one ended."""


def test_readers_never_meet_anything_but_a_whole_release(released: Path) -> None:
    chance = random.Random(KILLS)  # noqa: S311 - repeatable, not secret
    n_killed, n_after, n_tried = 0, 0, 0
    with nursery(PUBLISHER) as nights, reader(released / "releases") as read:
        whole = let_one_end(nights, released)
        # Some end before they can be killed; they count as nothing.
        while n_killed < KILLS and n_tried < 4 * KILLS:
            n_killed += kill_one(nights, released, n_tried, chance, whole)
            n_tried += 1
            if n_tried % EVERY == 0:
                whole = let_one_end(nights, released)
                n_after += 1
            if n_tried % 20 == 0:
                sys.stderr.write(f"{n_killed} of {n_tried} killed, {n_after} runs after them\n")
    sys.stderr.write(f"{read['n_reads']} reads of {len(read['met'])} releases\n")
    assert read["wrong"] == []
    assert read["n_reads"] > KILLS
    assert len(read["met"]) > 1
    assert n_killed == KILLS


class Whole(NamedTuple):
    """How long a night takes that nobody kills."""

    seconds: float
    releasing: float


def let_one_end(nights: Nursery, site: Path) -> Whole:
    """A night after a kill needs no help, and leaves nothing."""
    change(site)
    began = time.monotonic()
    nights.wait_for(nights.begin(site), "Writing documents")
    assert nights.end() == 0
    seconds = time.monotonic() - began
    assert leftovers(site) == []
    assert outcomes(site)[-1] in ("promoted", "unchanged")
    assert "running" not in outcomes(site)
    return Whole(seconds, records(site)[-1]["seconds"]["publish"])


def kill_one(nights: Nursery, site: Path, trial: int, chance: random.Random, whole: Whole) -> bool:
    """Kill a night at a random moment: every other time while it releases, which is short."""
    change(site)
    pid = nights.begin(site)
    if trial % 2:
        nights.wait_for(pid, "Writing documents")
        time.sleep(chance.uniform(0, whole.releasing))
    else:
        time.sleep(chance.uniform(0, whole.seconds * 0.9))
    return nights.kill(pid)


@contextmanager
def reader(releases: Path) -> Iterator[dict[str, Any]]:
    """Reads all the while; what it met is there afterwards."""
    reading = subprocess.Popen(  # noqa: S603 - what runs is this repository
        [sys.executable, "-m", "tests.operations.reader", str(releases)],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    read: dict[str, Any] = {}
    try:
        yield read
    finally:
        said, _ = reading.communicate()
        read |= json.loads(said)


def test_a_reader_sees_what_is_wrong(released: Path) -> None:
    # Whoever sees nothing in the test above must be able to see.
    current = (released / "releases" / "current").resolve()
    with reader(released / "releases") as read:
        time.sleep(0.5)
        page = next((current / "documents").iterdir())
        page.chmod(0o600)
        page.write_text("half a pa", "utf-8")
        (released / "releases" / "current").unlink()
        time.sleep(1)
    assert f"documents/{page.name}: not what the manifest states" in read["wrong"] or any(
        "FileNotFoundError" in each for each in read["wrong"]
    )


def test_a_killed_run_is_on_record_as_killed(released: Path) -> None:
    change(released)
    running = start_night(released)
    assert running.stderr
    running.stderr.readline()
    running.kill()
    running.communicate()
    assert outcomes(released) == ["promoted", "running"]
    assert leftovers(released) != []
    assert night(released).code == 0
    assert outcomes(released) == ["promoted", "killed", "promoted"]
    assert leftovers(released) == []
