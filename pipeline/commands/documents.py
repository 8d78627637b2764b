"""The documents: profiles of one area or all, in every form."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from pipeline import warehouse
from pipeline.commands.terminal import (
    SAMPLE,
    EditionOption,
    JsonOption,
    LangOption,
    OutOption,
    QuietOption,
    SiteOption,
    WaveOption,
    answer,
    built,
    document_edition,
)
from pipeline.definitions.areas import Area
from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.fit import load_catalogue
from pipeline.definitions.lookup import find_area, find_wave
from pipeline.definitions.policy import DocumentEdition
from pipeline.disclosure.publishable import Publishable, read_publishable
from pipeline.documents.beside import BesideKind, beside_name, build_beside
from pipeline.documents.by_area import by_area
from pipeline.documents.forms.making import Wanted, make_stale_documents
from pipeline.documents.forms.writing import FORMS, FORMS_OF, Form
from pipeline.documents.profile import build_profile
from pipeline.documents.render import Kind
from pipeline.documents.view import Lang
from pipeline.documents.wording import listing, load_texts
from pipeline.errors import UsageError
from pipeline.operations.writing import ANOTHER_FOLDER, writable

USUAL = "html,pdf,docx"
"""Forms that are written of one area where none is named."""

KindOption = Annotated[
    Kind, typer.Option("--kind", help="The whole profile, two pages, or a page for young people.")
]
FormOption = Annotated[
    str, typer.Option("--form", help=f"Forms with commas between: {', '.join(FORMS)}; or all.")
]


class Asked(NamedTuple):
    """What is to be written of an area."""

    year: int | None
    lang: Lang
    edition: DocumentEdition
    forms: tuple[Form, ...]


def profile(
    area: Annotated[str, typer.Argument(help="Id or name of an area; see `uppvaxt areas`.")],
    *,
    site: SiteOption = SAMPLE,
    wave: WaveOption = None,
    lang: LangOption = "sv",
    edition: EditionOption = "public",
    kind: KindOption = "profile",
    form: FormOption = USUAL,
    out: OutOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Write the profile of one area in the forms asked for; print their paths."""
    asked = Asked(wave, lang, document_edition(edition), forms_named(form, kind))
    catalogue = load_catalogue(site)
    chosen = find_area(catalogue, area)
    written = _write_profiles(catalogue, (chosen,), kind, asked, out, quiet=quiet)
    answer({"profile": written}, "\n".join(written), as_json=as_json)


