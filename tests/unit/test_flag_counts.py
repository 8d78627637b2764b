"""Whether many factors are flagged at a time. Respondents are named after the case they show."""

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.analysis.scoring.scores import add_scores
from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.flag_count import FlagCountRule
from pipeline.definitions.norm import FlaggedSide
from pipeline.release.own_scores import Items, value_of
from tests.made_definitions import (
    ONE_TO_FOUR,
    made_catalogue,
    made_factor,
    made_flag_count,
    made_instrument,
    made_norm,
    made_outcome,
)
from tests.tables import table

ITEMS = ("a", "b", "c", "d", "e")
INSTRUMENT = made_instrument(dict.fromkeys(ITEMS, ONE_TO_FOUR))
RISK = [made_factor(f"risk_{item}", [item]) for item in ("a", "b", "c")]
PROTECTIVE = [made_factor(f"good_{item}", [item], is_protective=True) for item in ("d", "e")]
FACTORS = [*RISK, *PROTECTIVE, made_factor("without_cutoff", ["a"])]
CUTOFFS = {(factor.id, "g8"): 2.5 for factor in (*RISK, *PROTECTIVE)}
LOWER = FlaggedSide(side="lower", inclusive=False)


def site(*rules: FlagCountRule) -> Catalogue:
    """A site with three risk factors and two protective ones, and one that has no cut-off."""
    # Grade 7 has a cut-off for one of the risk factors.
    norm = made_norm(CUTOFFS | {("risk_a", "g7"): 2.5}, protective=LOWER)
    return made_catalogue(
        INSTRUMENT, factors=FACTORS, flag_counts=rules, norms=[norm], grades=["g7", "g8"]
    )


def added(answers: str, *rules: FlagCountRule) -> dict[str, dict[str, Any]]:
    strings = dict.fromkeys(["grade", "refused_reason", "screened_by"], pl.String)
    respondents = table(answers, **strings, **dict.fromkeys(ITEMS, pl.Int16))
    rows = add_scores(respondents, site(*rules), INSTRUMENT).to_dicts()
    return {row["respondent_id"]: row for row in rows}


ANSWERS = """
    respondent_id  | grade | refused_reason | screened_by | a | b | c | d | e
    all_flagged    | g8    |                |             | 3 | 4 | 3 | 1 | 2
    two_flagged    | g8    |                |             | 3 | 4 | 2 | 1 | 3
    one_flagged    | g8    |                |             | 3 | 1 | 2 | 4 | 4
    none_flagged   | g8    |                |             | 1 | 1 | 1 | 4 | 4
    reached_early  | g8    |                |             | 3 | 4 |   | 1 |
    one_of_two     | g8    |                |             | 3 | 1 |   | 4 |
    none_of_two    | g8    |                |             | 1 | 1 |   |   | 4
    one_of_one     | g8    |                |             | 3 |   |   |   |
    nothing_known  | g8    |                |             |   |   |   |   |
    in_grade_7     | g7    |                |             | 3 | 4 | 3 | 1 | 1
    in_no_grade    |       |                |             | 3 | 4 | 3 | 1 | 1
"""


@pytest.mark.parametrize(
    ("at_least", "min_flags_known", "expected"),
    [
        (2, 2, [1, 1, 0, 0, 1, 0, 0, None, None, None, None]),
        (2, 3, [1, 1, 0, 0, 1, None, None, None, None, None, None]),
        (3, 3, [1, 0, 0, 0, None, None, None, None, None, None, None]),
    ],
)
def test_enough_flags_decide_whatever_is_missing(
    at_least: int, min_flags_known: int, expected: list[int | None]
) -> None:
    rows = added(ANSWERS, made_flag_count("many", at_least, min_flags_known))
    assert [row["reaches_many"] for row in rows.values()] == expected


def test_weak_protection_is_counted_by_itself() -> None:
    rows = added(ANSWERS, made_flag_count("weak", 2, 2, is_protective=True))
    assert {name: row["reaches_weak"] for name, row in rows.items()} == {
        "all_flagged": 1, "two_flagged": 0, "one_flagged": 0, "none_flagged": 0,
        "reached_early": None, "one_of_two": None, "none_of_two": None, "one_of_one": None,
        "nothing_known": None, "in_grade_7": None, "in_no_grade": None,
    }  # fmt: skip


def test_a_count_makes_nobody_scored_or_analysed() -> None:
    with_count = added(ANSWERS, made_flag_count("many", 2, 2))
    without = added(ANSWERS)
    for name, row in with_count.items():
        assert without[name] == {key: row[key] for key in row if key != "reaches_many"}


