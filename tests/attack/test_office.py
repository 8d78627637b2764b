"""Word, slides, workbooks and figures say what pages say; a leak anywhere in one is found."""

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest

from pipeline.documents.forms.data import figures_csv, figures_json
from pipeline.documents.forms.slides import slides
from pipeline.documents.forms.word import word_document
from pipeline.documents.forms.workbook import workbook
from pipeline.documents.outline import Outline
from pipeline.documents.outlining import outline_of
from pipeline.documents.render import render_profile
from pipeline.documents.view import Profile
from tests.attack.planting import (
    HIDDEN,
    MEASURE,
    SHOWN,
    Opened,
    Plant,
    in_part,
    with_cell,
    with_part,
    with_text,
)

WRITERS: dict[str, Callable[[Outline, Profile], bytes]] = {
    "docx": lambda outline, _: word_document(outline),
    "pptx": slides,
    "xlsx": lambda _, profile: workbook(profile),
    "csv": lambda _, profile: figures_csv(profile),
    "json": lambda _, profile: figures_json(profile),
}


class Documents:
    """Writes documents beside copies of their pages."""

    def __init__(self, pages: Path, profiles: dict[str, Profile], folder: Path) -> None:
        self.pages, self.profiles, self.folder = pages, profiles, folder

    def write(
        self, name: str, form: str, change: Callable[[Outline], Outline] = lambda each: each
    ) -> Path:
        """A document of a profile, in which its outline may be changed first."""
        html = (self.pages / f"{name}.html").read_text("utf-8")
        # What stands beside a page is no table of the release.
        (self.folder / f"{name}.html").write_text(html, "utf-8")
        path = self.folder / f"{name}.{form}"
        profile = self.profiles[name.removesuffix("_summary")]
        path.write_bytes(WRITERS[form](change(outline_of(html)), profile))
        return path


@pytest.fixture
def documents(pages: Path, profiles: dict[str, Profile], tmp_path: Path) -> Documents:
    return Documents(pages, profiles, tmp_path)


@pytest.mark.parametrize("form", WRITERS)
def test_clean_documents_give_nothing_away(form: str, documents: Documents, beside: Opened) -> None:
    for name in documents.profiles:
        path = documents.write(name, form)
        assert beside.findings(path) == []
        is_empty = "jaderfors" in name
        assert (beside.n_figures(path) > 100) is not is_empty


@pytest.mark.parametrize(("digits", "n_findings"), [("395140782613", 0), ("395140782614", 1)])
def test_a_build_whose_id_is_digits_alone_is_told_by_the_page(
    digits: str, n_findings: int, documents: Documents, beside: Opened
) -> None:
    name = next(each for each in documents.profiles if "jaderfors" not in each)
    path = documents.write(name, "json")
    page, build_id = path.with_suffix(".html"), documents.profiles[name].build_id
    html = page.read_text("utf-8")
    path.write_text(path.read_text("utf-8").replace(build_id, digits), "utf-8")
    page.write_text(html.replace(build_id, "395140782613"), "utf-8")
    beside.findings(page)
    found = beside.findings(path)
    # Other tests read the page as it was.
    page.write_text(html, "utf-8")
    beside.findings(page)
    says = "key build_id: says a number that the page does not"
    assert [each.says for each in found] == [says] * n_findings


def test_a_clean_summary_gives_nothing_away(documents: Documents, beside: Opened) -> None:
    for name in documents.profiles:
        assert beside.findings(documents.write(f"{name}_summary", "docx")) == []


SHOWN_IN = {
    "a share that is hidden": (HIDDEN, lambda given: with_cell(given, MEASURE, 1, "41\u00a0%")),
    "another share": (SHOWN, lambda given: with_cell(given, MEASURE, 1, "51\u00a0%")),
    "another share of girls": (
        SHOWN,
        lambda given: with_cell(given, MEASURE, 1, "91\u00a0%", kind="splits"),
    ),
    "a number of girls": (
        SHOWN,
        lambda given: with_cell(given, MEASURE, 1, "17 svar", kind="splits"),
    ),
    "a share with decimals": (SHOWN, lambda given: with_cell(given, MEASURE, 1, "50,4\u00a0%")),
}


