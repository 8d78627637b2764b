"""The slides: titles, texts that fit, charts that are described, tables with the page's numbers."""

import re
from dataclasses import replace
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pptx
import pytest
from pptx.util import Inches

from pipeline.disclosure.figure import Points
from pipeline.documents.comparison_view import Comparison
from pipeline.documents.forms.pictures import MM_PER_INCH, PPI
from pipeline.documents.forms.slide_charts import COLUMN, WIDEST_MM
from pipeline.documents.forms.slides import TEMPLATE, slides
from pipeline.documents.outline import Findings, text_of
from pipeline.documents.outlining import outline_of
from pipeline.documents.render import render_profile
from pipeline.documents.view import Measure, Profile
from pipeline.errors import DefinitionError
from reports.slides.make_template import make_template
from tests.documents.forms.conftest import (
    LONG,
    NAMES,
    PROFILES,
    blocks_of,
    charts_of,
    outline,
    plain,
    pptx_of,
    tables_of,
)
from tests.documents.sample_measures import BREAK, shown


@lru_cache
def deck_of(name: str) -> Any:
    return pptx.Presentation(BytesIO(pptx_of(name)))


def tables_in(deck: Any) -> list[Any]:
    return [shape.table for slide in deck.slides for shape in slide.shapes if shape.has_table]


def pictures_in(deck: Any) -> list[Any]:
    return [shape for slide in deck.slides for shape in slide.shapes if shape.shape_type == 13]


@pytest.mark.parametrize("name", NAMES)
def test_every_slide_has_a_title_of_its_own_first_in_reading_order(name: str) -> None:
    found = [slide.shapes.title.text_frame.text for slide in deck_of(name).slides]
    assert all(each.strip() for each in found)
    assert len(set(found)) == len(found)
    assert all(slide.shapes[0].shape_id == slide.shapes.title.shape_id
               for slide in deck_of(name).slides)  # fmt: skip
    assert 10 <= len(found) <= 20


@pytest.mark.parametrize("name", NAMES)
def test_every_picture_is_described_in_words_of_the_page(name: str) -> None:
    pictures = pictures_in(deck_of(name))
    told = [plain(each._element.nvPicPr.cNvPr.get("descr")) for each in pictures]
    assert all(told)
    for chart in charts_of(outline(name)):
        for row in chart.rows:
            assert any(f"{plain(row.label)}: {plain(row.description)}" in each for each in told)


@pytest.mark.parametrize("name", NAMES)
def test_every_number_in_a_table_is_the_pages(name: str) -> None:
    """Each row of figures is a row of the page, with some of its columns."""
    by_label = {
        (plain(table.head[0].text), plain(text_of(row[0].lines[0]))): {
            plain(part) for cell in row for part in (cell.text, *map(text_of, cell.lines))
        }
        for table in tables_of(outline(name))
        if table.kind in ("measures", "change", "grades")
        for row in table.rows
    }
    n_rows = 0
    for table in tables_in(deck_of(name)):
        head, *rows = table.rows
        for row in rows:
            first, *others = [plain(cell.text) for cell in row.cells if not cell.is_spanned]
            told = by_label[plain(head.cells[0].text), first]
            assert set(others) - {""} <= told, first
            n_rows += 1
    assert n_rows


@pytest.mark.parametrize("name", NAMES)
def test_every_measure_stands_in_a_table_with_its_share(name: str) -> None:
    shown = {
        plain(row.cells[0].text): plain(row.cells[1].text)
        for table in tables_in(deck_of(name))
        for row in table.rows
    }
    for table in tables_of(outline(name)):
        if table.kind == "measures":
            for row in table.rows:
                assert shown[plain(text_of(row[0].lines[0]))] == plain(row[1].text)


@pytest.mark.parametrize("name", NAMES)
def test_everything_lies_on_the_slide_and_nothing_on_anything_else(name: str) -> None:
    deck = deck_of(name)
    for slide in deck.slides:
        places = [_place(shape) for shape in slide.shapes]
        for left, top, right, bottom in places:
            assert left >= 0
            assert top >= 0
            assert right <= deck.slide_width + 9
            assert bottom <= deck.slide_height
        for one, first in enumerate(places):
            for second in places[one + 1 :]:
                assert not _overlap(first, second), slide.shapes.title.text_frame.text


def _place(shape: Any) -> tuple[int, int, int, int]:
    height = sum(row.height for row in shape.table.rows) if shape.has_table else shape.height
    return shape.left, shape.top, shape.left + shape.width, shape.top + height


