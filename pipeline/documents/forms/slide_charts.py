"""Slides of a domain: its charts, and a table of its numbers beside them or after them."""

from dataclasses import replace
from math import ceil
from typing import Any, NamedTuple

from pipeline.documents.forms.grid import placed
from pipeline.documents.forms.pictures import Picture, chart_png
from pipeline.documents.forms.sections import said, sentences
from pipeline.documents.forms.sheet_words import Words
from pipeline.documents.forms.slide_deck import BODY, Deck, Place, add_picture
from pipeline.documents.forms.slide_findings import box_height
from pipeline.documents.forms.slide_table import Fitted, brief, fitted, is_roomy
from pipeline.documents.outline import (
    Block,
    Bullets,
    Chart,
    Legend,
    Line,
    Run,
    Table,
    text_of,
)

MAX_ROWS = 9
"""Of a chart on a slide; a longer one is drawn in parts."""

N_COLUMN = 3
"""Place of the number of answers in a table of measures."""

NARROWEST_MM, WIDEST_MM = 130.0, 170.0
"""Between which a chart is drawn: narrower its axis has no room, wider its letters are small."""

_GAP, _TITLE = 0.35, 0.36
COLUMN = (BODY.width - _GAP) / 2
"""Width of half a slide, in inches."""

_SIZES, _SIZES_BESIDE = (12.0, 11.0), (12.0, 11.0, 10.0)
_LEAD_SIZE = 14.0


class _Drawn(NamedTuple):
    """A chart, or a part of one, and its picture."""

    chart: Chart
    picture: Picture


def add_domain(
    deck: Deck,
    title: str,
    blocks: tuple[Block, ...],
    words: Words,
    *,
    noted: tuple[Block, ...],
) -> None:
    """One slide with charts and numbers, or some with charts and others with numbers.

    Args:
        deck: the slides so far.
        title: name of the domain.
        blocks: what the page says of it.
        words: of the profile.
        noted: what the page says of it elsewhere, tables of which stand in the notes alone.
    """
    charts = [part for each in blocks if isinstance(each, Chart) for part in _parts(each, words)]
    tables = [each for each in blocks if isinstance(each, Table)]
    if not charts or not tables:
        deck.add_text(title, sentences(blocks), said(blocks))
        return
    legend = next((each for each in blocks if isinstance(each, Legend)), None)
    drawn = _drawn(charts, legend, words, NARROWEST_MM)
    beside = _beside(tables[0])
    notes = _notes(blocks, noted)
    if len(beside) == 1 and _width_for(drawn) <= WIDEST_MM:
        slide = deck.add_bare(title, notes)
        _draw(deck, slide, _redrawn(drawn, legend, words, _width_for(drawn)), _column(0))
        deck.add_table(slide, beside[0], *_column(1)[:2])
        return
    columns = _columns(drawn)
    pairs = [columns[at : at + 2] for at in range(0, len(columns), 2)]
    for name, pair in zip(deck.numbered(title, len(pairs)), pairs, strict=True):
        slide = deck.add_bare(name, notes)
        width_mm = min(max(map(_width_for, pair)), WIDEST_MM)
        for number, column in enumerate(pair):
            _draw(deck, slide, _redrawn(column, legend, words, width_mm), _column(number))
    add_tables(deck, words.say("slide.numbers", title=title), tables[0])


def add_tables(
    deck: Deck,
    title: str,
    table: Table,
    *,
    lead: tuple[Line, ...] = (),
    signs: tuple[Line, ...] = (),
) -> None:
    """A table on as many slides as it needs.

    Args:
        deck: the slides so far.
        title: of the slide; no other has it.
        table: of an outline.
        lead: above the table, on each slide.
        signs: what its marks mean, likewise below it.
    """
    notes = "\n".join([*map(text_of, lead), rows_said(table), *map(text_of, signs)])
    above = box_height(lead, BODY.width, _LEAD_SIZE) if lead else 0.0
    below = box_height(signs, BODY.width, _SIZES[-1]) if signs else 0.0
    parts = fitted(brief(table), BODY.width, BODY.height - above - below, _SIZES)
    for name, part in zip(deck.numbered(title, len(parts)), parts, strict=True):
        slide = deck.add_bare(name, notes)
        if lead:
            place = Place(BODY.left, BODY.top, BODY.width, above)
            deck.add_words(slide, lead, place, _LEAD_SIZE)
        deck.add_table(slide, part, BODY.left, BODY.top + above)
        if signs:
            place = Place(BODY.left, BODY.top + above + sum(part.heights), BODY.width, below)
            deck.add_words(slide, signs, place, _SIZES[-1])


def rows_said(table: Table) -> str:
    """All that a table says, a row each."""
    heads = [cell.text for cell in table.head]
    return "\n".join(
        "; ".join(f"{heads[at]}: {cell.text}" for at, cell in placed(row) if cell.lines)
        for row in table.rows
    )