@pytest.mark.parametrize("form", ["docx", "pptx"])
@pytest.mark.parametrize("leak", SHOWN_IN)
def test_every_leak_in_a_table_is_found(
    leak: str, form: str, documents: Documents, beside: Opened
) -> None:
    name, change = SHOWN_IN[leak]
    path = documents.write(name, form, change)
    assert "unread number" in {finding.kind for finding in beside.findings(path)}


@pytest.mark.parametrize("form", ["csv", "json", "xlsx", "docx", "pptx"])
def test_another_share_of_girls_is_found(
    form: str, documents: Documents, beside: Opened, profiles: dict[str, Profile]
) -> None:
    """One that the page has as well, but of boys: nothing but the group is wrong."""
    first, *others = profiles[SHOWN].domains
    measure, *rest = first.measures
    by_gender, *more = measure.splits
    girls, boys = by_gender.groups
    assert girls.figure != boys.figure
    swapped = dataclasses.replace(
        by_gender,
        groups=(
            dataclasses.replace(girls, figure=boys.figure),
            dataclasses.replace(boys, figure=girls.figure),
        ),
    )
    measures = (dataclasses.replace(measure, splits=(swapped, *more)), *rest)
    domains = (dataclasses.replace(first, measures=measures), *others)
    profile = dataclasses.replace(profiles[SHOWN], domains=domains)
    path = documents.write(SHOWN, form)
    path.write_bytes(WRITERS[form](outline_of(render_profile(profile)), profile))
    kinds = {finding.kind for finding in beside.findings(path)}
    assert "contradiction" in kinds


def test_a_sentence_in_word_is_found(documents: Documents, beside: Opened) -> None:
    path = documents.write(SHOWN, "docx", lambda given: with_text(given, "17 elever svarade."))
    assert "unread number" in {finding.kind for finding in beside.findings(path)}


BODY = "word/document.xml"
SHEET = "xl/worksheets/sheet4.xml"
SLIDE = "ppt/slides/slide7.xml"
END = "<w:sectPr"
HIDDEN_RUN = "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>n = 17</w:t></w:r></w:p>"
DELETED = (
    '<w:p><w:del w:id="1" w:author="x"><w:r><w:delText>17 elever</w:delText></w:r></w:del></w:p>'
)
OFF_SLIDE = (
    '<p:sp><p:nvSpPr><p:cNvPr id="99" name="x"/><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr>'
    '<a:xfrm><a:off x="-99999999" y="0"/><a:ext cx="9" cy="9"/></a:xfrm></p:spPr>'
    "<p:txBody><a:bodyPr/><a:p><a:r><a:t>Norrsätra: 17 elever</a:t></a:r></a:p></p:txBody></p:sp>"
)
ROW = '<row r="900" hidden="1"><c r="A900"><v>17</v></c></row>'

