"""What a document says that the page it was made with does not."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pipeline.attack.document import Document, Part, by_measure, parts_of
from pipeline.attack.names import Names, plain
from pipeline.attack.page_words import PageWords, has_number, is_short, words

REACH = 3
"""How many parts away the words stand that a bare number belongs to."""

AROUND = 20
"""Letters around a bare number on the page by which it is known where it belongs."""

_DAY = re.compile(r"(?:D:)?(\d{4})-?(\d\d)-?(\d\d)(?:T?00:?00:?00)?(?:Z|\+00:?00)?'?")
_PROGRAM = re.compile(r"Typst \d+(?:\.\d+){0,2}")
_LEAD = re.compile(r"\s*([<>]?\s?\d+(?:[.,]\d+)?\s?%)[†*]?\s+(?=\S)")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n|\t")
_PARTS = re.compile(r"\s*\((\d) (?:av|of) (\d)\)")
"""Which part of how many, where something is too long for a slide."""


class Sayings(NamedTuple):
    """What may be said."""

    page: PageWords
    names: Names
    n_parts: frozenset[tuple[str, int]]
    """Titles that stand there in all of their parts, and how many those are."""


def sayings_of(document: Document, page: PageWords, names: Names) -> Sayings:
    """What a document may say.

    Args:
        document: as it was read.
        page: of the same name, in the same release.
        names: of the release.
    """
    every = [*parts_of(document.root, names), *document.unseen]
    return Sayings(page, names, frozenset(_whole(every)))


def strange_parts(document: Document, sayings: Sayings) -> Iterator[Part]:
    """Every part with a number that the page does not have in the same words.

    A form that says what its page says adds nothing to what the page gives away.
    """
    for group in (list(parts_of(document.root, sayings.names)), *document.around):
        yield from _strangers(group, sayings)


def strange_texts(document: Document, sayings: Sayings) -> Iterator[Part]:
    """Texts that are not shown, with a number that the page does not have."""
    return (part for part in document.unseen if not _is_known(part.text, sayings))


def _whole(parts: Iterable[Part]) -> Iterator[tuple[str, int]]:
    found: defaultdict[tuple[str, int], set[int]] = defaultdict(set)
    for part in parts:
        for match in _PARTS.finditer(part.text):
            found[part.text[: match.start()], int(match.group(2))].add(int(match.group(1)))
    return (title for title, places in found.items() if places == set(range(1, title[1] + 1)))


def _strangers(group: list[Part], sayings: Sayings) -> Iterator[Part]:
    parts = _joined(group)
    said = [words(part.text) for part in parts]
    for place, part in enumerate(parts):
        if not has_number(sayings.names.without(part.text)):
            continue
        if part.cells:
            if not (says(part.text, sayings) or _is_row(part.cells, sayings.page)):
                yield part
        elif _has_letters(part.text):
            near = said[max(0, place - REACH) : place + REACH + 1]
            # The end of a line of a narrow column's head: "year 1", after "Upper secondary".
            is_rest = is_short(said[place]) and _is_beside(said, place, sayings.page)
            if not is_rest and not says(part.text, sayings, near):
                yield part
        elif not _is_beside(said, place, sayings.page):
            yield part


def _joined(group: list[Part]) -> list[Part]:
    """Parts, those without letters that follow each other as one."""
    found: list[Part] = []
    for part in group:
        if not part.text.strip():
            continue
        if found and not _has_letters(part.text) and not _has_letters(found[-1].text):
            found[-1] = Part(f"{found[-1].text} {part.text}", part.place)
        else:
            found.append(part)
    return found


def says(text: str, sayings: Sayings, around: Iterable[str] = ()) -> bool:
    """Whether the page says a text with letters: all of it, or else every sentence.

    Args:
        text: of the document.
        sayings: what may be said.
        around: words of the texts that it stands among.
    """
    if not has_number(sayings.names.without(text)):
        return True
    if (found := _PARTS.search(text)) is not None:
        title = text[: found.start()], int(found.group(2))
        if title in sayings.n_parts:
            return says(text[: found.start()] + text[found.end() :], sayings)
    said = words(text)
    if not _has_letters(said):
        return False
    if _stands_on(said, sayings.page) or _is_told_row(text, sayings):
        return True
    if (lead := _LEAD.match(text)) is not None:
        rest = text[lead.end() :]
        near = [words(lead.group(1)), words(rest), *map(words, _SENTENCE.split(rest)), *around]
        return _is_beside(near, 0, sayings.page, len(near)) and says(rest, sayings)
    pieces = [piece for _, piece in by_measure(text, sayings.names)]
    if len(pieces) < 2:
        pieces = [piece for piece in _SENTENCE.split(text) if piece.strip()]
    return len(pieces) > 1 and all(says(piece, sayings) for piece in pieces)


def is_on_page(text: str, sayings: Sayings) -> bool:
    """Whether the page has these very words, which may be digits alone."""
    return _stands_on(words(text), sayings.page)


def _is_told_row(text: str, sayings: Sayings) -> bool:
    """Whether a text is a row of the page's: its cells in their order, each after its head."""
    told = [piece.partition(": ") for piece in text.split("; ")]
    groups = sayings.page.groups
    heads = " ".join(head for head, _, _ in told if plain(head) not in groups)
    is_row = len(told) > 1 and not has_number(sayings.names.without(heads))
    return is_row and _is_row(tuple(cell for _, _, cell in told), sayings.page)


def _is_row(cells: tuple[str, ...], page: PageWords) -> bool:
    """Whether the page has a row with the same heading that has the cells in their order."""
    heading, *said = [words(cell) for cell in cells]
    wanted = [cell for cell in said if has_number(cell)]
    if not _has_letters(heading):
        return False
    return any(
        row and row[0].startswith(heading) and _is_within(wanted, row[1:]) for row in page.rows
    )


def _is_within(wanted: list[str], cells: tuple[str, ...]) -> bool:
    rest = iter(cells)
    return all(any(cell == other for other in rest) for cell in wanted)


def _is_beside(said: list[str], place: int, page: PageWords, reach: int = REACH) -> bool:
    """Whether a bare number stands on the page right before or after words it stands near here."""
    near = [
        said[other]
        for other in range(max(0, place - reach), min(len(said), place + reach + 1))
        if other != place and _has_letters(said[other])
    ]
    bare = said[place]
    for each in near:
        if _stands_on(each + bare, page) or _stands_on(bare + each, page):
            return True
    return any(
        len(around) == AROUND and any(around in each for each in near)
        for around in _around(bare, page.seen)
    )


def _stands_on(said: str, page: PageWords) -> bool:
    """Whether the page has these words; a few letters might be the end of any word."""
    if is_short(said):
        return said in page.short
    return said in page.seen or said in page.heard


def _around(bare: str, text: str) -> Iterator[str]:
    """What stands right before and right after a number, wherever it stands."""
    place = text.find(bare)
    while place >= 0:
        yield text[max(0, place - AROUND) : place]
        yield text[place + len(bare) : place + len(bare) + AROUND]
        place = text.find(bare, place + 1)


def _has_letters(text: str) -> bool:
    return any(map(str.isalpha, text))


def _is_known(text: str, sayings: Sayings) -> bool:
    """Whether a text that is not shown has no number of its own: none, the page's, a day."""
    if not has_number(text) or _PROGRAM.fullmatch(text.strip()):
        return True
    if (day := _DAY.fullmatch(text.strip())) is not None:
        return "-".join(day.groups()) in sayings.page.days
    return _has_letters(text) and says(text, sayings)
