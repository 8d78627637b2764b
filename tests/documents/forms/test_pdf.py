"""PDF read back: its words, its structure, what it promises."""

import io
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pikepdf
import pypdfium2
import pytest

from pipeline import REPOSITORY
from pipeline.documents.forms.pdf import pdf_document
from pipeline.documents.outline import Chart, Map, Outline, Paragraph, Run, Table
from pipeline.documents.outline_splits import SplitChart
from pipeline.documents.outlining import outline_of
from pipeline.documents.profile import MAX_HIGHLIGHTS
from pipeline.documents.render import Kind, render_profile
from pipeline.documents.view import Profile
from pipeline.errors import DefinitionError
from tests.documents.conftest import ENGLISH, VARIANTS
from tests.documents.sample_profile import PROFILE
from tests.documents.test_outline import all_blocks, lines_of

EVERY = {**VARIANTS, **{f"{name} in English": profile for name, profile in ENGLISH.items()}}


LONG = max(
    (each for domain in PROFILE.domains for each in domain.measures),
    key=lambda m: len(m.label + m.phrase),
)
FULL = replace(PROFILE, strengths=(LONG,) * MAX_HIGHLIGHTS, concerns=(LONG,) * MAX_HIGHLIGHTS)


def outlined(profile: Profile, kind: Kind = "profile") -> Outline:
    return outline_of(render_profile(profile, kind))


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.replace("\u00ad", "")))


def text_of_pdf(content: bytes) -> str:
    """What is read, page by page; a hyphen at a line's end is put together again."""
    pages = pypdfium2.PdfDocument(content)
    text = "\n".join(page.get_textpage().get_text_bounded() for page in pages)
    return re.sub(r"[\u00ad\ufffe\u0002-]\r?\n", "", text)


def elements(content: bytes, kind: str) -> Iterator[pikepdf.Object]:
    """Structure elements of a kind, in the order of reading."""
    document = pikepdf.open(io.BytesIO(content))

    def inside(element: pikepdf.Object) -> Iterator[pikepdf.Object]:
        kids = element.get("/K")
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                if str(kid.S) == f"/{kind}":
                    yield kid
                yield from inside(kid)

    yield from list(inside(document.Root.StructTreeRoot))


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("kind", get_args(Kind))
def test_every_word_of_the_outline_is_printed(name: str, kind: Kind) -> None:
    outline = outlined(EVERY[name], kind)
    printed = words(text_of_pdf(pdf_document(outline)))
    # Words may be broken at a line's end, and heads of tables and pages are repeated.
    missing = words(" ".join(lines_of(all_blocks(outline)))) - printed
    broken = "".join(printed)
    assert {word for word in missing if len(word) < 6 and word not in broken} == set()
    assert sum(missing.values()) < 0.03 * sum(printed.values())


@pytest.mark.parametrize("name", EVERY)
def test_every_number_of_every_table_is_printed(name: str) -> None:
    outline = outlined(EVERY[name])
    printed = text_of_pdf(pdf_document(outline)).replace("\u00a0", " ")
    numbers = Counter(
        cell.text.replace("\u00a0", " ")
        for block in outline.blocks
        if isinstance(block, Table)
        for row in block.rows
        for cell in row
        if cell.is_number and cell.text and not cell.text[-1].isalpha()
    )
    for number, times in numbers.items():
        first = number.split(" ")[0].rstrip("†*")
        assert printed.count(first) >= times, number


@pytest.mark.parametrize("name", EVERY)
def test_a_head_is_broken_only_where_it_says_that_it_may_be(name: str) -> None:
    """But for names of problems, each of which has a column of its own beside all the others."""
    page = outlined(EVERY[name])
    tables = [each for each in all_blocks(page) if isinstance(each, Table)]
    heads = {word for table in tables if table.kind != "links"
             for cell in table.head for word in cell.text.split()}  # fmt: skip
    pages = pypdfium2.PdfDocument(pdf_document(page))
    text = "\n".join(each.get_textpage().get_text_bounded() for each in pages)
    for first, second in re.findall(r"(\w+)[\ufffe\u0002](?:\r?\n)?(\w+)", text):
        # What stands beside the head may follow without a space.
        broken = [
            word
            for word in heads
            if (first + second).startswith(word.replace("\u00ad", "")) and len(word) > len(first)
        ]
        assert all(word.startswith(f"{first}\u00ad") for word in broken), broken


def test_it_promises_what_typst_has_checked() -> None:
    with pikepdf.open(io.BytesIO(pdf_document(outlined(PROFILE)))) as document:
        metadata = document.open_metadata()
        assert metadata["pdfuaid:part"] == "1"
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
        assert metadata["dc:title"] == "Områdesprofil Norrby 2025, intern utgåva"
        assert str(document.Root.Lang) == "sv"
        assert document.Root.MarkInfo.Marked
        assert document.Root.ViewerPreferences.DisplayDocTitle


def test_the_language_is_that_of_the_document() -> None:
    with pikepdf.open(io.BytesIO(pdf_document(outlined(ENGLISH["area"])))) as document:
        assert str(document.Root.Lang) == "en"


