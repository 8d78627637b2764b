"""How wide texts are, and how many lines they take, before any program has drawn them.

Slides, Word pages and workbooks ask for Arial, and are drawn in something else where it is not
installed. What has room in the widest that usually takes its place has room in all: so widths are
those of DejaVu Sans, to the nearest class of letters.
"""

from collections.abc import Iterator
from functools import lru_cache

from pipeline.documents.forms.plain_text import SOFT_HYPHEN
from pipeline.documents.outline import Line, RunStyle

DIGIT = 0.64
"""Width of a digit, in ems."""

BOLD = 1.12
"""How much wider bold letters are."""

BOLD_STYLES: frozenset[RunStyle] = frozenset({"strong", "mark", "worse", "better"})

_SPACE = 0.34
_CLASSES = (
    (0.0, SOFT_HYPHEN),
    (_SPACE, "Iijl.,:;|'/ \u00a0"),
    (0.42, "frt()[]-"),
    (0.96, "mwMW%@—▲▼●≈<>+−="),
)
_WIDTHS = {letter: width for width, letters in _CLASSES for letter in letters}
_CAPITAL = 0.78


@lru_cache(maxsize=10_000)
def width_of(text: str) -> float:
    """How wide a text is, in ems, rather too wide than too narrow."""
    return sum(map(_letter, text))


def n_lines(line: Line, room: float) -> int:
    """How many lines a paragraph takes.

    It breaks between words, and within a word that is longer than a line.

    Args:
        line: of an outline; its bold letters are wider.
        room: width of a line in ems, more than 0.
    """
    n, used = 1, 0.0
    for width in _words(line):
        if used and used + width - _SPACE > room:
            n, used = n + 1, 0.0
        used += width
        while used - _SPACE > room:
            n, used = n + 1, used - room
    return n


def _words(line: Line) -> Iterator[float]:
    """The width of each word with the space behind it; a word may go on in the next run."""
    width = 0.0
    for run in line:
        factor = BOLD if run.style in BOLD_STYLES else 1.0
        first, *others = run.text.split(" ")
        width += factor * width_of(first)
        for word in others:
            yield width + factor * _SPACE
            width = factor * width_of(word)
    yield width + _SPACE


def _letter(letter: str) -> float:
    return _WIDTHS.get(letter, _CAPITAL if letter.isupper() else DIGIT)
