"""A file for researchers in its place: whole, read-only, and never another one by the same name."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline import warehouse
from pipeline.definitions.catalogue import Catalogue
from pipeline.disclosure.research.pseudonyms import key_mark, release_key
from pipeline.errors import UsageError
from pipeline.files import remove, sync
from pipeline.processes import is_running_elsewhere
from pipeline.release.research_database import Edition, write_research_database

DATABASE = "research.duckdb"
UNFINISHED = ".unfinished-"


def write_research_release(
    working_file: Path, catalogue: Catalogue, edition: Edition, folder: Path
) -> Path:
    """Write ``<folder>/<release>/research.duckdb``, whole or not at all.

    Args:
        working_file: the site's build.
        catalogue: the definitions that it was built from.
        edition: which release.
        folder: of all releases for researchers; made if it is not there.

    Returns:
        Path of the file: 0440 in a folder of 0550. One that is there already and is made from the
        same is left as it is.

    Raises:
        DisclosureError: as ``write_research_database``.
        UsageError: a file of that release is there and is made from something else: two would tell
            of whoever was added, changed or left out between them.
        OSError: writing fails.
    """
    path = folder / edition.release_id / DATABASE
    if path.exists():
        _require_same(path, catalogue, edition)
        return path
    with _aside(folder, edition.release_id) as unfinished:
        with warehouse.connect(working_file, read_only=True) as connection:
            write_research_database(connection, catalogue, edition, unfinished / DATABASE)
        (unfinished / DATABASE).chmod(0o440)
        unfinished.chmod(0o550)
    return path


@contextmanager
def _aside(folder: Path, name: str) -> Iterator[Path]:
    """A folder that takes its place when it is finished, and is gone otherwise."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for left in folder.glob(f"{UNFINISHED}*"):
        number = left.name.removeprefix(UNFINISHED)
        if not (number.isdecimal() and is_running_elsewhere(int(number))):
            remove(left)
    unfinished = folder / f"{UNFINISHED}{os.getpid()}"
    unfinished.mkdir(mode=0o700)
    try:
        yield unfinished
        unfinished.rename(folder / name)
    except BaseException:
        remove(unfinished)
        raise
    sync(folder)


def _require_same(path: Path, catalogue: Catalogue, edition: Edition) -> None:
    with warehouse.connect(path, read_only=True) as connection:
        about = dict(warehouse.read(connection, "about").iter_rows())
    key = release_key(edition.master_key, catalogue.site.id, edition.release_id)
    for what, ours in (("build", edition.build), ("key_mark", key_mark(key))):
        if about.get(what) != ours:
            raise UsageError(
                f"{path}: is there and was made with another {what.replace('_mark', '')}; name "
                "another release with --release, or keep this one."
            )
