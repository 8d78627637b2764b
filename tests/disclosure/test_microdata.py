"""Respondents of a wave as researchers get them: alike in weight where they look alike."""

from typing import Any

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
from tests.made_definitions import (
    MADE_UP,
    ONE_TO_FOUR,
    made_catalogue,
    made_factor,
    made_flag_count,
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
