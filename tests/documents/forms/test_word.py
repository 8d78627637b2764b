"""The Word document: everything of the page, in Word's own headings, tables and pictures."""

import re
from functools import lru_cache
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args
from zipfile import ZipFile

import docx
import pytest
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph as WordParagraph
from lxml import etree

from pipeline.disclosure.figure import State
from pipeline.documents.forms import word
from pipeline.documents.outline import Heading, Paragraph, Table, text_of
from pipeline.documents.wording import load_texts
from pipeline.errors import DefinitionError
from reports.word.make_template import make_template
from tests.documents.forms.conftest import (
    NAMES,
    PROFILES,
    blocks_of,
    docx_of,
    drawn_of,
    other_outline,
    outline,
    plain,
    tables_of,
)


@lru_cache
def document_of(name: str) -> Any:
    return docx.Document(BytesIO(docx_of(name)))


def cell_text(cell: Any) -> str:
    lines = (WordParagraph(each, None).text for each in cell.iter(qn("w:p")))  # type: ignore[arg-type]
    return plain(" ".join(lines))


def rows_of(table: Any) -> list[list[str]]:
    """Texts of a table's cells, those spanning columns once."""
    return [[cell_text(cell) for cell in row.iter(qn("w:tc"))] for row in table.iter(qn("w:tr"))]


def expected_rows(table: Table) -> list[list[str]]:
    """Texts of the outline, without columns that hold drawings alone."""
    rows = [table.head, *table.rows]
    n = len(table.head)
    whole = [row for row in table.rows if len(row) == n]
    drawn = {
        at
        for at in range(n)
        if not any(row[at].lines for row in whole)
        and (not table.head[at].lines or any(row[at].drawing for row in whole))
    }
    found = []
    for row in rows:
        cells, at = [], 0
        for cell in row:
            if set(range(at, at + cell.span)) - drawn:
                cells.append(plain(cell.text))
            at += cell.span
        found.append(cells)
    return found


@pytest.mark.parametrize("name", NAMES)
def test_every_table_says_what_the_page_says(name: str) -> None:
    made = [rows_of(table) for table in document_of(name).element.body.iter(qn("w:tbl"))]
    assert made == [expected_rows(table) for table in tables_of(outline(name))]


@pytest.mark.parametrize("name", NAMES)
def test_every_text_of_the_page_is_there_in_order(name: str) -> None:
    document = document_of(name)
    texts = [plain(each.text) for each in document.paragraphs]
    wanted = [
        plain(text_of(block.line))
        for block in blocks_of(outline(name))
        if isinstance(block, Heading | Paragraph)
    ]
    left = iter(texts)
    assert all(each in left for each in wanted)


@pytest.mark.parametrize("name", NAMES)
def test_headings_are_words_own_and_skip_no_level(name: str) -> None:
    found = [
        (plain(each.text), int(each.style.name.removeprefix("Heading ")))
        for each in document_of(name).paragraphs
        if each.style.name.startswith("Heading ")
    ]
    wanted = [
        (plain(text_of(block.line)), block.level)
        for block in blocks_of(outline(name))
        if isinstance(block, Heading)
    ]
    assert found == wanted
    levels = [level for _, level in found]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("name", NAMES)
def test_every_picture_is_described(name: str) -> None:
    found = [each.get("descr") for each in document_of(name).element.body.iter("{*}docPr")]
    assert list(map(plain, found)) == [plain(each.description) for each in drawn_of(outline(name))]


@pytest.mark.parametrize("name", NAMES)
def test_every_table_repeats_its_head_and_has_row_headings(name: str) -> None:
    for table in document_of(name).element.body.iter(qn("w:tbl")):
        first, *others = table.iter(qn("w:tr"))
        assert first.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
        assert not any(
            row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for row in others
        )
        look = table.find(f"{qn('w:tblPr')}/{qn('w:tblLook')}")
        assert (look.get(qn("w:firstRow")), look.get(qn("w:firstColumn"))) == ("1", "1")
        assert table.find(f"{qn('w:tblPr')}/{qn('w:tblCaption')}").get(qn("w:val"))


@pytest.mark.parametrize("name", NAMES)
def test_tables_fit_the_page_and_their_cells_fill_the_grid(name: str) -> None:
    for table in document_of(name).element.body.iter(qn("w:tbl")):
        grid = [int(each.get(qn("w:w"))) for each in table.iter(qn("w:gridCol"))]
        assert sum(grid) <= 9867
        assert min(grid) > 400
        for row in table.iter(qn("w:tr")):
            spans = [cell.find(f".//{qn('w:gridSpan')}") for cell in row.iter(qn("w:tc"))]
            n = sum(1 if each is None else int(each.get(qn("w:val"))) for each in spans)
            assert n == len(grid)


