"""Every document of a release: each area, wave and language; the newest wave in all forms."""

from collections.abc import Iterator
from pathlib import Path

import duckdb

from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.lookup import find_wave
from pipeline.disclosure.publishable import Publishable, read_publishable
from pipeline.documents.beside import build_beside
from pipeline.documents.by_area import by_area
from pipeline.documents.forms.making import Wanted, make_documents
from pipeline.documents.forms.writing import DocumentId, Form
from pipeline.documents.profile import build_profile
from pipeline.documents.render import Kind
from pipeline.documents.view import Lang
from pipeline.release.durable import write_file

LANGS: tuple[Lang, ...] = ("sv", "en")

OF_EVERY_WAVE: dict[Kind, tuple[Form, ...]] = {"profile": ("html",)}
"""Documents of an area in earlier waves. As CSV and JSON a release has its tables."""

READ: tuple[Form, ...] = ("html", "pdf")

OF_THE_NEWEST: dict[Kind, tuple[Form, ...]] = {"profile": READ, "summary": READ, "young": READ}

TO_WORK_IN: tuple[Form, ...] = ("docx", "xlsx", "pptx")
"""Of whole profiles of the newest wave, in the language that area teams work in."""

WORKING_LANG: Lang = "sv"


def write_documents(
    connection: duckdb.DuckDBPyConnection, catalogue: Catalogue, folder: Path
) -> None:
    """Write every document of a release.

    Args:
        connection: a working file.
        catalogue: the site's definitions.
        folder: where to; it is there and empty.
    """
    publishable = read_publishable(connection, catalogue.policy, "public")
    apart = by_area(publishable, catalogue.site.root_area)
    wanted = [
        _wanted(apart.get(document.area_id, publishable), catalogue, document, forms)
        for document, forms in planned(catalogue)
    ]
    make_documents(wanted, folder, write=write_file)


def document_names(catalogue: Catalogue) -> set[str]:
    """Names of all documents of a release."""
    return {document.name(form) for document, forms in planned(catalogue) for form in forms}


def planned(catalogue: Catalogue) -> Iterator[tuple[DocumentId, tuple[Form, ...]]]:
    """Each document with the forms that it has."""
    site, newest = catalogue.site.id, catalogue.waves[-1].wave
    for wave in catalogue.waves:
        kinds = OF_THE_NEWEST if wave.wave == newest else OF_EVERY_WAVE
        for area in catalogue.areas.areas:
            for lang in LANGS:
                for kind, forms in kinds.items():
                    document = DocumentId(site, area.id, wave.wave, lang, "public", kind)
                    is_worked_in = (wave.wave, lang, kind) == (newest, WORKING_LANG, "profile")
                    yield document, (*forms, *TO_WORK_IN) if is_worked_in else forms
    for lang in LANGS:
        root = catalogue.site.root_area
        yield DocumentId(site, root, newest, lang, "public", "overview"), READ


def _wanted(
    publishable: Publishable, catalogue: Catalogue, document: DocumentId, forms: tuple[Form, ...]
) -> Wanted:
    wave = find_wave(catalogue, document.wave)
    profile = build_profile(publishable, catalogue, document.area_id, wave, document.lang)
    match document.kind:
        case "compare" | "overview" as kind:
            areas = catalogue.areas.areas
            beside = build_beside(
                publishable, catalogue, areas, wave, lang=document.lang, kind=kind
            )
            return Wanted(document.site_id, profile, beside, forms)
        case kind_of_area:
            return Wanted(document.site_id, profile, kind_of_area, forms)
