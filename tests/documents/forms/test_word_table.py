"""Tables in Word: words that are not broken, heads that are not left alone."""

import re
from typing import Any

import pytest
from docx.oxml.ns import nsdecls, qn
from lxml import etree

from pipeline.documents.forms.letters import BOLD, width_of
from pipeline.documents.forms.word_table import WIDTH, table_xml
from pipeline.documents.outline import Cell, Run, Table
from tests.documents.forms.conftest import NAMES, outline, tables_of

PROBLEMS = ["Våld", "Kriminalitet", "Underprestation i skolan", "Sexuellt riskbeteende",
            "Depression och ångest", "Spelproblem", "Nätmobbning"]  # fmt: skip


def cell(text: str, span: int = 1) -> Cell:
    return Cell(((Run(text),),) if text else (), span=span)


def table(problems: list[str]) -> Table:
    """Which factors are linked to which problems, with the name of the factors' domain."""
    head = (cell("Faktor"), *map(cell, problems), cell("Jämfört med normurvalet"))
    band = (cell("Individen och kamraterna", span=len(head)),)
    row = (cell("Bristande föräldratillsyn"), *(cell("●") for _ in problems), cell("Lägre"))
    return Table("Kopplingar", "links", head, ((band, row),))


def made(of: Table) -> Any:
    written = f"<w:body {nsdecls('w')}>{table_xml(of)}</w:body>"
    return etree.fromstring(written).find(qn("w:tbl"))


def width(drawn: Any) -> int:
    """Of the whole table, in twentieths of a point."""
    return sum(int(each.get(qn("w:w"))) for each in drawn.iter(qn("w:gridCol")))


def size_of(drawn: Any, usual: float = 8.5) -> float:
    """Of letters in points: one size in all cells."""
    (size,) = {float(each.get(qn("w:val"))) / 2 for each in drawn.iter(qn("w:sz"))} or {usual}
    return size


def narrowest(of: Table) -> float:
    """The room that is left of the column with least to spare beside its longest word, in ems."""
    drawn = made(of)
    em = size_of(drawn) * 20
    widths = [int(each.get(qn("w:w"))) / em for each in drawn.iter(qn("w:gridCol"))]
    left = []
    for number, row in enumerate(drawn.iter(qn("w:tr"))):
        cells = list(row.iter(qn("w:tc")))
        if len(cells) == len(widths):
            for cell_drawn, width in zip(cells, widths, strict=True):
                words = re.findall(r"\S+", said(cell_drawn))
                wide = max(map(width_of, words), default=0) * (1 if number else BOLD)
                left.append(width - wide)
    return min(left)


def said(drawn: Any) -> str:
    """Text of a cell; where words may break, after the hyphen, they are two."""
    broken = qn("w:softHyphen")
    return "\n".join(
        "".join("- " if each.tag == broken else each.text or "" for each in paragraph.iter())
        for paragraph in drawn.iter(qn("w:p"))
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_column_has_room_for_its_longest_word(name: str) -> None:
    for each in tables_of(outline(name)):
        assert narrowest(each) > 0


@pytest.mark.parametrize("n", range(1, len(PROBLEMS)))
def test_letters_are_smaller_where_words_would_break(n: int) -> None:
    few, many = table(PROBLEMS[:n]), table(PROBLEMS[: n + 1])
    assert 7 <= size_of(made(many)) <= size_of(made(few))
    assert narrowest(few) > 0
    assert width(made(many)) <= WIDTH


def test_letters_are_as_the_template_has_them_where_words_fit() -> None:
    assert list(made(table(PROBLEMS[:2])).iter(qn("w:sz"))) == []
    assert size_of(made(table(PROBLEMS[:6]))) < 8.5


def test_letters_never_get_smaller_than_can_be_read() -> None:
    assert size_of(made(table(PROBLEMS * 3))) == 7


def test_a_head_and_the_name_of_rows_stay_with_the_row_below() -> None:
    rows = [list(row.iter(qn("w:p"))) for row in made(table(PROBLEMS[:2])).iter(qn("w:tr"))]
    kept = [{each.find(f".//{qn('w:keepNext')}") is not None for each in row} for row in rows]
    assert kept == [{True}, {True}, {False}]


def test_the_name_of_rows_is_as_wide_as_the_table() -> None:
    _, band, row = made(table(PROBLEMS[:2])).iter(qn("w:tr"))
    (alone,) = band.iter(qn("w:tc"))
    assert alone.find(f".//{qn('w:gridSpan')}").get(qn("w:val")) == "4"
    assert int(alone.find(f".//{qn('w:tcW')}").get(qn("w:w"))) == width(made(table(PROBLEMS[:2])))
    assert alone.find(f".//{qn('w:rStyle')}").get(qn("w:val")) == "Strong"
    assert row.find(f".//{qn('w:rStyle')}") is None


def test_the_only_column_of_a_table_names_nothing() -> None:
    alone = made(Table("Ett", "plain", (cell("Namn"),), (((cell("a"),),),)))
    assert alone.find(f".//{qn('w:rStyle')}") is None
