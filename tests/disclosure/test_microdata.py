"""Respondents of a wave as researchers get them: alike in weight where they look alike."""

from typing import Any

import numpy as np
import polars as pl
import pytest

from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.policy import Editions, Policy
from pipeline.definitions.research_edition import ResearchEdition
from pipeline.definitions.wave import Columns
from pipeline.disclosure.research.microdata import (
    Microdata,
    protected_wave,
    sensitive_measures,
)
from pipeline.disclosure.research.partition import ENDED
from pipeline.disclosure.research.quasi_identifiers import QuasiIdentifier
from tests.made_definitions import (
    MADE_UP,
    ONE_TO_FOUR,
    made_catalogue,
    made_factor,
    made_flag_count,
    made_format,
    made_instrument,
    made_norm,
    made_outcome,
    made_wave,
)
from tests.tables import table

KEY = bytes(range(32))
ROWS = """
    respondent_id | gender | weight | drank
    p1            | girl   | 1.0    | 0
    p2            | girl   | 2.0    | 1
    p3            | girl   | 4.5    | 0
    p4            | boy    | 1.0    | 1
    p5            | boy    | 1.5    | 0
    """


def catalogue(**research: Any) -> Catalogue:
    made = made_catalogue(
        made_instrument({"a": ONE_TO_FOUR}),
        outcomes=[made_outcome("drank", {"a": (1,)})],
        genders=("girl", "boy"),
        waves=[made_wave(Columns(respondent="id"))],
    )
    stated = {"k": 2, "l": 1, "quasi_identifiers": ("gender",)} | research
    edition = ResearchEdition.model_construct(**(ResearchEdition().__dict__ | stated))
    editions = Editions().model_copy(update={"research": edition})
    policy = Policy(source=MADE_UP).model_copy(update={"editions": editions})
    return made._replace(policy=policy)


def respondents() -> pl.DataFrame:
    drawn = table(ROWS).with_columns(
        wave=pl.lit(2025, pl.Int16),
        area_id=pl.lit("everywhere"),
        grade=pl.lit("g8"),
        a=pl.col("drank") + 1,
    )
    return drawn.rename({"drank": "outcome_drank"})


def protected(**research: Any) -> tuple[Microdata, dict[str, dict[str, Any]]]:
    """What is made of the rows, and each respondent by the supplier's id."""
    made = catalogue(**research)
    found = protected_wave(respondents(), made, made.waves[0], KEY)
    by_pseudonym = {row["respondent"]: row for row in found.respondents.to_dicts()}
    return found, {
        name: by_pseudonym[pseudonym]
        for name, pseudonym in found.pseudonym_of.items()
        if pseudonym in by_pseudonym
    }


@pytest.mark.parametrize(
    ("research", "weights"),
    [
        # Of the girls' 7.5, a third each; of the boys' 2.5, a half.
        ({}, [2.5, 2.5, 2.5, 1.25, 1.25]),
        # Nobody can be told apart: all have the mean.
        ({"quasi_identifiers": ()}, [2.0] * 5),
        # What the wave did not ask identifies nobody.
        ({"quasi_identifiers": ("gender", "age")}, [2.5, 2.5, 2.5, 1.25, 1.25]),
        # Two boys are too few to be told from girls.
        ({"k": 3}, [2.0] * 5),
    ],
)
def test_who_looks_alike_has_the_mean_weight(
    research: dict[str, Any], weights: list[float]
) -> None:
    _, told = protected(**research)
    assert [told[name]["weight"] for name in sorted(told)] == weights


def test_weights_have_six_decimals() -> None:
    made = catalogue()
    rows = respondents().with_columns(pl.col("weight") / 3)
    found = protected_wave(rows, made, made.waves[0], KEY).respondents
    assert set(found["weight"]) == {0.833333, 0.416667}


def test_a_measure_that_nobody_has_a_value_for_is_not_withheld() -> None:
    made = catalogue(sensitive=("drank",), l=2)
    rows = respondents().with_columns(outcome_drank=pl.lit(None, pl.Int64))
    assert protected_wave(rows, made, made.waves[0], KEY).withheld == frozenset()


def test_answers_stay_with_whoever_gave_them_and_ids_do_not() -> None:
    found, told = protected()
    assert {name: row["outcome_drank"] for name, row in told.items()} == {
        "p1": 0, "p2": 1, "p3": 0, "p4": 1, "p5": 0
    }  # fmt: skip
    assert {name: row["gender"] for name, row in told.items()} == {
        "p1": "girl", "p2": "girl", "p3": "girl", "p4": "boy", "p5": "boy"
    }  # fmt: skip
    assert "respondent_id" not in found.respondents.columns
    assert found.respondents["respondent"].is_sorted()
    assert (found.n_left_out, found.withheld) == (0, frozenset())
    assert found.generalisation.rows() == [(2025, "gender", 0, 0), (2025, "gender", 1, 5)]