@pytest.mark.parametrize(("name", "tag"), [("area", "sv-SE"), ("area_en", "en-GB")])
def test_the_document_says_its_language_and_title(name: str, tag: str) -> None:
    document = document_of(name)
    defaults = document.styles.element.find(f"{qn('w:docDefaults')}//{qn('w:lang')}")
    assert defaults.get(qn("w:val")) == tag
    assert document.core_properties.language == tag
    assert document.core_properties.title == plain(outline(name).title)


def test_made_up_answers_are_called_so_on_every_page() -> None:
    [section] = document_of("area").sections
    assert section.header.paragraphs[0].text == outline("area").running
    assert "PAGE" in etree.tostring(section.footer._element).decode()
    assert document_of("municipality").sections[0].header.paragraphs[0].text == ""


@pytest.mark.parametrize("name", NAMES)
def test_space_is_never_made_of_empty_paragraphs(name: str) -> None:
    for each in document_of(name).paragraphs:
        assert each.text.strip() or each._p.find(f".//{qn('w:drawing')}") is not None


def test_the_page_is_a4() -> None:
    [section] = document_of("area").sections
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)


def test_every_style_is_one_of_the_templates() -> None:
    document = document_of("public")
    known = {style.style_id for style in document.styles}
    used = {
        each.get(qn("w:val"))
        for tag in ("w:pStyle", "w:rStyle", "w:tblStyle")
        for each in document.element.body.iter(qn(tag))
    }
    assert used <= known & set(word.STYLES)


def test_bullets_are_letters_of_the_text() -> None:
    with ZipFile(word.TEMPLATE) as archive:
        numbering = archive.read("word/numbering.xml").decode()
    assert '<w:lvlText w:val="•"/>' in numbering
    assert "Symbol" not in numbering
    assert "\uf0b7" not in numbering


def test_the_template_is_what_its_script_makes() -> None:
    assert word.TEMPLATE.read_bytes() == make_template()


def test_colours_of_letters_can_be_told_from_white() -> None:
    with ZipFile(word.TEMPLATE) as parts:
        styles = etree.fromstring(parts.read("word/styles.xml"))
    used = [
        style for style in styles.iter(qn("w:style"))
        if style.get(qn("w:styleId")) in word.STYLES
    ]  # fmt: skip
    colours = {str(each.get(qn("w:val"))) for style in used for each in style.iter(qn("w:color"))}
    found = [each for each in colours if re.fullmatch(r"[0-9A-F]{6}", each)]
    assert found
    for colour in found:
        assert 1.05 / (_luminance(colour) + 0.05) >= 4.5, colour


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return sum(k * c for k, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_a_template_without_a_style_is_refused(tmp_path: Path) -> None:
    changed = tmp_path / "own.docx"
    docx.Document().save(str(changed))
    with pytest.raises(DefinitionError, match=r"own\.docx: lacks the styles Lead"):
        word.word_document(outline("area"), changed)


def test_a_template_without_a_place_for_the_text_is_refused(tmp_path: Path) -> None:
    changed = _template_with(tmp_path, "{{ title }}")
    with pytest.raises(DefinitionError, match=r"has no place for the text"):
        word.word_document(outline("area"), changed)


@pytest.mark.parametrize("asked", ["{{ secret }}", "{% for %}", "{{ ''.__class__.__mro__ }}"])
def test_a_template_that_asks_for_something_else_is_refused(tmp_path: Path, asked: str) -> None:
    with pytest.raises(DefinitionError, match=r"own\.docx: "):
        word.word_document(outline("area"), _template_with(tmp_path, asked))


def _template_with(folder: Path, text: str) -> Path:
    changed = folder / "own.docx"
    template = docx.Document(str(word.TEMPLATE))
    template.paragraphs[0].text = text
    template.save(str(changed))
    return changed


def test_all_profiles_are_tried() -> None:
    assert {profile.edition for profile in PROFILES.values()} == {"public", "internal"}
    measures = [
        measure
        for profile in PROFILES.values()
        for domain in profile.domains
        for measure in domain.measures
    ]
    states = {measure.area.state for measure in measures}
    assert states == set(get_args(State))
    assert {profile.lang for profile in PROFILES.values()} == {"sv", "en"}


@pytest.mark.parametrize("kind", ["summary", "young", "compare", "overview"])
def test_the_other_documents_become_word_as_well(kind: str) -> None:
    page = other_outline(kind)
    document = docx.Document(BytesIO(word.word_document(page)))
    made = [rows_of(table) for table in document.element.body.iter(qn("w:tbl"))]
    assert made == [expected_rows(table) for table in tables_of(page)]
    assert all(each.text.strip() or each._p.find(f".//{qn('w:drawing')}") is not None
               for each in document.paragraphs)  # fmt: skip
    drawn = any(
        cell.drawing is not None and cell.drawing.kind != "rung"
        for table in tables_of(page) for row in table.rows for cell in row
    )  # fmt: skip
    told = str(load_texts("sv")["word.undrawn"])
    assert (told in [each.text for each in document.paragraphs]) == drawn
