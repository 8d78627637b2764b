"""Pages that have most to bear, on screens and as PDF: no text on another, none cut off.

Each leaves its picture in the folder of screenshots.
"""

import shutil
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import pypdfium2
import pytest
import typst

from pipeline.documents.forms.pdf import pdf_document
from pipeline.documents.outlining import outline_of
from pipeline.documents.render import Kind, render_profile
from tests.browser.chromium import ARGUMENTS, CHROMIUM, take_picture
from tests.browser.drawn import boxes_of, contact_sheet, overlapping
from tests.browser.test_profile_page import CLIPPED, OUTSIDE
from tests.documents.hard_cases import HARD_CASES

if TYPE_CHECKING:
    from playwright.sync_api import Browser

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

OFFICE = shutil.which("soffice")
KINDS = get_args(Kind)
WIDTHS = (320, 1280)
OVERLAPPING = """() => {
  document.querySelectorAll('details').forEach(e => { e.open = true });
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; node = walker.nextNode();) {
    if (!node.data.trim() || node.parentElement.closest('.sr,.skip')) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects())
      texts.push([box.left, box.right, box.top + box.height / 4, box.bottom - box.height / 4,
                  node.data.trim().slice(0, 30)]);
  }
  texts.sort((a, b) => a[2] - b[2]);
  const found = [];
  texts.forEach((one, place) => {
    for (let next = place + 1; next < texts.length && texts[next][2] < one[3] - 1; next++) {
      const other = texts[next];
      if (Math.min(one[1], other[1]) - Math.max(one[0], other[0]) > 1)
        found.push(one[4] + ' | ' + other[4]);
    } });
  return found }"""
"""Texts that stand on one another, everything opened; a quarter of a line above and below may."""


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    if CHROMIUM is None:
        pytest.skip("no chromium or chrome on this machine")
    with sync_api.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield running
        running.close()


@pytest.mark.parametrize(("name", "kind"), list(product(HARD_CASES, KINDS)))
def test_no_text_of_a_page_stands_on_another(
    browser: "Browser", tmp_path: Path, name: str, kind: Kind
) -> None:
    path = tmp_path / "page.html"
    path.write_text(render_profile(HARD_CASES[name], kind), "utf-8")
    for width in WIDTHS:
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.goto(path.as_uri())
        take_picture(page, f"hard_{name}_{kind}_{width}.png")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(OVERLAPPING) == []
        assert page.evaluate(CLIPPED) == []
        assert page.evaluate(OUTSIDE) == []
        page.close()


def test_text_on_text_is_found(browser: "Browser", tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("<p>ett<p style='margin-top:-2.4em'>två", "utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    assert page.evaluate(OVERLAPPING) == ["två | ett"]
    page.close()


@pytest.mark.parametrize(("name", "kind"), list(product(HARD_CASES, KINDS)))
def test_no_text_of_a_pdf_stands_on_another_or_off_its_page(name: str, kind: Kind) -> None:
    content = pdf_document(outline_of(render_profile(HARD_CASES[name], kind)))
    document = pypdfium2.PdfDocument(content)
    contact_sheet(document, f"hard_{name}_{kind}_pdf")
    for page in document:
        width, height = page.get_size()
        for left, bottom, right, top, text in boxes_of(page.get_textpage()):
            assert 0 < left < right < width, text
            assert 0 < bottom < top < height, text
        assert overlapping(page) == []


def test_text_on_text_is_found_in_a_pdf() -> None:
    document = pypdfium2.PdfDocument(typst.compile(b"#place(dx: 1mm)[ett]#place[tre]"))
    assert overlapping(document[0])
