"""What a page says, as a text in which a part of another document can be looked up."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from pipeline.attack.groups import Group
from pipeline.attack.html_tree import Element

_SPACES = "\u00a0\u202f\u2009"
_PART = re.compile(
    rf"\d{{1,3}}(?:[{_SPACES}]\d{{3}})+(?!\d)|\d+(?:[.,]\d+)?|[^\W\d_]+|[%<>+−]", re.UNICODE
)
MIN_LETTERS = 12
"""Of a text that is looked up anywhere on a page; a shorter one must be an element's whole."""

_BROKEN = re.compile("[\u00ad\u0002]")
"""Where a word may break, or was broken at the end of a line."""


class PageWords(NamedTuple):
    """A page's text, all of it in one line, as ``words`` writes it."""

    seen: str
    """What is shown."""

    heard: str
    """What is read out: also descriptions, and words instead of signs."""

    short: frozenset[str]
    """Whole texts of its elements that have few letters."""

    area: str
    """That it is about; empty if it does not say."""

    rows: tuple[tuple[str, ...], ...]
    """Cells of its tables' rows, each row with its heading first."""

    days: frozenset[str]
    """Days that it states for programs, as ``2025-10-31``."""

    groups: Mapping[str, Group]
    """What it calls genders and grades."""


def words(text: str) -> str:
    """Letters, numbers and signs of a text; each number stands alone, all else is run together.

    So a line's end in the middle of a word makes no difference, and 17 is no part of 2017.
    """
    return "".join(map(_word, _PART.findall(_BROKEN.sub("", text))))


def has_number(text: str) -> bool:
    """Whether there is a digit of any kind."""
    return any(map(str.isdigit, text))


def page_words(
    root: Element, area: str = "", groups: Mapping[str, Group] | None = None
) -> PageWords:
    """The words of a page.

    Args:
        root: of the page.
        area: that it is about.
        groups: what it calls genders and grades.
    """
    return PageWords(
        seen=words("".join(_texts(root, is_seen=True))),
        heard=words("".join(_texts(root, is_seen=False))),
        short=frozenset(each for each in map(_own, root.walk()) if is_short(each)),
        area=area,
        rows=tuple(_rows(root)),
        days=frozenset(each.attributes.get("content", "") for each in root.find("meta")),
        groups=groups or {},
    )


def _rows(root: Element) -> Iterator[tuple[str, ...]]:
    """Rows of tables and of charts, and facts."""
    for row in root.walk():
        cells = [each for each in row.children if isinstance(each, Element)]
        is_fact = [each.tag for each in cells] == ["dt", "dd"]
        if row.tag == "tr" or is_fact or "data-measure" in row.attributes:
            yield tuple(words("".join(_texts(each, is_seen=True))) for each in cells)


def is_short(text: str) -> bool:
    """Whether words have too few letters to tell where they come from."""
    return sum(map(str.isalpha, text)) < MIN_LETTERS


def _own(element: Element) -> str:
    """What is seen of an element; too long for a short text if it has many parts."""
    return (
        words("".join(_texts(element, is_seen=True))) if len(element.children) < 8 else "long" * 9
    )


def _word(part: str) -> str:
    if not part[0].isdigit():
        return part
    return "|" + re.sub(rf"[{_SPACES}]", "", part).replace(",", ".") + "|"


def _texts(element: Element, *, is_seen: bool) -> Iterator[str]:
    """Texts in their order, with a space after each element, so that no two words become one."""
    for child in element.children:
        if isinstance(child, str):
            yield child
        elif not _is_left_out(child, is_seen=is_seen):
            yield from _texts(child, is_seen=is_seen)
            yield " "


def _is_left_out(element: Element, *, is_seen: bool) -> bool:
    if element.tag == "style":
        return True
    if is_seen:
        return element.tag == "svg" or element.has("sr")
    return element.attributes.get("aria-hidden") == "true"
