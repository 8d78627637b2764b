"""Where releases lie, who may read what, and which release is the current one."""

import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import DisclosureError
from pipeline.lock import site_lock

RELEASE_ID = re.compile(r"[0-9a-f]{16}")
UNFINISHED = ".unfinished-"
"""Begins the name of whatever is not yet in its place; the next run removes it."""

PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600
PUBLIC_FOLDER, PUBLIC_FILE = 0o555, 0o444
OWN_FOLDER = 0o755


class Layout(NamedTuple):
    """A site's folder of releases."""

    folder: Path

    @property
    def releases(self) -> Path:
        """Promoted releases, for everyone to read."""
        return self.folder / "releases"

    @property
    def current(self) -> Path:
        """The pointer that readers follow."""
        return self.releases / "current"

    @property
    def held(self) -> Path:
        """The release that waits for a decision, for nobody else to read."""
        return self.folder / "held"

    @property
    def ledger(self) -> Path:
        """What was decided, and the true counts behind it, for nobody else to read."""
        return self.folder / "ledger"

    @property
    def lines(self) -> Path:
        """The ledger itself, one decision a line."""
        return self.ledger / "ledger.jsonl"

    @property
    def head(self) -> Path:
        """How long the ledger is at least, and the hash of that line."""
        return self.ledger / "head.json"

    def cells(self, release_id: str) -> Path:
        """True counts of a release."""
        return self.ledger / f"cells_{release_id}.parquet"


def current_id(layout: Layout) -> str | None:
    """Id of the release that readers see; null if there is none."""
    try:
        return layout.current.readlink().name
    except FileNotFoundError:
        return None


def releases_in(folder: Path) -> list[str]:
    """Ids of the releases that lie in ``folder``, sorted."""
    if not folder.is_dir():
        return []
    return sorted(path.name for path in folder.iterdir() if RELEASE_ID.fullmatch(path.name))


@contextmanager
def sole_writer(layout: Layout) -> Iterator[None]:
    """Make the folders and keep every other writer out; the kernel lets go when a process dies.

    Raises:
        BusyError: another run is at work here.
        DisclosureError: what is private can be read by others.
    """
    if not layout.releases.is_dir():
        layout.releases.mkdir(parents=True)
        # Whoever may write here could exchange the pointer.
        layout.releases.chmod(OWN_FOLDER)
    for folder in (layout.ledger, layout.held):
        # The mode is set on making: there is no moment at which others may enter.
        folder.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
    with site_lock(layout.folder, "release"):
        _require_private(layout)
        yield


def _require_private(layout: Layout) -> None:
    wide = []
    for path in (layout.ledger, layout.held, *sorted(layout.ledger.iterdir())):
        mode = stat.S_IMODE(path.lstat().st_mode)
        expected = PRIVATE_FOLDER if path.is_dir() else PRIVATE_FILE
        if path.is_symlink() or mode & ~expected:
            wide.append(f"  {path}: has the mode {mode:04o}; expected {expected:04o}")
    if wide:
        raise DisclosureError("\n".join(["what is private can be read by others:", *wide]))
