"""Cut-offs derived from a norm sample: by hand, and who counts."""

from collections.abc import Sequence
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.analysis.norms.derivation import (
    Gap,
    derive_cutoffs,
    median_mad_cutoff,
    percentile_cutoff,
)
from pipeline.analysis.norms.roc import Side
from pipeline.analysis.norms.tally import Tally, tally
from pipeline.definitions.cutoff_rule import CutoffRule, MedianMad, Percentile, Roc
from pipeline.definitions.norm import CutOff, FlaggedSide, Separation
from tests.made_definitions import made_factor, made_norm
from tests.tables import table

POINTS = pl.Decimal(18, 12)

# Median 2.5; absolute deviations 1.5, 1.5, 0.5, 0.5, 2.5, 5.5: median 1.5, mean 2.
SCORES = (5.0, 1.0, 3.0, 8.0, 2.0, 1.0)


def mad_rule(k: float, mad: str) -> MedianMad:
    return MedianMad.model_validate({"rule": "median_mad", "k": k, "mad": mad})


def counted(scores: Sequence[float], weights: Sequence[str] | None = None) -> Tally:
    """A tally; weights default to 1."""
    given_weights = [Decimal(weight) for weight in weights or ["1"] * len(scores)]
    frame = pl.DataFrame({"score": list(scores), "weight": given_weights})
    return tally(frame.cast({"weight": POINTS}), "score")


@pytest.mark.parametrize(
    ("mad", "side", "cutoff"),
    [
        ("median", "upper", 2.5 + 0.15 * 1.5),
        ("median", "lower", 2.5 - 0.15 * 1.5),
        ("mean", "upper", 2.5 + 0.15 * 2),
        ("mean", "lower", 2.5 - 0.15 * 2),
    ],
)
def test_median_and_mad_by_hand(mad: str, side: Side, cutoff: float) -> None:
    found = median_mad_cutoff(counted(SCORES), mad_rule(0.15, mad), side)
    assert found == pytest.approx(cutoff, rel=1e-15)


def test_without_deviations_the_cutoff_is_the_median() -> None:
    assert median_mad_cutoff(counted(SCORES), mad_rule(0, "mean"), "upper") == 2.5
    assert median_mad_cutoff(counted([3.0] * 5), mad_rule(0.15, "median"), "lower") == 3


def test_a_share_is_taken_as_it_is_written() -> None:
    # 0.7 as a binary number lies below seven tenths, 1 - 0.3 above: the score would jump.
    ten = counted([float(score) for score in range(1, 11)])
    for share, score in ((0.3, 7.0), (0.7, 3.0), (0.1, 9.0)):
        rule = Percentile(rule="percentile", share_past=share, hyndman_fan=1)
        assert percentile_cutoff(ten, rule, "upper") == score


RULES: tuple[CutoffRule, ...] = (
    mad_rule(0.15, "median"),
    mad_rule(0.5, "mean"),
    Percentile(rule="percentile", share_past=0.2, hyndman_fan=1),
    Percentile(rule="percentile", share_past=0.25, hyndman_fan=2),
)
MANY = st.lists(
    st.tuples(st.integers(2, 8), st.integers(1, 5), st.booleans()), min_size=1, max_size=30
)


def by_rule(
    rule: CutoffRule,
    answers: list[tuple[int, int, bool]],
    *,
    weighted: bool = True,
    scale: float = 1,
) -> list[CutOff]:
    """Cut-off of respondents with a score in halves, a weight in quarters and an outcome."""
    frame = pl.DataFrame(
        {
            "is_analysed": True,
            "grade": "g8",
            "weight": [Decimal(w) / 4 if weighted else Decimal(1) for _, w, _ in answers],
            "score_lna": [score * scale / 2 for score, _, _ in answers],
            "outcome_it": [int(reached) for _, _, reached in answers],
        }
    ).cast({"weight": POINTS, "score_lna": POINTS})
    norm = made_norm({}, grades=["g8"], method=rule, weighted=weighted, against=["it"])
    return list(derive_cutoffs(frame, FACTORS[:1], norm, min_base=1).cutoffs)


