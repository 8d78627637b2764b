"""Texts and numbers in the document's language. The only place where a share becomes per cent."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from string import Formatter

from markupsafe import Markup, escape
from pydantic import RootModel

from pipeline.definitions.part import Label
from pipeline.definitions.reading import load_definition, nearest
from pipeline.disclosure.figure import whole_percent
from pipeline.documents.participation_view import Group
from pipeline.documents.view import Lang
from pipeline.errors import DefinitionError

NO_BREAK = "\u00a0"

LOCALE = Path(__file__).resolve().parents[2] / "reports" / "locale"


class _Texts(RootModel[dict[str, str]]):
    """``reports/locale/<lang>.yml``: key to text, with placeholders such as ``{n}``."""


@lru_cache
def load_texts(lang: Lang) -> Mapping[str, str]:
    """The fixed texts of the documents in one language, by key.

    Raises:
        DefinitionError: the file is missing, repeats a key, or holds something else than texts.
    """
    return load_definition(LOCALE / f"{lang}.yml", _Texts).root


def text_in(label: Label, lang: Lang) -> str:
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
    form = "one" if n == 1 else "other"
    return say(texts, f"{key}_{form}", n=integer(n), **values)


def percent(share: float, lang: Lang) -> str:
    """``38 %`` in Swedish, with a space that does not break; ``38%`` in English."""
    return f"{whole_percent(share)}{_sign(lang)}"


def named_shares(groups: Sequence[Group], lang: Lang) -> list[str]:
    """``Årskurs 9 (75 %)``, ...: groups whose share is known, with it."""
    return [
        f"{each.label} ({percent(each.share, lang)})" for each in groups if each.share is not None
    ]


def percent_range(lower: float, upper: float, lang: Lang) -> str:
    """``46–58 %``: an interval of shares."""
    return f"{whole_percent(lower)}–{whole_percent(upper)}{_sign(lang)}"


def hundredths(share: float, lang: Lang) -> str:
    """``2,5``: a share in hundredths, with the decimals it has."""
    return decimal(float(Decimal(str(share)) * 100), lang)


def exact_percent(share: float, lang: Lang) -> str:
    """``2,5 %``: a stated share, with the decimals it has."""
    return f"{hundredths(share, lang)}{_sign(lang)}"


def integer(n: int) -> str:
    """``12 345`` with spaces that do not break."""
    return f"{n:,}".replace(",", NO_BREAK)


def decimal(number: float, lang: Lang) -> str:
    """``0,15`` in Swedish, ``0.15`` in English, with the decimals the number has."""
    text = f"{number:g}"
    return text.replace(".", ",") if lang == "sv" else text


def signed(number: float, lang: Lang) -> str:
    """``+4``, ``−0,9`` with a minus sign, ``±0``: a change."""
    text = decimal(abs(number), lang)
    return ("+" if number > 0 else "−" if number < 0 else "±") + text


def day(when: date, texts: Mapping[str, str]) -> str:
    """``6 oktober 2025``."""
    return f"{when.day}{NO_BREAK}{_month(when, texts)} {when.year}"


def period(first: date, last: date, texts: Mapping[str, str]) -> str:
    """``6–24 oktober 2025``, repeating month and year only where they differ."""
    if first == last:
        return day(last, texts)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day(last, texts)}"
    start = f"{first.day}{NO_BREAK}{_month(first, texts)}"
    if first.year != last.year:
        start += f" {first.year}"
    return f"{start} – {day(last, texts)}"


def listing(names: Sequence[str], texts: Mapping[str, str]) -> str:
    """``a, b och c``."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {texts['list.and']} {names[-1]}"


def _month(when: date, texts: Mapping[str, str]) -> str:
    return texts["date.months"].split()[when.month - 1]


def _sign(lang: Lang) -> str:
    return f"{NO_BREAK}%" if lang == "sv" else "%"
