"""Cut-offs beside R's: quantiles and deviations with and without weights, ROC curves by pROC.

``cutoffs/make_expected.R`` wrote the answers.
"""

from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest

from pipeline.analysis.norms.derivation import median_mad_cutoff, percentile_cutoff
from pipeline.analysis.norms.roc import Side, auc, candidate_cutoffs, roc_cutoff, split_by
from pipeline.analysis.norms.tally import mean_deviation, median_deviation, quantile, tally
from pipeline.definitions.cutoff_rule import MedianMad, Percentile, Roc

FOLDER = Path(__file__).parent / "cutoffs"
SCORE = pl.Decimal(18, 12)
RESPONDENTS = pl.read_csv(
    FOLDER / "data.csv", schema_overrides={"score": SCORE, "weight": SCORE}
).rename({"behaviour": "outcome_it"})
EXPECTED = pl.read_csv(FOLDER / "expected.csv", schema_overrides={"number": pl.Float64})
GROUPS = RESPONDENTS["group"].unique(maintain_order=True).to_list()
SIDES: tuple[Side, ...] = ("upper", "lower")
YOUDEN = Roc(rule="roc", outcome="it", criterion="youden", ties="fewer_flagged", min_n=10)


def expected(group: str, what: str, about: str | None = None) -> list[float]:
    rows = EXPECTED.filter(group=group, what=what)
    if about is not None:
        rows = rows.filter(about=about)
    return rows["number"].to_list()


def test_the_answers_are_of_every_kind() -> None:
    kinds = EXPECTED.group_by("what").len().sort("what").rows()
    assert {what for what, _ in kinds} == {
        "auc", "mad_mean", "mad_median", "quantile", "sensitivity", "sensitivity_at_0.8",
        "specificity", "youden", "youden_j",
    }  # fmt: skip
    assert len(GROUPS) == 6


@pytest.mark.parametrize("group", GROUPS)
def test_quantiles(group: str) -> None:
    scores = tally(RESPONDENTS.filter(group=group), "score")
    rows = EXPECTED.filter(group=group, what="quantile")
    assert len(rows) in (20, 50)
    for about, number in rows.select("about", "number").iter_rows():
        definition, _, share = about.partition(":")
        found = quantile(scores, Fraction(share), int(definition))  # type: ignore[arg-type]
        assert found == pytest.approx(number, rel=1e-14), about


@pytest.mark.parametrize("group", GROUPS)
def test_deviations_and_the_cutoffs_made_of_them(group: str) -> None:
    scores = tally(RESPONDENTS.filter(group=group), "score")
    [middle] = expected(group, "quantile", "2:0.5")
    for mad, average in (("median", median_deviation), ("mean", mean_deviation)):
        [spread] = expected(group, f"mad_{mad}")
        assert average(scores, middle) == pytest.approx(spread, rel=1e-13)
        rule = MedianMad.model_validate({"rule": "median_mad", "k": 0.15, "mad": mad})
        assert median_mad_cutoff(scores, rule, "lower") == pytest.approx(middle - 0.15 * spread)


def test_a_percentile_is_counted_from_the_flagged_side() -> None:
    scores = tally(RESPONDENTS.filter(group="two_items_weighted"), "score")
    rule = Percentile(rule="percentile", share_past=0.2, hyndman_fan=2)
    [upper] = expected("two_items_weighted", "quantile", "2:0.8")
    [lower] = expected("two_items_weighted", "quantile", "2:0.2")
    assert percentile_cutoff(scores, rule, "upper") == upper
    assert percentile_cutoff(scores, rule, "lower") == lower
    assert upper > lower


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("group", GROUPS)
def test_every_point_of_the_roc_curve(group: str, side: Side) -> None:
    split = split_by(RESPONDENTS.filter(group=group), "score", "it")
    candidates = candidate_cutoffs(split, side)
    assert candidates
    for each in candidates:
        about = f"{side}:{each.cutoff:.9f}"
        assert [float(each.sensitivity)] == pytest.approx(expected(group, "sensitivity", about))
        assert [float(each.specificity)] == pytest.approx(expected(group, "specificity", about))
    assert len(candidates) == len(
        EXPECTED.filter(pl.col("about").str.starts_with(side), group=group, what="sensitivity")
    )
    assert [float(auc(split, side))] == pytest.approx(expected(group, "auc", side))


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("group", GROUPS)
def test_the_best_cutoffs(group: str, side: Side) -> None:
    split = split_by(RESPONDENTS.filter(group=group), "score", "it")
    found = roc_cutoff(split, YOUDEN, side)
    best = expected(group, "youden", side)
    if expected(group, "youden_j", side) == [0]:
        # R names the ends of the curve, where everyone or nobody is flagged.
        assert found == "does_not_separate"
    else:
        assert [found] == pytest.approx(best)
    by_specificity = YOUDEN.model_copy(
        update={"criterion": "min_specificity", "min_specificity": 0.8}
    )
    found = roc_cutoff(split, by_specificity, side)
    [sensitivity] = expected(group, "sensitivity_at_0.8", side)
    if isinstance(found, float):
        reached = {each.cutoff: each.sensitivity for each in candidate_cutoffs(split, side)}
        assert float(reached[found]) == pytest.approx(sensitivity)
    else:
        assert found == ("does_not_separate" if sensitivity >= 0 else "specificity_not_reached")
        assert sensitivity <= 0.2
