"""An erasure that is killed just before its n-th call that changes the disk.

Run as ``python -m tests.operations.killed_erasure <pickled catalogue> <site> <id> <n>``; ends with
9 if it was killed, with 0 if there were not so many calls.
"""

import os
import pickle
import sys
from pathlib import Path
from typing import Any

from pipeline.definitions.catalogue import Catalogue
from pipeline.ingest import parser, reader
from pipeline.operations.erase import erase

CHANGING = {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.chmod", "os.truncate", "os.link"}
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC


class Killer:
    """Counts calls that change the site, and ends the process before one of them."""

    def __init__(self, site: str, last: int) -> None:
        self.site, self.left = site, last

    def hear(self, event: str, arguments: tuple[object, ...]) -> None:
        is_change = event in CHANGING
        if event == "open":
            flags = arguments[2]
            is_change = isinstance(flags, int) and bool(flags & WRITING)
        # Names within a folder that is open come without it, as when a tree is deleted.
        where = str(arguments[0]) if is_change else ""
        if is_change and (where.startswith(self.site) or "/" not in where):
            self.count()

    def count(self) -> None:
        self.left -= 1
        if self.left == 0:
            os._exit(9)


def parsed(path: Path, order: dict[str, Any]) -> dict[str, Any]:
    """A file parsed without a process of its own."""
    assert path.is_file()
    return parser._parse(order)


def main() -> None:
    stored, site, respondent, last = sys.argv[1:]
    catalogue: Catalogue = pickle.loads(Path(stored).read_bytes())  # noqa: S301 - made by the test
    reader._parse_in_child = parsed
    killer = Killer(str(Path(site).resolve()), int(last))
    sync = os.fsync

    def counted_sync(fd: Any) -> None:
        killer.count()
        sync(fd)

    os.fsync = counted_sync
    sys.addaudithook(killer.hear)
    erase(
        catalogue._replace(folder=Path(site)),
        respondent,
        None,
        role="controller",
        reason="asked to",
        folder=Path(site),
        build=Path(site) / "build",
    )
    os._exit(0)


if __name__ == "__main__":
    main()
