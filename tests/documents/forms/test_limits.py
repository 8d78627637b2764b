"""Names and texts that are longer, or more alike, than files take."""

from dataclasses import replace
from io import BytesIO

import docx
import openpyxl
import pptx
import pytest

from pipeline.documents.forms.plain_text import MAX_TITLE, printable
from pipeline.documents.forms.sheet import MAX_HEAD, MAX_LETTERS
from pipeline.documents.forms.workbook import workbook
from pipeline.documents.view import Profile
from tests.documents.forms.conftest import PROFILES, made_of

AREA = PROFILES["area"]


def book_of(profile: Profile) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(workbook(profile)))


@pytest.mark.parametrize("label", ["Årskurs", "årskurs", "Hela Exempelkommunen", "x" * 300])
def test_no_two_columns_have_one_name_and_none_is_too_long(label: str) -> None:
    book = book_of(replace(AREA, area_label=label))
    for page in book:
        [table] = page.tables.values()
        heads = [str(cell.value) for cell in page[table.ref][0]]
        assert heads == [column.name for column in table.tableColumns]
        assert len({head.casefold() for head in heads}) == len(heads)
        assert max(map(len, heads)) <= MAX_HEAD


def test_a_text_that_no_cell_holds_is_cut_off() -> None:
    label = "y" * (MAX_LETTERS + 5)
    book = book_of(replace(AREA, outcomes=(replace(AREA.outcomes[0], label=label),)))
    values = {cell.value for page in book for row in page.iter_rows() for cell in row}
    assert "y" * MAX_LETTERS in values


def test_a_long_text_takes_more_slides() -> None:
    about = " ".join(["Så här arbetar kommunen med barns och ungas uppväxtvillkor."] * 50)
    profile = replace(AREA, about=about)
    word, _, slides = made_of(profile)
    deck = pptx.Presentation(BytesIO(slides))
    titles = [slide.shapes.title.text_frame.text for slide in deck.slides]
    assert len(titles) == len(set(titles))
    assert sum("Vad är en områdesprofil?" in each for each in titles) > 1
    assert about in [each.text for each in docx.Document(BytesIO(word)).paragraphs]


def test_a_title_is_cut_off_where_office_files_hold_no_more() -> None:
    # As beside each other, where a document names all of its areas.
    word, _, slides = made_of(replace(AREA, area_label="x" * 300))
    titles = [
        docx.Document(BytesIO(word)).core_properties.title,
        pptx.Presentation(BytesIO(slides)).core_properties.title,
    ]
    assert all(title.endswith("xxx") and len(title) == MAX_TITLE for title in titles)


def test_many_groups_take_a_slide_of_their_own() -> None:
    shown = AREA.participation
    grades = tuple(replace(shown.grades[0], label=f"Årskurs {n}") for n in range(40))
    _, _, slides = made_of(replace(AREA, participation=replace(shown, grades=grades)))
    deck = pptx.Presentation(BytesIO(slides))
    tables = [shape.table for slide in deck.slides for shape in slide.shapes if shape.has_table]
    labels = [row.cells[0].text for table in tables for row in table.rows]
    assert {each.label for each in grades} <= set(labels)


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a\x00b", "ab"), ("a\ud800b", "ab"), ("a\r\n\tb", "a b"), ("åäö 𝄞", "åäö 𝄞"), ("", "")],
)
def test_only_what_xml_forbids_is_taken_away(text: str, shown: str) -> None:
    assert printable(text) == shown