def test_a_wave_of_too_few_is_left_out() -> None:
    found, told = protected(k=6)
    assert (found.n_left_out, told) == (5, {})
    assert len(found.pseudonym_of) == 5


def test_what_the_policy_leaves_out_is_not_there_and_identifies_nobody() -> None:
    found, told = protected(left_out=("gender",))
    assert "gender" not in found.respondents.columns
    assert {row["weight"] for row in told.values()} == {2.0}
    assert found.generalisation.is_empty()


def test_a_measure_of_one_value_is_withheld_with_its_answers() -> None:
    found, told = protected(sensitive=("drank",), l=3)
    assert found.withheld == {"drank"}
    assert {(row["outcome_drank"], row["a"]) for row in told.values()} == {(None, None)}


def test_a_count_of_flags_goes_with_a_factor_that_is_withheld() -> None:
    # A count beside the other flags would tell the flag that is withheld.
    rules = [made_flag_count("many", 2, 2), made_flag_count("weak", 2, 2, is_protective=True)]
    factors = [made_factor("risk", ["a"]), made_factor("good", ["b"], is_protective=True)]
    norm = made_norm({("risk", "g8"): 2.5, ("good", "g8"): 2.5})
    made = catalogue(sensitive=("risk",), l=2)._replace(
        factors=tuple(factors), norms=(norm,), flag_count_rules=tuple(rules)
    )
    rows = respondents().with_columns(
        is_flagged_risk=pl.lit(1, pl.Int8),
        is_flagged_good=pl.Series([0, 1, 0, 1, 1], dtype=pl.Int8),
        reaches_many=pl.lit(1, pl.Int8),
        reaches_weak=pl.Series([0, 1, 0, 1, 1], dtype=pl.Int8),
    )
    found = protected_wave(rows, made, made.waves[0], KEY)
    assert found.withheld == {"risk", "many"}
    told = found.respondents
    assert told.select("is_flagged_risk", "reaches_many").null_count().row(0) == (5, 5)
    assert sorted(told["reaches_weak"]) == [0, 0, 1, 1, 1]


def test_a_count_of_flags_demands_no_difference_of_its_own() -> None:
    made = catalogue()._replace(
        factors=(made_factor("risk", ["a"]).model_copy(update={"tags": ("crime",)}),),
        norms=(made_norm({("risk", "g8"): 2.5}),),
        flag_count_rules=(made_flag_count("many", 2, 2),),
    )
    assert made.flag_counts[0].tags == ("crime",)
    assert [each.id for each in sensitive_measures(made)] == ["risk"]


@pytest.mark.parametrize("column", ["area_id", "gender"])
def test_what_a_wave_knows_of_nobody_is_told_of_nobody(column: str) -> None:
    # Everyone lives in the municipality itself, or the gender was not asked.
    rows = respondents().with_columns(gender=pl.lit(None, pl.String))
    made = catalogue(quasi_identifiers=("area", "gender"))
    found = protected_wave(rows, made, made.waves[0], KEY)
    assert set(found.generalisation["quasi_identifier"]) == {"area", "gender"}
    assert set(found.generalisation["level"]) == {0}
    told = {"area_id": "everywhere", "gender": "not_shown"}
    assert found.respondents[column].to_list() == [told[column]] * 5


FIRST = made_format("first", {0: 0, 12: 2, 15: 1}).model_copy(update={"tells": ("age",)})


def grades_and_ages(**research: Any) -> tuple[Microdata, dict[str, dict[str, Any]]]:
    """Six of g7, six of g8 and one of g9, who stays behind with others; g7 was not asked b.

    Everyone is twelve but three of g8, who are too few to be told apart.
    """
    made = made_catalogue(
        made_instrument(
            {"age": made_format("age", {12: 12, 15: 15}), "a": ONE_TO_FOUR, "b": ONE_TO_FOUR,
             "begun": FIRST}
        ),
        factors=[made_factor("risk", ["a"]), made_factor("early", ["begun"])],
        outcomes=[made_outcome("did", {"b": (1,)})],
        norms=[made_norm({("risk", "g7"): 1.5, ("risk", "g8"): 2.5, ("early", "g8"): 0.5})],
        waves=[made_wave(Columns(respondent="id"))],
    )._replace(flag_count_rules=(made_flag_count("many", 2, 2),))  # fmt: skip
    stated = {"k": 4, "l": 1, "quasi_identifiers": ("grade", "age")} | research
    edition = ResearchEdition.model_construct(**(ResearchEdition().__dict__ | stated))
    editions = Editions().model_copy(update={"research": edition})
    made = made._replace(policy=Policy(source=MADE_UP).model_copy(update={"editions": editions}))
    grades = ["g7"] * 6 + ["g8"] * 6 + ["g9"]
    ages = [12] * 9 + [15] * 3 + [12]
    rows = pl.DataFrame(
        {
            "wave": [2025] * 13,
            "respondent_id": [f"p{number:02}" for number in range(13)],
            "area_id": ["everywhere"] * 13,
            "grade": grades,
            "gender": [None] * 13,
            "weight": [1.0] * 13,
            "age": ages,
            "a": [2] * 13,
            "b": [None] * 6 + [1] * 7,
            "begun": [0, 12] * 6 + [0],
            "score_risk": [2.0] * 13,
            "score_early": [0.0, 2.0] * 6 + [0.0],
            "is_flagged_risk": [1] * 6 + [0] * 6 + [None],
            "is_flagged_early": [None] * 6 + [0, 1] * 3 + [None],
            "outcome_did": [None] * 6 + [1] * 7,
            "reaches_many": [None] * 6 + [0] * 6 + [None],
        },
        schema_overrides={"wave": pl.Int16, "gender": pl.String},
    )
    found = protected_wave(rows, made, made.waves[0], KEY)
    by_pseudonym = {row["respondent"]: row for row in found.respondents.to_dicts()}
    return found, {
        row["respondent_id"]: row | {"told": by_pseudonym[found.pseudonym_of[row["respondent_id"]]]}
        for row in rows.to_dicts()
    }


