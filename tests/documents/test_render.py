"""The area profile as HTML: nothing is left out, nothing is run, nothing is fetched."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from html import unescape
from typing import Any, get_args

import pytest

from pipeline.documents import render, wording
from pipeline.documents.arrangement import problem_columns
from pipeline.documents.beside import BesideKind
from pipeline.documents.comparison_view import Comparison
from pipeline.documents.making_view import CutOffs
from pipeline.documents.render import render_profile
from pipeline.documents.view import Measure, Profile
from pipeline.errors import DefinitionError
from tests.documents.conftest import ENGLISH, VARIANTS, rows_of
from tests.documents.sample_measures import BREAK
from tests.documents.sample_profile import PROFILE
from tests.documents.test_beside import BESIDE

MEASURES = list(PROFILE.measures)
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
    assert measure.rest is not None
    assert row[4] == per_cent(measure.rest.share)
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


POOLED = {
    "sv": "* Osäkerheten bygger på hur mycket svaren skiljer sig mellan klasser eller skolor",
    "en": "* The uncertainty rests on how much answers differ between classes or schools",
}


def _with_pooled(profile: Profile, *, wave: int | None) -> Profile:
    """The first factor's interval as a pooled one: the area's, or that of an earlier wave."""
    measure = MEASURES[0]
    area = measure.area if wave else replace(measure.area, is_pooled=True)
    waves = tuple(
        replace(each, figure=replace(each.figure, is_pooled=each.wave == wave))
        for each in measure.waves
    )
    measure = replace(measure, area=area, waves=waves)
    first, *others = profile.domains
    return replace(
        profile, domains=(replace(first, measures=(measure, *first.measures[1:])), *others)
    )


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_a_pooled_interval_has_a_sign_and_a_note_under_its_table(lang: str) -> None:
    profile = PROFILE if lang == "sv" else next(iter(ENGLISH.values()))
    html = render_profile(_with_pooled(profile, wave=None))
    table = html.split('<table class="measures">')[1].split("<section")[0]
    first_row = re.split("<tr[ >]", table)[2]
    assert first_row.count("<sup>*</sup>") == 1
    assert _text(html).count(POOLED[lang]) == 1
    assert POOLED[lang][2:] in unescape(table.split("</table>")[1])


@pytest.mark.parametrize("broken", [False, True])
def test_a_pooled_interval_of_an_earlier_wave_is_noted_under_the_changes(broken: bool) -> None:
    profile = _with_pooled(PROFILE, wave=2023)
    first, *others = profile.domains
    reason = BREAK if broken else None
    measures = tuple(
        replace(each, waves=tuple(replace(wave, break_reason=reason) for wave in each.waves))
        for each in first.measures
    )
    html = render_profile(replace(profile, domains=(replace(first, measures=measures), *others)))
    before, changes = html.split('<table class="change">', maxsplit=1)
    assert "<sup>*</sup>" not in before
    assert "<sup>*</sup>" not in changes.split("</tbody>")[0].split("<tr>")[3]
    first_row = changes.split("<tr>")[2]
    assert first_row.count("<sup>*</sup>") == 1
    assert unescape(changes).count(POOLED["sv"][2:]) == 1


def test_a_pooled_verdict_has_a_sign_and_a_note_under_its_table() -> None:
    first, *others = PROFILE.domains
    measure, *rest = first.measures
    for changed, opens in (
        (
            replace(measure, against_rest=replace(measure.against_rest, is_pooled=True)),
            '"measures"',
        ),
        (
            replace(measure, against_norm=replace(measure.against_norm, is_pooled=True)),
            '"measures"',
        ),
        (replace(measure, change=replace(measure.change, is_pooled=True)), '"change"'),
    ):
        shown = replace(first, measures=(changed, *rest))
        html = render_profile(replace(PROFILE, domains=(shown, *others)))
        table = html.split(f"<table class={opens}>")[1].split("<section")[0]
        assert html.count("</span><sup>*</sup>") == table.count("</span><sup>*</sup>") == 1
        assert unescape(html).count(POOLED["sv"][2:]) == 1


def test_without_pooled_intervals_there_is_no_sign() -> None:
    html = render_profile(PROFILE)
    assert "<sup>*</sup>" not in html
    assert POOLED["sv"] not in _text(html)


def test_every_wave_is_shown_and_a_break_has_its_reason() -> None:
    rows = [row for row in rows_of(render_profile(PROFILE)) if row and row[0] == "Nedstämdhet"]
    assert any("41\u00a0%a" in row[1] and row[3].startswith("28\u00a0%") for row in rows)
    assert f"Kan inte jämföras: {BREAK}" in render_profile(PROFILE)


def test_where_more_is_better_above_is_no_concern() -> None:
    worse = replace(MEASURES[0], against_norm=Comparison("higher"), more_is_worse=True)
    better = replace(worse, more_is_worse=False)
    assert 'class="standing worse"' in _alone(worse)
    assert 'class="standing worse"' not in _alone(better)
    assert "Här är högre bättre" in _alone(better)


def _alone(measure: Measure) -> str:
    measure = replace(
        measure, against_rest=Comparison("too_few"), change=Comparison("too_few"), trend=None
    )
    domain = replace(PROFILE.domains[0], measures=(measure,))
    return render_profile(replace(PROFILE, domains=(domain,), outcomes=(), flag_counts=()))


def test_every_verdict_is_said_in_words(table_row: TableRow) -> None:
    html = render_profile(PROFILE)
    rows = {measure.id: table_row(html, measure.label) for measure in MEASURES}
    # A figure that is not shown fills three cells, a rest that is not known two.
    said = {
        measure.against_rest.verdict: rows[measure.id][5 if measure.rest else 2]
        for measure in MEASURES
    }
    assert said["higher"].startswith("▲ Högre")
    assert said["lower"].startswith("▼ Lägre")
    assert said["untestable"] == "Går inte att pröva"
    assert said["not_compared"] == "Kan inte jämföras"
    assert said["too_few"] == "För få svar för att säga något"
    hidden = table_row(render_profile(VARIANTS["too_small"]), MEASURES[0].label)
    assert hidden[2:] == [
        "För få svar för att säga något",
        "41\u00a0%",
        "För få svar för att säga något",
    ]


def test_a_verdict_that_the_numbers_might_seem_to_deny_is_explained(table_row: TableRow) -> None:
    html = render_profile(PROFILE)
    by_id = {measure.id: measure.label for measure in MEASURES}
    assert (
        "En skillnad på minst 12 procentenheter hade synts."
        in table_row(html, by_id["c_avail_drugs"])[5]
    )
    # By itself it would have been a finding, and its interval may well lie beside the other.
    assert (
        "Kan vara en slump: många faktorer prövas på en gång."
        in table_row(html, by_id["s_commit_low"])[5]
    )
    # Higher, though both are printed alike.
    assert (
        "Skillnaden är så liten att den försvinner i avrundningen."
        in table_row(html, by_id["f_conflict"])[7]
    )


def test_a_change_has_its_size_its_verdict_and_its_trend() -> None:
    rows = [row for row in rows_of(render_profile(PROFILE)) if len(row) == 6]
    changes = {row[0].split("  ")[0].split("\n")[0].strip(): row[5] for row in rows}
    alcohol = _squeezed(next(text for name, text in changes.items() if name.startswith("Alkohol")))
    assert alcohol == (
        "▼ Har minskat −4 procentenheter sedan 2023 ▼ Minskar −3,2 procentenheter per år sedan 2021"
    )
    slagit = _squeezed(
        next(text for name, text in changes.items() if name.startswith("Har slagit"))
    )
    assert slagit.startswith(
        "≈ Ingen säker förändring +5 procentenheter sedan 2023 "
        "Kan vara en slump: många faktorer prövas på en gång."
    )


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def test_areas_outside_the_limits_are_named_and_never_ranked() -> None:
    html = render_profile(VARIANTS["municipality"])
    rows = [row for row in rows_of(html) if len(row) == 5]
    row = next(row for row in rows if row[0].startswith("Låg anknytning till närområdet"))
    assert _squeezed(row[2]) == "▲över: By 3 90 % 25–55 % ▼under: By 4 0 % 25–55 %"
    assert _squeezed(row[3]) == "▲över: By 1 60 % 30–50 % ▼under: By 2 20 % 30–50 %"
    assert row[4] == "1"
    assert "inget område" in html
    # Only in the municipality's own profile.
    assert 'id="areas"' in html
    assert 'id="areas"' not in render_profile(PROFILE)


def test_a_break_is_drawn_and_no_line_crosses_it() -> None:
    broken = next(measure for measure in MEASURES if measure.waves[0].break_reason)
    html = _alone(broken)
    drawing = html.split('class="series"')[1].split("</svg>")[0]
    assert drawing.count('class="break"') == 1
    assert drawing.count('class="join"') == 1
    assert 'class="dot apart"' in drawing


def test_a_wave_of_two_stages_says_that_nothing_is_tested() -> None:
    assert "Skillnader prövas inte" in render_profile(replace(PROFILE, is_compared=False))
    assert "Skillnader prövas inte" not in render_profile(PROFILE)


def test_sentences_name_the_area_the_uncertainty_and_the_norm() -> None:
    text = _text(render_profile(PROFILE))
    assert (
        "Andelen elever som upplever bristande ordning eller otrygghet där de bor är högre än "
        "i normurvalet: 52\u00a0% (osäkerhet 46–58\u00a0%) mot 41\u00a0%."
    ) in text
    assert "Andelen elever som inte trivs där de bor är lägre än i normurvalet: 31" in text


def test_nothing_that_stands_out_is_said() -> None:
    text = _text(render_profile(VARIANTS["without_highlights"]))
    assert "Ingen faktor är med säkerhet bättre än i normurvalet" in text
    assert "Ingen faktor är med säkerhet sämre än i normurvalet" in text


def test_a_link_not_checked_has_its_own_sign_and_is_read_out_as_such() -> None:
    html = render_profile(PROFILE)
    for measure in MEASURES:
        row = re.search(
            rf'<th scope="row">{re.escape(measure.label)}</th>\s*(<td class="mid">.*?)</tr>',
            html,
            re.DOTALL,
        )
        if row is None:
            assert not measure.problems or measure.kind == "outcome"
            continue
        n_unchecked = len(measure.problems_unchecked)
        assert row[1].count("○") == row[1].count("ja, men inte kontrollerad") == n_unchecked
        n_found = len(measure.problems) - n_unchecked
        assert row[1].count("●") == row[1].count("ja, läst i källan") == n_found
        n_cells = len(problem_columns(PROFILE.domains))
        assert row[1].count("inte beskriven") == n_cells - len(measure.problems)
    assert any(measure.problems_unchecked for measure in MEASURES)


def test_the_page_for_the_young_has_no_empty_side() -> None:
    sides = ("Det här är bra", "Det här kan bli bättre")
    both = _text(render_profile(PROFILE, "young"))
    assert all(side in both for side in sides)
    assert "Här är något av det de berättade" in both
    only = _text(render_profile(replace(PROFILE, strengths=()), "young"))
    assert sides[0] not in only
    assert sides[1] in only
    for name, says in (
        ("without_highlights", "Det finns inget här som vi kan säga säkert."),
        ("too_small", "För få har svarat"),
    ):
        text = _text(render_profile(VARIANTS[name], "young"))
        assert says in text
        assert not any(side in text for side in sides)
        assert "något av det de berättade" not in text
        assert "2025" in text


def test_the_young_are_told_that_what_is_sure_is_not_for_them() -> None:
    secret = tuple(replace(each, is_sensitive=True) for each in PROFILE.concerns)
    page = replace(PROFILE, strengths=(), concerns=secret)
    text = _text(render_profile(page, "young"))
    assert "Det vi vet säkert om området handlar om känsliga saker" in text


def test_good_news_for_the_young_of_protection_is_that_it_is_stronger() -> None:
    text = _text(render_profile(PROFILE, "young"))
    assert "Det är starkare här än bland dem vi jämför med." in text
    assert "fler än bland" not in text
    assert "färre än bland" not in text


def test_pupils_from_here_may_be_in_the_norm_sample_only_where_there_was_a_survey() -> None:
    assert PROFILE.norms[0].is_of_a_wave
    own = "elever härifrån kan ingå i normurvalet"
    assert own in _text(render_profile(PROFILE))
    elsewhere = replace(PROFILE, norms=(replace(PROFILE.norms[0], is_of_a_wave=False),))
    assert own not in _text(render_profile(elsewhere))


def test_without_a_norm_nothing_is_singled_out() -> None:
    text = _text(render_profile(VARIANTS["without_norm"]))
    assert "Ingen faktor kan jämföras med en norm" in text
    assert "Ingen faktor är säkert" not in text
    assert "Att uppmärksamma" not in text


def test_participation_stands_by_group_with_its_share() -> None:
    rows = rows_of(render_profile(PROFILE))
    assert ["Alla", "1\u00a0412", "1\u00a0266", "90\u00a0%"] in rows
    assert ["Årskurs 9", "453", "372", "82\u00a0%"] in rows
    assert ["Gymnasiet årskurs 2", "Visas inte: färre än 30 svar"] in rows
    assert ["Annat", "uppgift saknas", "31", "uppgift saknas"] in rows
    # More answers than pupils are shown as they are, and said.
    assert ["Flickor", "680", "706", "104\u00a0%"] in rows


def test_who_is_under_represented_is_one_sentence() -> None:
    assert (
        "Av alla elever svarade 90\u00a0%. Grupperna Årskurs 9 (82\u00a0%) och Pojkar (84\u00a0%) "
        "ligger minst 5 procentenheter lägre. De är därför underrepresenterade bland dem som "
        "svarade."
    ) in _text(render_profile(PROFILE))
    assert "Gruppen Årskurs 9 (82\u00a0%) ligger minst 5" in _text(
        render_profile(VARIANTS["municipality"])
    )
    assert "Ingen grupp i tabellen ligger så mycket som 5 procentenheter lägre" in _text(
        render_profile(VARIANTS["without_norm"])
    )


def test_participation_that_is_not_known_is_said() -> None:
    text = _text(render_profile(VARIANTS["too_small"]))
    assert "Vi vet inte hur många elever det finns i kommunen." in text
    assert "underrepresenterad" not in text


def test_raked_answers_say_so_and_claim_no_bound() -> None:
    raked = _text(render_profile(VARIANTS["municipality"]))
    assert "Svaren är viktade efter årskurs och kön, så att" in raked
    assert "varje elevs svar räknas upp eller ned" in raked
    assert "procentenheter fel" not in raked
    plain = _text(render_profile(PROFILE))
    assert "viktade" not in plain
    assert "efter skola, årskurs och kön). Det kan göra att en andel för hela kommunen" in plain


def test_a_finite_population_is_corrected_for_only_where_its_sizes_are_known() -> None:
    corrected, as_if_few = "som togs med i undersökningen", "var en liten del av dem"
    for name, said, unsaid in (
        ("too_small", as_if_few, corrected),
        ("without_highlights", corrected, as_if_few),
    ):
        text = _text(render_profile(VARIANTS[name]))
        assert said in text
        assert unsaid not in text
    text = _text(render_profile(replace(PROFILE, has_population_sizes=True)))
    assert corrected not in text
    assert as_if_few not in text


def test_made_up_answers_are_declared_before_anything_else() -> None:
    declared = "Alla svar i den här profilen är påhittade"
    html = render_profile(PROFILE)
    assert html.index(declared) < html.index("<h1>")
    assert declared not in render_profile(replace(PROFILE, synthetic=False))


def _hostile(text: str) -> Profile:
    measure = replace(
        MEASURES[0], label=text, phrase=text, problems=(text,), label_is_working_name=True,
        making=replace(
            MEASURES[0].making, questions=(text,), source=text,
            cutoffs=(CutOffs(text, ((text, 2.5),)),),
        ),
    )  # fmt: skip
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
                method_source=text, grades=(text,), counted=text, risk=text, protective=text,
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
@pytest.mark.parametrize("kind", get_args(render.Kind))
def test_nothing_is_fetched_and_nothing_runs(profile: Profile, kind: render.Kind) -> None:
    html = render_profile(profile, kind)
    assert not re.search(
        r"https?:|url\(|@import|<script|<link(?! rel=\"icon\" href=\"data:,\")", html
    )
    assert re.findall(r'(?:src|href)="(?!#)([^"]*)"', html) == ["data:,"]
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in html


@pytest.mark.parametrize("profile", EVERY)
@pytest.mark.parametrize("kind", get_args(render.Kind))
def test_ids_are_unique_and_references_lead_somewhere(profile: Profile, kind: render.Kind) -> None:
    html = render_profile(profile, kind)
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    named = {
        each for group in re.findall(r'aria-labelledby="([^"]+)"', html) for each in group.split()
    }
    assert named | set(re.findall(r'href="#([^"]+)"', html)) <= set(ids)
    assert html.count("<h1>") == 1


def test_every_text_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    used = {"list.and", "young.tenths"}
    say = wording.say

    def noted(texts: Mapping[str, str], key: str, **values: Any) -> Any:
        used.add(key)
        return say(texts, key, **values)

    monkeypatch.setattr(wording, "say", noted)
    render.environment.cache_clear()
    for profile in EVERY:
        for kind in get_args(render.Kind):
            render_profile(profile, kind)
        for beside_kind in get_args(BesideKind):
            render.render_beside(profile, replace(BESIDE, kind=beside_kind))
    render.environment.cache_clear()
    # Those of the pages for everyone are looked at in tests/web.
    chosen_by_id = re.compile(
        r"(problem|break|refused|instrument|rule|group|variable|word|sheet|slide|web|part)\."
    )
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
