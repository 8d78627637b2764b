"""Whole documents as text, as somebody read them: a change of any word or number shows.

``GOLDEN=write pytest tests/documents/test_golden.py`` writes them anew; read the difference.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

from pipeline.documents.outline import Box, Chart, Heading, Table, text_of
from pipeline.documents.outline_splits import SplitChart
from pipeline.documents.outlining import outline_of
from pipeline.documents.render import Kind, render_profile
from tests.documents.conftest import ENGLISH, VARIANTS
from tests.documents.test_outline import lines_of

GOLDEN = Path(__file__).parent / "golden"
DOCUMENTS: tuple[tuple[str, Kind], ...] = (
    ("area", "profile"),
    ("public", "profile"),
    ("municipality", "profile"),
    ("too_small", "summary"),
    ("public", "summary"),
    ("area", "young"),
    ("public", "young"),
)
STATES = {
    "shown": "| 35\u00a0% | 30–40\u00a0% | 143 |",
    "suppressed": " | .. | .. |",
    "unreliable": "%† |",
    "coded": "< 5\u00a0%",
    "no answers": "ingen har svarat",
    "no norm": "gränsvärden saknas",
    "not asked": "frågorna ställdes inte",
    "too few": "färre än 30 svar",
}


def as_text(blocks: Iterable[object]) -> Iterator[str]:
    """Blocks as lines: headings with signs, tables with bars."""
    for block in blocks:
        if isinstance(block, Heading):
            yield f"{'#' * block.level} {text_of(block.line)}"
        elif isinstance(block, Box):
            yield from as_text(block.blocks)
        elif isinstance(block, Table):
            yield f"[{block.kind}] {block.caption}"
            for row in (block.head, *block.rows):
                yield f"| {' | '.join(cell.text for cell in row)} |"
        elif isinstance(block, Chart | SplitChart):
            yield f"[chart] {block.description}"
        elif is_dataclass(block):
            for field in fields(block):
                yield from lines_of_one(getattr(block, field.name), field.name)


def lines_of_one(value: object, name: str) -> Iterator[str]:
    """A paragraph's text, or the texts of a list, one a line."""
    if name == "line":
        yield "".join(lines_of(value))
    elif isinstance(value, tuple):
        for each in value:
            yield f"- {' '.join(lines_of(each))}"
    elif isinstance(value, str) and name not in ("style", "kind"):
        yield value


def document(name: str, kind: Kind, *, english: bool = False) -> str:
    outline = outline_of(render_profile((ENGLISH if english else VARIANTS)[name], kind))
    return "\n".join((outline.title, *as_text(outline.blocks), *as_text(outline.footer))) + "\n"


@pytest.mark.parametrize(("name", "kind"), DOCUMENTS)
@pytest.mark.parametrize("lang", ["sv", "en"])
def test_a_document_reads_as_it_did(name: str, kind: Kind, lang: str) -> None:
    path = GOLDEN / f"{name}_{kind}_{lang}.txt"
    text = document(name, kind, english=lang == "en")
    if os.environ.get("GOLDEN") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8")


def test_every_state_of_a_figure_is_among_them() -> None:
    whole = "\n".join(path.read_text("utf-8") for path in sorted(GOLDEN.glob("*_sv.txt")))
    assert [state for state, text in STATES.items() if text not in whole] == []
