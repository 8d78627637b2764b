"""What pages call grades, genders, norms and outcomes, where all of a language call them alike.

Such a text is no figure, whatever digits it holds: what is said alike of every area is about none
of them. It counts as a whole alone, so that a number in its place, or after it, is found.
"""

import re
from collections.abc import Iterable, Iterator
from html import unescape
from pathlib import Path
from typing import NamedTuple

from pipeline.attack.names import Names, plain
from pipeline.attack.page_words import has_number
from pipeline.attack.printed import numbers_in

_LANG = re.compile(r'<html lang="([^"]*)"')
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_GROUP = re.compile(r'<th\b(?=[^>]*\sdata-(grade|gender)="([^"]*)")[^>]*>(.*?)</th>', re.DOTALL)
_NORM = re.compile(r'<section class="norm-source">\s*<h3>(.*?)</h3>', re.DOTALL)
_TABLE = re.compile(r'<table class="(grades|measures)">(.*?)</table>', re.DOTALL)
_ROW = re.compile(r'<th scope="row">(.*?)</th>', re.DOTALL)
_PHRASE = re.compile(r'([^<]*).*<span class="phrase">([^<]*)</span>', re.DOTALL)


class Place(NamedTuple):
    """Where the same text stands on every page of a language."""

    lang: str
    wave: float
    """0 where all waves have the same."""

    kind: str
    which: str
    """An id, or the how manieth."""


def page_labels(paths: Iterable[Path], names: Names) -> tuple[str, ...]:
    """Texts with digits that every page of a language has in the same place.

    Args:
        paths: of the pages.
        names: of the release's tables.
    """
    found: dict[Place, set[str]] = {}
    for path in paths:
        for place, text in _texts(path.read_text("utf-8"), names):
            found.setdefault(place, set()).add(plain(unescape(_TAG.sub("", text))))
    alike = {text for [text, *others] in found.values() if not others}
    # A name of digits alone would stand for any number that is like it.
    return tuple(sorted(each for each in alike if has_number(each) and _has_letter(each)))


def _texts(page: str, names: Names) -> Iterator[tuple[Place, str]]:
    lang = "".join(_LANG.findall(page)[:1])
    years = numbers_in("".join(_TITLE.findall(page)[:1]))
    wave = years[-1].value if years else 0.0
    for kind, which, text in _GROUP.findall(page):
        yield Place(lang, 0, kind, which), text
    for number, text in enumerate(_NORM.findall(page)):
        yield Place(lang, wave, "norm", str(number)), text
    for kind, table in _TABLE.findall(page):
        for number, head in enumerate(_ROW.findall(table)):
            told = _PHRASE.match(head)
            if kind == "grades":
                yield Place(lang, wave, kind, str(number)), head
            elif told is not None:
                measure = names.measures.get(plain(unescape(told[1])))
                yield from [(Place(lang, 0, kind, measure), told[2])] if measure else []


def _has_letter(text: str) -> bool:
    return any(map(str.isalpha, text))
