"""The pages for everyone in a browser: for every reader, by keyboard, with hostile names."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib.util import find_spec
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import duckdb
import polars as pl
import pytest

from pipeline.documents.render import render_beside, render_profile
from pipeline.web.pages import PAGES, Source, render_pages
from tests.browser.chromium import ARGUMENTS, CHROMIUM, take_picture
from tests.browser.test_profile_page import CLIPPED, OUTSIDE, WEAK_CONTRAST
from tests.documents.sample_profile import PROFILE
from tests.documents.test_beside import BESIDE
from tests.documents.variants import in_english, of_municipality, public, too_small
from tests.web.conftest import released_site, source, website
from tests.web.hostile import PAYLOADS, small
from tests.web.test_figures import by_key, published

__all__ = ["released_site", "source", "website"]

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium or chrome on this machine")

Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
WIDTHS = (320, 1280)
NAMES = [f"{folder}{page.name}" for folder in ("", "en/") for page in PAGES]
CHOSEN = (
    "#areas=sandviken,omrade_1,norrsatra,gastrike_hammarby&waves=2025,2021"
    "&measures=c_mobility,s_commit_low,p_gang,arrested_12m&grade=all&gender=all"
)

AXE = """async () => (await axe.run(document, {resultTypes: ['violations']})).violations
  .map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.target.join(' ')).join(' | '))"""

TREE = """() => {
  const walk = e => [e.tagName, [...e.attributes].map(a => a.name).sort(),
                     [...e.children].map(walk)];
  return JSON.stringify(walk(document.documentElement)) }"""


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    with sync_api.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture(scope="module")
def axe() -> str:
    """The script of axe-core, as its Python package has it."""
    found = find_spec("axe_playwright_python")
    if found is None or found.origin is None:
        pytest.skip("axe-core is not installed")
    return (Path(found.origin).parent / "axe.min.js").read_text("utf-8")


Open = Callable[..., "Page"]


@pytest.fixture
def open_page(browser: "Browser") -> Iterator[Open]:
    """Opens a file; when the test ends, nothing was fetched and the console is empty."""
    requests: list[str] = []
    complaints: list[str] = []
    contexts = []

    def open_file(
        path: Path, fragment: str = "", *, width: int = 1280, scheme: Scheme = "light"
    ) -> "Page":
        # Scripts of tests run beside the page's policy, which forbids all but its own.
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, accept_downloads=True
        )
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: requests.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path.as_uri() + fragment)
        return page

    yield open_file
    for context in contexts:
        context.close()
    assert [url for url in requests if not url.startswith(("file:", "data:", "blob:"))] == []
    assert len([url for url in requests if url.startswith("file:")]) == len(contexts)
    assert complaints == []


def violations(page: "Page", axe: str) -> list[str]:
    """What axe-core finds; every part that can be opened is open."""
    page.evaluate("() => document.querySelectorAll('details').forEach(e => { e.open = true })")
    page.evaluate(axe)
    found: list[str] = page.evaluate(AXE)
    return found


@pytest.mark.parametrize(("width", "scheme"), list(product(WIDTHS, SCHEMES)))
@pytest.mark.parametrize("name", NAMES)
def test_a_page_has_no_barrier_that_can_be_found_and_fits(
    open_page: Open, axe: str, website: Path, name: str, *, width: int, scheme: Scheme
) -> None:
    fragment = CHOSEN if name.endswith("explorer") else ""
    page = open_page(website / f"{name}.html", fragment, width=width, scheme=scheme)
    file = f"{name.replace('/', '_')}_{width}_{scheme}.png"
    take_picture(page, file)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(OUTSIDE) == []
    assert page.evaluate(CLIPPED) == []
    assert violations(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(WEAK_CONTRAST) == []


DOCUMENTS = {
    "sv": render_profile(PROFILE),
    "public": render_profile(public(PROFILE)),
    "en": render_profile(in_english(PROFILE)),
    "municipality": render_profile(of_municipality(PROFILE)),
    "hidden": render_profile(too_small(PROFILE)),
    "summary": render_profile(public(PROFILE), "summary"),
    "summary_en": render_profile(in_english(PROFILE), "summary"),
    "young": render_profile(PROFILE, "young"),
    "young_en": render_profile(in_english(public(PROFILE)), "young"),
    "compare": render_beside(PROFILE, BESIDE),
    "overview_en": render_beside(in_english(PROFILE), replace(BESIDE, kind="overview")),
}


@pytest.mark.parametrize(("width", "scheme"), list(product(WIDTHS, SCHEMES)))
@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_has_no_barrier_that_can_be_found_and_fits(
    open_page: Open, axe: str, tmp_path: Path, name: str, *, width: int, scheme: Scheme
) -> None:
    path = tmp_path / "document.html"
    path.write_text(DOCUMENTS[name], "utf-8")
    page = open_page(path, width=width, scheme=scheme)
    take_picture(page, f"document_{name}_{width}_{scheme}.png")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(OUTSIDE) == []
    assert page.evaluate(CLIPPED) == []
    assert violations(page, axe) == []
    assert page.evaluate(WEAK_CONTRAST) == []


MARKS_CONTRAST = """() => {
  const numbers = text => text.match(/[\\d.]+/g).map(Number);
  const light = rgb => { const [r, g, b] = rgb.slice(0, 3).map(v => v / 255)
      .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b };
  const ground = light(numbers(getComputedStyle(document.documentElement).backgroundColor));
  const ratio = colour => { const pair = [light(numbers(colour)), ground];
    return (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05) };
  return [...document.querySelectorAll('.whisker, .dot, .norm, .rest, .join')].map(e => {
    const style = getComputedStyle(e);
    const seen = [style.fill, style.stroke].filter(c => c.startsWith('rgb'));
    return Math.max(...seen.map(ratio)) }) }"""


@pytest.mark.parametrize("scheme", SCHEMES)
def test_marks_of_a_profile_stand_out_on_a_screen(
    open_page: Open, tmp_path: Path, scheme: Scheme
) -> None:
    path = tmp_path / "profile.html"
    path.write_text(render_profile(PROFILE), "utf-8")
    page = open_page(path, scheme=scheme)
    ratios = page.evaluate(MARKS_CONTRAST)
    assert len(ratios) > 50
    assert min(ratios) >= 3


def test_paper_is_light_and_forced_colours_are_the_reader_s(
    open_page: Open, tmp_path: Path
) -> None:
    path = tmp_path / "profile.html"
    path.write_text(render_profile(PROFILE), "utf-8")
    page = open_page(path, scheme="dark")
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    assert page.evaluate(ground) == "rgb(18, 26, 30)"
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    page.emulate_media(media="screen", color_scheme="light", forced_colors="active")
    dot = page.evaluate("getComputedStyle(document.querySelector('.dot')).fill")
    text = page.evaluate("getComputedStyle(document.querySelector('main p')).color")
    assert dot == text


def rows(page: "Page") -> list[list[str]]:
    """Area, wave, share, interval and n of every row of the explorer's table."""
    found: list[list[str]] = page.locator("#table tbody tr[data-area]").evaluate_all(
        """all => all.map(tr => [tr.dataset.wave, tr.dataset.area, tr.dataset.measure,
             ...[...tr.cells].slice(2).map(td => td.textContent)])"""
    )
    return found