HELD: dict[str, tuple[str, str, Plant, str]] = {
    "Word: a description of a picture": (
        SHOWN,
        "docx",
        in_part(BODY, ' descr="', ' descr="Norrsätra: 41 % av 17 elever. '),
        "unread number",
    ),
    "Word: a comment": (
        SHOWN,
        "docx",
        with_part("word/comments.xml", b"<comments>17</comments>"),
        "undeclared",
    ),
    "Word: a hidden run": (SHOWN, "docx", in_part(BODY, END, HIDDEN_RUN + END), "unread number"),
    "Word: a change that is kept": (
        SHOWN,
        "docx",
        in_part(BODY, END, DELETED + END),
        "unread number",
    ),
    "Word: a name of a picture": (
        SHOWN,
        "docx",
        in_part(BODY, "<wp:docPr ", '<wp:docPr title="n = 17" '),
        "unread number",
    ),
    "Word: a core property": (
        SHOWN,
        "docx",
        in_part("docProps/core.xml", "</dc:title>", " (17)</dc:title>"),
        "unread number",
    ),
    "Word: properties of somebody": (
        SHOWN,
        "docx",
        with_part("docProps/custom.xml", b"<Properties>17</Properties>"),
        "undeclared",
    ),
    "Word: custom XML": (
        SHOWN,
        "docx",
        with_part("customXml/item1.xml", b'<Sources n="17"/>'),
        "unread number",
    ),
    "Word: custom XML with a text": (
        SHOWN,
        "docx",
        with_part("customXml/item7.xml", b"<n>17</n>"),
        "unread number",
    ),
    "Word: a foot of a page": (
        SHOWN,
        "docx",
        in_part("word/footer1.xml", "</w:t>", " (17)</w:t>"),
        "unread number",
    ),
    "Word: an embedded file": (
        SHOWN,
        "docx",
        with_part("word/embeddings/a.xlsx", b"PK"),
        "undeclared",
    ),
    "Word: a text in a picture": (
        SHOWN,
        "docx",
        with_part("word/media/image1.png", b"\x89PNG\r\n\x1a\n\0\0\0\2tEXt17\0\0\0\0"),
        "undeclared",
    ),
    "Word: a link to elsewhere": (
        SHOWN,
        "docx",
        in_part(
            "word/_rels/document.xml.rels",
            "</Relationships>",
            '<Relationship Id="rId99" Type="x" Target="https://example.org/?n=17" '
            'TargetMode="External"/></Relationships>',
        ),
        "unread number",
    ),
    "Word: an element that nobody knows": (
        SHOWN,
        "docx",
        in_part(BODY, END, "<w:altChunk/>" + END),
        "undeclared",
    ),
    "workbook: decimals behind a format": (
        SHOWN,
        "xlsx",
        in_part(SHEET, "<v>0.39</v>", "<v>0.3937</v>"),
        "raw figure",
    ),
    "workbook: another number": (
        SHOWN,
        "xlsx",
        in_part(SHEET, "<v>0.39</v>", "<v>0.38</v>"),
        "contradiction",
    ),
    "workbook: a hidden row": (
        HIDDEN,
        "xlsx",
        in_part(SHEET, "</sheetData>", ROW + "</sheetData>"),
        "unread number",
    ),
    "workbook: a hidden sheet": (
        HIDDEN,
        "xlsx",
        with_part(
            "xl/worksheets/sheet99.xml",
            f"<worksheet><sheetData>{ROW}</sheetData></worksheet>".encode(),
        ),
        "unread number",
    ),
    "workbook: a defined name": (
        HIDDEN,
        "xlsx",
        in_part(
            "xl/workbook.xml",
            "</definedNames>",
            '<definedName name="n_jaderfors">17</definedName></definedNames>',
        ),
        "unread number",
    ),
    "workbook: a name with a number": (
        HIDDEN,
        "xlsx",
        in_part(
            "xl/workbook.xml",
            "</definedNames>",
            '<definedName name="n_17">Omslag!$A$1</definedName></definedNames>',
        ),
        "unread number",
    ),
    "workbook: a comment on a cell": (
        HIDDEN,
        "xlsx",
        with_part("xl/comments1.xml", b"<comments>17</comments>"),
        "undeclared",
    ),
    "workbook: a formula": (
        HIDDEN,
        "xlsx",
        in_part(SHEET, "</sheetData>", "<row><c><f>8+9</f><v>17</v></c></row></sheetData>"),
        "undeclared",
    ),
    "workbook: a text of no cell": (
        HIDDEN,
        "xlsx",
        in_part("xl/sharedStrings.xml", "</sst>", "<si><t>17 elever</t></si></sst>"),
        "unread number",
    ),
    "workbook: a format with a text": (
        HIDDEN,
        "xlsx",
        in_part("xl/styles.xml", 'formatCode="', 'formatCode="&quot;17&quot;'),
        "undeclared",
    ),
    "workbook: a foot of a page": (
        HIDDEN,
        "xlsx",
        in_part(SHEET, "<oddFooter>", "<oddFooter>n = 17"),
        "unread number",
    ),
    "slides: notes": (
        SHOWN,
        "pptx",
        in_part("ppt/notesSlides/notesSlide1.xml", "</a:t>", ": 17 elever</a:t>"),
        "unread number",
    ),
    "slides: a shape beside the slide": (
        SHOWN,
        "pptx",
        in_part(SLIDE, "</p:spTree>", OFF_SLIDE + "</p:spTree>"),
        "unread number",
    ),
    "slides: a description of a picture": (
        SHOWN,
        "pptx",
        in_part(SLIDE, ' descr="', ' descr="17 elever. '),
        "unread number",
    ),
    "slides: a name of a shape": (
        SHOWN,
        "pptx",
        in_part(SLIDE, ' name="', ' name="Shape 17'),
        "unread number",
    ),
    "slides: a comment": (
        SHOWN,
        "pptx",
        with_part("ppt/comments/comment1.xml", b"<c>17</c>"),
        "undeclared",
    ),
    "slides: a text behind all slides": (
        SHOWN,
        "pptx",
        in_part("ppt/slideMasters/slideMaster1.xml", "</a:t>", " 17</a:t>"),
        "unread number",
    ),
    "figures: a hidden value in CSV": (
        HIDDEN,
        "csv",
        lambda path: path.write_text(
            path.read_text("utf-8").replace(",,suppressed,", ",41,suppressed,", 1), "utf-8"
        ),
        "hidden row carries",
    ),
    "figures: a column in CSV": (
        HIDDEN,
        "csv",
        lambda path: path.write_text(
            path.read_text("utf-8").replace("is_pooled", "n_true", 1), "utf-8"
        ),
        "undeclared",
    ),
    "figures: a number that is not published in CSV": (
        SHOWN,
        "csv",
        lambda path: path.write_text(
            path.read_text("utf-8").replace("share,percent,50,", "share,percent,51,", 1), "utf-8"
        ),
        "contradiction",
    ),
    "figures: another number of respondents in CSV": (
        SHOWN,
        "csv",
        lambda path: path.write_text(
            path.read_text("utf-8").replace("coverage,n,count,", "coverage,n,count,1", 1), "utf-8"
        ),
        "unread number",
    ),
    "figures: a hidden value in JSON": (
        HIDDEN,
        "json",
        lambda path: in_json(path, hide_not),
        "shown though hidden",
    ),
    "figures: a key in JSON": (
        HIDDEN,
        "json",
        lambda path: in_json(path, lambda content: content.update(n_true=17)),
        "undeclared",
    ),
    "figures: a rule in JSON": (
        HIDDEN,
        "json",
        lambda path: in_json(path, lambda content: content.update(min_base=17)),
        "unread number",
    ),
    "figures: a key that is there twice in JSON": (
        HIDDEN,
        "json",
        lambda path: path.write_text(
            path.read_text("utf-8").replace("{", '{"min_base": 17,', 1), "utf-8"
        ),
        "undeclared",
    ),
}


