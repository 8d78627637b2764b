"""The command line as a person meets it: a process with an exit code and two streams."""

import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from pipeline import REPOSITORY

UPPVAXT = [sys.executable, "-c", "from pipeline.cli import main; main()"]


class Ended(NamedTuple):
    """A command that has ended."""

    code: int
    out: str
    err: str


def uppvaxt(*arguments: str | Path, folder: Path = REPOSITORY) -> Ended:
    """Run a command in a clone; whatever happens, no person may be shown a traceback."""
    done = subprocess.run(
        [*UPPVAXT, *map(str, arguments)],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    for stream in (done.stdout, done.stderr):
        assert "Traceback" not in stream
        assert "nanobind" not in stream
    return Ended(done.returncode, done.stdout, done.stderr)