YOUDEN = Roc.model_construct(
    rule="roc", outcome="it", criterion="youden", min_specificity=None, ties="fewer_flagged",
    min_n=1,
)  # fmt: skip
"""As small as no file may ask for."""


@pytest.mark.parametrize("rule", [*RULES, YOUDEN], ids=str)
@settings(max_examples=30)
@given(answers=MANY, order=st.randoms(use_true_random=False))
def test_the_order_of_respondents_does_not_matter(
    rule: CutoffRule, answers: list[tuple[int, int, bool]], order: object
) -> None:
    shuffled = list(answers)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    assert by_rule(rule, shuffled) == by_rule(rule, answers)


@pytest.mark.parametrize("rule", [*RULES, YOUDEN], ids=str)
@settings(max_examples=30)
@given(answers=MANY)
def test_a_weight_of_three_is_three_respondents(
    rule: CutoffRule, answers: list[tuple[int, int, bool]]
) -> None:
    copies = [(score, 1, reached) for score, w, reached in answers for _ in range(w)]
    weighted = by_rule(rule, answers)
    for alone, repeated in zip(weighted, by_rule(rule, copies, weighted=False), strict=True):
        assert alone.cutoff == pytest.approx(repeated.cutoff, abs=1e-11)
        if not isinstance(rule, MedianMad):
            assert alone.share_flagged == repeated.share_flagged
            shares = {"sensitivity", "specificity", "auc"}
            assert alone.against[0].model_dump(include=shares) == repeated.against[0].model_dump(
                include=shares
            )


@pytest.mark.parametrize("rule", [*RULES, YOUDEN], ids=str)
@settings(max_examples=30)
@given(answers=MANY)
def test_equal_weights_are_none(rule: CutoffRule, answers: list[tuple[int, int, bool]]) -> None:
    equal = [(score, 3, reached) for score, _, reached in answers]
    weighted, unweighted = by_rule(rule, equal), by_rule(rule, equal, weighted=False)
    # The sum of weights is another, and nothing else.
    assert [cut.model_copy(update={"weight": None}) for cut in weighted] == unweighted


@settings(max_examples=20)
@given(answers=MANY)
def test_a_longer_scale_moves_the_cutoff_and_nobody(answers: list[tuple[int, int, bool]]) -> None:
    for rule in (*RULES, YOUDEN):
        short, long = by_rule(rule, answers), by_rule(rule, answers, scale=2)
        for cut, twice in zip(short, long, strict=True):
            assert twice.cutoff == pytest.approx(2 * cut.cutoff)
            if not isinstance(rule, MedianMad):
                assert twice.share_flagged == cut.share_flagged
                assert twice.against == cut.against


# g8: scores 1, 2, 3, 4, 4; median 3, deviations 2, 1, 0, 1, 1, their median 1.
RESPONDENTS = """
    respondent_id | is_analysed | grade | weight | score_lna | score_skills | outcome_it
    lowest        | true        | g8    | 1      | 1         | 1            | 0
    low           | true        | g8    | 1      | 2         | 2            | 1
    middle        | true        | g8    | 1      | 3         | 3            | 0
    high          | true        | g8    | 1      | 4         | 4            | 1
    high_as_well  | true        | g8    | 1      | 4         | 4            |
    no_score      | true        | g8    | 1      |           |              | 1
    no_weight     | true        | g8    | 0      | 1         | 1            | 1
    set_aside     | false       | g8    | 1      | 4         | 1            | 1
    other_grade   | true        | g9    | 1      | 2         |              | 1
    no_grade      | true        |       | 1      | 4         | 1            | 1
    no_norm       | true        | gy2   | 1      | 4         | 1            | 1
"""
FACTORS = (made_factor("lna", ["likes"]), made_factor("skills", ["can"], is_protective=True))
FRAME = table(RESPONDENTS, weight=POINTS, score_lna=POINTS, score_skills=POINTS)


def derived(
    risk: FlaggedSide, protective: FlaggedSide, k: float = 1, **choices: object
) -> tuple[CutOff, ...]:
    norm = made_norm(
        {},
        grades=["g8", "g9"],
        risk=risk,
        protective=protective,
        method=mad_rule(k, "median"),
        **choices,  # type: ignore[arg-type]
    )
    return derive_cutoffs(FRAME, FACTORS, norm, min_base=1).cutoffs


