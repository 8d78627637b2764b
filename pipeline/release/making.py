"""A working file in, a finished release in a folder of its own out. Nobody sees it yet."""

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb

from pipeline import warehouse
from pipeline.definitions.catalogue import Catalogue
from pipeline.release.audit import DATABASE, require_declared
from pipeline.release.document_files import write_documents
from pipeline.release.durable import seal, write_file
from pipeline.release.layout import PRIVATE_FOLDER, UNFINISHED, Layout
from pipeline.release.manifest import MANIFEST, Manifest, make_manifest
from pipeline.release.published_database import write_published_database
from pipeline.release.tables import write_tables

TIMES_LAST = 3
"""Room that is asked for, in sizes of the release before: project choice."""


def make_release(
    catalogue: Catalogue,
    working_file: Path,
    layout: Layout,
    manifest: Manifest,
    progress: Callable[[str], None],
) -> Path:
    """Write everything that belongs to a release, and seal it.

    Returns:
        Path of the folder, which only the owner can enter.

    Raises:
        DisclosureError: something that is not declared would be published.
        OSError: it cannot be written whole, as on a full disk.
    """
    folder = layout.releases / f"{UNFINISHED}{os.getpid()}"
    folder.mkdir(mode=PRIVATE_FOLDER)
    for each in ("documents", "tables"):
        (folder / each).mkdir(mode=PRIVATE_FOLDER)
    try:
        with warehouse.connect(working_file, read_only=True) as connection:
            require_declared(connection)
            progress("Writing documents")
            write_documents(connection, catalogue, folder / "documents")
            progress("Writing tables")
            write_tables(connection, folder / "tables")
            write_published_database(connection, folder / DATABASE)
    except duckdb.Error as error:
        # A full disk shows as an error of the file, of the transaction or of the checkpoint.
        if "ould not write" not in str(error) and "No space" not in str(error):
            raise
        raise _full(folder) from None
    if (folder / f"{DATABASE}.wal").exists():
        # Or not at all: the last step of closing is then left undone.
        raise _full(folder)
    write_file(folder / MANIFEST, make_manifest(folder, manifest))
    seal(folder)
    return folder


def _full(folder: Path) -> OSError:
    return OSError(errno.ENOSPC, "cannot be written; the disk may be full", str(folder))


def require_space(layout: Layout, working_file: Path) -> None:
    """Refuse to begin what the disk has no room for.

    Raises:
        OSError: there is too little.
    """
    last = sum(path.stat().st_size for path in layout.current.rglob("*") if path.is_file())
    needed = TIMES_LAST * last or working_file.stat().st_size
    if shutil.disk_usage(layout.folder).free < needed:
        what = f"has too little room for a release; it takes {-(-needed // 2**20)} MB"
        raise OSError(errno.ENOSPC, what, str(layout.folder))
