"""What takes long to make is made once in a run of the tests, however many processes run them."""

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest


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
    run = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        # Each process has a folder of its own within that of the run.
        run = run.parent
    folder, is_made = run / f"shared_{name}", run / f"shared_{name}.made"
    with (run / f"shared_{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not is_made.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            is_made.touch()
    return folder
