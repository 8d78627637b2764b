"""The command line as a person meets it: a process with an exit code and two streams."""

import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from pipeline import REPOSITORY

UPPVAXT = "import sys; sys.argv[0] = 'uppvaxt'; from pipeline.start import main; main()"


class Ended(NamedTuple):
    """A command that has ended."""

    code: int
    out: str
    err: str


def uppvaxt(
    *arguments: str | Path,
    folder: Path = REPOSITORY,
    program: str = UPPVAXT,
    environment: dict[str, str] | None = None,
    max_file_bytes: int = resource.RLIM_INFINITY,
    typed: str = "",
) -> Ended:
    """Run a command; whatever happens, no person may be shown Python's own report of it.

    Args:
        arguments: after ``uppvaxt``.
        folder: the clone to run in.
        program: Python that starts the command.
        environment: variables to add.
        max_file_bytes: a file cannot grow beyond this, as on a full disk.
        typed: what stands on standard input.
    """

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (max_file_bytes, max_file_bytes))

    done = subprocess.run(  # noqa: S603 - what runs is this repository
        [sys.executable, "-c", program, *map(str, arguments)],
        cwd=folder,
        env=os.environ | (environment or {}),
        preexec_fn=limit,
        input=typed,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    for stream in (done.stdout, done.stderr):
        assert "Traceback" not in stream
        assert "nanobind" not in stream
    return Ended(done.returncode, done.stdout, done.stderr)
