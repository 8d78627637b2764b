"""Files written whole, on the disk, and removed; and a folder's name."""

import os
import shutil
from pathlib import Path

PROTECTIONS = "protections"
"""Folder beside the working file: what was found to protect tables, so that those that did not
change are not solved again. It holds true counts' bounds, and is as secret as that file."""


def write_whole(path: Path, content: str | bytes) -> None:
    """Write ``content`` beside ``path`` and move it there; an interrupted write leaves no part."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        unfinished.write_bytes(content if isinstance(content, bytes) else content.encode())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Return when what ``path`` holds, a file's content or a folder's names, is on the disk."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def remove(path: Path) -> None:
    """Remove a file, a link or a folder with all in it, also where it was made read-only."""
    if path.is_symlink() or not path.is_dir():
        path.unlink(missing_ok=True)
        return
    for folder, _, _ in os.walk(path):
        os.chmod(folder, 0o700)  # noqa: PTH101 - one call of the operating system
    shutil.rmtree(path)