HIDDEN = "..visas inte"


def test_every_figure_on_the_page_is_the_published_one(
    open_page: Open, source: Source, website: Path
) -> None:
    figures = by_key(published(source))
    n_shown = 0
    for grade, gender in (("all", "all"), ("g9", "all"), ("all", "girl")):
        # As many areas and measures as are shown at once.
        areas = ",".join(sorted(source.released.areas["area_id"].unique())[:10])
        measures = ",".join(source.released.measures["measure_id"][:13])
        page = open_page(
            website / "explorer.html",
            f"#areas={areas}&measures={measures}&waves=2023,2025,2021&grade={grade}&gender={gender}",
        )
        shown = rows(page)
        assert len(shown) == 390
        for wave, area, measure, share, interval, n in shown:
            figure = figures.get((int(wave), area, grade, gender, measure))
            if figure is None:
                assert (share, interval, n) == ("inte publicerad", "", "")
                continue
            status, n_known, percent, lower, upper, is_unreliable = figure
            number = "" if n_known is None else f"{n_known:,}".replace(",", "\u00a0")
            if status == "shown":
                mark = "† (osäker)" if is_unreliable else ""
                assert share == f"{percent}\u00a0%{mark}"
                assert interval == f"{lower}–{upper}\u00a0%"
                assert n == number
            elif status == "suppressed":
                assert (share, interval, n) == (HIDDEN, HIDDEN, number or HIDDEN)
            elif status == "coded_below":
                assert (share, interval, n) == ("<\u00a05\u00a0%", HIDDEN, number)
            else:
                assert (status, share, interval) == ("no_answers", "ingen siffra", "")
            n_shown += status == "shown"
    assert n_shown > 100


