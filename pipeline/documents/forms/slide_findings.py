"""Slides of strengths and concerns: each with its number, what that is a share of, and a norm."""

from typing import NamedTuple

from pipeline.documents.forms.letters import n_lines
from pipeline.documents.forms.slide_deck import BODY, Deck, Place
from pipeline.documents.forms.slide_table import POINTS_PER_INCH
from pipeline.documents.outline import Line

_SIZES = (18.0, 16.0, 15.0, 14.0, 13.0, 12.0)
_NUMBER, _INSIDE, _BETWEEN = 1.5, 0.1, 0.05
"""Width of the number; margins of a box above and below its text, together; between entries."""

_LINE_HEIGHT = 1.25


class Entry(NamedTuple):
    """What a slide says of one measure."""

    number: Line
    """Empty where nothing is shown."""

    lines: tuple[Line, ...]
    """Beside the number: its name first."""


def add_entries(
    deck: Deck, title: str, lead: tuple[Line, ...], entries: tuple[Entry, ...], notes: str
) -> None:
    """A slide of entries below each other in the largest letters in which they fit, or several.

    Args:
        deck: the slides so far.
        title: of the slide; no other has it.
        lead: above the entries.
        entries: not empty.
        notes: for the speaker.
    """
    parts = _parts(lead, entries)
    for name, part in zip(deck.numbered(title, len(parts)), parts, strict=True):
        slide = deck.add_bare(name, notes)
        size = _size_of(lead, part)
        top = BODY.top
        if lead:
            high = box_height(lead, BODY.width, size)
            deck.add_words(slide, lead, Place(BODY.left, top, BODY.width, high), size)
            top += high + _BETWEEN
        for entry in part:
            high = box_height(entry.lines, BODY.width - _NUMBER, size)
            if entry.number:
                place = Place(BODY.left, top, _NUMBER, high)
                deck.add_words(slide, (entry.number,), place, min(1.5 * size, 24))
            beside = Place(BODY.left + _NUMBER, top, BODY.width - _NUMBER, high)
            deck.add_words(slide, entry.lines, beside, size)
            top += high + _BETWEEN


def box_height(lines: tuple[Line, ...], width: float, size: float) -> float:
    """About how high a box of text is, in inches, rather too high than too low.

    Args:
        lines: a paragraph each.
        width: of the box, in inches.
        size: of letters, in points.
    """
    room = (width - 0.2) * POINTS_PER_INCH / size
    n = sum(n_lines(line, room) for line in lines)
    return _INSIDE + n * _LINE_HEIGHT * size / POINTS_PER_INCH


def _parts(lead: tuple[Line, ...], entries: tuple[Entry, ...]) -> list[tuple[Entry, ...]]:
    """Entries that fit a slide together, if need be in the smallest letters."""
    parts: list[tuple[Entry, ...]] = [()]
    for entry in entries:
        if parts[-1] and _height(lead, (*parts[-1], entry), _SIZES[-1]) > BODY.height:
            parts.append(())
        parts[-1] = (*parts[-1], entry)
    return parts


def _size_of(lead: tuple[Line, ...], entries: tuple[Entry, ...]) -> float:
    """The largest size in which all fit."""
    fitting = (size for size in _SIZES if _height(lead, entries, size) <= BODY.height)
    return next(fitting, _SIZES[-1])


def _height(lead: tuple[Line, ...], entries: tuple[Entry, ...], size: float) -> float:
    boxes = [box_height(each.lines, BODY.width - _NUMBER, size) for each in entries]
    above = [box_height(lead, BODY.width, size)] if lead else []
    return sum(high + _BETWEEN for high in (*above, *boxes))
