"""Texts and numbers in the document's language. The only place where a share becomes per cent."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from string import Formatter

from babel.core import Locale
from babel.dates import format_date
from babel.messages.pofile import PoFileError, read_po
from babel.numbers import format_decimal, format_percent
from markupsafe import Markup, escape

from pipeline.definitions.part import Wording
from pipeline.definitions.reading import nearest
from pipeline.disclosure.figure import whole_percent
from pipeline.documents.participation_view import Group
from pipeline.documents.view import Lang
from pipeline.errors import DefinitionError

NO_BREAK = "\u00a0"

LOCALE = Path(__file__).resolve().parents[2] / "reports" / "locale"


LOCALES: Mapping[Lang, Locale] = {"sv": Locale("sv", "SE"), "en": Locale("en", "GB")}
PLURAL_FORMS = ("one", "other")
"""Of both languages, in the order of a catalogue's plural messages."""


@lru_cache
def load_texts(lang: Lang) -> Mapping[str, str]:
    """The fixed texts of the documents in one language, by key.

    A text that depends on a number has the keys ``<key>_one`` and ``<key>_other``.

    Raises:
        DefinitionError: the catalogue is missing, repeats a key, or lacks a text.
    """
    path = LOCALE / lang / "LC_MESSAGES" / "uppvaxt.po"
    try:
        with path.open("rb") as content:
            catalogue = read_po(content, locale=lang, abort_invalid=True)
    except (OSError, PoFileError) as error:
        raise DefinitionError(f"{path}: is not a catalogue of texts: {error}") from None
    texts: dict[str, str] = {}
    for message in catalogue:
        if message.pluralizable:
            found = zip(PLURAL_FORMS, message.string or (), strict=True)
            texts |= {f"{message.id[0]}_{form}": text for form, text in found}
        elif message.id:
            texts[str(message.id)] = str(message.string or "")
    if missing := [key for key, text in texts.items() if not text]:
        raise DefinitionError(f"{path}: {missing[0]}: has no text")
    return texts


def text_in(label: Wording, lang: Lang) -> str:
    """A definition's text in the document's language."""
    return label.sv if lang == "sv" else label.en


def placeholders(text: str) -> set[str]:
    """The names in braces."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def say(texts: Mapping[str, str], key: str, **values: object) -> Markup:
    """The text of ``key`` with its placeholders filled, safe to put in HTML.

    Values are escaped unless they are markup themselves, and never read as placeholders.

    Raises:
        DefinitionError: there is no such text, or its placeholders are not those supplied.
    """
    if key not in texts:
        raise DefinitionError(f"reports/locale: no text {key!r}{nearest(key, list(texts))}")
    if (expected := placeholders(texts[key])) != set(values):
        raise DefinitionError(
            f"reports/locale: {key}: has the placeholders {sorted(expected)}, "
            f"the document supplies {sorted(values)}"
        )
    return escape(texts[key]).format(**values)


def say_number(texts: Mapping[str, str], key: str, n: int, **values: object) -> Markup:
    """The text of ``<key>_one`` or ``<key>_other``, with ``{n}`` written as an integer."""
    return say(texts, f"{key}_{plural(n)}", n=integer(n), **values)


def plural(number: float) -> str:
    """``one`` or ``other``: which form of a text a number asks for, in both languages alike."""
    return str(LOCALES["sv"].plural_form(abs(number)))


def percent(share: float, lang: Lang) -> str:
    """``38 %`` in Swedish, with a space that does not break; ``38%`` in English."""
    return _of_whole(whole_percent(share), lang)


def named_shares(groups: Sequence[Group], lang: Lang) -> list[str]:
    """``Årskurs 9 (75 %)``, ...: groups whose share is known, with it."""
    return [
        f"{each.label} ({percent(each.share, lang)})" for each in groups if each.share is not None
    ]


def percent_range(lower: float, upper: float, lang: Lang) -> str:
    """``46–58 %``: an interval of shares."""
    return f"{whole_percent(lower)}–{percent(upper, lang)}"


def hundredths(share: float, lang: Lang) -> str:
    """``2,5``: a share in hundredths, with the decimals it has."""
    return decimal(float(Decimal(str(share)) * 100), lang)


def exact_percent(share: float, lang: Lang) -> str:
    """``2,5 %``: a stated share, with the decimals it has."""
    return str(format_percent(share, decimal_quantization=False, locale=LOCALES[lang]))


def in_tenths(share: float, texts: Mapping[str, str]) -> str:
    """``Ungefär tre av tio``: a share for those who read no per cent."""
    return texts["young.tenths"].split("|")[(whole_percent(share) + 5) // 10]


def integer(n: int) -> str:
    """``12 345`` with spaces that do not break."""
    return f"{n:,}".replace(",", NO_BREAK)


def decimal(number: float, lang: Lang) -> str:
    """``0,15`` in Swedish, ``0.15`` in English, with the decimals the number has."""
    return str(format_decimal(number, decimal_quantization=False, locale=LOCALES[lang]))


def signed(number: float, lang: Lang) -> str:
    """``+4``, ``−0,9`` with a minus sign, ``±0``: a change."""
    text = decimal(abs(number), lang)
    return ("+" if number > 0 else "−" if number < 0 else "±") + text


def day(when: date, lang: Lang) -> str:
    """``6 oktober 2025``."""
    return _date(when, "d\u00a0MMMM y", lang)


def period(first: date, last: date, lang: Lang) -> str:
    """``6–24 oktober 2025``, repeating month and year only where they differ."""
    if first == last:
        return day(last, lang)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day(last, lang)}"
    start = "d\u00a0MMMM" if first.year == last.year else "d\u00a0MMMM y"
    return f"{_date(first, start, lang)} – {day(last, lang)}"


def listing(names: Sequence[str], texts: Mapping[str, str]) -> str:
    """``a, b och c``."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {texts['list.and']} {names[-1]}"


def unbroken(name: str) -> str:
    """A name whose number does not stand alone on a line: ``år 1`` stays together."""
    return re.sub(r" (?=\d+$)", "\u00a0", name)


def midsentence(name: str) -> str:
    """A name as it stands within a sentence: ``Flickor`` becomes ``flickor``; ``HBT`` stays."""
    return name[:1].lower() + name[1:] if name[1:2].islower() else name


@lru_cache
def _of_whole(number: int, lang: Lang) -> str:
    return str(format_percent(number / 100, locale=LOCALES[lang]))


def _date(when: date, pattern: str, lang: Lang) -> str:
    return str(format_date(when, pattern, locale=LOCALES[lang]))