def test_marks_stand_where_the_numbers_say_and_areas_in_their_order(
    open_page: Open, website: Path
) -> None:
    page = open_page(website / "en" / "explorer.html", CHOSEN)
    drawn = page.evaluate(
        """() => [...document.querySelectorAll('#chart .row')].filter(r => r.querySelector('.dot'))
          .map(row => {
            const whole = row.querySelector('svg').getBoundingClientRect();
            const place = (e, side) => 100 * (e.getBoundingClientRect()[side] - whole.left)
                / whole.width;
            const dot = row.querySelector('.dot').getBoundingClientRect();
            return [row.querySelector('b').textContent, row.querySelector('.note').textContent,
                    100 * (dot.left + dot.width / 2 - whole.left) / whole.width,
                    place(row.querySelector('.whisker'), 'left'),
                    place(row.querySelector('.whisker'), 'right')] })"""
    )
    assert len(drawn) > 10
    for share, interval, middle, left, right in drawn:
        lower, upper = map(int, re.findall(r"\d+", interval))
        numbers = (int(share.partition("%")[0]), lower, upper)
        for number, place in zip(numbers, (middle, left, right), strict=True):
            assert number == pytest.approx(place, abs=0.6)
    order = [area for _, area, measure, *_ in rows(page) if measure == "c_mobility"]
    assert list(dict.fromkeys(order)) == ["sandviken", "omrade_1", "norrsatra", "gastrike_hammarby"]


def press_to(page: "Page", wanted: str, key: str = "Tab") -> None:
    """Press a key until the focus stands on what a selector names."""
    for _ in range(150):
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return
        page.keyboard.press(key)
    raise AssertionError(f"the keyboard does not reach {wanted}")


