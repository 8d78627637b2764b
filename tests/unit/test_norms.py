"""Cut-offs derived from a norm sample: by hand, and who counts."""

import numpy as np
import polars as pl
import pytest

from pipeline.analysis.norms import derive_cutoffs, median_mad_cutoff
from pipeline.definitions.norm import CutOff, FlaggedSide, MedianMad
from tests.made_definitions import made_factor, made_norm
from tests.tables import table

# Median 2.5; absolute deviations 1.5, 1.5, 0.5, 0.5, 2.5, 5.5: median 1.5, mean 2.
SCORES = np.array([5.0, 1.0, 3.0, 8.0, 2.0, 1.0])


def rule(k: float, mad: str) -> MedianMad:
    return MedianMad.model_validate({"rule": "median_mad", "k": k, "mad": mad})


@pytest.mark.parametrize(
    ("mad", "side", "cutoff"),
    [
        ("median", "upper", 2.5 + 0.15 * 1.5),
        ("median", "lower", 2.5 - 0.15 * 1.5),
        ("mean", "upper", 2.5 + 0.15 * 2),
        ("mean", "lower", 2.5 - 0.15 * 2),
    ],
)
def test_cutoff_by_hand(mad: str, side: str, cutoff: float) -> None:
    assert median_mad_cutoff(SCORES, rule(0.15, mad), side) == pytest.approx(cutoff, rel=1e-15)


def test_without_deviations_the_cutoff_is_the_median() -> None:
    assert median_mad_cutoff(SCORES, rule(0, "mean"), "upper") == 2.5
    assert median_mad_cutoff(np.full(5, 3.0), rule(0.15, "median"), "lower") == 3


# g8: scores 1, 2, 3, 4, 4; median 3, deviations 2, 1, 0, 1, 1, their median 1.
RESPONDENTS = """
    respondent_id | is_analysed | grade | score_lna | score_skills
    lowest        | true        | g8    | 1         | 1
    low           | true        | g8    | 2         | 2
    middle        | true        | g8    | 3         | 3
    high          | true        | g8    | 4         | 4
    high_as_well  | true        | g8    | 4         | 4
    no_score      | true        | g8    |           |
    set_aside     | false       | g8    | 4         | 1
    other_grade   | true        | g9    | 2         |
    no_grade      | true        |       | 4         | 1
    no_norm       | true        | gy2   | 4         | 1
"""
FACTORS = (made_factor("lna", ["likes"]), made_factor("skills", ["can"], is_protective=True))


def derived(risk: FlaggedSide, protective: FlaggedSide, k: float = 1) -> tuple[CutOff, ...]:
    norm = made_norm(
        {}, grades=["g8", "g9"], risk=risk, protective=protective, method=rule(k, "median")
    )
    scores = {"score_lna": pl.Decimal(18, 12), "score_skills": pl.Decimal(18, 12)}
    return derive_cutoffs(table(RESPONDENTS, **scores), FACTORS, norm)


def test_who_counts_and_what_is_flagged() -> None:
    past_upper = FlaggedSide(side="upper", inclusive=False)
    at_lower = FlaggedSide(side="lower", inclusive=True)
    assert derived(past_upper, at_lower) == (
        # Nobody is above 4.
        CutOff(factor="lna", grade="g8", cutoff=4, n=5, share_flagged=0),
        CutOff(factor="lna", grade="g9", cutoff=2, n=1, share_flagged=0),
        # Two of five are at or below 2. Nobody in grade 9 has the score: no cut-off there.
        CutOff(factor="skills", grade="g8", cutoff=2, n=5, share_flagged=0.4),
    )


def test_the_share_follows_side_and_boundary() -> None:
    upper, lower = (FlaggedSide(side=side, inclusive=True) for side in ("upper", "lower"))
    shares = [cut.share_flagged for cut in derived(upper, upper)]
    assert shares == [0.4, 1, 0.4]
    shares = [cut.share_flagged for cut in derived(lower, lower)]
    assert shares == [0.4, 1, 0.4]
    shares = [cut.share_flagged for cut in derived(lower, upper, k=0)]
    assert shares == [0.6, 1, 0.6]


def test_a_cutoff_is_kept_to_the_decimals_of_a_score() -> None:
    norm = made_norm({}, grades=["g8"], method=rule(1 / 3, "median"))
    scores = table(RESPONDENTS, score_lna=pl.Decimal(18, 12), score_skills=pl.Decimal(18, 12))
    first, *_ = derive_cutoffs(scores, FACTORS, norm)
    assert first.cutoff == 3.333333333333
