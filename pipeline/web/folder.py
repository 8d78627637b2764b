"""The folder of pages: written aside, moved into place whole, never in place of something else."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import UsageError
from pipeline.processes import is_running_elsewhere

MARKER = "uppvaxt-site.json"
"""Stands in every folder of pages, and nowhere else."""


@contextmanager
def whole_folder(out: Path, marker: dict[str, object]) -> Iterator[Path]:
    """A folder to fill, which takes the place of ``out`` at the end; not if anything fails.

    Two renames: between them there is no ``out``. Whoever is killed then leaves the old pages
    beside it, and the next run puts them back before it begins.

    Args:
        out: is not there, is empty, or holds pages that were made before.
        marker: what stands in ``MARKER``.

    Raises:
        UsageError: ``out`` holds something else.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    _clear_left(out)
    _require_ours(out)
    aside = out.with_name(f".{out.name}.unfinished-{os.getpid()}")
    old = out.with_name(f".{out.name}.old-{os.getpid()}")
    aside.mkdir()
    try:
        yield aside
        (aside / MARKER).write_text(json.dumps(marker, indent=1) + "\n", "utf-8")
        if out.exists():
            out.rename(old)
        aside.rename(out)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
        if out.exists():
            shutil.rmtree(old, ignore_errors=True)
        elif old.exists():
            old.rename(out)


def _clear_left(out: Path) -> None:
    """Put back or delete what killed runs left, but not what another one is filling."""
    for left in sorted(out.parent.glob(f".{out.name}.*-*")):
        kind, _, number = left.name.removeprefix(f".{out.name}.").partition("-")
        if (
            kind not in {"unfinished", "old"}
            or not number.isdecimal()
            or is_running_elsewhere(int(number))
        ):
            continue
        if kind == "old" and not out.exists():
            left.rename(out)
        else:
            shutil.rmtree(left, ignore_errors=True)


def _require_ours(out: Path) -> None:
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        raise UsageError(f"{out}: is a file or a link; expected a folder, or nothing.")
    if out.is_dir() and any(out.iterdir()) and not (out / MARKER).is_file():
        raise UsageError(
            f"{out}: holds something else than pages made before, which would be removed; "
            "name a folder that is not there."
        )
