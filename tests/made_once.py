"""What takes long to make is made once in a run of the tests, however many processes run them."""

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

MADE_BEFORE = "MADE_BEFORE"
"""Names a folder of an earlier run whose folders are used as they are. ``bench/mutants.py`` sets it
where what it tries has no part in making them."""

SHARED = "shared_"


def made_once(
    tmp_path_factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]
) -> Path:
    """A folder of the whole run, filled by whoever asks first; read, never changed.

    Args:
        tmp_path_factory: of the process that asks.
        name: of the folder; nothing else may have it.
        make: fills the folder, which is there and empty. The others wait meanwhile; if it fails,
            the next tries anew.
    """
    made_before = Path(os.environ.get(MADE_BEFORE, os.devnull)) / f"{SHARED}{name}"
    if made_before.exists():
        return made_before
    run = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        # Each process has a folder of its own within that of the run.
        run = run.parent
    folder, is_made = run / f"{SHARED}{name}", run / f"{SHARED}{name}.made"
    with (run / f"{SHARED}{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not is_made.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            is_made.touch()
    return folder
