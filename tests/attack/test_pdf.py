"""PDF documents say what their pages say; a leak anywhere in one is found."""

from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest

from pipeline.documents.forms.pdf import pdf_document
from pipeline.documents.outline import Outline
from pipeline.documents.outlining import outline_of
from tests.attack.planting import (
    HIDDEN,
    MEASURE,
    SHOWN,
    Opened,
    Plant,
    described_in,
    in_pdf,
    with_cell,
    with_text,
)


def outline(pages: Path, name: str) -> Outline:
    return outline_of((pages / f"{name}.html").read_text("utf-8"))


def written(pages: Path, folder: Path, name: str) -> Path:
    path = folder / f"{name}.pdf"
    path.write_bytes(pdf_document(outline(pages, name)))
    return path


def test_clean_documents_give_nothing_away(pages: Path, beside: Opened, tmp_path: Path) -> None:
    for page in sorted(pages.glob("*.html")):
        path = written(pages, tmp_path, page.stem)
        assert beside.findings(path) == []
        is_empty = "jaderfors" in page.stem
        assert (beside.n_figures(path) > 100) is not is_empty


OUTLINES: dict[str, tuple[str, Callable[[Outline], Outline], str]] = {
    "a share that is hidden": (
        HIDDEN,
        lambda given: with_cell(given, MEASURE, 1, "41\u00a0%"),
        "unread number",
    ),
    "a number of answers that is hidden": (
        HIDDEN,
        lambda given: with_cell(given, MEASURE, 3, "17"),
        "unread number",
    ),
    "a share with decimals": (
        SHOWN,
        lambda given: with_cell(given, MEASURE, 1, "50,4\u00a0%"),
        "raw figure",
    ),
    "an interval with decimals": (
        SHOWN,
        lambda given: with_cell(given, MEASURE, 2, "39,4–60,9\u00a0%"),
        "raw figure",
    ),
    "another share": (
        SHOWN,
        lambda given: with_cell(given, MEASURE, 1, "51\u00a0%"),
        "contradiction",
    ),
    "another share of girls": (
        SHOWN,
        lambda given: with_cell(given, MEASURE, 1, "91\u00a0%", kind="splits"),
        "contradiction",
    ),
    "another number of girls": (
        SHOWN,
        lambda given: with_cell(given, MEASURE, 1, "..\n17 svar", kind="splits"),
        "raw figure",
    ),
    "a sentence that counts": (
        SHOWN,
        lambda given: with_text(given, "17 elever svarade."),
        "unread number",
    ),
    "a bare number": (SHOWN, lambda given: with_text(given, "17"), "unread number"),
    "a true sentence about another measure": (
        SHOWN,
        lambda given: with_text(given, f"{MEASURE}: 41 %"),
        "unread number",
    ),
}


@pytest.mark.parametrize("leak", OUTLINES)
def test_every_leak_in_what_is_shown_is_found(
    leak: str, pages: Path, beside: Opened, tmp_path: Path
) -> None:
    name, change, kind = OUTLINES[leak]
    path = tmp_path / f"{name}.pdf"
    path.write_bytes(pdf_document(change(outline(pages, name))))
    found = {finding.kind for finding in beside.findings(path)}
    assert {kind, "unread number"} <= found


def say_in_description(document: pikepdf.Pdf) -> None:
    first = described_in(document)[0]
    first.Alt = pikepdf.String(f"{first.Alt} 41 % av 17 elever.")


def draw_unseen(document: pikepdf.Pdf) -> None:
    """A text in no structure, that is not painted, outside of the page."""
    page = document.pages[0]
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    page.add_resource(font, pikepdf.Name.Font, pikepdf.Name("/Plain"))
    page.contents_add(b"BT /Plain 9 Tf 3 Tr -900 0 Td (n = 17) Tj ET", prepend=False)


def annotate(document: pikepdf.Pdf) -> None:
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Contents="17", Rect=[0, 0, 1, 1]
    )
    document.pages[0].Annots = pikepdf.Array([document.make_indirect(note)])


def describe_file(document: pikepdf.Pdf) -> None:
    metadata = document.Root.Metadata
    metadata.write(metadata.read_bytes().replace(b"offentlig", b"17 elever, offentlig", 1))


def say_otherwise(document: pikepdf.Pdf) -> None:
    described_in(document)[0].ActualText = pikepdf.String("17 elever")


HELD: dict[str, tuple[Plant, str]] = {
    "a description of a picture": (in_pdf(say_in_description), "unread number"),
    "a text that stands for another": (in_pdf(say_otherwise), "unread number"),
    "a text that is not painted": (in_pdf(draw_unseen), "unread number"),
    "a title": (
        in_pdf(lambda given: given.docinfo.__setitem__("/Title", f"{given.docinfo.Title} (17)")),
        "unread number",
    ),
    "a property": (
        in_pdf(lambda given: given.docinfo.__setitem__("/Keywords", "17")),
        "unread number",
    ),
    "a time of the day": (
        in_pdf(lambda given: given.docinfo.__setitem__("/ModDate", "D:20251031001700Z")),
        "unread number",
    ),
    "metadata": (in_pdf(describe_file), "unread number"),
    "a bookmark": (
        in_pdf(lambda given: given.Root.Outlines.First.__setitem__("/Title", "Norrsätra: 17")),
        "unread number",
    ),
    "an attachment": (
        in_pdf(lambda given: given.attachments.__setitem__("n.txt", b"17")),
        "undeclared",
    ),
    "a note": (in_pdf(annotate), "undeclared"),
    "an object that nothing shows": (
        in_pdf(
            lambda given: given.pages[0].Resources.__setitem__(
                "/Properties", given.make_indirect(pikepdf.Dictionary(N=17))
            )
        ),
        "undeclared",
    ),
    "a script": (
        in_pdf(
            lambda given: given.Root.__setitem__(
                "/OpenAction", pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="17")
            )
        ),
        "undeclared",
    ),
    "bytes after its end": (
        lambda path: path.write_bytes(path.read_bytes() + b"% n = 17\n%%EOF\n"),
        "undeclared",
    ),
}


@pytest.mark.parametrize("leak", HELD)
def test_every_leak_beside_the_pages_is_found(
    leak: str, pages: Path, beside: Opened, tmp_path: Path
) -> None:
    path = written(pages, tmp_path, SHOWN)
    plant, kind = HELD[leak]
    plant(path)
    found = {finding.kind for finding in beside.findings(path)}
    assert kind in found


def test_a_document_without_a_page_is_not_trusted(
    pages: Path, beside: Opened, tmp_path: Path
) -> None:
    path = written(pages, tmp_path, SHOWN)
    lonely = path.rename(tmp_path / "sandviken_norrsatra_2025.pdf")
    says = [finding.says for finding in beside.findings(lonely)]
    assert any("no page has the document's name" in each for each in says)


def test_no_finding_tells_a_number_that_it_found(
    pages: Path, beside: Opened, tmp_path: Path
) -> None:
    path = tmp_path / f"{HIDDEN}.pdf"
    path.write_bytes(pdf_document(with_cell(outline(pages, HIDDEN), MEASURE, 3, "123456")))
    found = beside.findings(path)
    assert found
    assert not any("123456" in finding.says for finding in found)
