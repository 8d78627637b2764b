"""Numbers that the sentences of a page may repeat."""

import re
from collections.abc import Mapping
from html import unescape
from pathlib import Path

from pipeline.attack.groups import EVERYONE, Group
from pipeline.attack.names import Names, plain
from pipeline.attack.printed import numbers_in

Said = Mapping[tuple[str, str, int, Group], frozenset[float]]
"""Area, measure, wave and group to the numbers that the release's tables have there."""

EVERY_PAGE = ""
"""Instead of an area: numbers that the words for a measure hold on all pages."""

_MADE = re.compile(r'<li class="made" data-measure="([^"]*)">(.*?)</li>', re.DOTALL)
_WAVE = re.compile(r'<code class="figure-id">[^</]*/(\d{4})/')
_TAG = re.compile(r"<[^>]*>")

_PHRASE = re.compile(
    r'<th scope="row">([^<]*)(?:<span class="tag">[^<]*</span>\s*)?<span class="phrase">([^<]*)<'
)


def phrases(paths: list[Path], names: Names) -> dict[tuple[str, str, int, Group], frozenset[float]]:
    """Numbers in what a measure is described with, where every page has the same of them."""
    found: dict[str, frozenset[float]] = {}
    for path in paths:
        for label, phrase in _PHRASE.findall(path.read_text("utf-8")):
            measure = names.measures.get(plain(unescape(label)))
            if measure is not None:
                numbers = frozenset(each.value for each in numbers_in(phrase))
                found[measure] = found.get(measure, numbers) & numbers
    return {(EVERY_PAGE, measure, 0, EVERYONE): numbers for measure, numbers in found.items()}


def makings(paths: list[Path], names: Names) -> dict[tuple[str, str, int, Group], frozenset[float]]:
    """Numbers in what a measure is made of, where every page of a wave has the same of them.

    What is said alike of every area is about none of them: questions, cut-offs, a source.
    """
    found: dict[tuple[str, str, int, Group], frozenset[float]] = {}
    for path in paths:
        for measure, part in _MADE.findall(path.read_text("utf-8")):
            wave = _WAVE.search(part)
            if wave is not None:
                key = EVERY_PAGE, measure, int(wave[1]), EVERYONE
                text = names.without(unescape(_TAG.sub(" ", part)))
                numbers = frozenset(abs(each.value) for each in numbers_in(text))
                found[key] = found.get(key, numbers) & numbers
    return found