PAST_UPPER = FlaggedSide(side="upper", inclusive=False)
AT_LOWER = FlaggedSide(side="lower", inclusive=True)


def test_who_counts_and_what_is_flagged() -> None:
    assert derived(PAST_UPPER, AT_LOWER) == (
        # Nobody is above 4, where two of five are.
        CutOff(factor="lna", grade="g8", cutoff=4, n=5, share_flagged=0, share_at_cutoff=0.4),
        CutOff(factor="lna", grade="g9", cutoff=2, n=1, share_flagged=0, share_at_cutoff=1),
        # Two of five are at or below 2. Nobody in grade 9 has the score: no cut-off there.
        CutOff(factor="skills", grade="g8", cutoff=2, n=5, share_flagged=0.4, share_at_cutoff=0.2),
    )


def test_the_share_follows_side_and_boundary() -> None:
    upper, lower = (FlaggedSide(side=side, inclusive=True) for side in ("upper", "lower"))
    shares = [cut.share_flagged for cut in derived(upper, upper)]
    assert shares == [0.4, 1, 0.4]
    shares = [cut.share_flagged for cut in derived(lower, lower)]
    assert shares == [0.4, 1, 0.4]
    shares = [cut.share_flagged for cut in derived(lower, upper, k=0)]
    assert shares == [0.6, 1, 0.6]


def test_grades_may_be_pooled_and_have_their_own_shares() -> None:
    # 1, 2, 2, 3, 4, 4: median 2.5, deviations 1.5, 0.5, 0.5, 0.5, 1.5, 1.5, their median 1.
    pooled = derived(PAST_UPPER, AT_LOWER, per_grade=False)
    assert [(cut.grade, cut.cutoff, cut.n, cut.share_flagged) for cut in pooled] == [
        ("g8", 3.5, 5, 0.4),
        ("g9", 3.5, 1, 0),
        ("g8", 2, 5, 0.4),
    ]


def test_weights_count_where_the_norm_says_so() -> None:
    heavy = FRAME.with_columns(
        weight=pl.when(respondent_id="lowest").then(5).otherwise("weight").cast(POINTS)
    )
    norm = made_norm({}, grades=["g8"], risk=AT_LOWER, method=mad_rule(0, "median"), weighted=True)
    cut = derive_cutoffs(heavy, FACTORS[:1], norm, min_base=1).cutoffs[0]
    assert (cut.cutoff, cut.n, cut.weight) == (1, 5, 9)
    assert cut.share_flagged == cut.share_at_cutoff == round(5 / 9, 12)


def test_sensitivity_and_specificity_are_of_those_with_a_score_and_an_answer() -> None:
    # Above 3: one of two with the behaviour, none of two without. Pairs: 2>1, 2<3, 4>1, 4>3.
    cut, *_ = derived(PAST_UPPER, AT_LOWER, k=0, against=["it"])
    assert cut.cutoff == 3
    assert cut.against == (
        Separation(outcome="it", n_with=2, n_without=2, sensitivity=0.5, specificity=1, auc=0.75),
    )


def test_nothing_is_shown_that_rests_on_fewer_than_the_minimum_base() -> None:
    norm = made_norm(
        {}, grades=["g8", "g9"], risk=PAST_UPPER, method=mad_rule(0, "mean"), against=["it"]
    )
    found = derive_cutoffs(FRAME, FACTORS[:1], norm, min_base=3)
    [cut] = found.cutoffs
    assert cut.against == (Separation(outcome="it", n_with=2, n_without=2),)
    assert found.gaps == (Gap("lna", "g9", "few_scores"),)
    pooled = norm.model_copy(update={"per_grade": False})
    assert derive_cutoffs(FRAME, FACTORS[:1], pooled, min_base=3).gaps == found.gaps


def test_a_cutoff_is_kept_to_the_decimals_of_a_score() -> None:
    norm = made_norm({}, grades=["g8"], method=mad_rule(1 / 3, "median"))
    first, *_ = derive_cutoffs(FRAME, FACTORS, norm, min_base=1).cutoffs
    assert first.cutoff == 3.333333333333
