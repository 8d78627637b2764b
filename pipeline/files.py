"""Writing a file so that readers see the old one or the new one, whole; and a folder's name."""

import os
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
