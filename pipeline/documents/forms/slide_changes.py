"""What has changed since earlier waves, as slides show it: sure changes alone, with their signs."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import NamedTuple

from pipeline.documents.forms.slide_table import brief
from pipeline.documents.outline import Block, Bullets, Cell, Heading, Line, Run, Table, text_of


class Changes(NamedTuple):
    """Rows that stand in one table."""

    heading: str
    """Of the measures; empty where they are of several."""

    table: Table
    signs: tuple[Line, ...]
    """What the marks in the table mean."""


def changes_of(blocks: tuple[Block, ...], labels: Collection[str], title: str) -> list[Changes]:
    """The rows of some measures, in one table unless a mark would mean two things in it.

    Args:
        blocks: of the page's section.
        labels: of the measures.
        title: of the section.

    Returns:
        Nothing where there is no such row.
    """
    found = list(_by_heading(blocks, labels))
    signs = list(dict.fromkeys(sign for each in found for sign in each.signs))
    if not found or len({sign[0].text for sign in signs}) < len(signs):
        return found
    rows = tuple(row for each in found for row in each.table.rows)
    table = replace(found[0].table, caption=title, groups=(rows,))
    return [Changes("", table, tuple(signs))]


def _by_heading(blocks: tuple[Block, ...], labels: Collection[str]) -> Iterator[Changes]:
    """Tables with the rows that are wanted, each with the notes that follow it."""
    heading = ""
    for place, block in enumerate(blocks):
        if isinstance(block, Heading):
            heading = text_of(block.line)
        if not isinstance(block, Table):
            continue
        rows = tuple(
            (_named(row[0]), *row[1:])
            for row in block.rows
            if row[0].lines and text_of(row[0].lines[0]) in labels
        )
        if rows:
            table = replace(block, groups=(rows,))
            yield Changes(heading, table, tuple(_signs(table, blocks[place + 1 : place + 2])))


def _named(cell: Cell) -> Cell:
    """A name and what is counted, in one line: a share says nothing without it."""
    name, *below = cell.lines
    counted = tuple(Run(f" ({text_of(line)})") for line in below)
    return replace(cell, lines=((*name, *counted),))


def _signs(table: Table, after: tuple[Block, ...]) -> Iterator[Line]:
    """Notes below a table of marks that stand in it."""
    marks = {
        run.text
        for row in brief(table).rows
        for cell in row
        for line in cell.lines
        for run in line
        if run.style == "mark"
    }
    for block in after:
        if isinstance(block, Bullets) and block.are_notes:
            yield from (each for each in block.items if each[0].text in marks)
