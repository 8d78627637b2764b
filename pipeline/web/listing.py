"""The documents of a release as the first page lists them."""

from typing import NamedTuple

from pipeline.documents.view import Lang
from pipeline.documents.wording import NO_BREAK, decimal, load_texts
from pipeline.web.place import Place
from pipeline.web.released import Document, ReleasedFile

KNOWN_FORMS = frozenset({"html", "pdf", "docx", "xlsx", "pptx"})
"""Forms with a name of their own; others are called by their ending."""


class Link(NamedTuple):
    """A document to open."""

    path: str
    wave: int
    lang: str
    kind: str
    """In words, as is the form."""

    form: str

    size: str


class Card(NamedTuple):
    """An area with its documents."""

    place: Place
    main: tuple[Link, ...]
    """Of its newest wave, in the page's language."""

    others: tuple[Link, ...]


class Level(NamedTuple):
    """Areas of one kind."""

    id: str
    label: str
    cards: tuple[Card, ...]


def area_cards(
    places: tuple[Place, ...],
    documents: tuple[Document, ...],
    levels: dict[str, str],
    lang: Lang,
) -> tuple[Level, ...]:
    """Every area with all of its documents, by kind of area.

    Args:
        places: in their order.
        documents: newest wave first.
        levels: names of kinds, in their order.
        lang: language of the page.
    """
    names = levels | {place.level: place.level for place in places if place.level not in levels}
    found = (
        Level(
            level,
            label,
            tuple(_card(place, documents, lang) for place in places if place.level == level),
        )
        for level, label in names.items()
    )
    return tuple(level for level in found if level.cards)


def sized(file: ReleasedFile, lang: Lang) -> str:
    """``312 kB``, ``1,2 MB``."""
    if file.n_bytes < 1_000_000:
        return f"{max(round(file.n_bytes / 1000), 1)}{NO_BREAK}kB"
    return f"{decimal(round(file.n_bytes / 1_000_000, 1), lang)}{NO_BREAK}MB"


def _card(place: Place, documents: tuple[Document, ...], lang: Lang) -> Card:
    own = [each for each in documents if each.area_id == place.id]
    newest = max((each.wave for each in own), default=None)
    is_main = {each: (each.wave, each.lang) == (newest, lang) for each in own}
    return Card(
        place,
        tuple(_link(each, lang) for each in own if is_main[each]),
        # The page's own language first.
        tuple(
            _link(each, lang)
            for each in sorted(own, key=lambda each: (each.lang != lang, -each.wave))
            if not is_main[each]
        ),
    )


def _link(document: Document, lang: Lang) -> Link:
    texts = load_texts(lang)
    known = document.form in KNOWN_FORMS
    form = texts[f"web.form.{document.form}"] if known else document.form.upper()
    size = sized(document.file, lang)
    kind = texts.get(f"web.kind.{document.kind}", document.kind)
    return Link(document.file.path, document.wave, document.lang, kind, form, size)
