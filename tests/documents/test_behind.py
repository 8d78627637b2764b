"""What stands behind figures: on the page, to be opened; the ids on paper as well."""

import re
from dataclasses import replace
from typing import get_args

import pytest

from pipeline.definitions.catalogue import Catalogue
from pipeline.disclosure.figure import Published
from pipeline.documents.figure_ids import figure_id, table_query
from pipeline.documents.makings import making_of
from pipeline.documents.outline import Table
from pipeline.documents.outlining import outline_of
from pipeline.documents.render import Kind, render_profile
from pipeline.documents.view import Profile
from tests.documents.conftest import ENGLISH, VARIANTS

OPENING = re.compile(r'<details class="behind">(.*?)</details>', re.DOTALL)
MADE = re.compile(r'<li class="made" data-measure="(\w+)">(.*?)</li>', re.DOTALL)


def openings(profile: Profile) -> list[str]:
    found: list[str] = OPENING.findall(render_profile(profile))
    return found


def groups(profile: Profile) -> list[tuple[str, ...]]:
    """Ids of the measures of every table, in order."""
    factors = (domain.measures for domain in profile.domains)
    every = (*factors, profile.flag_counts, profile.outcomes)
    return [tuple(measure.id for measure in measures) for measures in every if measures]


def made(profile: Profile, measure_id: str) -> str:
    """What an opening says of one measure, in words."""
    parts = dict(MADE.findall(render_profile(profile)))
    return " ".join(re.sub(r"<[^>]*>", "", parts[measure_id]).split(" ")).strip()


@pytest.mark.parametrize("profile", [*VARIANTS.values(), *ENGLISH.values()])
def test_every_table_has_an_opening_with_its_measures(profile: Profile) -> None:
    found = openings(profile)
    assert [tuple(each for each, _ in MADE.findall(text)) for text in found] == groups(profile)
    for text, measures in zip(found, groups(profile), strict=True):
        query = table_query(profile.area_id, profile.wave, measures).replace("'", "&#39;")
        assert query in text
        command = f"uppvaxt explain {figure_id(profile.area_id, profile.wave, measures[0])}"
        assert command in text
        assert ("--edition internal" in text) == (profile.edition == "internal")
        assert f'<code class="build">{profile.build_id}</code>' in text


def test_only_the_whole_profile_has_openings() -> None:
    for kind in get_args(Kind):
        html = render_profile(VARIANTS["public"], kind)
        assert bool(OPENING.search(html)) == (kind == "profile")


def test_a_measure_says_what_it_is_made_of() -> None:
    said = made(VARIANTS["area"], "c_attach_low")
    for part in (
        "norrby/2025/c_attach_low",
        "”Jag vill flytta.” (svaren vänds)",
        "Minst 3 av 4 frågor ska vara besvarade.",
        "Gränsvärden enligt Påhittad norm 2025. Årskurs 7: 2,25; Årskurs 9: 2,5",
        "Antal svar: 143",
        "Made up; 4 items (vårt eget val)",
    ):
        assert part in said
    assert "(svaren vänds)" not in said.replace("”Jag vill flytta.” (svaren vänds)", "")
    assert "skala" not in said


def test_one_question_is_not_counted() -> None:
    assert "Frågan ska vara besvarad." in made(VARIANTS["area"], "f_conflict")
    said = made(VARIANTS["area"], "o_alcohol")
    assert "om svaret är något av dem som räknas" in said
    assert "av 1" not in made(VARIANTS["area"], "f_conflict") + said


def test_a_count_says_no_questions_of_its_own() -> None:
    said = made(VARIANTS["area"], "n_risk")
    assert "norrby/2025/n_risk" in said
    assert "Frågor" not in said
    assert "besvarade" not in said


def test_a_number_of_answers_that_is_not_shown_is_not_said() -> None:
    profile = VARIANTS["public"]
    first, *others = profile.domains
    for figure, said in (
        (Published("suppressed"), "..visas inte"),
        (Published("too_few"), "Visas inte: färre än 30 svar"),
    ):
        hidden = replace(first.measures[0], area=figure)
        domain = replace(first, measures=(hidden, *first.measures[1:]))
        text = made(replace(profile, domains=(domain, *others)), hidden.id)
        assert re.search(rf"Antal svar:\s+{re.escape(said)}", text)


def test_the_table_of_names_has_the_ids_in_every_form_and_links_to_the_figures() -> None:
    html = render_profile(VARIANTS["public"])
    [names] = [
        block
        for block in outline_of(html).blocks
        if isinstance(block, Table) and block.kind == "names"
    ]
    measures = [each for group in groups(VARIANTS["public"]) for each in group]
    assert [row[-1].text for row in names.rows] == [f"norrby/2025/{each}" for each in measures]
    for measure in measures:
        assert html.count(f'href="#f-{measure}"') == html.count(f'<tr id="f-{measure}">') == 1


def test_an_id_names_its_group_only_where_there_is_one() -> None:
    assert figure_id("a", 2025, "m") == "a/2025/m"
    assert figure_id("a", 2025, "m", "g8") == "a/2025/m/g8/all"
    assert figure_id("a", 2025, "m", gender="girl") == "a/2025/m/all/girl"


@pytest.mark.parametrize("rescale", ["none", "minmax"])
def test_what_a_factor_is_made_of_is_its_definition(
    sample_catalogue: Catalogue, rescale: str
) -> None:
    wave = sample_catalogue.waves[-1]
    factor = next(each for each in sample_catalogue.factors if each.id == "c_attach_low")
    changed = factor.model_copy(update={"rescale": rescale})
    making = making_of(changed, sample_catalogue, wave, "sv")
    items = {each.id: each.text.sv for each in sample_catalogue.instrument_of(wave).items}
    asked = [each.id for each in factor.items]
    assert list(making.questions) == [items[each] for each in asked]
    turned = [place for place, each in enumerate(factor.items, 1) if each.reversed]
    assert list(making.reversed_questions) == turned
    assert making.min_answered == factor.min_answered
    assert making.min_reached is None
    assert making.is_rescaled == (rescale == "minmax")
    assert (making.source, making.source_status) == (factor.source, factor.status)
