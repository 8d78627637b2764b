"""The pages as HTML: names are only text, every text is used, links lead somewhere."""

import json
import re
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from pipeline.definitions.part import Label
from pipeline.documents import render, wording
from pipeline.documents.render import TEMPLATES
from pipeline.web.changes import Moved, Note
from pipeline.web.pages import PAGES, Source, render_pages
from tests.web.hostile import PAYLOADS, named, small

SCRIPTS = "".join(
    (TEMPLATES / "web" / page.script).read_text("utf-8") for page in PAGES if page.script
)
EVERY_NOTE = (
    Note(
        "a" * 16,
        "2026-01-05",
        True,
        "b" * 16,
        True,
        3,
        2,
        1,
        (Moved(2025, "norrsatra", 5, ("alcohol_30d",)),),
    ),
    Note("b" * 16, "2026-01-04", False, "c" * 16, True, 0, 0, 0, ()),
    Note(
        "c" * 16,
        "2026-01-03",
        False,
        "e" * 16,
        True,
        1,
        0,
        0,
        (Moved(2025, "gone", 3, ("each", "one", "of", "them")),),
    ),
    Note("d" * 16, "2026-01-02", False, None, False, 0, 0, 0, ()),
    Note("e" * 16, "2026-01-01", False, None, True, 0, 0, 0, ()),
)