def profiles(
    *,
    site: SiteOption = SAMPLE,
    wave: WaveOption = None,
    lang: LangOption = "sv",
    edition: EditionOption = "public",
    kind: KindOption = "profile",
    form: FormOption = "html",
    out: OutOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Write the profiles of all areas in the forms asked for; print their paths."""
    asked = Asked(wave, lang, document_edition(edition), forms_named(form, kind))
    catalogue = load_catalogue(site)
    written = _write_profiles(catalogue, catalogue.areas.areas, kind, asked, out, quiet=quiet)
    answer({"profiles": written}, "\n".join(written), as_json=as_json)


def forms_named(text: str, kind: Kind | BesideKind) -> tuple[Form, ...]:
    """The forms in ``html,pdf``, in the order in which they are written.

    Raises:
        UsageError: there is none of that name, or the kind of document does not have it.
    """
    has = FORMS_OF[kind]
    named = set(has) if text == "all" else {each.strip() for each in text.split(",")}
    if unknown := sorted(named - set(has)):
        raise UsageError(f"--form: {kind} has no form {unknown[0]!r}; forms: {', '.join(has)}.")
    return tuple(form for form in has if form in named)


def compare(
    areas: Annotated[list[str], typer.Argument(help="Ids or names of two areas or more.")],
    *,
    site: SiteOption = SAMPLE,
    wave: WaveOption = None,
    lang: LangOption = "sv",
    edition: EditionOption = "public",
    form: FormOption = USUAL,
    out: OutOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Write areas beside each other, without ranking them; print the paths."""
    catalogue = load_catalogue(site)
    chosen = [find_area(catalogue, each) for each in areas]
    if len(chosen) < 2 or len({area.id for area in chosen}) < len(chosen):
        raise UsageError("Two different areas or more are needed to set them beside each other.")
    # In the order of the municipality, not of whoever asks.
    in_order = [area for area in catalogue.areas.areas if area in chosen]
    asked = Asked(wave, lang, document_edition(edition), forms_named(form, "compare"))
    written = _write_beside(catalogue, in_order, "compare", asked, out, quiet=quiet)
    answer({"compare": written}, "\n".join(written), as_json=as_json)


def overview(
    *,
    site: SiteOption = SAMPLE,
    wave: WaveOption = None,
    lang: LangOption = "sv",
    edition: EditionOption = "public",
    form: FormOption = USUAL,
    out: OutOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Write all areas of the municipality beside each other; print the paths."""
    catalogue = load_catalogue(site)
    asked = Asked(wave, lang, document_edition(edition), forms_named(form, "overview"))
    written = _write_beside(catalogue, catalogue.areas.areas, "overview", asked, out, quiet=quiet)
    answer({"overview": written}, "\n".join(written), as_json=as_json)


def _write_profiles(
    catalogue: Catalogue,
    areas: Sequence[Area],
    kind: Kind,
    asked: Asked,
    out: Path | None,
    *,
    quiet: bool,
) -> list[str]:
    """Paths of the areas' documents, area by area; whatever they need is built first."""
    wave = find_wave(catalogue, asked.year)
    publishable, folder = _publishable(catalogue, asked.edition, out, quiet=quiet)
    # One profile alone is quicker from all rows than all rows are set apart.
    apart = by_area(publishable, catalogue.site.root_area) if len(areas) > 1 else {}
    profiles = (
        build_profile(apart.get(area.id, publishable), catalogue, area.id, wave, asked.lang)
        for area in areas
    )
    wanted = [Wanted(catalogue.site.id, each, kind, asked.forms) for each in profiles]
    return _written(wanted, folder)


def _write_beside(
    catalogue: Catalogue,
    areas: Sequence[Area],
    kind: BesideKind,
    asked: Asked,
    out: Path | None,
    *,
    quiet: bool,
) -> list[str]:
    """Paths of one document of several areas; whatever it needs is built first."""
    wave, root = find_wave(catalogue, asked.year), catalogue.site.root_area
    publishable, folder = _publishable(catalogue, asked.edition, out, quiet=quiet)
    shown = build_profile(publishable, catalogue, root, wave, asked.lang)
    if kind == "compare":
        label = listing([area.label for area in areas], load_texts(asked.lang))
        shown = replace(shown, area_id=beside_name([area.id for area in areas]), area_label=label)
    beside = build_beside(publishable, catalogue, areas, wave, lang=asked.lang, kind=kind)
    wanted = Wanted(catalogue.site.id, shown, beside, asked.forms)
    return _written([wanted], folder)


def _written(wanted: Sequence[Wanted], folder: Path) -> list[str]:
    """Paths of the documents; those that changed are written."""
    with writable(folder.parent, ANOTHER_FOLDER):
        folder.mkdir(parents=True, exist_ok=True)
        return list(map(str, make_stale_documents(wanted, folder)))


def _publishable(
    catalogue: Catalogue, edition: DocumentEdition, out: Path | None, *, quiet: bool
) -> tuple[Publishable, Path]:
    """What may be shown, and the folder that documents are written to."""
    folder = (out or catalogue.folder / "build") / "profiles"
    working_file = built(catalogue, folder.parent, quiet=quiet)
    with warehouse.connect(working_file, read_only=True) as connection:
        publishable = read_publishable(connection, catalogue.policy, edition)
    return publishable, folder
