"""The area profile in a browser, on a phone, a desk and paper."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipeline.documents.render import render_profile
from tests.browser.chromium import ARGUMENTS, CHROMIUM
from tests.documents.sample_map import SAMPLE_MAP
from tests.documents.sample_profile import PROFILE
from tests.documents.variants import in_english, of_municipality, too_small

if TYPE_CHECKING:
    from playwright.sync_api import Browser

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium or chrome on this machine")

PROFILES = {
    "sv": PROFILE,
    "en": in_english(PROFILE),
    "municipality": of_municipality(PROFILE),
    "too_small": too_small(PROFILE),
    "map": replace(PROFILE, map=SAMPLE_MAP),
}
WIDTHS = [320, 360, 768, 1280]

# Text that is cut off: wider than its box, and not in a region made to scroll.
CLIPPED = """() => [...document.querySelectorAll(
    'h1,h2,h3,h4,p,dt,dd,li,caption,th,td,.name,.number,a')]
  .filter(e => !e.closest('.sr,.skip') && e.clientWidth > 0 && e.scrollWidth > e.clientWidth + 1)
  .map(e => e.tagName + ': ' + e.textContent.trim().slice(0, 60))"""

# Text that reaches outside the window and cannot be scrolled to.
OUTSIDE = """() => [...document.querySelectorAll('body *')]
  .filter(e => !e.closest('.scroll,.skip,.sr') && e.textContent.trim())
  .filter(e => { const box = e.getBoundingClientRect();
                 return box.width && (box.left < -1 || box.right > innerWidth + 1) })
  .map(e => e.tagName + ': ' + e.textContent.trim().slice(0, 60))"""

# Contrast of every text with the nearest ground that is not transparent (WCAG 2.1, 1.4.3).
WEAK_CONTRAST = """() => {
  const numbers = text => text.match(/[\\d.]+/g).map(Number);
  const light = rgb => { const [r, g, b] = rgb.slice(0, 3).map(v => v / 255)
      .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b };
  const ground = e => { for (; e; e = e.parentElement) {
      const colour = numbers(getComputedStyle(e).backgroundColor);
      if (colour.length < 4 || colour[3] === 1) return colour }
    return [255, 255, 255] };
  const own = e => [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
  return [...document.querySelectorAll('body *')].filter(e => own(e) && !e.closest('svg'))
    .map(e => { const pair = [light(numbers(getComputedStyle(e).color)), light(ground(e))];
      return [(Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05), e.textContent.trim()] })
    .filter(([ratio]) => ratio < 4.5).map(([ratio, text]) => ratio.toFixed(2) + ' ' + text) }"""


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    with sync_api.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture(params=PROFILES)
def document(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A rendered profile on disk."""
    path = tmp_path / f"{request.param}.html"
    path.write_text(render_profile(PROFILES[request.param]), "utf-8")
    return path


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_fits_its_window_and_loads_nothing(
    browser: "Browser", document: Path, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    requests: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(document.as_uri())
    page.wait_for_load_state("networkidle")

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(OUTSIDE) == []
    assert page.evaluate(CLIPPED) == []
    assert [url for url in requests if not url.startswith("data:")] == [document.as_uri()]
    assert complaints == []
    page.close()


def test_text_stands_out_from_its_ground(browser: "Browser", document: Path) -> None:
    page = browser.new_page()
    page.goto(document.as_uri())
    assert page.evaluate(WEAK_CONTRAST) == []
    page.close()


def test_marks_stand_where_the_numbers_say(browser: "Browser", document: Path) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 800})
    page.goto(document.as_uri())
    drawn = page.evaluate(
        """() => [...document.querySelectorAll('.row[data-measure]')]
          .filter(row => row.querySelector('.dot')).map(row => {
            const whole = row.querySelector('.strip').getBoundingClientRect();
            const dot = row.querySelector('.dot').getBoundingClientRect();
            return [parseInt(row.querySelector('b').textContent),
                    100 * (dot.left + dot.width / 2 - whole.left) / whole.width] })"""
    )
    assert all(abs(number - place) < 0.5 for number, place in drawn)
    assert bool(drawn) == (document.stem != "too_small")
    page.close()


def test_marks_of_groups_stand_beside_their_numbers(browser: "Browser", document: Path) -> None:
    for width in (320, 1280):
        page = browser.new_page(viewport={"width": width, "height": 800})
        page.goto(document.as_uri())
        drawn = page.evaluate(
            """() => [...document.querySelectorAll('.splits .row[data-measure]')].flatMap(row => {
              const whole = row.querySelector('.lanes').getBoundingClientRect();
              const numbers = [...row.querySelectorAll('ul.number li')];
              return [...row.querySelectorAll('.lane')].map((lane, place) => {
                const mark = lane.querySelector('.at circle, .at path');
                if (!mark) return null;
                const box = mark.getBoundingClientRect();
                const beside = numbers[place].getBoundingClientRect();
                return [parseInt(numbers[place].textContent),
                        100 * (box.left + box.width / 2 - whole.left) / whole.width,
                        box.top + box.height / 2 - (beside.top + beside.height / 2)] }) })"""
        )
        marks = [each for each in drawn if each is not None]
        assert bool(marks) == (document.stem != "too_small")
        assert all(abs(number - place) < 1 for number, place, _ in marks)
        assert all(abs(apart) <= 4 for *_, apart in marks)
        page.close()


def test_wide_tables_can_be_scrolled_with_the_keyboard(browser: "Browser", document: Path) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 800})
    page.goto(document.as_uri())
    regions = page.locator(".scroll")
    names = regions.evaluate_all(
        "all => all.map(e => [e.getAttribute('role'), e.tabIndex, e.getAttribute('aria-label')])"
    )
    assert all(role == "region" and index == 0 and name for role, index, name in names)
    wide = page.locator(".scroll:has(.measures)").first
    wide.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.activeElement.scrollLeft > 0", timeout=3000)
    page.close()


def test_on_paper_no_row_is_split_and_pages_are_numbered(
    browser: "Browser", document: Path
) -> None:
    page = browser.new_page()
    page.goto(document.as_uri())
    paper = page.pdf(prefer_css_page_size=True, print_background=True)
    pages = len(re.findall(rb"/Type\s*/Page\b", paper))
    assert 5 <= pages <= 30
    sizes = set(re.findall(rb"/MediaBox\s*\[([^\]]*)\]", paper))
    assert sizes
    for size in sizes:
        left, bottom, right, top = map(float, size.split())
        assert (right - left, top - bottom) == pytest.approx((595, 842), abs=1)
    page.emulate_media(media="print")
    whole = page.evaluate(
        """() => [...document.querySelectorAll('.row, tr')]
          .every(e => getComputedStyle(e).breakInside === 'avoid')"""
    )
    assert whole
    page.close()