def _drawn(
    charts: list[Chart], legend: Legend | None, words: Words, width_mm: float
) -> list[_Drawn]:
    """Charts with their pictures; the narrower they are drawn, the larger letters become."""
    return [
        _Drawn(each, chart_png(each, legend, words.lang, width_mm=ceil(width_mm)))
        for each in charts
    ]


def _parts(chart: Chart, words: Words) -> list[Chart]:
    """Parts of about as many rows each, which say which they are."""
    n_parts = ceil(len(chart.rows) / MAX_ROWS)
    if n_parts == 1:
        return [chart]
    size = ceil(len(chart.rows) / n_parts)
    parts = []
    for number in range(n_parts):
        title = words.say("slide.part", title=chart.title, number=number + 1, of=n_parts)
        rows = chart.rows[number * size : (number + 1) * size]
        each_said = " ".join(f"{row.label}: {row.description}" for row in rows)
        description = f"{title}, {chart.note}. {each_said}"
        parts.append(replace(chart, title=title, rows=rows, description=description))
    return parts


def _beside(table: Table) -> tuple[Fitted, ...]:
    """Half a slide: names, shares with their intervals, and what they are compared with.

    The number of answers and the verdicts stand there if there is room.
    """
    numbers = [at for at, cell in enumerate(table.head) if cell.is_number]
    fewest = tuple(at for at in (0, *numbers) if at != N_COLUMN)
    for columns in (tuple(range(len(table.head))), (0, *numbers)):
        for size in _SIZES_BESIDE:
            found = fitted(brief(table, columns), COLUMN, BODY.height, (size,))
            if len(found) == 1 and is_roomy(found[0]):
                return found
    return fitted(brief(table, fewest), COLUMN, BODY.height, _SIZES)


def _notes(blocks: tuple[Block, ...], noted: tuple[Block, ...]) -> str:
    """Charts in words, what the signs in the table mean, and tables that have no slide."""
    charts = [each.description for each in blocks if isinstance(each, Chart)]
    signs = said(each for each in blocks if isinstance(each, Bullets))
    tables = (f"{each.caption}\n{rows_said(each)}" for each in noted if isinstance(each, Table))
    return "\n".join([*charts, signs, *tables]).strip()


def _height(drawn: list[_Drawn]) -> float:
    """Of pictures as wide as a column below each other with their titles, in inches."""
    return sum(_TITLE + COLUMN * each.height_mm / each.width_mm for _, each in drawn)


def _width_for(drawn: list[_Drawn]) -> float:
    """Millimetres that pictures must be drawn wide to fit a column of the slide."""
    room = BODY.height - _TITLE * len(drawn)
    return max(NARROWEST_MM, COLUMN * sum(each.height_mm for _, each in drawn) / room)


def _column(number: int) -> Place:
    """Left half of a slide, 0, or right half, 1."""
    left = BODY.left + number * (COLUMN + _GAP)
    return Place(left, BODY.top, COLUMN, BODY.height)


def _columns(drawn: list[_Drawn]) -> list[list[_Drawn]]:
    """Columns in their order: two as high as each other, or as many as letters need."""
    place = min(
        range(1, len(drawn) + 1),
        key=lambda at: max(_height(drawn[:at]), _height(drawn[at:])),
    )
    halves = [each for each in (drawn[:place], drawn[place:]) if each]
    if max(map(_width_for, halves)) <= WIDEST_MM:
        return halves
    columns = [drawn[:1]]
    for each in drawn[1:]:
        if _width_for([*columns[-1], each]) <= WIDEST_MM:
            columns[-1].append(each)
        else:
            columns.append([each])
    return columns


def _redrawn(
    drawn: list[_Drawn], legend: Legend | None, words: Words, width_mm: float
) -> list[_Drawn]:
    """Charts as wide as they must be drawn so that their column fits."""
    if width_mm <= NARROWEST_MM:
        return drawn
    return _drawn([each.chart for each in drawn], legend, words, width_mm)


def _draw(deck: Deck, slide: Any, drawn: list[_Drawn], place: Place) -> None:
    """Pictures below each other, smaller if they must be."""
    room = place.height - _TITLE * len(drawn)
    wanted = _height(drawn) - _TITLE * len(drawn)
    wide = place.width * min(1.0, room / max(wanted, 0.1))
    top = place.top
    for chart, picture in drawn:
        line = (Run(chart.title, "strong"), Run(f" – {chart.note}"))
        deck.add_words(slide, (line,), Place(place.left, top, place.width, _TITLE), 12)
        high = wide * picture.height_mm / picture.width_mm
        here = Place(place.left, top + _TITLE, wide, high)
        add_picture(slide, picture, here, chart.kind, chart.description)
        top += _TITLE + high
