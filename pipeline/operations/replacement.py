"""Several files replaced as if at once: after a kill, the next run carries it through.

New files are written beside the old ones. Then a journal says that it is decided; from there on
whoever comes next finishes the work. Before, whoever comes next takes the new files away.
"""

import errno
import json
import os
import shutil
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.errors import DisclosureError, UsageError
from pipeline.files import remove, sync

JOURNAL = ".erasing.json"
BESIDE = ".erasing-"
"""Begins the name of a new file that is not yet in its place."""


class Erasure(NamedTuple):
    """What is said of an erasure: nothing that points at the respondent."""

    wave: int
    role: str
    reason: str


class Replacement(NamedTuple):
    """What is to be done once it is decided."""

    files: dict[Path, bytes]
    """New content by file. Each file is there."""

    forgotten: list[Path]
    """Files and folders to delete."""

    ledger: Path
    """Folder of the ledger's site."""

    erasure: Erasure


def beside(path: Path) -> Path:
    """Where the new content of a file lies until it is decided.

    An export keeps its ending, by which it is read; a definition must not be taken for one.
    """
    ending = ".new" if path.suffix == ".yml" else ""
    return path.with_name(f"{BESIDE}{path.name}{ending}")


def write_beside(site: Path, files: dict[Path, bytes]) -> None:
    """Write new files beside the old ones, readable by as many as these.

    Raises:
        OSError: one cannot be written; none is left.
    """
    try:
        for path, content in files.items():
            new = beside(path)
            with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            shutil.copymode(path, new)
    except OSError:
        clear_beside(site)
        raise


def clear_beside(site: Path) -> None:
    """Delete new files of which nothing was decided."""
    for path in list(site.rglob(f"{BESIDE}*")):
        remove(path)


def decide(site: Path, replacement: Replacement) -> None:
    """Carry it through. New files lie beside the old ones: see ``write_beside``.

    Raises:
        UppvaxtError: the ledger refuses its line; nothing is changed.
        OSError: the journal or the ledger's line cannot be written; nothing is changed. If the
            line could be, it is decided, and the next run carries it through.
    """
    journal = site / JOURNAL
    decided = {
        "token": uuid.uuid4().hex,
        "files": [str(path) for path in replacement.files],
        "forgotten": [str(path) for path in replacement.forgotten],
        "ledger": str(replacement.ledger),
        "erasure": replacement.erasure._asdict(),
    }
    unfinished = site / f"{BESIDE}journal"
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
            file.write(json.dumps(decided).encode())
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(journal)
    except OSError:
        clear_beside(site)
        raise
    sync(site)
    try:
        _record(decided)
    except Exception:
        if not _is_recorded(decided):
            journal.unlink()
            clear_beside(site)
        raise
    finish_erasure(site)


def finish_erasure(site: Path) -> bool:
    """Carry through what an earlier run decided and did not finish; take away what it did not.

    Returns:
        Whether anything had been decided.

    Raises:
        UsageError: this user may not.
    """
    journal = site / JOURNAL
    is_decided = journal.exists()
    try:
        if is_decided:
            _finish(site, journal)
        else:
            clear_beside(site)
    except OSError as error:
        if error.errno not in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise
        raise UsageError(
            f"{site}: an erasure was interrupted, and this user cannot finish it: "
            f"{error.strerror}. Whoever began it finishes it with `uppvaxt build`."
        ) from None
    return is_decided


def _finish(site: Path, journal: Path) -> None:
    decided = json.loads(journal.read_bytes())
    _record(decided)
    for path in map(Path, decided["files"]):
        with suppress(FileNotFoundError):
            beside(path).replace(path)
        sync(path.parent)
    for path in map(Path, decided["forgotten"]):
        remove(path)
    clear_beside(site)
    journal.unlink()
    sync(site)


def is_unfinished(site: Path) -> bool:
    """Whether an erasure was decided that a later run must carry through."""
    return (site / JOURNAL).exists()


def _record(decided: dict[str, Any]) -> None:
    # Imported here: a night without an erasure must not wait for what reads the ledger.
    from pipeline.operations.erasure_line import record_erasure  # noqa: PLC0415

    erasure = decided["erasure"]
    record_erasure(
        Path(decided["ledger"]), decided["token"], role=erasure["role"], reason=_said(erasure)
    )


def _said(erasure: dict[str, Any]) -> str:
    return f"wave {erasure['wave']}: {erasure['reason']}"


def _is_recorded(decided: dict[str, Any]) -> bool:
    from pipeline.operations.erasure_line import is_recorded  # noqa: PLC0415

    try:
        return is_recorded(Path(decided["ledger"]), decided["token"])
    except DisclosureError:
        # A ledger that is not as it was written has taken no line.
        return False