def test_every_table_has_headings_for_columns_and_rows() -> None:
    outline = outlined(PROFILE)
    content = pdf_document(outline)
    n_tables = sum(isinstance(block, Table) for block in outline.blocks)
    assert len(list(elements(content, "Table"))) == n_tables
    scopes = Counter(scope_of(cell) for cell in elements(content, "TH"))
    rows = [row for block in outline.blocks if isinstance(block, Table) for row in block.rows]
    assert scopes["/Row"] == len(rows)
    assert scopes["/Column"] > n_tables


def scope_of(cell: pikepdf.Object) -> str:
    attributes = cell.A if isinstance(cell.A, pikepdf.Array) else [cell.A]
    return next(str(each.Scope) for each in attributes if "/Scope" in each)


def test_every_chart_is_said_in_words() -> None:
    outline = outlined(PROFILE)
    said = [str(figure.Alt) for figure in elements(pdf_document(outline), "Figure")]
    charts = [block for block in outline.blocks if isinstance(block, Chart | SplitChart)]
    assert said == [chart.description for chart in charts]
    assert {type(chart) for chart in charts} == {Chart, SplitChart}
    assert all("procent" in each or "%" in each for each in said)


def test_a_map_is_a_figure_in_words() -> None:
    outline = outlined(VARIANTS["with_map"])
    [drawn] = [block for block in outline.blocks if isinstance(block, Map)]
    said = [str(figure.Alt) for figure in elements(pdf_document(outline), "Figure")]
    assert said[0] == drawn.description
    assert "nordvästra" in said[0]


@pytest.mark.parametrize(("kind", "n_pages"), [("summary", 2), ("young", 1)])
@pytest.mark.parametrize("name", EVERY)
def test_short_documents_are_as_short_as_they_say(name: str, kind: Kind, n_pages: int) -> None:
    assert len(pypdfium2.PdfDocument(pdf_document(outlined(EVERY[name], kind)))) == n_pages


def test_a_summary_holds_as_many_findings_as_there_can_be() -> None:
    assert len(pypdfium2.PdfDocument(pdf_document(outlined(FULL, "summary")))) == 2


def test_a_summary_of_38_factors_with_long_names_is_two_pages() -> None:
    """As many as a questionnaire has, in an area with a long name, and ten that stand out."""
    name = "Upplevd tillgång till alkohol, tobak och narkotika"
    named = replace(PROFILE.domains[0].measures[0], label=name, splits=())
    domains = tuple(
        replace(domain, measures=(named,) * n)
        for domain, n in zip(PROFILE.domains, (9, 8, 5, 16), strict=True)
    )
    area = "Västra Jäderfors-Kungsgårdens industriområde"
    many = replace(
        FULL,
        domains=domains,
        area_label=area,
        edition="public",
        strengths=(named,) * MAX_HIGHLIGHTS,
        concerns=(named,) * MAX_HIGHLIGHTS,
    )
    assert len(pypdfium2.PdfDocument(pdf_document(outlined(many, "summary")))) == 2
    assert len(pypdfium2.PdfDocument(pdf_document(outlined(many, "young")))) == 1


def test_names_are_never_read_as_source() -> None:
    hostile = '#eval("1+1") *x* _y_ $z$ `w` <label> @ref \\ // /* #import "a"'
    content = pdf_document(outlined(replace(PROFILE, area_label=hostile)))
    assert words(hostile) <= words(text_of_pdf(content))
    assert len(list(elements(content, "Strong"))) == len(
        list(elements(pdf_document(outlined(replace(PROFILE, area_label="plain"))), "Strong"))
    )


@pytest.mark.parametrize(("name", "told"), [("Ö 😀", "😀 (U+1F600)"), ("Ö 北区", "北 (U+5317)")])
def test_signs_that_no_font_draws_are_named(name: str, told: str) -> None:
    with pytest.raises(DefinitionError, match=re.escape(told)):
        pdf_document(outlined(replace(PROFILE, area_label=name)))


def test_the_bytes_are_the_same_in_another_place(tmp_path: Path) -> None:
    path = tmp_path / "one.pdf"
    script = (
        "import sys; from pathlib import Path\n"
        "from tests.documents.forms.test_pdf import PROFILE, outlined, pdf_document\n"
        "Path(sys.argv[1]).write_bytes(pdf_document(outlined(PROFILE)))"
    )
    elsewhere = {**os.environ, "TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "7"}
    subprocess.run(  # noqa: S603 - what runs is this repository
        [sys.executable, "-c", script, str(path)], cwd=REPOSITORY, env=elsewhere, check=True
    )
    assert path.read_bytes() == pdf_document(outlined(PROFILE))


@pytest.mark.parametrize("mark", ["", "*"])
def test_an_interval_is_never_broken(mark: str) -> None:
    """A line's end moves letter by letter through what it may not part."""
    ends = (Run("*", "mark"),) if mark else ()
    lines = [
        Paragraph(
            (Run(f"{'x' * place} {'ord ' * 20}(15–38\u00a0%"), *ends, Run(") mot 50\u00a0%."))
        )
        for place in range(1, 60)
    ]
    printed = text_of_pdf(pdf_document(replace(outlined(PROFILE), blocks=tuple(lines))))
    text = printed.replace("\r\n", "\n")
    assert text.count(f"(15–38\u00a0%{mark})") == len(lines)
    assert re.search(r"\n\(15|\d \(15", text)
