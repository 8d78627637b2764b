"""Tests run in a copy of the checkout, in a process that leaves nothing behind."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

SCRATCH = "../scratch"
"""Folder beside the copy that tests write in."""

OPTIONS = (
    *("-p", "bench.mutant_plugin", "-p", "no:cacheprovider", "-p", "no:xdist"),
    *("--hypothesis-profile=mutants", f"--basetemp={SCRATCH}", "-q", "-x"),
)
FEWER = {"RANDOM_TABLES": "10", "RANDOM_SITES": "2", "REAL_DATA": "none"}
"""Less of what is made by chance: more mistakes can be tried in the same time."""


class Ended(NamedTuple):
    """A process that has ended, or was ended."""

    code: int | None
    """None: it did not end by itself."""

    out: str


def copied(checkout: Path, folder: Path) -> Path:
    """A copy of a checkout without what git ignores, in a folder of its own."""
    ignored = [line.rstrip("/") for line in (checkout / ".gitignore").read_text("utf-8").split()]
    shutil.copytree(
        checkout, folder / "copy", ignore=shutil.ignore_patterns(".git", *ignored), symlinks=True
    )
    return folder / "copy"


def run(
    checkout: Path,
    arguments: list[str],
    *,
    environment: Mapping[str, str],
    limit: float | None = None,
) -> Ended:
    """Run a module of Python's in a copy, for so many seconds at most."""
    shutil.rmtree(checkout / SCRATCH, ignore_errors=True)
    log = checkout / "log.txt"
    with log.open("wb") as out:
        process = subprocess.Popen(  # noqa: S603 - the copy's own tests
            [sys.executable, "-m", *arguments],
            cwd=checkout,
            env=os.environ | {"PYTHONPATH": str(checkout)} | FEWER | dict(environment),
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            code: int | None = process.wait(limit)
        except subprocess.TimeoutExpired:
            code = None
        finally:
            _end(process)
    return Ended(code, log.read_text("utf-8", "replace"))


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process and all that it has started."""
    try:
        os.killpg(process.pid, 9)
    except ProcessLookupError:
        return
    finally:
        process.wait()
