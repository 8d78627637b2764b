"""Cut-offs that tell a behaviour apart: by hand, by brute force, and where there is none."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.analysis.norms.roc import Side, Split, auc, candidate_cutoffs, roc_cutoff, split_by
from pipeline.definitions.cutoff_rule import Roc

YOUDEN = Roc(rule="roc", outcome="it", criterion="youden", ties="fewer_flagged", min_n=10)
ALWAYS = YOUDEN.model_copy(update={"min_n": 1})
SIDES: tuple[Side, ...] = ("upper", "lower")

Answers = Sequence[tuple[float, int, int]]
"""Score, weight in quarters, and whether the behaviour is reported."""

ANSWERS = st.lists(
    st.tuples(st.integers(1, 6).map(float), st.integers(1, 4), st.integers(0, 1)),
    min_size=2,
    max_size=25,
).filter(lambda answers: {reached for _, _, reached in answers} == {0, 1})


def split_of(answers: Answers) -> Split:
    frame = pl.DataFrame(
        {
            "score": [score for score, _, _ in answers],
            "weight": [Decimal(weight) / 4 for _, weight, _ in answers],
            "outcome_it": [reached for _, _, reached in answers],
        }
    ).cast({"weight": pl.Decimal(18, 12)})
    return split_by(frame, "score", "it")


def shares(answers: Answers, cutoff: float, side: Side) -> tuple[Fraction, Fraction]:
    """Sensitivity and specificity, one respondent at a time."""
    flagged = [score > cutoff if side == "upper" else score < cutoff for score, _, _ in answers]
    held = {True: Fraction(0), False: Fraction(0)}
    right = dict(held)
    for (_, weight, reached), is_flagged in zip(answers, flagged, strict=True):
        held[bool(reached)] += weight
        right[bool(reached)] += weight * (is_flagged == bool(reached))
    return right[True] / held[True], right[False] / held[False]


@pytest.mark.parametrize("side", SIDES)
@given(answers=ANSWERS)
def test_no_cutoff_anywhere_is_better(side: Side, answers: Answers) -> None:
    found = roc_cutoff(split_of(answers), ALWAYS, side)
    # Every point that could matter, far more finely than the candidates.
    tried = [sum(shares(answers, step / 8, side)) - 1 for step in range(60)]
    if isinstance(found, str):
        assert found == "does_not_separate"
        assert max(tried) <= 0
    else:
        assert sum(shares(answers, found, side)) - 1 == max(tried) > 0


@pytest.mark.parametrize("side", SIDES)
@given(answers=ANSWERS)
def test_the_area_is_the_chance_of_lying_further_out(side: Side, answers: Answers) -> None:
    won = pairs = Fraction(0)
    for score, weight, reached in answers:
        for other, other_weight, other_reached in answers:
            if (reached, other_reached) == (1, 0):
                further = score > other if side == "upper" else score < other
                pairs += weight * other_weight
                won += weight * other_weight * (Fraction(further) + Fraction(score == other, 2))
    assert auc(split_of(answers), side) == won / pairs


@given(answers=ANSWERS, minimum=st.sampled_from([0.5, 0.8, 0.9]))
def test_a_minimum_specificity_is_held(answers: Answers, minimum: float) -> None:
    rule = ALWAYS.model_copy(update={"criterion": "min_specificity", "min_specificity": minimum})
    found = roc_cutoff(split_of(answers), rule, "upper")
    points = [shares(answers, step / 8, "upper") for step in range(60)]
    allowed = [
        sensitivity
        for sensitivity, specificity in points
        if specificity >= Fraction(str(minimum)) and sensitivity + specificity > 1
    ]
    if isinstance(found, str):
        assert allowed == []
    else:
        assert shares(answers, found, "upper")[0] == max(allowed)
        assert shares(answers, found, "upper")[1] >= Fraction(str(minimum))


@given(answers=ANSWERS)
def test_other_points_in_the_same_order_flag_the_same(answers: Answers) -> None:
    bent = [(score**3, weight, reached) for score, weight, reached in answers]
    one, other = split_of(answers), split_of(bent)
    assert [each[1:] for each in candidate_cutoffs(one, "upper")] == [
        each[1:] for each in candidate_cutoffs(other, "upper")
    ]
    assert auc(one, "lower") == auc(other, "lower")


@pytest.mark.parametrize(("ties", "cutoff"), [("fewer_flagged", 2.5), ("more_flagged", 1.5)])
def test_ties_are_resolved_as_stated(ties: str, cutoff: float) -> None:
    # Above 1.5: all three with, two of three without spared not. Either way J is one third.
    answers: Answers = [(1, 4, 0), (2, 4, 0), (2, 4, 0), (2, 4, 1), (2, 4, 1), (3, 4, 1)]
    j = [
        each.sensitivity + each.specificity
        for each in candidate_cutoffs(split_of(answers), "upper")
    ]
    assert j == [Fraction(4, 3), Fraction(4, 3)]
    rule = ALWAYS.model_copy(update={"ties": ties})
    assert roc_cutoff(split_of(answers), rule, "upper") == cutoff


def test_too_few_of_either_kind_give_no_cutoff() -> None:
    answers: Answers = [(1, 4, 0)] * 20 + [(2, 4, 1)] * 9
    assert roc_cutoff(split_of(answers), YOUDEN, "upper") == "few_with_and_without"
    assert roc_cutoff(split_of([*answers, (2, 4, 1)]), YOUDEN, "upper") == 1.5
    turned: Answers = [(score, weight, 1 - reached) for score, weight, reached in answers]
    assert roc_cutoff(split_of(turned), YOUDEN, "upper") == "few_with_and_without"


def test_a_scale_that_does_not_tell_apart_gives_no_cutoff() -> None:
    same: Answers = [(2, 4, 0)] * 20 + [(2, 4, 1)] * 20
    assert roc_cutoff(split_of(same), YOUDEN, "upper") == "does_not_separate"
    wrong_way: Answers = [(2, 4, 0)] * 20 + [(1, 4, 1)] * 20
    assert roc_cutoff(split_of(wrong_way), YOUDEN, "upper") == "does_not_separate"
    assert roc_cutoff(split_of(wrong_way), YOUDEN, "lower") == 1.5


def test_a_specificity_nobody_reaches_gives_no_cutoff() -> None:
    answers: Answers = [(1, 4, 0)] * 5 + [(2, 4, 0)] * 15 + [(2, 4, 1)] * 20
    rule = YOUDEN.model_copy(update={"criterion": "min_specificity", "min_specificity": 0.3})
    assert roc_cutoff(split_of(answers), rule, "upper") == "specificity_not_reached"
    lower = rule.model_copy(update={"min_specificity": 0.25})
    assert roc_cutoff(split_of(answers), lower, "upper") == 1.5
