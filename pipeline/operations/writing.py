"""What every command that writes in a site's folder does first, and undoes last."""

import errno
import os
import re
import resource
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from pipeline.errors import UsageError
from pipeline.files import PROTECTIONS, remove
from pipeline.lock import is_held_here, site_lock

RUNS = "runs"
"""Folder of the run records."""

ANOTHER_FOLDER = "name another folder with --out"
"""What to do where a folder that is written to refuses it."""

DEBRIS = re.compile(
    r"unfinished-\d+(-scratch|\.duckdb(\.wal|\.tmp)?)"
    r"|\.(status\.html|\d{8}T\d{6}Z-\d+\.json|(respondents|measures)\.json)\.\d+"
)
"""Names of what a run leaves in the folders it works in when it is killed."""


@contextmanager
def writing(folder: Path, command: str, *, work: Path | None = None) -> Iterator[None]:
    """Hold the right to write, with private files and without what killed runs left.

    Until it ends, new files can be read by their owner alone, temporary files (a parser's answers
    among them) lie in ``work``, and a crash writes no memory to disk.

    Args:
        folder: where releases, the ledger, run records and the lock stand; made if not there.
        command: said to whoever comes second.
        work: folder of the working file; null: ``folder/build``.

    Raises:
        BusyError: another run is writing there.
        UsageError: the folder cannot be written to.
        OSError: the disk is full or broken.
    """
    if is_held_here(folder):
        # A command that writes and builds on the way has all this already.
        yield
        return
    work = work or folder / "build"
    with ExitStack() as undone:
        undone.callback(os.umask, os.umask(0o077))
        with _understood(folder):
            folder.mkdir(parents=True, exist_ok=True)
            undone.enter_context(site_lock(folder, command))
        with _understood(work):
            work.mkdir(parents=True, exist_ok=True)
            for each in dict.fromkeys([folder, work, folder / RUNS, work / PROTECTIONS]):
                clear_debris(each)
            undone.enter_context(temporary_files_in(work / f"unfinished-{os.getpid()}-scratch"))
        undone.enter_context(_no_core_dump())
        yield


@contextmanager
def writable(folder: Path, advice: str) -> Iterator[None]:
    """Tell whoever typed the command that a folder refuses files, whatever file it was.

    Args:
        folder: what is written lies in it.
        advice: what to do instead, as the end of a sentence.

    Raises:
        UsageError: a file in ``folder`` could not be written, since nothing can be there.
        OSError: anything else.
    """
    try:
        yield
    except OSError as error:
        refuses = error.errno in (errno.EROFS, errno.EACCES, errno.EPERM)
        if not refuses or not error.filename or not Path(error.filename).is_relative_to(folder):
            raise
        raise UsageError(f"{folder}: cannot be written to: {error.strerror}; {advice}.") from None


def clear_debris(folder: Path) -> None:
    """Delete what killed runs left in a folder. Only for the holder of the lock."""
    for path in folder.iterdir() if folder.is_dir() else ():
        if DEBRIS.fullmatch(path.name):
            remove(path)


@contextmanager
def _understood(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG):
            raise
        raise UsageError(
            f"{folder}: cannot be written to: {error.strerror}; {ANOTHER_FOLDER}."
        ) from None


@contextmanager
def _no_core_dump() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_CORE, (soft, hard))


@contextmanager
def temporary_files_in(scratch: Path) -> Iterator[None]:
    """Let temporary files lie in a folder of their own, which is made and, at the end, deleted."""
    scratch.mkdir(mode=0o700)
    before = tempfile.tempdir
    tempfile.tempdir = str(scratch)
    try:
        yield
    finally:
        tempfile.tempdir = before
        # What is left is found by the next run.
        with suppress(OSError):
            remove(scratch)
