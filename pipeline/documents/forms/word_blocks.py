"""Blocks of an outline as Word's XML."""

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

from pipeline.documents.forms.word_table import table_xml
from pipeline.documents.forms.word_text import paragraph, run, runs
from pipeline.documents.outline import (
    Block,
    Box,
    Bullets,
    Chart,
    Drawn,
    Finding,
    Findings,
    Heading,
    Legend,
    Line,
    Map,
    Paragraph,
    Table,
    Terms,
    text_of,
)
from pipeline.documents.outline_splits import SplitChart

Draw = Callable[[Drawn, Legend | None], str]
"""A chart as a run that holds its picture."""

_EXPLAINED = ("series", "funnel", "span")
"""Drawings in tables that the text explains; only the web page and the PDF have them."""

_TAB = "<w:r><w:tab/></w:r>"
_STYLES = {
    "plain": "",
    "lead": "Lead",
    "caution": "Caution",
    "banner": "Banner",
    "note": "Note",
    "kicker": "Kicker",
}


def blocks_xml(blocks: Iterable[Block], draw: Draw, undrawn: str) -> str:
    """All blocks, one after the other.

    Args:
        blocks: of an outline.
        draw: makes the picture of a chart, and takes it into the document.
        undrawn: says that drawings which the text speaks of are elsewhere.
    """
    return "".join(_all_of(tuple(blocks), draw, undrawn))


def _all_of(blocks: tuple[Block, ...], draw: Draw, undrawn: str) -> Iterator[str]:
    legend: Legend | None = None
    told: set[str] = set()
    for before, block in pairwise((None, *blocks)):
        match block:
            case Legend():
                legend = block
            case Chart():
                yield _chart(block, legend, draw)
            case SplitChart():
                yield _chart(block, None, draw)
            case Paragraph():
                yield paragraph(
                    _STYLES[block.style], runs(block.line), after_table=isinstance(before, Table)
                )
            case Table():
                if _is_explained(block) and block.kind not in told:
                    yield paragraph("Note", run(undrawn))
                    told.add(block.kind)
                is_named = isinstance(before, Heading) and text_of(before.line) == block.caption
                yield table_xml(block, is_named=is_named)
            case None:
                pass
            case _:
                yield from _written(block, draw, undrawn, after_table=isinstance(before, Table))


def _is_explained(table: Table) -> bool:
    return any(
        cell.drawing is not None and cell.drawing.kind in _EXPLAINED
        for row in table.rows
        for cell in row
    )


def _written(block: Block, draw: Draw, undrawn: str, *, after_table: bool) -> Iterator[str]:
    match block:
        case Heading():
            yield paragraph(f"Heading{block.level}", runs(block.line))
        case Bullets():
            style = "Note" if block.are_notes else "ListBullet"
            for place, item in enumerate(block.items):
                yield paragraph(style, runs(item), after_table=after_table and not place)
        case Terms():
            for pair in block.pairs:
                yield _fact(*pair) if block.are_facts else _term(*pair)
        case Findings():
            yield from map(_finding, block.items)
        case Map():
            yield paragraph("", run(block.title, "Strong") + run(f". {block.said}"))
        case Box():
            yield from _box(block, draw, undrawn)


def _box(box: Box, draw: Draw, undrawn: str) -> Iterator[str]:
    for block in box.blocks:
        if isinstance(block, Paragraph):
            yield paragraph("Box", runs(block.line))
        else:
            yield blocks_xml((block,), draw, undrawn)


def _chart(chart: Drawn, legend: Legend | None, draw: Draw) -> str:
    """Its title, and its picture with what the marks mean."""
    title = run(chart.title, "Strong") + run(f" – {chart.note}")
    return paragraph("Caption", title) + paragraph("Picture", draw(chart, legend))


def _term(term: Line, said: Line) -> str:
    return paragraph("Term", runs(term)) + paragraph("Explanation", runs(said))


def _fact(term: Line, said: Line) -> str:
    return paragraph("Fact", runs(term) + _TAB + runs(said))


def _finding(finding: Finding) -> str:
    """Its number and name, what sort of factor it is, and a sentence."""
    side = "RunWorse" if finding.side == "worse" else "RunBetter"
    number = run(finding.number, side) + _TAB if finding.number else ""
    return (
        paragraph("Finding", number + run(finding.title, "Strong"))
        + (paragraph("FindingSort", run(finding.sort)) if finding.sort else "")
        + paragraph("FindingText", runs(finding.sentence))
    )
