"""Names that look like formulas, markup or templates come out as names, and change nothing else."""

import csv
import random
import re
from dataclasses import replace
from functools import lru_cache
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZipFile

import docx
import openpyxl
import pptx
import pypdfium2
import pytest
from lxml import etree

from pipeline.documents.forms.data import figures_csv
from pipeline.documents.forms.pdf import pdf_document
from pipeline.documents.forms.plain_text import TRIGGERS, inert, printable
from pipeline.documents.outlining import outline_of
from pipeline.documents.render import render_profile
from pipeline.documents.split_view import Split
from pipeline.documents.view import Measure, Profile
from tests.documents.forms.conftest import PROFILES, made_of, plain

SEEDS = (
    "=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠x", " =1+1",
    "\x00=1", "\x01=1", "=HYPERLINK('http://x','y')", "=cmd|' /C calc'!A0", "|", ";", ",",
    "{{7*7}}", "{% for x in y %}", "{%p if a %}", "{# c #}", "{_{x}_}", "{{r x }}", "%s{0}{name}",
    "<w:p>", "</w:t></w:r>", "<a:t>", "&amp;", "&lt;", "<!--", "-->", "<![CDATA[", "]]>",
    "<script>alert(1)</script>", "'\"", "\x07bell", "a\nb", "\ufffe", "\u200b", "\u2028",
    "åäö", "𝄞", "${x}", "#{x}",
)  # fmt: skip


def payloads(n: int) -> list[str]:
    """Texts put together from the seeds, each with a number by which it is found."""
    chance = random.Random(1)  # noqa: S311
    return [
        "".join(chance.choices(SEEDS, k=chance.choice((1, 1, 2, 3)))) + f" x{number}x"
        for number in range(n)
    ]


PAYLOADS = payloads(500)


def filled(texts: list[str]) -> Profile:
    """The handmade profile with its free texts replaced in turn."""
    left = iter(texts)
    names = {"gender": [next(left) for _ in range(3)], "grade": [next(left) for _ in range(4)]}

    def named(measure: Measure) -> Measure:
        label, phrase = next(left), next(left)
        splits = tuple(_regrouped(split, names[split.by]) for split in measure.splits)
        return replace(measure, label=label, phrase=phrase, splits=splits)

    profile = PROFILES["area"]
    domains = tuple(
        replace(domain, measures=tuple(map(named, domain.measures))) for domain in profile.domains
    )
    grades = tuple(replace(each, label=next(left)) for each in profile.grades)
    reasons = tuple(replace(each, label=next(left)) for each in profile.screened)
    shown = profile.participation
    groups = tuple(replace(each, label=next(left)) for each in shown.grades)
    by_id = {each.id: each for domain in domains for each in domain.measures}
    return replace(
        profile,
        domains=domains,
        outcomes=tuple(map(named, profile.outcomes)),
        flag_counts=tuple(map(named, profile.flag_counts)),
        concerns=tuple(by_id[each.id] for each in profile.concerns),
        strengths=tuple(by_id[each.id] for each in profile.strengths),
        grades=grades,
        screened=reasons,
        participation=replace(shown, grades=groups, under_represented=groups[1:2]),
        area_label=next(left),
        site_label=next(left),
        municipality_label=next(left),
        about=next(left),
        wave_label=next(left),
        instrument_label=next(left),
        lies_in=(next(left),),
    )  # fmt: skip


def _regrouped(split: Split, labels: list[str]) -> Split:
    """With other names for its groups."""
    named = zip(split.groups, labels, strict=True)
    compared = split.compared
    if compared is not None:
        compared = replace(compared, first=labels[0], second=labels[1])
    groups = tuple(replace(each, label=label) for each, label in named)
    return replace(split, groups=groups, compared=compared)


N_TEXTS = 72
GROUPS = [PAYLOADS[start : start + N_TEXTS] for start in range(0, len(PAYLOADS), N_TEXTS)]


@lru_cache
def made(group: int) -> tuple[bytes, bytes, bytes]:
    return made_of(profile_of(group))


@lru_cache
def profile_of(group: int) -> Profile:
    """Of a group of payloads; -1 has harmless texts of the same lengths as none of them."""
    if group < 0:
        return filled([f"Namn x{number}x" for number in range(N_TEXTS)])
    texts = GROUPS[group]
    return filled([*texts, *(f"Namn y{number}y" for number in range(N_TEXTS - len(texts)))])


GROUP = pytest.mark.parametrize("group", range(len(GROUPS)))


def test_all_payloads_are_tried() -> None:
    assert sum(map(len, GROUPS)) == 500
    with pytest.raises((StopIteration, RuntimeError)):
        filled(["x"] * (N_TEXTS - 1))


@GROUP
def test_no_cell_of_a_workbook_is_a_formula_or_begins_like_one(group: int) -> None:
    book = openpyxl.load_workbook(BytesIO(made(group)[1]))
    cells = [cell for page in book for row in page.iter_rows() for cell in row
             if cell.value is not None]  # fmt: skip
    assert not any(cell.data_type == "f" for cell in cells)
    texts = [cell.value for cell in cells if isinstance(cell.value, str)]
    assert not any(each[0] in TRIGGERS or each.lstrip()[:1] in TRIGGERS for each in texts)
    assert any(isinstance(cell.value, float) for cell in cells)
    held = set(texts)
    for measure in _measures(profile_of(group)):
        assert inert(measure.label) in held