class Elements(HTMLParser):
    """Every tag with the names of its attributes, and what JSON stands in scripts."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, ...]] = []
        self.data: list[Any] = []
        self._is_data = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, *(name for name, _ in attributes)))
        self._is_data = ("type", "application/json") in attributes

    def handle_endtag(self, tag: str) -> None:
        self.found.append((f"/{tag}",))
        self._is_data = False

    def handle_data(self, data: str) -> None:
        if self._is_data:
            self.data.append(json.loads(data))


def elements(html: str) -> Elements:
    parser = Elements()
    parser.feed(html)
    parser.close()
    return parser


@pytest.fixture(scope="module")
def few(source: Source) -> Source:
    return small(source)


@pytest.fixture(scope="module")
def benign(few: Source) -> dict[str, Elements]:
    return {name: elements(html) for name, html in render_pages(named(few, "Namn"), ("sv",))}


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_a_hostile_name_is_only_text(
    few: Source, benign: dict[str, Elements], payload: str
) -> None:
    for name, html in render_pages(named(few, payload), ("sv",)):
        read = elements(html)
        assert read.found == benign[name].found, name
        if name == "explorer.html":
            [data] = read.data
            assert {each["label"] for each in data["areas"]} == {payload}


def test_there_are_two_hundred_hostile_names() -> None:
    assert len(PAYLOADS) == 200


def variants(source: Source) -> list[Source]:
    """The sample, and what else pages may have to say."""
    few = small(source)
    site, design = few.catalogue.site, few.catalogue.site.design
    contact = Label(sv="Enheten, 000", en="The unit, 000")
    assessed = Label(sv="Vi bedömde sidorna den 1 mars.", en="We assessed the pages on 1 March.")
    own = {"contact": contact, "accessibility_assessment": assessed}
    stances = [
        design.model_copy(update={"stance": stance, "interval": interval, "degrees_of_freedom": df})
        for stance, interval, df in (
            ("finite_population", "wilson", "full"),
            ("sample", "korn_graubard", "domain"),
        )
    ]
    weighted = few.catalogue.waves[0].columns.model_copy(update={"weight": "w", "unit": ["u"]})
    wave = few.catalogue.waves[0].model_copy(update={"columns": weighted})
    rescaled = few.catalogue.factors[0].model_copy(update={"rescale": "minmax", "links": ()})
    return [
        source,
        few._replace(
            notes=EVERY_NOTE,
            catalogue=few.catalogue._replace(
                site=site.model_copy(update={**own, "design": stances[0]}),
                waves=(wave,),
                norms=(),
                factors=(rescaled,),
            ),
        ),
        few._replace(
            catalogue=few.catalogue._replace(
                site=site.model_copy(update={"synthetic": False, "design": stances[1]})
            )
        ),
    ]


def test_every_text_of_the_pages_is_used(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    used: set[str] = set()
    say = wording.say

    def noted(texts: Mapping[str, str], key: str, **values: Any) -> Any:
        used.add(key)
        return say(texts, key, **values)

    monkeypatch.setattr(wording, "say", noted)
    render.environment.cache_clear()
    for variant in variants(source):
        list(render_pages(variant, ("sv", "en")))
    render.environment.cache_clear()
    keys = {key for key in wording.load_texts("sv") if key.startswith("web.")}
    chosen_by_id = re.compile(r"web\.(form|kind|status|in|language)\.")
    read_directly = {"web.explorer.all_grades", "web.explorer.all_genders"}
    said = {key for key in keys if not key.startswith("web.live.")}
    assert {key for key in said if not chosen_by_id.match(key)} - read_directly <= used


def test_every_text_of_the_scripts_is_used_by_one() -> None:
    keys = {
        key.removeprefix("web.live.")
        for key in wording.load_texts("sv")
        if key.startswith("web.live.")
    }
    # By the kind of a measure or the status of a figure.
    by_id = {"risk", "protective", "outcome", "flag_count", "no_answers", "not_published"}
    assert keys
    assert {key for key in keys - by_id if not re.search(rf'(texts\.|"){key}\b', SCRIPTS)} == set()
    named_in_scripts = set(re.findall(r'say\("(\w+)"|texts\.(\w+)', SCRIPTS))
    assert {first or second for first, second in named_in_scripts} <= keys


def test_links_lead_to_files_and_anchors_that_are_there(website: Path) -> None:
    pages = sorted(website.glob("*.html")) + sorted((website / "en").glob("*.html"))
    assert len(pages) == 12
    for page in pages:
        html = page.read_text("utf-8")
        for link in re.findall(r'<a [^>]*href="([^"]+)"', html):
            if link.startswith("https://www.digg.se/"):
                continue
            file, _, anchor = link.partition("#")
            target = (page.parent / file).resolve() if file else page.resolve()
            assert target.is_file(), f"{page.name}: {link}"
            assert target.is_relative_to(website.resolve())
            if anchor and "=" not in anchor:
                assert f'id="{anchor}"' in target.read_text("utf-8"), f"{page.name}: {link}"


def test_ids_are_unique_and_each_page_has_one_heading_of_its_own(website: Path) -> None:
    for page in website.rglob("*.html"):
        if "release" in page.relative_to(website).parts:
            continue
        html = page.read_text("utf-8")
        ids = re.findall(r'\sid="([^"]+)"', html)
        assert len(ids) == len(set(ids)), page.name
        assert html.count("<h1>") == 1
        named = {
            each
            for group in re.findall(r'aria-labelledby="([^"]+)"', html)
            for each in group.split()
        }
        assert named <= set(ids)


FORMS = {
    "html": "webbsida",
    "pdf": "pdf",
    "docx": "Word",
    "xlsx": "Excel",
    "pptx": "PowerPoint",
}


def test_every_document_is_linked_with_its_form_and_size(source: Source, website: Path) -> None:
    html = (website / "index.html").read_text("utf-8")
    documents = [file for file in source.released.files if file.path.startswith("documents/")]
    assert {Path(file.path).suffix[1:] for file in documents} == set(FORMS)
    for file in documents:
        [text] = re.findall(rf'href="release/{file.path}"[^>]*>(.*?)</a>', html)
        form = FORMS[Path(file.path).suffix[1:]]
        assert re.search(rf"{form} <span class=\"nb\">\([\d,]+\u00a0[kM]B\)</span>", text), file
    english = re.findall(r'_en_public[a-z_]*\.html" hreflang="en">(.*?)</a>', html)
    assert english
    assert all("på engelska" in text for text in english)


def test_made_up_answers_are_declared_before_anything_else(website: Path) -> None:
    for page in website.glob("*.html"):
        body = page.read_text("utf-8").partition("<body")[2]
        assert body.index("Påhittade svar") < body.index("<header")


def test_what_the_statement_lacks_it_says(source: Source) -> None:
    pages = dict(render_pages(variants(source)[1], ("sv",)))
    assert "Enheten, 000" in pages["accessibility.html"]
    assert "Vi bedömde sidorna den 1 mars." in pages["accessibility.html"]
    assert "fyllt i" not in pages["accessibility.html"]
    assert "fyller i" not in pages["accessibility.html"]
    pages = dict(render_pages(small(source), ("sv",)))
    assert "har inte fyllt i" in pages["accessibility.html"]
    assert "Kommunen fyller i vilken dag" in pages["accessibility.html"]
