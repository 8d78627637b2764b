"""Every page of the site as HTML."""

import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from pipeline.definitions.catalogue import Catalogue
from pipeline.documents.norm_words import norm_source
from pipeline.documents.render import TEMPLATES, environment
from pipeline.documents.view import Lang
from pipeline.documents.wording import load_texts, text_in
from pipeline.web.changes import Note
from pipeline.web.content_policy import content_policy
from pipeline.web.dictionary import chapters_of, tables_of
from pipeline.web.explorer import choices_of, explorer_data
from pipeline.web.listing import area_cards, sized
from pipeline.web.place import level_labels, places_of
from pipeline.web.released import Released, documents_of, other_files

Context = dict[str, Any]


class Source(NamedTuple):
    """What pages are made of."""

    released: Released
    catalogue: Catalogue
    notes: tuple[Note, ...]


class Page(NamedTuple):
    """A page of the site."""

    name: str
    """File without ending, and template."""

    script: str | None
    """File of ``reports/web`` that runs on it."""

    content: Callable[[Source, Lang], Context]


class Language(NamedTuple):
    """A language and the folder of its pages."""

    lang: Lang
    folder: str
    """Empty, or with a ``/`` at its end."""


def render_pages(source: Source, langs: tuple[Lang, ...]) -> Iterator[tuple[str, str]]:
    """Path and HTML of every page, the first language's without a folder of their own."""
    languages = tuple(Language(lang, "" if lang == langs[0] else f"{lang}/") for lang in langs)
    for language in languages:
        for page in PAGES:
            yield (
                f"{language.folder}{page.name}.html",
                render_page(page, source, language, languages),
            )


def render_page(
    page: Page, source: Source, language: Language, languages: tuple[Language, ...]
) -> str:
    """One page, which needs no other file to be read."""
    style = "\n".join(
        (TEMPLATES / name).read_text("utf-8") for name in ("profile.css", "web/web.css")
    )
    script = (TEMPLATES / "web" / page.script).read_text("utf-8") if page.script else None
    template = environment(language.lang).get_template(f"web/{page.name}.html.j2")
    return template.render(
        page=page.name,
        pages=[each.name for each in PAGES],
        lang=language.lang,
        root="../" if language.folder else "",
        others=[
            (each.lang, f"{'../' if language.folder else ''}{each.folder}{page.name}.html")
            for each in languages
            if each != language
        ],
        # Put in to the letter, since the policy has their hashes.
        style=Markup(style),  # noqa: S704 - a file of this repository
        script=None if script is None else Markup(script),  # noqa: S704
        policy=content_policy(style, script),
        **_common(source, language.lang),
        **page.content(source, language.lang),
    )


def embedded(content: object) -> Markup:
    """JSON that can stand in a script tag: no character of it can end one."""
    return htmlsafe_json_dumps(
        content, dumps=json.dumps, ensure_ascii=False, separators=(",", ":"), sort_keys=False
    )


def _common(source: Source, lang: Lang) -> Context:
    site, released = source.catalogue.site, source.released
    return {
        "site_label": text_in(site.label, lang),
        "synthetic": site.synthetic,
        "release_id": released.release_id,
        "waves": sorted(released.estimates["wave"].unique(), reverse=True),
        "min_base": int(released.policy["public.min_base"]),
        "round_counts": int(released.policy["public.round_counts"]),
    }


def _index(source: Source, lang: Lang) -> Context:
    released, catalogue = source.released, source.catalogue
    documents = documents_of(released, catalogue.site.id)
    places = places_of(released.areas, catalogue.areas)
    return {
        "about": text_in(catalogue.site.about, lang) if catalogue.site.about else None,
        "levels": area_cards(places, documents, level_labels(catalogue.areas, lang), lang),
        "chapters": chapters_of(catalogue, lang),
        "files": [(each, sized(each, lang)) for each in other_files(released, documents)],
        "live": embedded(_live(lang, "found", "found_none")),
    }


def _explorer(source: Source, lang: Lang) -> Context:
    data = explorer_data(source.released, source.catalogue, lang)
    return {
        "choices": choices_of(source.released, source.catalogue, lang),
        "data": embedded(data),
    }


def _method(source: Source, lang: Lang) -> Context:
    weighted = [str(wave.wave) for wave in source.catalogue.waves if wave.is_weighted]
    return {
        "design": source.catalogue.site.design,
        "weighted": weighted,
        "two_stages": any(wave.columns.unit for wave in source.catalogue.waves),
        "instruments": [
            (
                str(wave.wave),
                text_in(source.catalogue.instrument_of(wave).label, lang),
                load_texts(lang)[f"instrument.{source.catalogue.instrument_of(wave).status}"],
            )
            for wave in reversed(source.catalogue.waves)
        ],
        "has_counts": bool(source.catalogue.flag_count_rules),
        "has_sizes": any(wave.columns.fpc for wave in source.catalogue.waves),
    }


def _dictionary(source: Source, lang: Lang) -> Context:
    catalogue = source.catalogue
    return {
        "chapters": chapters_of(catalogue, lang),
        "norms": [
            norm_source(norm, catalogue, lang, catalogue.policy.public.round_counts)
            for norm in catalogue.norms
        ],
        "tables": tables_of(source.released),
    }


def _releases(source: Source, lang: Lang) -> Context:
    measures = source.released.measures
    return {
        "notes": source.notes,
        "area_labels": dict(source.released.areas.select("area_id", "label").iter_rows()),
        "measure_labels": dict(measures.select("measure_id", f"label_{lang}").iter_rows()),
    }


def _accessibility(source: Source, lang: Lang) -> Context:
    site = source.catalogue.site
    return {
        "contact": text_in(site.contact, lang) if site.contact else None,
        "assessment": text_in(site.accessibility_assessment, lang)
        if site.accessibility_assessment
        else None,
    }


def _live(lang: Lang, *keys: str) -> dict[str, str]:
    texts = load_texts(lang)
    return {key: texts[f"web.live.{key}"] for key in keys}


PAGES = (
    Page("index", "filter.js", _index),
    Page("explorer", "explorer.js", _explorer),
    Page("method", None, _method),
    Page("dictionary", None, _dictionary),
    Page("releases", None, _releases),
    Page("accessibility", None, _accessibility),
)
"""In the order of the navigation."""