@GROUP
def test_no_cell_of_a_csv_file_begins_like_a_formula(group: int) -> None:
    content = figures_csv(profile_of(group)).decode("utf-8-sig")
    rows = list(csv.reader(StringIO(content)))
    assert len({len(row) for row in rows}) == 1
    for row in rows:
        for cell in row:
            assert cell[:1] not in TRIGGERS
            assert cell.lstrip()[:1] not in TRIGGERS or not cell.lstrip()
    labels = {row[rows[0].index("measure")] for row in rows}
    assert {inert(each.label) for each in _measures(profile_of(group))} <= labels


def _measures(profile: Profile) -> list[Measure]:
    return list(profile.measures)


@GROUP
def test_word_shows_every_text_as_it_is(group: int) -> None:
    document = docx.Document(BytesIO(made(group)[0]))
    said = _squeezed("".join(document.element.body.itertext()))
    for measure in _measures(profile_of(group)):
        assert _squeezed(measure.label) in said
        assert _squeezed(measure.phrase) in said
    footer = document.sections[0].footer.paragraphs[0].text
    assert _squeezed(profile_of(group).area_label) in _squeezed(footer)


@GROUP
def test_slides_show_every_text_as_it_is(group: int) -> None:
    deck = pptx.Presentation(BytesIO(made(group)[2]))
    said = _squeezed("".join(each for slide in deck.slides for each in slide._element.itertext()))
    for measure in _measures(profile_of(group)):
        assert _squeezed(measure.label) in said
    assert _squeezed(profile_of(group).area_label) in said


UNDRAWN = str.maketrans(dict.fromkeys("＝＋－＠𝄞", "¤"))
"""Signs that the fonts of PDF documents have no shape for: see test_pdf.py."""


@GROUP
def test_pdf_shows_every_text_as_it_is(group: int) -> None:
    drawn = [text.translate(UNDRAWN) for text in GROUPS[group]]
    rest = [f"Namn y{number}y" for number in range(N_TEXTS - len(drawn))]
    profile = filled([*drawn, *rest])
    said = _read(pdf_document(outline_of(render_profile(profile))))
    for measure in _measures(profile):
        assert _read_as(measure.label) in said
    assert _read_as(profile.area_label) in said


def _read(content: bytes) -> str:
    pages = pypdfium2.PdfDocument(content)
    return _read_as("".join(page.get_textpage().get_text_bounded() for page in pages))


def _read_as(text: str) -> str:
    """Without what has no shape: lines' ends, places to break words at, spaces of no width."""
    return re.sub(r"[\s\u00ad\u200b\ufffd-\uffff]", "", printable(text))


def _squeezed(text: str) -> str:
    # A page has another sign in place of NUL.
    return re.sub(r"[\s\ufffd]", "", plain(printable(text)))


@pytest.mark.parametrize(("form", "parts"), [(0, "word/"), (1, "xl/worksheets"), (2, "ppt/")])
@GROUP
def test_nothing_but_texts_differs_from_harmless_names(group: int, form: int, parts: str) -> None:
    assert _trees(made(group)[form], parts) == _trees(made(-1)[form], parts)


def _trees(content: bytes, folder: str) -> dict[str, Any]:
    """The elements of every part, without the texts, and without how much room they take."""
    with ZipFile(BytesIO(content)) as archive:
        return {
            name: _shape(etree.fromstring(archive.read(name)))
            for name in archive.namelist()
            if name.startswith(folder)
            and name.endswith(".xml")
            # How many there are depends on how long names are.
            and not re.match(r"ppt/(slides|notesSlides)/", name)
        }


def _shape(element: Any) -> tuple[Any, ...]:
    # Neighbours of the same width share an element; letters are smaller where words are long.
    inner = [] if element.tag.endswith("}cols") else [each for each in element if not _sizes(each)]
    return (element.tag, tuple(_shape(each) for each in inner))


def _sizes(element: Any) -> bool:
    """Whether it says how large letters are, and nothing else."""
    return element.tag.endswith("}sz") or (
        element.tag.endswith("}rPr") and len(element) == 1 and _sizes(element[0])
    )


@GROUP
def test_slides_have_the_elements_of_harmless_names(group: int) -> None:
    """Longer names take smaller letters and more lines, never other kinds of elements."""
    assert _tags(made(group)[2]) == _tags(made(-1)[2])


def _tags(content: bytes) -> set[str]:
    with ZipFile(BytesIO(content)) as archive:
        return {
            str(each.tag)
            for name in archive.namelist()
            if name.startswith("ppt/slides/slide")
            for each in etree.fromstring(archive.read(name)).iter()
        }


@pytest.mark.parametrize("text", [*SEEDS, *PAYLOADS])
def test_an_inert_text_begins_with_no_trigger(text: str) -> None:
    assert inert(text)[:1] not in TRIGGERS
    assert inert(text).lstrip("'") == inert(text) or inert(text).startswith("'")
    etree.fromstring(f"<t>{_escaped(inert(text))}</t>")


def _escaped(text: str) -> str:
    kinds: tuple[tuple[str, str], ...] = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"))
    for sign, reference in kinds:
        text = text.replace(sign, reference)
    return text


@pytest.mark.parametrize("text", ["−4", "..", "<5 %", "† Märke", "Årskurs 9", "'citat", "(a)", ""])
def test_a_harmless_text_is_left_alone(text: str) -> None:
    assert inert(text) == text
