"""Whether the disk has room for a night's work, asked before it begins."""

import errno
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

MEGABYTE = 1_000_000

AT_LEAST = 50 * MEGABYTE
"""Free space for what does not grow with the site: scratch files, records, the status page."""

PER_INPUT_BYTE = 30
"""Of a first build. Project choice: the sample's working file and release together are less than
ten times its exports, .sav files being compressed."""

PER_RELEASE_BYTE = 3
"""Of the current release: the next one aside, the research file, and room to spare."""

PER_WORKING_BYTE = 2
"""Of the working file: the next one aside, and what DuckDB spills while it builds."""


def check_space(folder: Path, working_file: Path, inputs: Iterable[Path]) -> None:
    """Refuse to begin what the disk has no room for.

    Args:
        folder: on the disk that is asked, with ``releases/current`` if there is one.
        working_file: of the last build, there or not.
        inputs: what is read.

    Raises:
        OSError: too little is free; says how much there is and how much is needed.
    """
    current = (folder / "releases" / "current").resolve()
    if working_file.is_file():
        need = PER_WORKING_BYTE * _size(working_file) + PER_RELEASE_BYTE * _size(current)
    else:
        need = PER_INPUT_BYTE * sum(_size(path) for path in inputs)
    need += AT_LEAST
    free = shutil.disk_usage(folder).free
    if free < need:
        raise OSError(
            errno.ENOSPC,
            f"{free // MEGABYTE} MB are free on its disk, a run needs {-(-need // MEGABYTE)} MB",
            str(folder),
        )


def _size(path: Path) -> int:
    """Bytes of a file, or of all files in a folder; 0 if it is not there."""
    if path.is_file():
        return path.stat().st_size
    return sum(
        (Path(folder) / name).lstat().st_size
        for folder, _, names in os.walk(path)
        for name in names
    )
