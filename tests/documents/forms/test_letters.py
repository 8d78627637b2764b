"""How much room texts take, before anything draws them."""

import re
from textwrap import wrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.documents.forms.letters import BOLD, BOLD_STYLES, DIGIT, n_lines, width_of
from pipeline.documents.outline import Run
from pipeline.documents.view import Lang
from pipeline.documents.wording import load_texts

PER_EM = 2048
REGULAR = {
    563: "'", 569: "ijl", 604: "IJ", 651: " .,", 690: ":;/", 721: "f", 739: "-", 799: "()[]",
    803: "t", 842: "r", 1024: "–", 1067: "s", 1075: "z", 1126: "c", 1141: "L", 1178: "F",
    1186: "k", 1212: "vxy", 1235: "P", 1251: "TY", 1253: "oö", 1255: "aåä", 1260: "eé", 1294: "E",
    1298: "hnu", 1300: "bdgpqS", 1303: "0123456789", 1343: "K", 1401: "AVÅÄ", 1403: "XZ",
    1405: "B", 1423: "R", 1430: "C", 1499: "U", 1532: "N", 1540: "H", 1575: "▲▼", 1577: "D",
    1587: "G", 1612: "OQÖ", 1675: "w", 1716: "+−<>≈=", 1767: "M", 1787: "●", 1946: "%",
    1995: "m", 2025: "W", 2048: "—",
}  # fmt: skip
"""Widths of DejaVu Sans 2.37 by its own table (hmtx)."""

HEAVY = {
    627: "'", 702: "ijl", 713: " ", 748: "/", 762: "IJ", 778: ".,", 819: ":;", 850: "-", 891: "f",
    936: "()[]", 979: "t", 1010: "r", 1024: "–", 1192: "z", 1214: "c", 1219: "s", 1305: "L",
    1321: "x", 1335: "vy", 1362: "k", 1382: "aåä", 1389: "eé", 1397: "T", 1399: "EF", 1407: "oö",
    1425: "0123456789", 1458: "hnu", 1466: "bdgpq", 1475: "S", 1483: "Y", 1485: "Z", 1501: "P",
    1503: "C", 1561: "B", 1575: "▲▼", 1577: "R", 1579: "X", 1585: "AVÅÄ", 1587: "K", 1663: "U",
    1681: "G", 1700: "D", 1714: "HN", 1716: "+−<>≈=", 1741: "OQÖ", 1787: "●", 1892: "w",
    2038: "M", 2048: "—", 2052: "%", 2134: "m", 2259: "W",
}  # fmt: skip
"""The same of DejaVu Sans Bold 2.37."""


def drawn(text: str, font: dict[int, str]) -> float:
    """Its width in ems, as the font has it."""
    widths = {letter: width for width, letters in font.items() for letter in letters}
    return sum(widths[letter] for letter in text) / PER_EM


def long_words(lang: Lang) -> list[str]:
    """Words of five letters and more that the documents say."""
    said = " ".join(map(str, load_texts(lang).values()))
    return sorted(set(re.findall(r"[A-Za-zåäöÅÄÖ–-]{5,}", said)))


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_a_word_is_as_wide_as_in_dejavu_sans_or_a_little_wider(lang: Lang) -> None:
    words = long_words(lang)
    assert len(words) > 300
    ratios = [width_of(word) / drawn(word, REGULAR) for word in words]
    assert min(ratios) >= 1
    assert max(ratios) < 1.3
    assert sum(ratios) / len(ratios) < 1.1


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_a_bold_word_is_as_wide_as_in_dejavu_sans_bold_or_a_little_wider(lang: Lang) -> None:
    ratios = [BOLD * width_of(word) / drawn(word, HEAVY) for word in long_words(lang)]
    assert min(ratios) >= 0.99
    assert sum(ratios) / len(ratios) < 1.1


@pytest.mark.parametrize("text", ["45 %", "29–39 %", "kan inte beräknas", "▲ Högre", "≈ +4", "M—W"])
def test_figures_and_signs_have_room_too(text: str) -> None:
    assert drawn(text, REGULAR) <= width_of(text) < 1.2 * drawn(text, REGULAR)


def test_where_a_word_may_break_takes_no_room() -> None:
    assert width_of("norm\u00adurvalet") == width_of("normurvalet")


@given(st.lists(st.text("i", min_size=1, max_size=12), min_size=1), st.integers(12, 60))
def test_lines_break_where_a_typewriter_breaks_them(words: list[str], room: int) -> None:
    """An i is as wide as a space: every letter is as wide as any other."""
    text = " ".join(words)
    assert n_lines((Run(text),), (room + 0.01) * width_of("i")) == len(wrap(text, room))


def test_lines_break_between_words() -> None:
    line = (Run("0000 0000 0000"),)
    both = width_of("0000 0000")
    assert n_lines(line, width_of("0000 0000 0000") + 0.01) == 1
    assert n_lines(line, both + 0.01) == 2
    assert n_lines(line, both - 0.01) == 3


def test_a_word_without_room_goes_on_in_the_next_line() -> None:
    assert n_lines((Run("0" * 30),), 10 * DIGIT + 0.01) == 3
    assert n_lines((Run("0" * 31),), 10 * DIGIT + 0.01) == 4


@pytest.mark.parametrize("style", sorted(BOLD_STYLES))
def test_bold_letters_take_more_lines(style: str) -> None:
    room = width_of("0000") + 0.01
    assert n_lines((Run("0000"),), room) == 1
    assert n_lines((Run("0000", style),), room) == 2  # type: ignore[arg-type]


def test_a_word_of_two_styles_is_one_word() -> None:
    room = width_of("0000") + 0.01
    assert n_lines((Run("00"), Run("00 0", "note")), room) == 2
    assert n_lines((Run("00 00"), Run("0", "note")), room) == 2