def test_the_keyboard_alone_leads_from_the_first_page_to_a_figure(
    open_page: Open, website: Path
) -> None:
    page = open_page(website / "explorer.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    press_to(page, "input[name=areas][value=norrsatra]")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"
    page.keyboard.press("Space")
    press_to(page, "[data-choices]:nth-of-type(2) > summary")
    page.keyboard.press("Enter")
    press_to(page, "input[name=measures][value=f_conflict]")
    page.keyboard.press("Space")
    press_to(page, "#grade")
    page.keyboard.press("ArrowDown")
    page.wait_for_function("location.hash.includes('grade=g7')")
    page.keyboard.press("ArrowUp")
    page.wait_for_function("location.hash.includes('grade=all')")
    press_to(page, "#gender")
    press_to(page, "#download")
    page.wait_for_selector("#table tr[data-area=norrsatra][data-measure=f_conflict]")
    [row] = [row for row in rows(page) if row[1:3] == ["norrsatra", "f_conflict"]]
    assert re.fullmatch(r"\d+\u00a0%(† \(osäker\))?", row[3]), row
    assert page.locator("#status").text_content()
    with page.expect_download() as downloading:
        page.keyboard.press("Enter")
    name = downloading.value.suggested_filename
    assert re.fullmatch(r"sandviken_sandviken-norrsatra_2025_public_[0-9a-f]{16}\.csv", name)


def test_choices_stand_in_the_address_and_the_browser_goes_back(
    open_page: Open, website: Path
) -> None:
    page = open_page(website / "explorer.html", CHOSEN)
    before = rows(page)
    assert {row[1] for row in before} == {"sandviken", "omrade_1", "norrsatra", "gastrike_hammarby"}
    page.locator("input[name=areas][value=omrade_2]").check()
    page.wait_for_function("location.hash.includes('omrade_2')")
    assert "omrade_2" in {row[1] for row in rows(page)}
    assert "omrade_2" in (page.locator("[data-keeps-state]").first.get_attribute("href") or "")
    page.go_back()
    page.wait_for_function("!location.hash.includes('omrade_2')")
    assert rows(page) == before
    assert not page.locator("input[name=areas][value=omrade_2]").is_checked()


def test_what_is_opened_names_the_figures_and_asks_for_them(
    open_page: Open, source: Source, website: Path
) -> None:
    page = open_page(website / "explorer.html", CHOSEN)
    page.locator("#again").focus()
    press_to(page, "#openings summary")
    page.keyboard.press("Enter")
    opening = page.locator("#openings details").first
    assert opening.get_attribute("open") is not None
    shown = [row for row in rows(page) if row[2] == opening.get_attribute("data-measure")]
    ids = opening.locator("li code").all_text_contents()
    assert ids == [f"{area}/{wave}/{measure}" for wave, area, measure, *_ in shown]
    path = source.released.folder / "published.duckdb"
    with duckdb.connect(str(path), read_only=True) as connection:
        answers = connection.execute(opening.locator("pre code").inner_text()).fetchall()
    found = {f"{row[1]}/{row[0]}/{row[2]}": row for row in answers}
    assert found.keys() == set(ids)
    for figure, (*_, share, _, n) in zip(ids, shown, strict=True):
        if found[figure][3] == "shown":
            assert share.startswith(f"{found[figure][4]}\u00a0%")
            assert n == f"{found[figure][7]:,}".replace(",", "\u00a0")
            assert f"Med ett resultat: {n}." in opening.inner_text()
    release = source.released.release_id
    command = opening.locator("code.command").inner_text()
    assert command == f"uppvaxt explain {ids[0]} --release {release}"
    link = opening.locator("a").first.get_attribute("href") or ""
    file, _, anchor = link.partition("#")
    assert f'id="{anchor}"' in (website / file).read_text("utf-8")


@pytest.mark.parametrize(
    ("fragment", "said"),
    [
        ("#areas=nowhere", "Adressen nämner något som inte finns"),
        ("#areas=", "Välj minst ett område"),
        ("#grade=g9&gender=girl", "inte publicerade"),
        ("#%00=%ff&areas=%3Cb%3E", "Adressen nämner något"),
    ],
)
def test_an_address_that_leads_nowhere_says_so(
    open_page: Open, website: Path, fragment: str, said: str
) -> None:
    page = open_page(website / "explorer.html", fragment)
    assert said in (page.locator("#status").text_content() or "")


def test_the_search_field_narrows_the_lists_and_counts(open_page: Open, website: Path) -> None:
    page = open_page(website / "index.html")
    everything = page.locator("[data-name]:visible").count()
    page.keyboard.press("Tab")
    press_to(page, "#filter")
    page.keyboard.type("NORRS")
    assert page.locator("[data-name]:visible").all_inner_texts()[0].startswith("Norrsätra")
    assert page.locator("#found").text_content() == "Träffar: områden 1, mått 0."
    page.locator("#filter").fill("")
    assert page.locator("[data-name]:visible").count() == everything
    assert page.locator("#found").text_content() == ""


SEARCHES = {
    "norrsatra": "Norrsätra",
    "norsätra": None,
    "NORRSÄTRA": "Norrsätra",
    "bjork": "Björksätra",
    "osterfarnebo": "Österfärnebo",
    "Gästrike Hammarby": "Gästrike-Hammarby",
    "gästrike-hammarby": "Gästrike-Hammarby",
    "gastrikehammarby": "Gästrike-Hammarby",
    "hammarby gästrike": "Gästrike-Hammarby",
    "narkotika alkohol": "Upplevd tillgång till alkohol",
    "norrsa\u0308tra": "Norrsätra",
    "alkohool": None,
}
"""What is typed, and how a name that is found begins; null where none is."""


@pytest.mark.parametrize("typed", SEARCHES)
def test_the_search_field_finds_without_accents_hyphens_or_order(
    open_page: Open, website: Path, typed: str
) -> None:
    page = open_page(website / "index.html")
    page.locator("#filter").fill(typed)
    found = page.locator("[data-name]:visible").all_inner_texts()
    begins = SEARCHES[typed]
    if begins is None:
        assert found == []
    else:
        assert any(each.startswith(begins) for each in found)
        assert len(found) <= 3


@pytest.mark.parametrize(
    ("folder", "said"),
    [
        ("", "Inget hittades. Pröva färre bokstäver eller ett annat ord."),
        ("en/", "Nothing was found. Try fewer letters or another word."),
    ],
)
def test_the_search_field_says_what_to_try_where_it_finds_nothing(
    open_page: Open, axe: str, website: Path, folder: str, said: str
) -> None:
    page = open_page(website / f"{folder}index.html")
    page.locator("#filter").fill("alkohool")
    told = page.get_by_role("status")
    assert told.text_content() == said
    assert told.get_attribute("aria-live") == "polite"
    assert page.locator("#areas").is_hidden()
    assert page.locator("#measures").is_hidden()
    assert violations(page, axe) == []
    page.locator("#filter").fill("--")
    assert told.text_content() == ""
    assert page.locator("#areas").is_visible()


def test_without_scripts_every_document_is_there_and_the_explorer_says_what_it_lacks(
    browser: "Browser", website: Path
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((website / "index.html").as_uri())
    assert page.locator("form.filter").is_hidden()
    assert page.locator("[data-name]:visible").count() == page.locator("[data-name]").count() > 50
    assert page.get_by_role("link", name="Norrsätra 2025, hela profilen, webbsida").is_visible()
    page.goto((website / "explorer.html").as_uri())
    assert page.locator("#choices").is_hidden()
    assert page.get_by_text("Här behövs skript").is_visible()
    context.close()


def downloaded(page: "Page") -> list[list[str]]:
    """The cells of the explorer's file."""
    with page.expect_download() as downloading:
        page.locator("#download").click()
    content = Path(downloading.value.path()).read_bytes().decode("utf-8-sig")
    separator = ";" if page.evaluate("document.documentElement.lang") == "sv" else ","
    return list(csv.reader(io.StringIO(content, newline=""), delimiter=separator))


@pytest.mark.parametrize("folder", ["", "en/"])
def test_the_file_holds_what_is_shown_and_says_what_it_is(
    open_page: Open, source: Source, website: Path, folder: str
) -> None:
    page = open_page(website / f"{folder}explorer.html", CHOSEN)
    header, *lines = downloaded(page)
    figures = by_key(published(source))
    assert len(lines) == len(rows(page)) == 32
    for line in lines:
        row = dict(zip(header, line, strict=True))
        assert row["release"] == source.released.release_id
        assert row["edition"] == "public"
        key = (int(row["wave"]), row["area_id"], row["grade"], row["gender"], row["measure_id"])
        status, n, percent, lower, upper, unreliable = figures[key]
        numbers = [row[name] for name in ("n", "percent", "percent_lower", "percent_upper")]
        assert row["status"] == status
        assert numbers == ["" if each is None else str(each) for each in (n, percent, lower, upper)]
        assert row["is_unreliable"] == (str(unreliable).lower() if status == "shown" else "")


@pytest.mark.parametrize("folder", ["", "en/"])
def test_the_file_says_which_waves_cannot_be_compared_and_why(
    open_page: Open, website: Path, folder: str
) -> None:
    page = open_page(website / f"{folder}explorer.html", CHOSEN)
    phrases = page.locator("#table .band .phrase").all_inner_texts()
    shown = [each for each in phrases if each.startswith("2021 ")]
    header, *lines = downloaded(page)
    found = [dict(zip(header, line, strict=True)) for line in lines]
    broken = {row["measure_id"]: row["break_reason"] for row in found if row["break_reason"]}
    assert list(broken.values()) == shown
    assert 0 < len(broken) < len({row["measure_id"] for row in found})
    # Both waves' rows say so, and with one wave alone there is nothing to compare.
    for row in found:
        assert row["break_reason"] == broken.get(row["measure_id"], "")
    header, *lines = downloaded(
        open_page(website / f"{folder}explorer.html", CHOSEN.replace("2025,2021", "2021"))
    )
    assert {line[header.index("break_reason")] for line in lines} == {""}


def many_areas(source: Source, labels: list[str]) -> Source:
    """The small source with an area for each label, all with the figures of one."""
    few = small(source)
    one = few.released.estimates.filter(area_id="norrsatra")
    ids = [f"area_{number:03}" for number in range(len(labels))]
    estimates = pl.concat([one.with_columns(area_id=pl.lit(each)) for each in ids])
    area = few.released.areas.filter(area_id="norrsatra")
    areas = pl.concat(
        [
            area.with_columns(area_id=pl.lit(each), label=pl.lit(label))
            for each, label in zip(ids, labels, strict=True)
        ]
    )
    return few._replace(released=few.released._replace(estimates=estimates, areas=areas))


def hostile_page(source: Source, labels: list[str], folder: Path) -> Path:
    pages = dict(render_pages(many_areas(source, labels), ("sv",)))
    path = folder / "explorer.html"
    path.write_text(pages["explorer.html"], "utf-8")
    return path


FORMULA = re.compile(r"[=+\-@\uff1d\uff0b\uff0d\uff20\u2212\t\r\n]")
UNSEEN = re.compile(r"[\s\x00-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def test_hostile_names_build_the_same_page_and_a_harmless_file(
    open_page: Open, source: Source, tmp_path: Path
) -> None:
    trees: list[str] = []
    for labels in (["Namn"] * len(PAYLOADS), list(PAYLOADS)):
        (tmp_path / str(len(trees))).mkdir()
        path = hostile_page(source, labels, tmp_path / str(len(trees)))
        ids = ",".join(f"area_{number:03}" for number in range(len(labels)))
        page = open_page(path, f"#areas={ids}&measures=c_attach_low")
        assert page.evaluate("window.hit") is None
        trees.append(page.evaluate(TREE))
    assert trees[0] == trees[1]
    shown = page.locator("#table tbody tr[data-area] th").evaluate_all(
        "all => all.map(e => e.textContent)"
    )
    # Browsers read a line's end as one sign, whichever it was; the data keep it.
    assert shown == list(PAYLOADS)
    header, *lines = downloaded(page)
    assert len(lines) == len(PAYLOADS)
    assert {len(line) for line in lines} == {len(header)}
    for line, payload in zip(lines, PAYLOADS, strict=True):
        cell = line[header.index("area")]
        assert cell in (payload, f"'{payload}")
        assert not FORMULA.match(cell), repr(cell)
        assert not FORMULA.match(UNSEEN.sub("", cell)), repr(cell)
