"""Every document of a release: each area, wave and language."""

from collections.abc import Iterator
from pathlib import Path

import duckdb

from pipeline.definitions.catalogue import Catalogue
from pipeline.disclosure.publishable import read_publishable
from pipeline.documents.profile import build_profile
from pipeline.documents.render import render_profile
from pipeline.documents.view import Lang
from pipeline.release.durable import write_file

LANGS: tuple[Lang, ...] = ("sv", "en")


def write_documents(
    connection: duckdb.DuckDBPyConnection, catalogue: Catalogue, folder: Path
) -> None:
    """Write the profile of every area in every wave, in both languages.

    Args:
        connection: a working file.
        catalogue: the site's definitions.
        folder: where to; it is there and empty.
    """
    publishable = read_publishable(connection, catalogue.policy, "public")
    for name, (area_id, wave, lang) in _profiles(catalogue):
        profile = build_profile(publishable, catalogue, area_id, catalogue.waves[wave], lang)
        write_file(folder / name, render_profile(profile).encode())


def document_names(catalogue: Catalogue) -> set[str]:
    """Names of all documents of a release."""
    return {name for name, _ in _profiles(catalogue)}


def _profiles(catalogue: Catalogue) -> Iterator[tuple[str, tuple[str, int, Lang]]]:
    """Each document's name, area, wave's place and language."""
    for place, wave in enumerate(catalogue.waves):
        for area in catalogue.areas.areas:
            for lang in LANGS:
                name = f"{catalogue.site.id}_{area.id}_{wave.wave}_{lang}.html"
                yield name, (area.id, place, lang)
