"""Every rule in words, in both languages."""

from collections.abc import Mapping
from itertools import product
from typing import Any

import pytest

from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.cutoff_rule import CutoffRule, MedianMad, Percentile, Roc
from pipeline.definitions.norm import FlaggedSide, Norm
from pipeline.documents import norm_words, wording
from pipeline.documents.norm_words import norm_source
from pipeline.documents.view import Lang, NormSource
from tests.made_definitions import made_norm

YOUDEN = Roc(rule="roc", outcome="alcohol_30d", criterion="youden", ties="fewer_flagged", min_n=50)
RULES: dict[str, CutoffRule] = {
    "median": MedianMad(rule="median_mad", k=0.15, mad="median"),
    "mean": MedianMad(rule="median_mad", k=0.5, mad="mean"),
    "percentile": Percentile(rule="percentile", share_past=0.025, hyndman_fan=2),
    "youden": YOUDEN,
    "specificity": Roc(
        rule="roc",
        outcome="alcohol_30d",
        criterion="min_specificity",
        min_specificity=0.8,
        ties="more_flagged",
        min_n=50,
    ),
}
SIDES = [
    FlaggedSide.model_validate({"side": side, "inclusive": inclusive})
    for side, inclusive in product(("upper", "lower"), (True, False))
]


def norm_by(rule: CutoffRule, risk: FlaggedSide, protective: FlaggedSide, **more: Any) -> Norm:
    return made_norm(
        {("p_sens", "g7"): 2, ("c_opp", "g7"): 2, ("c_opp", "g8"): 2},
        method=rule, risk=risk, protective=protective, **more,
    )  # fmt: skip


def words(catalogue: Catalogue, rule: str, lang: Lang = "sv", **more: Any) -> NormSource:
    past_upper, past_lower = SIDES[1], SIDES[3]
    return norm_source(norm_by(RULES[rule], past_upper, past_lower, **more), catalogue, lang)


def test_the_size_of_a_sample_is_rounded_up(sample_catalogue: Catalogue) -> None:
    norm = norm_by(RULES["median"], SIDES[1], SIDES[3])
    exact = norm_source(norm, sample_catalogue, "sv").n
    assert exact % 5
    assert norm_source(norm, sample_catalogue, "sv", 5).n == exact + 5 - exact % 5


def test_a_norm_of_a_survey_here_is_known_by_its_year(sample_catalogue: Catalogue) -> None:
    norm = norm_by(RULES["median"], SIDES[1], SIDES[3])
    waves = sample_catalogue.waves
    for wave, is_here in ((waves[0].wave, True), (waves[-1].wave, True), (1999, False)):
        said = norm_source(norm.model_copy(update={"wave": wave}), sample_catalogue, "sv")
        assert said.is_of_a_wave == is_here


def test_the_rules_in_swedish(sample_catalogue: Catalogue) -> None:
    said = words(sample_catalogue, "median")
    assert said.rule == (
        "Gränsvärdet är medianen ± k × MAD, där k är 0,15. Medianen är poängen för eleven i "
        "mitten, när alla ställs i ordning efter poäng. MAD är medianen av elevernas avstånd till "
        "medianen."
    )
    assert said.risk == "Poäng över medianen + 0,15 × MAD."
    assert said.protective == "Poäng under medianen − 0,15 × MAD."
    said = words(sample_catalogue, "percentile")
    assert "Ungefär 2,5\u00a0% av eleverna" in said.rule
    assert "definition 2 hos Hyndman och Fan" in said.rule
    assert said.risk == "Poäng över percentil 97,5."
    assert said.protective == "Poäng under percentil 2,5."
    said = words(sample_catalogue, "specificity")
    assert (
        "så många som möjligt av de elever som har druckit alkohol de senaste 30 dagarna hamnar "
        "förbi det, men högst 20\u00a0% av andra elever. Är flera gränser lika bra gäller den som "
        "fler elever hamnar förbi."
    ) in said.rule
    assert (said.risk, said.protective) == ("Poäng över gränsvärdet.", "Poäng under gränsvärdet.")


def test_the_rules_in_english(sample_catalogue: Catalogue) -> None:
    assert words(sample_catalogue, "mean", "en").risk == "Score above the median + 0.5 × MAD."
    said = words(sample_catalogue, "youden", "en", per_grade=False)
    assert said.rule.startswith(
        "The cut-off lies where it best tells pupils who have drunk alcohol in the past 30 days "
        "from other pupils"
    )
    assert said.counted == (
        "All grades have the same cut-offs, computed from all of them together. "
        "All answers count alike."
    )


def test_the_size_is_that_of_the_factor_most_have_answered(sample_catalogue: Catalogue) -> None:
    assert words(sample_catalogue, "median").n == 2


def test_a_phrase_with_signs_of_html_is_not_changed(sample_catalogue: Catalogue) -> None:
    [first, *others] = sample_catalogue.outcomes
    odd = first.model_copy(update={"phrase": first.phrase.model_copy(update={"sv": "<b> & {x}"})})
    catalogue = sample_catalogue._replace(outcomes=(odd, *others))
    rule = YOUDEN.model_copy(update={"outcome": first.id})
    said = norm_source(norm_by(rule, SIDES[0], SIDES[0]), catalogue, "sv")
    assert "elever som <b> & {x} från andra elever" in said.rule


def test_every_text_about_rules_is_used(
    sample_catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    used = set()
    say = wording.say

    def noted(texts: Mapping[str, str], key: str, **values: object) -> Any:
        used.add(key)
        return say(texts, key, **values)

    monkeypatch.setattr(norm_words, "say", noted)
    for rule, side, whether in product(RULES.values(), SIDES, (True, False)):
        may_be_weighted = whether and not isinstance(rule, Roc)
        norm = norm_by(rule, side, side, per_grade=whether, weighted=may_be_weighted)
        norm_source(norm, sample_catalogue, "sv")
    assert used == {key for key in wording.load_texts("sv") if key.startswith("rule.")}
