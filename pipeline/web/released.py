"""A release as the pages read it: its tables, its files, and nothing beside it."""

import re
from pathlib import Path
from typing import NamedTuple

import polars as pl

from pipeline import warehouse
from pipeline.errors import DisclosureError, UsageError
from pipeline.release.layout import Layout, current_id
from pipeline.release.manifest import MANIFEST, misfits

DATABASE = "published.duckdb"


class ReleasedFile(NamedTuple):
    """A file of a release."""

    path: str
    """In the release's folder, with ``/``."""

    n_bytes: int


class Document(NamedTuple):
    """A document of a release, as its name says."""

    file: ReleasedFile
    area_id: str
    wave: int
    lang: str
    kind: str
    """``profile``, ``summary`` …"""

    form: str
    """Ending without the dot: ``html``, ``pdf`` …"""


class Released(NamedTuple):
    """What a release publishes."""

    folder: Path
    release_id: str
    estimates: pl.DataFrame
    """The table ``estimate``, by its keys."""

    areas: pl.DataFrame
    coverage: pl.DataFrame
    """The table ``coverage``, by wave and grade."""

    domains: pl.DataFrame
    """The table ``domain``, by its keys."""

    measures: pl.DataFrame
    policy: dict[str, str]
    """Value by parameter."""

    dictionary: pl.DataFrame
    files: tuple[ReleasedFile, ...]
    """Every file but the manifest, by path."""


def open_current(folder: Path, site: Path) -> Released:
    """The release that readers see.

    Args:
        folder: with releases and ledger.
        site: the site's folder, to name in a message.

    Raises:
        UsageError: there is none.
        DisclosureError: it is not as it was published.
    """
    layout = Layout(folder)
    release_id = current_id(layout)
    if release_id is None or not (layout.releases / release_id).is_dir():
        raise UsageError(
            f"{folder}: no release has been published, and pages are made of nothing else. "
            f"Make one: uppvaxt release --site {site}"
        )
    return open_release(layout.releases / release_id)


def open_release(folder: Path) -> Released:
    """A release that is as its manifest says.

    Raises:
        DisclosureError: it is not.
    """
    if problems := misfits(folder):
        raise DisclosureError("\n".join([f"{folder}: is not as it was published:", *problems]))
    with warehouse.connect(folder / DATABASE, read_only=True) as connection:
        keys = ("wave", "area_id", "grade", "gender", "measure_id")
        policy = warehouse.read(connection, "policy", "parameter")
        return Released(
            folder,
            folder.name,
            estimates=warehouse.read(connection, "estimate", *keys),
            areas=warehouse.read(connection, "area", "wave", "area_id"),
            coverage=warehouse.read(connection, "coverage", "wave", "grade"),
            domains=warehouse.read(connection, "domain", *keys[:4]),
            measures=warehouse.read(connection, "measure", "measure_id"),
            policy=dict(policy.select("parameter", "value").iter_rows()),
            dictionary=warehouse.read(connection, "dictionary", "relation", "kind", "column_name"),
            files=_files(folder),
        )


def documents_of(released: Released, site_id: str) -> tuple[Document, ...]:
    """The documents whose names say what they are about, newest wave first."""
    name = re.compile(
        rf"documents/{re.escape(site_id)}_(?P<area>[a-z0-9_]+)_(?P<wave>\d{{4}})"
        r"_(?P<lang>[a-z]{2})_public(?:_(?P<kind>[a-z]+))?\.(?P<form>[a-z0-9]+)"
    )
    found = [(file, name.fullmatch(file.path)) for file in released.files]
    documents = [
        Document(
            file,
            match["area"],
            int(match["wave"]),
            match["lang"],
            match["kind"] or "profile",
            match["form"],
        )
        for file, match in found
        if match
    ]
    return tuple(sorted(documents, key=_rank))


def other_files(released: Released, documents: tuple[Document, ...]) -> tuple[ReleasedFile, ...]:
    """Files that are not documents of one area: the database, tables, whatever comes later."""
    listed = {each.file.path for each in documents}
    return tuple(each for each in released.files if each.path not in listed)


def _rank(document: Document) -> tuple[int, bool, bool, str]:
    """Newest first, whole profiles before shorter documents, pages for a browser first."""
    is_short, is_file = document.kind != "profile", document.form != "html"
    return -document.wave, is_short, is_file, document.file.path


def _files(folder: Path) -> tuple[ReleasedFile, ...]:
    return tuple(
        ReleasedFile(path.relative_to(folder).as_posix(), path.stat().st_size)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MANIFEST
    )
