"""A release in, a folder of pages out."""

import shutil
from pathlib import Path
from typing import NamedTuple

from pipeline.definitions.catalogue import Catalogue
from pipeline.documents.view import Lang
from pipeline.release.layout import Layout
from pipeline.release.manifest import MANIFEST
from pipeline.web.changes import notes_of
from pipeline.web.folder import whole_folder
from pipeline.web.pages import Source, render_pages
from pipeline.web.released import Released, open_current

RELEASE = "release"
"""Folder of the release's own files, beside the pages."""


class Website(NamedTuple):
    """What was written."""

    folder: Path
    release_id: str
    pages: tuple[str, ...]


def make_website(
    catalogue: Catalogue, releases: Path, out: Path, langs: tuple[Lang, ...]
) -> Website:
    """Write the pages of the current release, with copies of its files.

    The same release, definitions and texts give the same files to the byte.

    Args:
        catalogue: the site's definitions.
        releases: folder with releases and ledger.
        out: where to; what was there gives way once all is written.
        langs: the first one's pages lie at the top.

    Raises:
        UsageError: there is no release, or ``out`` holds something else.
        DisclosureError: the release or the ledger is not as it was written.
    """
    released = open_current(releases, catalogue.folder)
    source = Source(released, catalogue, notes_of(Layout(releases), released.release_id))
    names = []
    with whole_folder(out, {"release_id": released.release_id}) as folder:
        _copy(released, folder / RELEASE)
        for name, html in render_pages(source, langs):
            path = folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(html, "utf-8")
            names.append(name)
    return Website(out, released.release_id, tuple(names))


def _copy(released: Released, folder: Path) -> None:
    """The release's files as they are, without the modes that keep them from being changed."""
    for name in (*(file.path for file in released.files), MANIFEST):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(released.folder / name, target)
