"""The area profile as HTML: nothing is left out, nothing is run, nothing is fetched."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from html import unescape
from typing import Any

import pytest

from pipeline.documents import render, wording
from pipeline.documents.render import render_profile
from pipeline.documents.view import Measure, Profile
from pipeline.errors import DefinitionError
from tests.documents.conftest import ENGLISH, VARIANTS, rows_of
from tests.documents.sample_measures import BREAK
from tests.documents.sample_profile import PROFILE

MEASURES = [each for domain in PROFILE.domains for each in domain.measures] + list(PROFILE.outcomes)
EVERY = [*VARIANTS.values(), *ENGLISH.values()]
REASONS = {
    "too_few": "Visas inte: färre än 30 svar",
    "no_norm": "Visas inte: gränsvärden saknas",
    "not_asked": "Visas inte: frågorna ställdes inte",
    "no_answers": "Visas inte: ingen har svarat",
}
TableRow = Callable[[str, str], list[str]]


def per_cent(share: float | None) -> str:
    assert share is not None
    return wording.percent(share, "sv")


@pytest.mark.parametrize("measure", [m for m in MEASURES if m.area.state == "shown"])
def test_every_shown_figure_stands_in_the_table(measure: Measure, table_row: TableRow) -> None:
    row = table_row(render_profile(PROFILE), measure.label)
    assert row[1] == per_cent(measure.area.share)
    if measure.area.lower is None or measure.area.upper is None:
        assert row[2] == "kan inte beräknas"
    else:
        assert row[2] == wording.percent_range(measure.area.lower, measure.area.upper, "sv")
    assert row[3] == str(measure.area.n)
    assert measure.municipality is not None
    assert row[4] == per_cent(measure.municipality.share)
    if measure.norm_share is not None:
        assert row[6] == per_cent(measure.norm_share)


@pytest.mark.parametrize("measure", [m for m in MEASURES if m.area.state != "shown"])
def test_every_hidden_figure_says_why(measure: Measure, table_row: TableRow) -> None:
    html = render_profile(PROFILE)
    assert table_row(html, measure.label)[1] == REASONS[measure.area.state]
    drawn = _row_of_chart(html, measure)
    assert REASONS[measure.area.state] in unescape(drawn)
    assert 'class="dot"' not in drawn


def test_all_reasons_are_tried() -> None:
    assert {measure.area.state for measure in MEASURES} == {"shown", *REASONS}


def test_a_figure_without_interval_says_so_in_the_chart() -> None:
    drawn = _row_of_chart(render_profile(PROFILE), MEASURES[3])
    assert "8 % (osäkerheten kan inte beräknas)" in drawn
    assert "whisker" not in drawn


def _row_of_chart(html: str, measure: Measure) -> str:
    after = html.split(f'data-measure="{measure.id}"')[1]
    return re.split(r'<div class="row"|</figure>', after)[0]


def test_every_wave_is_shown_and_a_break_has_its_reason() -> None:
    rows = [row for row in rows_of(render_profile(PROFILE)) if row and row[0] == "Nedstämdhet"]
    assert any("41\u00a0%a" in row[1] and row[3].startswith("28\u00a0%") for row in rows)
    assert f"Kan inte jämföras: {BREAK}" in render_profile(PROFILE)


def test_where_more_is_better_above_is_no_concern() -> None:
    worse = replace(MEASURES[0], against_norm="above", more_is_worse=True)
    better = replace(worse, more_is_worse=False)
    assert 'class="standing worse"' in _alone(worse)
    assert 'class="standing worse"' not in _alone(better)
    assert "Här är högre bättre" in _alone(better)


def _alone(measure: Measure) -> str:
    measure = replace(measure, against_municipality="within")
    domain = replace(PROFILE.domains[0], measures=(measure,))
    return render_profile(replace(PROFILE, domains=(domain,), outcomes=()))


def test_sentences_name_the_area_the_uncertainty_and_the_norm() -> None:
    text = _text(render_profile(PROFILE))
    assert (
        "Andelen elever som upplever bristande ordning eller otrygghet där de bor är större än "
        "i normurvalet: 52\u00a0% (osäkerhet 46–58\u00a0%) mot 41\u00a0%."
    ) in text
    assert "Andelen elever som inte trivs där de bor är mindre än i normurvalet: 31" in text


def test_nothing_that_stands_out_is_said() -> None:
    text = _text(render_profile(VARIANTS["without_highlights"]))
    assert "Ingen faktor är säkert bättre än i normurvalet" in text
    assert "Ingen faktor är säkert sämre än i normurvalet" in text


def test_without_a_norm_nothing_is_singled_out() -> None:
    text = _text(render_profile(VARIANTS["without_norm"]))
    assert "Ingen faktor kan jämföras med en norm" in text
    assert "Ingen faktor är säkert" not in text
    assert "Att uppmärksamma" not in text


def test_made_up_answers_are_declared_before_anything_else() -> None:
    declared = "Alla svar i den här profilen är påhittade"
    html = render_profile(PROFILE)
    assert html.index(declared) < html.index("<h1>")
    assert declared not in render_profile(replace(PROFILE, synthetic=False))


def _hostile(text: str) -> Profile:
    measure = replace(
        MEASURES[0], label=text, phrase=text, problems=(text,), label_is_working_name=True
    )
    broken = tuple(replace(wave, break_reason=text) for wave in measure.waves)
    measure = replace(measure, waves=broken)
    return replace(
        PROFILE, site_label=text, area_label=text, about=text, wave_label=text, level_label=text,
        municipality_label=text, lies_in=(text,), contains=(text,), instrument_label=text,
        instrument_status=text, build_id=text, concerns=(measure,), strengths=(measure,),
        domains=(replace(PROFILE.domains[0], measures=(measure,)),),
        outcomes=(replace(measure, kind="outcome"),),
        refused=(replace(PROFILE.refused[0], label=text),),
        screened=(replace(PROFILE.screened[0], label=text),),
        grades=(replace(PROFILE.grades[0], label=text),),
        norms=(
            replace(
                PROFILE.norms[0], label=text, population=text, rule=text, source=text,
                method_source=text, grades=(text,),
            ),
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "' autofocus onfocus='alert(1)",
        "{{7*7}}{% raw %}{# c #}",
        "{area}{0}{n.__class__}",
        "</style></title></svg>&amp;",
    ],
)
def test_hostile_text_is_only_text(text: str) -> None:
    html = render_profile(_hostile(text))
    plain = render_profile(_hostile("x"))
    tags = re.compile(r"<[a-z/!][^\s>]*")
    assert tags.findall(html) == tags.findall(plain)
    assert not re.search(r"<[^>]*\son\w+=[^>]*>", re.sub(r'"[^"]*"', '""', html))
    assert unescape(html).count(text) > 30


@pytest.mark.parametrize("profile", EVERY)
def test_nothing_is_fetched_and_nothing_runs(profile: Profile) -> None:
    html = render_profile(profile)
    assert not re.search(
        r"https?:|url\(|@import|<script|<link(?! rel=\"icon\" href=\"data:,\")", html
    )
    assert re.findall(r'(?:src|href)="(?!#)([^"]*)"', html) == ["data:,"]
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in html


@pytest.mark.parametrize("profile", EVERY)
def test_ids_are_unique_and_references_lead_somewhere(profile: Profile) -> None:
    html = render_profile(profile)
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    named = {
        each for group in re.findall(r'aria-labelledby="([^"]+)"', html) for each in group.split()
    }
    assert named | set(re.findall(r'href="#([^"]+)"', html)) <= set(ids)
    assert html.count("<h1>") == 1


def test_every_text_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    used = {"date.months", "list.and"}
    say = wording.say

    def noted(texts: Mapping[str, str], key: str, **values: Any) -> Any:
        used.add(key)
        return say(texts, key, **values)

    monkeypatch.setattr(wording, "say", noted)
    render.environment.cache_clear()
    for profile in EVERY:
        render_profile(profile)
    render.environment.cache_clear()
    chosen_by_id = re.compile(r"(problem|break|refused|instrument)\.")
    assert {key for key in wording.load_texts("sv") if not chosen_by_id.match(key)} <= used


def test_a_text_that_is_missing_stops_the_document(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = {key: text for key, text in wording.load_texts("sv").items() if key != "what.not"}
    monkeypatch.setattr(wording, "load_texts", lambda _: texts)
    render.environment.cache_clear()
    with pytest.raises(DefinitionError, match=r"no text 'what\.not'"):
        render_profile(PROFILE)
    render.environment.cache_clear()


def test_the_document_is_in_its_language() -> None:
    assert '<html lang="en">' in render_profile(ENGLISH["area"])
    assert "Lower is better" in render_profile(ENGLISH["area"])
    assert '<html lang="sv">' in render_profile(PROFILE)


def test_equal_profiles_give_equal_documents() -> None:
    assert render_profile(PROFILE) == render_profile(replace(PROFILE))


def _text(html: str) -> str:
    """What is read: no tags, white space squeezed except no-break spaces."""
    text = unescape(re.sub(r"<[^>]+>", "", html.split("<body>")[1]))
    return re.sub(r"[ \n]+", " ", text)
