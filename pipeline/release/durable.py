"""Files and folders that are whole or not there, also after a kill or a power cut."""

import os
import stat
from pathlib import Path

from pipeline.files import sync
from pipeline.release.layout import (
    PRIVATE_FILE,
    PUBLIC_FILE,
    PUBLIC_FOLDER,
    UNFINISHED,
)


def write_file(path: Path, content: bytes) -> None:
    """Write a file that is not there yet, readable by nobody else.

    Raises:
        OSError: it is there, or cannot be written whole.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    with os.fdopen(os.open(path, flags, PRIVATE_FILE), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def replace_file(path: Path, content: bytes) -> None:
    """Write a file readable by nobody else, in place of what was there, in one step."""
    unfinished = path.with_name(f"{UNFINISHED}{os.getpid()}-{path.name}")
    try:
        write_file(unfinished, content)
        os.replace(unfinished, path)  # noqa: PTH105 - one call of the operating system
        sync(path.parent)
    finally:
        unfinished.unlink(missing_ok=True)


def seal(folder: Path) -> None:
    """Make a finished folder final: on the disk, for everyone to read, for nobody to write.

    The folder itself stays closed to others until ``open_to_all``.
    """
    for path in sorted(folder.rglob("*")):
        os.chmod(path, PUBLIC_FOLDER if path.is_dir() else PUBLIC_FILE)  # noqa: PTH101
        sync(path)
    sync(folder)


def open_to_all(folder: Path) -> None:
    """Let everyone into a sealed folder."""
    if stat.S_IMODE(folder.stat().st_mode) != PUBLIC_FOLDER:
        os.chmod(folder, PUBLIC_FOLDER)  # noqa: PTH101 - one call of the operating system
        sync(folder)


def move_folder(source: Path, target: Path) -> None:
    """Rename a folder, on the disk when this returns."""
    os.rename(source, target)  # noqa: PTH104 - one call of the operating system
    sync(target.parent)
    sync(source.parent)


def point(link: Path, target: str) -> None:
    """Let the symbolic link lead to ``target`` beside it: readers see the old one or the new."""
    unfinished = link.with_name(f"{UNFINISHED}{os.getpid()}-{link.name}")
    os.symlink(target, unfinished)  # noqa: PTH211 - one call of the operating system
    try:
        os.replace(unfinished, link)  # noqa: PTH105
        sync(link.parent)
    finally:
        unfinished.unlink(missing_ok=True)
