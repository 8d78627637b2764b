"""One writer at a time: the kernel's lock on a file that is never deleted.

The kernel frees the lock when its holder ends, however it ends; what stands in the file is only
there to be read by people.
"""

import fcntl
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline.errors import BusyError

LOCK_FILE = "uppvaxt.lock"

MAX_BYTES = 2_000
"""More than this is not read of what a holder says of itself."""

GRACE_SECONDS = 0.1
"""A lock in the way for less is no run but somebody asking for one: see ``is_held``."""

_held: dict[Path, int] = {}
"""Descriptors of the locks this process holds, by folder."""


@contextmanager
def site_lock(folder: Path, command: str) -> Iterator[None]:
    """Hold the only right to write in ``folder``. Within it, holding it again is nothing new.

    Args:
        folder: where what is derived stands; must be there.
        command: said to whoever comes second.

    Raises:
        BusyError: another process holds it. Nothing is waited for.
        OSError: the lock file cannot be made.
    """
    place = folder.resolve()
    if place in _held:
        yield
        return
    descriptor = _locked(folder / LOCK_FILE)
    _held[place] = descriptor
    try:
        os.ftruncate(descriptor, 0)
        # A full disk must not stop what makes room on it.
        with suppress(OSError):
            os.write(descriptor, _about_this_run(command))
        yield
    finally:
        # In a forked worker it is closed already, and its number may be another file's.
        if _held.pop(place, None) is not None:
            with suppress(OSError):
                os.ftruncate(descriptor, 0)
            os.close(descriptor)


def is_held_here(folder: Path) -> bool:
    """Whether this very process holds the lock of ``folder``."""
    return folder.resolve() in _held


def is_held(folder: Path) -> bool:
    """Whether a run is writing in ``folder`` now; asked without being in any run's way for long."""
    try:
        descriptor = os.open(folder / LOCK_FILE, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _locked(path: Path) -> int:
    """Descriptor of the lock file, locked.

    Raises:
        BusyError: another process holds it.
    """
    give_up = time.monotonic() + GRACE_SECONDS
    while True:
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        descriptor = os.open(path, flags, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Somebody may have deleted the file; a later run would then lock a new one.
            if _is_at(descriptor, path):
                return descriptor
        except BlockingIOError:
            if time.monotonic() > give_up:
                said = _said_by_holder(descriptor)
                os.close(descriptor)
                raise BusyError(_busy(path.parent, said)) from None
            time.sleep(0.01)
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _is_at(descriptor: int, path: Path) -> bool:
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(descriptor), path.stat())
    return False


def _about_this_run(command: str) -> bytes:
    about = {
        "pid": os.getpid(),
        "host": socket.gethostname(),
        "since": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": command,
    }
    return json.dumps(about).encode()


def _said_by_holder(descriptor: int) -> dict[str, Any]:
    """What the holder wrote; empty if it has not written, or it is nothing that can be read."""
    try:
        said = json.loads(os.pread(descriptor, MAX_BYTES, 0))
    except (OSError, ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _busy(folder: Path, said: dict[str, Any]) -> str:
    """Who is in the way, as far as they say so themselves: anyone might have written there."""
    words = [
        f"{name} {shown}"
        for name in ("command", "pid", "host", "since")
        if (shown := "".join(c for c in str(said.get(name, ""))[:60] if c.isprintable()))
    ]
    who = f" ({', '.join(words)})" if words else ""
    return f"{folder}: another run is writing there{who}; try again when it has ended."


def _close_in_child() -> None:
    """A forked worker must not keep the lock of a parent that was killed."""
    for descriptor in _held.values():
        with suppress(OSError):
            os.close(descriptor)
    _held.clear()


os.register_at_fork(after_in_child=_close_in_child)