def _overlap(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    slack = Inches(0.02)
    return (
        min(one[2], other[2]) - max(one[0], other[0]) > slack
        and min(one[3], other[3]) - max(one[1], other[1]) > slack
    )


@pytest.mark.parametrize("name", NAMES)
def test_letters_are_large_enough_and_texts_short_enough(name: str) -> None:
    for slide in deck_of(name).slides:
        sizes = [int(each.get("sz")) for each in slide._element.iter("{*}rPr") if each.get("sz")]
        assert min(sizes, default=1100) >= 1000
        for shape in slide.placeholders:
            if shape.placeholder_format.idx == 1 and slide.slide_layout.name == "Title and Text":
                assert _inches(shape.text_frame) <= shape.height / Inches(1)


def _inches(frame: Any) -> float:
    """About how high a text is, letters as wide as they are on average."""
    total = 0.0
    for paragraph in frame.paragraphs:
        size = max((run.font.size.pt for run in paragraph.runs), default=12)
        letters = sum(len(run.text) for run in paragraph.runs)
        per_line = frame._parent.width / Inches(1) * 72 / (size * 0.47)
        total += (-(-letters // per_line) * 1.2 + 0.5) * size / 72
    return total


@pytest.mark.parametrize("name", NAMES)
def test_letters_of_a_chart_are_never_smaller_than_in_one_that_just_fits(name: str) -> None:
    for picture in pictures_in(deck_of(name)):
        drawn_mm = picture.image.size[0] / PPI * MM_PER_INCH
        assert picture.width / Inches(1) / drawn_mm >= 0.995 * COLUMN / WIDEST_MM


def test_a_long_chart_is_drawn_in_parts_that_hold_each_row_once() -> None:
    told = [
        plain(each._element.nvPicPr.cNvPr.get("descr")) for each in pictures_in(deck_of("many"))
    ]
    parts = [each for each in told if re.match(r"Riskfaktorer \(\d av \d\), ", each)]
    assert [each[:21] for each in parts] == ["Riskfaktorer (1 av 2)", "Riskfaktorer (2 av 2)"]
    rows = [re.findall(r" r\d+(?=:)", each) for each in parts]
    assert [len(each) for each in rows] == [6, 6]
    assert len({*rows[0], *rows[1]}) == 12


def test_a_chart_of_one_slide_has_no_number() -> None:
    told = [
        plain(each._element.nvPicPr.cNvPr.get("descr")) for each in pictures_in(deck_of("area"))
    ]
    assert not any(re.search(r"\(\d av \d\)", each) for each in told)


@pytest.mark.parametrize(("name", "tag"), [("public", "sv-SE"), ("public_en", "en-GB")])
def test_every_run_says_its_language(name: str, tag: str) -> None:
    deck = deck_of(name)
    for slide in deck.slides:
        for page in (slide._element, slide.notes_slide._element):
            runs = list(page.iter("{*}r"))
            assert {run.find("{*}rPr").get("lang") for run in runs} <= {tag}
    assert deck.core_properties.language == tag
    assert deck.core_properties.title == plain(outline(name).title)


@pytest.mark.parametrize("name", NAMES)
def test_every_slide_has_notes_a_number_and_what_it_is_of(name: str) -> None:
    for slide in deck_of(name).slides:
        assert slide.notes_slide.notes_text_frame.text.strip()
        told = " ".join(shape.text_frame.text for shape in slide.placeholders
                        if shape.has_text_frame)  # fmt: skip
        assert plain(outline(name).title) in plain(told)
        assert outline(name).running in told
        assert "slidenum" in [each.get("type") for each in slide._element.iter("{*}fld")]


@pytest.mark.parametrize("name", NAMES)
def test_tables_have_a_head_row_headings_and_a_name(name: str) -> None:
    for slide in deck_of(name).slides:
        for shape in slide.shapes:
            if shape.has_table:
                assert shape.table.first_row
                assert shape.table.first_col
                assert shape._element.nvGraphicFramePr.cNvPr.get("descr")


def test_the_slide_of_changes_has_those_that_changed() -> None:
    profile = PROFILES["area"]
    changed = [each.label for each in profile.measures
               if each.change.verdict in ("higher", "lower")]  # fmt: skip
    found = [row.cells[0].text for table in tables_in(deck_of("area"))
             for row in list(table.rows)[1:] if "2021" in table.rows[0].cells[1].text]  # fmt: skip
    assert found == changed
    assert found


def changed(profile: Profile, n: int, reasons: tuple[str, ...] = ()) -> Profile:
    """Every measure of the first n domains has surely gone up; each domain may have a reason why
    its first wave cannot be compared."""
    rises = Comparison("higher", None, Points(19), since=2023)

    def made(measure: Measure, place: int) -> Measure:
        if not reasons:
            return replace(measure, change=rises)
        first, *others = measure.waves
        broken = replace(first, figure=shown(0.4, 0.1), break_reason=reasons[place])
        return replace(measure, change=rises, waves=(broken, *others))

    domains = tuple(
        replace(domain, measures=tuple(made(each, place) for each in domain.measures))
        for place, domain in enumerate(profile.domains[:n])
    )
    return replace(profile, domains=(*domains, *profile.domains[n:]))


def slides_of_changes(profile: Profile) -> dict[str, Any]:
    page = outline_of(render_profile(profile))
    deck = pptx.Presentation(BytesIO(slides(page, profile)))
    return {
        slide.shapes.title.text_frame.text: slide
        for slide in deck.slides
        if slide.shapes.title.text_frame.text.startswith("Förändring")
    }


def texts_of(slide: Any) -> str:
    return "\n".join(plain(shape.text_frame.text) for shape in slide.shapes if shape.has_text_frame)


def test_a_change_says_which_side_of_a_factor_is_counted() -> None:
    profile = changed(PROFILES["area"], 4)
    factors = [each for each in profile.measures if each.kind in ("risk", "protective")]
    counted = {"risk": "förhöjd risk", "protective": "svagt skydd"}
    expected = [f"{each.label} ({counted[each.kind]})" for each in factors]
    found = [
        plain(row.cells[0].text)
        for slide in slides_of_changes(profile).values()
        for shape in slide.shapes
        if shape.has_table
        for row in shape.table.rows
    ]
    assert [each for each in found if each.endswith(")")] == list(map(plain, expected))
    assert any("svagt skydd" in each for each in found)


def test_the_slide_of_changes_says_what_is_left_out_and_what_its_signs_mean() -> None:
    profile = changed(PROFILES["area"], 2, (BREAK, BREAK))
    for slide in slides_of_changes(profile).values():
        told = texts_of(slide)
        assert "Här står bara säkra förändringar" in told
        assert f"a Kan inte jämföras: {BREAK}" in told
        assert f"Kan inte jämföras: {BREAK}" in slide.notes_slide.notes_text_frame.text


def test_a_sign_never_means_two_things_on_a_slide_of_changes() -> None:
    profile = changed(PROFILES["area"], 2, ("de ena frågorna är nya", "de andra frågorna är nya"))
    found = slides_of_changes(profile)
    assert {each.split(" (")[0] for each in found} >= {
        "Förändring sedan tidigare mätningar: Närområdet",
        "Förändring sedan tidigare mätningar: Familjen",
    }
    for title, slide in found.items():
        told = texts_of(slide)
        assert ("de ena frågorna" in told) is ("Närområdet" in title)
        assert ("de andra frågorna" in told) is ("Familjen" in title)


@pytest.mark.parametrize("name", NAMES)
def test_a_finding_says_what_its_share_is_a_share_of(name: str) -> None:
    profile = PROFILES[name]
    told = "\n".join(texts_of(slide) for slide in deck_of(name).slides)
    said = [block.items for block in blocks_of(outline(name)) if isinstance(block, Findings)]
    for each in (finding for items in said for finding in items):
        assert plain(text_of(each.sentence)) in told
    weak = {"sv": "svagt skydd", "en": "weak protection"}[profile.lang]
    for measure in (*profile.strengths, *profile.concerns):
        if measure.kind == "protective":
            assert f"{plain(measure.label)} ({weak})" in told


def test_the_longest_findings_stay_on_their_slides() -> None:
    profile = PROFILES["area"]
    factors = [each for domain in profile.domains for each in domain.measures]
    measure = max(
        (each for each in factors if each.area.state == "shown"),
        key=lambda each: len(each.label + each.phrase),
    )
    long = replace(measure, label=LONG, phrase=f"{measure.phrase} " * 8)
    full = replace(profile, strengths=(long,) * 5, concerns=(long,) * 5)
    deck = pptx.Presentation(BytesIO(slides(outline_of(render_profile(full)), full)))
    parts = [each for each in deck.slides if each.shapes.title.text_frame.text.startswith("Styrk")]
    assert len(parts) == 2
    for slide in parts:
        assert all(
            _place(shape)[3] <= Inches(6.75) for shape in slide.shapes if not shape.is_placeholder
        )
    assert sum(texts_of(slide).count(LONG) for slide in parts) == 5


def test_the_number_of_answers_stands_beside_charts_where_there_is_room() -> None:
    heads = {
        slide.shapes.title.text_frame.text: [cell.text for cell in shape.table.rows[0].cells]
        for slide in deck_of("area").slides
        for shape in slide.shapes
        if shape.has_table
    }
    for title in ("Närområdet", "Familjen", "Skolan", "Individen och kamraterna"):
        assert "Antal svar" in heads[title]
        assert "Normurvalet" in heads[title]


@pytest.mark.parametrize("name", NAMES)
def test_no_two_shapes_of_a_slide_have_one_number(name: str) -> None:
    for slide in deck_of(name).slides:
        numbers = [shape.shape_id for shape in slide.shapes]
        assert len(set(numbers)) == len(numbers)


def test_slides_are_wide() -> None:
    deck = deck_of("area")
    assert round(deck.slide_width / deck.slide_height, 2) == 1.78


def test_the_template_is_what_its_script_makes() -> None:
    assert TEMPLATE.read_bytes() == make_template()


def test_a_template_without_a_layout_is_refused(tmp_path: Path) -> None:
    own = tmp_path / "own.pptx"
    pptx.Presentation().save(str(own))
    with pytest.raises(DefinitionError, match="lacks the layouts"):
        slides(outline("area"), PROFILES["area"], own)