OF_GRADE = ("b", "outcome_did", "is_flagged_risk", "is_flagged_early", "reaches_many")
OF_AGE = ("begun", "score_early", "is_flagged_early", "reaches_many")


def test_what_tells_of_a_grade_or_an_age_goes_where_that_is_not_shown() -> None:
    found, respondents_by_id = grades_and_ages()
    n_hidden = {"grade": 0, "age": 0}
    for row in respondents_by_id.values():
        told = row["told"]
        is_hidden = {"grade": told["grade"] == "not_shown", "age": told["age"] is None}
        gone = {
            column
            for name, columns in (("grade", OF_GRADE), ("age", OF_AGE))
            if is_hidden[name]
            for column in columns
        }
        for column in ("a", "score_risk", *OF_GRADE, *OF_AGE):
            assert told[column] == (None if column in gone else row[column]), column
        for name, hidden in is_hidden.items():
            n_hidden[name] += hidden
            of = found.hidden.filter(respondent=told["respondent"], quasi_identifier=name)
            assert of.height == hidden
    # Some of each are hidden, and some are shown.
    assert 0 < n_hidden["grade"] < 13
    assert 0 < n_hidden["age"] < 13


def test_the_file_says_what_tells_of_what() -> None:
    found, _ = grades_and_ages()
    told = {(column, name) for _, column, name in found.tells.rows()}
    assert {column for column, name in told if name == "grade"} == set(OF_GRADE)
    assert {column for column, name in told if name == "age"} == set(OF_AGE)
    assert set(found.tells["wave"]) == {2025}


@pytest.mark.parametrize(
    ("research", "goes", "stays"),
    [
        # Left out of the file, an age is still what others may know.
        ({"left_out": ("age",)}, OF_AGE, ()),
        # Of what the policy does not name, anything may be told.
        ({"quasi_identifiers": ("grade",)}, (), ("begun", "score_early")),
        # A question that tells of itself, and what is made of it.
        ({"quasi_identifiers": ("a", "age"), "left_out": ("a",)}, ("score_risk",), ("begun",)),
    ],
)
def test_it_depends_on_what_the_policy_names(
    research: dict[str, Any], goes: tuple[str, ...], stays: tuple[str, ...]
) -> None:
    found, _ = grades_and_ages(**research)
    for column in goes:
        assert found.respondents[column].null_count() == found.respondents.height, column
    for column in stays:
        assert found.respondents[column].null_count() < found.respondents.height, column


@pytest.mark.parametrize(("k", "tells"), [(6, True), (7, False)])
def test_few_without_an_answer_are_chance(k: int, *, tells: bool) -> None:
    # Six of g7 have no answer to b.
    found, _ = grades_and_ages(k=k)
    assert ("b" in set(found.tells["column_name"])) == tells


def test_what_is_shown_decides_and_not_what_lies_behind() -> None:
    # A grade without a band, one within a band of which another is shown, and one not stated.
    path = np.array([[0, 1], [0, 2], [0, ENDED], [3, ENDED], [ENDED, ENDED]])
    grades = QuasiIdentifier("grade", "grade", path, ["band", "g7", "g8", "g9"], "not_shown")
    for levels, told in (
        ([2, 2, 1, 1, 0], [True, True, False, True, False]),
        ([1, 1, 1, 0, 0], [False] * 5),
    ):
        assert grades.is_told(np.array(levels)).tolist() == told
    assert grades.finest().tolist() == [1, 2, 0, 3, ENDED]