def test_a_wave_that_asks_too_few_factors_has_the_column_without_values() -> None:
    fewer = made_instrument({"a": ONE_TO_FOUR, "b": ONE_TO_FOUR})
    rule = made_flag_count("many", 2, 3)
    answers = {
        "respondent_id": ["x"], "grade": ["g8"], "refused_reason": [None], "screened_by": [None],
        "a": [4], "b": [4],
    }  # fmt: skip
    strings = dict.fromkeys(["grade", "refused_reason", "screened_by"], pl.String)
    respondents = pl.DataFrame(answers, schema_overrides=strings)
    [row] = add_scores(respondents, site(rule), fewer).to_dicts()
    assert row["reaches_many"] is None
    assert (row["is_flagged_risk_a"], row["is_flagged_risk_c"]) == (1, None)
    scored = add_scores(respondents, site(rule), fewer)
    assert scored.schema["reaches_many"] == pl.Int8
    [asked] = add_scores(respondents, site(made_flag_count("many", 2, 2)), fewer).to_dicts()
    assert asked["reaches_many"] == 1


@given(
    answers=st.lists(
        st.fixed_dictionaries(
            {item: st.sampled_from([None, 1, 2, 3, 4]) for item in ITEMS}
            | {"grade": st.sampled_from(["g7", "g8", None])}
        ),
        min_size=1,
        max_size=12,
    ),
    is_protective=st.booleans(),
    at_least=st.integers(2, 3),
    more=st.integers(0, 2),
)
def test_as_counted_by_hand_and_by_the_recount(
    answers: list[dict[str, Any]], is_protective: bool, at_least: int, more: int
) -> None:
    rule = made_flag_count("many", at_least, at_least + more, is_protective=is_protective)
    made = site(rule)
    blank = {"refused_reason": None, "screened_by": None}
    rows = [{"respondent_id": str(n)} | each | blank for n, each in enumerate(answers)]
    schema = {name: pl.Int16 if name in ITEMS else pl.String for name in rows[0]}
    scored = add_scores(pl.DataFrame(rows, schema), made, INSTRUMENT)["reaches_many"].to_list()
    assert scored == [_by_hand(each, rule, is_protective) for each in answers]
    own = value_of(made.flag_counts[0], made, Items(INSTRUMENT))
    cells = [{item: "" if each[item] is None else str(each[item]) for item in ITEMS}
             for each in answers]  # fmt: skip
    assert scored == [
        None if own is None else own(row, each["grade"] or "")
        for row, each in zip(cells, answers, strict=True)
    ]


def _by_hand(answers: dict[str, Any], rule: FlagCountRule, is_protective: bool) -> int | None:
    items = ("d", "e") if is_protective else ("a", "b", "c")
    if len(items) < rule.min_flags_known:
        return None
    with_cutoff = {"g8": items, "g7": tuple(set(items) & {"a"}), None: ()}[answers["grade"]]
    known = [answers[item] for item in with_cutoff if answers[item] is not None]
    flagged = [answer for answer in known if (answer < 2.5 if is_protective else answer >= 2.5)]
    if len(flagged) >= rule.at_least:
        return 1
    return 0 if len(known) >= rule.min_flags_known else None


def test_what_is_counted_follows_the_factors_and_norms_of_the_site() -> None:
    made = site(made_flag_count("many", 2, 2))
    [count] = made.flag_counts
    assert [factor.id for factor in count.factors] == ["risk_a", "risk_b", "risk_c"]
    [count] = made._replace(factors=made.factors[1:]).flag_counts
    assert [factor.id for factor in count.factors] == ["risk_b", "risk_c"]
    [count] = made._replace(norms=()).flag_counts
    assert count.factors == ()
    assert [each.id for each in made._replace(outcomes=(made_outcome("o", {"a": (1,)}),)).measures][
        -2:
    ] == ["o", "many"]


def test_a_count_is_as_sensitive_as_what_it_counts() -> None:
    made = site(made_flag_count("many", 2, 2), made_flag_count("weak", 2, 2, is_protective=True))
    tagged = [
        factor.model_copy(update={"tags": ("crime",)}) if factor.id == "risk_b" else factor
        for factor in made.factors
    ]
    many, weak = made._replace(factors=tuple(tagged)).flag_counts
    assert (many.tags, weak.tags) == (("crime",), ())


def test_the_phrase_says_the_number_of_the_rule() -> None:
    [count] = site(made_flag_count("many", 3, 3)).flag_counts
    assert (count.phrase.sv, count.phrase.en) == ("når 3", "reach 3")
