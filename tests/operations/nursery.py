"""Nights that begin at once: forked from a process that has loaded everything and done nothing.

Loading takes most of a night of a small site, and nothing is written meanwhile: kills then would
prove nothing. ``python -m tests.operations.nursery [made]`` reads a site's path a line, runs a
night on it, and tells its process and how it ended.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from pipeline import REPOSITORY
from pipeline.commands.operations import app
from pipeline.commands.terminal import run
from tests.operations import made_release


class Nursery(NamedTuple):
    """The process that nights are forked from."""

    process: "subprocess.Popen[str]"

    def begin(self, site: Path) -> int:
        """Begin a night; its process."""
        self._write(str(site))
        return int(self._read())

    def wait_for(self, pid: int, stage: str) -> None:
        """Return when a night says that a stage begins, or that it has ended without it."""
        assert self.process.stderr
        has_begun = False
        for line in self.process.stderr:
            # What stands before is of nights that nobody waited for.
            has_begun = has_begun or line == f"Begun {pid}\n"
            if has_begun and line.startswith((stage, "Ended")):
                return

    def kill(self, pid: int) -> bool:
        """Kill a night if it has not ended; whether it was killed."""
        os.kill(pid, signal.SIGKILL)
        return self.end() == -signal.SIGKILL

    def end(self) -> int:
        """Exit code of the night; negative: the signal that killed it."""
        # Only now may its process be forgotten: before, another could have been given its number.
        self._write("")
        return int(self._read())

    def _write(self, line: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()

    def _read(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline()


@contextmanager
def nursery(*arguments: str) -> Iterator[Nursery]:
    """A nursery that lives as long as the block."""
    process = subprocess.Popen(  # noqa: S603 - what runs is this repository
        [sys.executable, "-m", "tests.operations.nursery", *arguments],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield Nursery(process)
    finally:
        process.kill()
        process.communicate()


def main() -> None:
    """Fork a night for every line; its end is told when an empty line asks for it."""
    if sys.argv[1:] == ["made"]:
        made_release.install()
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.argv = ["uppvaxt", "nightly", "--site", line.strip()]
            sys.stderr.write(f"Begun {os.getpid()}\n")
            _leave(run(app))
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()
        sys.stdin.readline()
        _, status = os.waitpid(pid, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _leave(code: int) -> None:
    sys.stderr.write("Ended\n")
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