def in_json(path: Path, change: Callable[[dict[str, object]], object]) -> None:
    content = json.loads(path.read_text("utf-8"))
    change(content)
    path.write_text(json.dumps(content), "utf-8")


def hide_not(content: dict[str, object]) -> None:
    rows = content["figures"]
    assert isinstance(rows, list)
    first = next(row for row in rows if row["statistic"] == "share" and row["value"] is None)
    first.update(value=41, status="shown")


@pytest.mark.parametrize("leak", HELD)
def test_every_leak_in_a_file_is_found(leak: str, documents: Documents, beside: Opened) -> None:
    name, form, plant, kind = HELD[leak]
    path = documents.write(name, form)
    plant(path)
    assert kind in {finding.kind for finding in beside.findings(path)}


def test_a_note_in_the_archive_and_a_time_are_found(documents: Documents, beside: Opened) -> None:
    path = documents.write(HIDDEN, "xlsx")
    with ZipFile(path, "a") as archive:
        archive.comment = b"17"
    says = " ".join(finding.says for finding in beside.findings(path))
    assert "a note in the archive" in says
    path = documents.write(HIDDEN, "docx")
    with ZipFile(path, "a") as archive:
        archive.writestr("customXml/item2.xml", "<n/>")
    says = " ".join(finding.says for finding in beside.findings(path))
    assert "times in the archive" in says
    path = documents.write(HIDDEN, "pptx")
    path.write_bytes(b"17" + path.read_bytes())
    says = " ".join(finding.says for finding in beside.findings(path))
    assert "bytes between the parts" in says
