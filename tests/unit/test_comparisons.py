"""Every kind of comparison on counts that can be added up by hand."""

from math import sqrt

import polars as pl
import pytest
from scipy.stats import t as student

from pipeline.analysis.comparison.kinds import KINDS
from pipeline.definitions.site import Comparisons
from tests.made_definitions import MADE_UP, made_design
from tests.unit.made_comparisons import Counts, compare, only_row

DRANK = "drank"
# Three classes, 10 of 30 flagged here and 15 of 30 there.
HERE = {"1": (10, 2), "2": (10, 3), "3": (10, 5)}
THERE = {"1": (10, 4), "2": (10, 5), "3": (10, 6)}


def two_areas() -> Counts:
    return Counts().add(2025, "here", HERE).add(2025, "there", THERE)


def test_the_kinds_are_a_closed_list() -> None:
    assert list(KINDS) == ["rest", "norm", "gender", "wave", "trend"]


def test_an_area_against_the_rest_by_hand() -> None:
    row = only_row(compare(two_areas()), area_id="here", kind="rest")
    # z of a class: what it adds to either share, (2 - 10/3) / 30 - (4 - 5) / 30 and so on.
    pairs = zip(HERE.values(), THERE.values(), strict=True)
    z = [((a - 10 / 3) - (b - 5)) / 30 for (_, a), (_, b) in pairs]
    se = sqrt(3 / 2 * sum((each - sum(z) / 3) ** 2 for each in z))
    t = (1 / 3 - 1 / 2) / se
    p = 2 * student.sf(abs(t), 1)
    assert (row["reference"], row["statistic"], row["n_first"], row["n_second"]) == (
        "town", "share", 30, 30,
    )  # fmt: skip
    assert (row["first"], row["second"]) == pytest.approx((1 / 3, 1 / 2))
    # PSUs less strata, less one.
    assert (row["difference"], row["se"], row["df"]) == pytest.approx((-1 / 6, se, 1))
    assert row["p"] == pytest.approx(p)
    half = student.ppf(0.975, 1) * se
    assert (row["lower"], row["upper"]) == pytest.approx((-1 / 6 - half, -1 / 6 + half))
    # One measure is a family of one.
    assert row["p_holm"] == row["p_benjamini_hochberg"] == row["p"]
    assert row["smallest_detectable"] == pytest.approx(
        se * (student.ppf(0.975, 1) + student.ppf(0.8, 1))
    )


def test_the_municipality_has_no_rest() -> None:
    rows = compare(two_areas())
    assert "town" not in rows.filter(kind="rest")["area_id"].to_list()


def test_a_norm_weighs_its_grades_as_the_area_does() -> None:
    counts = (
        Counts(("is_flagged_bond",))
        .add(2025, "here", HERE, grade="g8")
        .add(2025, "here", {"4": (10, 8), "5": (5, 1)}, grade="g9")
    )
    norms = [("bond", 2025, "g8", "old", 0.5), ("bond", 2025, "g9", "old", 0.2)]
    rows = compare(counts, norms=norms)
    row = only_row(rows, area_id="here", kind="norm")
    assert row["second"] == pytest.approx((30 * 0.5 + 15 * 0.2) / 45)
    assert (row["reference"], row["n_first"], row["n_second"]) == ("old", 45, None)
    assert row["difference"] == pytest.approx(19 / 45 - 0.4)
    assert only_row(rows, area_id="here", kind="norm", grade="g9")["second"] == 0.2


def test_a_grade_that_the_norm_was_asked_otherwise_breaks_the_whole() -> None:
    counts = (
        Counts(("is_flagged_bond",))
        .add(2025, "here", HERE, grade="g8")
        .add(2025, "here", {"4": (10, 8), "5": (5, 1)}, grade="g9")
    )
    rows = compare(counts, norms=[("bond", 2025, "g8", "old", 0.5)]).filter(kind="norm")
    assert set(rows["grade"]) == {"g8"}


def test_norms_that_share_the_grades_are_both_named() -> None:
    counts = (
        Counts(("is_flagged_bond",))
        .add(2025, "here", HERE, grade="g8")
        .add(2025, "here", HERE, grade="g9")
    )
    norms = [("bond", 2025, "g8", "old", 0.5), ("bond", 2025, "g9", "new", 0.3)]
    row = only_row(compare(counts, norms=norms), area_id="here", kind="norm")
    assert (row["reference"], row["second"]) == ("new+old", pytest.approx(0.4))


def test_girls_are_compared_with_boys_of_the_same_area() -> None:
    counts = Counts().add(2025, "here", HERE).add(2025, "here", THERE, gender="boy")
    rows = compare(counts).filter(kind="gender")
    row = only_row(rows, area_id="here", gender="girl")
    assert (row["reference"], row["n_first"], row["n_second"]) == ("boy", 30, 30)
    assert row["difference"] == pytest.approx(-1 / 6)
    assert set(rows["gender"]) == {"girl"}
    assert compare(counts, genders=("girl",)).filter(kind="gender").is_empty()


def three_waves(measures: tuple[str, ...] = ("outcome_drank",)) -> Counts:
    counts = Counts(measures)
    for wave, flagged in ((2021, 0), (2023, 1), (2025, 3)):
        psus = {name: (n, y + flagged) for name, (n, y) in HERE.items()}
        counts.add(wave, "here", psus)
    return counts


EVERY_WAVE = [(DRANK, 2023, 2021), (DRANK, 2025, 2021), (DRANK, 2025, 2023)]


def test_a_wave_is_compared_with_the_one_before_as_an_independent_sample() -> None:
    row = only_row(
        compare(three_waves(), earlier=EVERY_WAVE), area_id="here", kind="wave", wave=2025
    )
    # Classes of the same name are other pupils: variances add up.
    squares = sum((y - 10 / 3) ** 2 for _, y in HERE.values()) / 30**2
    assert (row["reference"], row["difference"]) == ("2023", pytest.approx(0.2))
    assert row["se"] == pytest.approx(sqrt(2 * 3 / 2 * squares))
    assert row["df"] == 3 + 3 - 2 - 1


def test_a_wave_that_asked_otherwise_is_passed_over() -> None:
    rows = compare(three_waves(), earlier=[(DRANK, 2025, 2021)])
    assert only_row(rows, area_id="here", kind="wave")["reference"] == "2021"
    assert compare(three_waves()).filter(pl.col("kind").is_in(["wave", "trend"])).is_empty()


def test_each_measure_has_its_own_comparable_waves() -> None:
    counts = three_waves(("outcome_drank", "is_flagged_bond"))
    rows = compare(counts, earlier=[*EVERY_WAVE, ("bond", 2025, 2021)])
    found = {
        row["measure_id"]: row["reference"]
        for row in rows.filter(
            kind="wave", wave=2025, area_id="here", grade="all", gender="all"
        ).to_dicts()
    }
    assert found == {"drank": "2023", "bond": "2021"}
    assert set(rows.filter(kind="trend")["measure_id"]) == {"drank"}


def test_a_trend_is_the_slope_per_year() -> None:
    row = only_row(compare(three_waves(), earlier=EVERY_WAVE), area_id="here", kind="trend")
    # 10, 13 and 19 of 30 in years -2, 0, 2: (2 * 19 - 2 * 10) / (4 + 4) per 30.
    assert (row["wave"], row["reference"]) == (2025, "2021")
    assert row["difference"] == pytest.approx(18 / 8 / 30)
    assert (row["first"], row["second"]) == (pytest.approx(19 / 30), None)
    assert (row["n_first"], row["n_second"]) == (30, 30)


def test_a_wave_with_too_few_is_no_part_of_a_trend() -> None:
    counts = three_waves().add(2019, "here", {"1": (4, 0), "2": (5, 5)})
    earlier = [*EVERY_WAVE, *((DRANK, wave, 2019) for wave in (2021, 2023, 2025))]
    row = only_row(compare(counts, earlier=earlier), area_id="here", kind="trend", wave=2025)
    assert (row["reference"], row["n_second"]) == ("2021", 30)
    assert row["difference"] == pytest.approx(18 / 8 / 30)
    # Two waves with enough are a difference, not a trend.
    few = compare(counts, earlier=earlier, min_n=31)
    assert few.is_empty()


def test_a_measure_with_few_answers_in_a_wave_has_no_part_of_it_in_its_trend() -> None:
    counts = three_waves(("outcome_drank", "outcome_smoked"))
    counts.add(2019, "here", {"1": (4, 0), "2": (5, 5)})
    counts.add(2019, "here", HERE, only=("outcome_smoked",))
    earlier = [
        (measure, 2025, before) for measure in (DRANK, "smoked") for before in (2019, 2021, 2023)
    ]
    rows = compare(counts, earlier=earlier).filter(kind="trend")
    few, enough = (
        only_row(rows, area_id="here", measure_id=measure) for measure in (DRANK, "smoked")
    )
    assert (few["reference"], enough["reference"]) == ("2021", "2019")
    assert few["difference"] == pytest.approx(18 / 8 / 30)
    assert enough["difference"] != pytest.approx(18 / 8 / 30)


def test_what_is_looked_at_together_is_one_domain_and_kind() -> None:
    names = tuple(f"outcome_{n}" for n in range(4))
    counts = Counts(names)
    # The same share everywhere in one area, so that all four p are equal.
    counts.add(2025, "here", HERE).add(2025, "there", {"1": (10, 9), "2": (10, 9), "3": (10, 8)})
    rows = compare(counts).filter(kind="rest", area_id="here", grade="all", gender="all")
    assert rows.height == 4
    for row in rows.to_dicts():
        assert row["p_holm"] == pytest.approx(min(1, 4 * row["p"]))
        assert row["p_benjamini_hochberg"] == pytest.approx(row["p"])
        t = student.ppf(1 - 0.05 / 4 / 2, row["df"]) + student.ppf(0.8, row["df"])
        assert row["smallest_detectable"] == pytest.approx(t * row["se"])


def test_counts_of_flags_are_a_family_of_their_own() -> None:
    others = ("outcome_drank", "is_flagged_bond", "outcome_smoked")
    counts = Counts((*others, "reaches_many", "reaches_weak"))
    alone = Counts(others)
    for each in (counts, alone):
        each.add(2025, "here", HERE).add(2025, "there", {"1": (10, 9), "2": (10, 9), "3": (10, 8)})
    place = {"kind": "rest", "area_id": "here", "grade": "all", "gender": "all"}
    rows = {row["measure_id"]: row for row in compare(counts).filter(**place).to_dicts()}
    n_in_family = {"drank": 3, "bond": 3, "smoked": 3, "many": 2, "weak": 2}
    assert rows.keys() == n_in_family.keys()
    for measure, n in n_in_family.items():
        row = rows[measure]
        assert row["p_holm"] == pytest.approx(min(1, n * row["p"]))
        t = student.ppf(1 - 0.05 / n / 2, row["df"]) + student.ppf(0.8, row["df"])
        assert row["smallest_detectable"] == pytest.approx(t * row["se"])
    is_other = pl.col("measure_id").is_in(["drank", "bond", "smoked"])
    assert compare(counts).filter(is_other).equals(compare(alone))


# About 6 of 20 in each class against 19 of 20.
CLEAR = {
    "here": {"1": (20, 6), "2": (20, 7), "3": (20, 5), "4": (20, 6)},
    "there": {"1": (20, 20), "2": (20, 18), "3": (20, 19), "4": (20, 19)},
}


@pytest.mark.parametrize("adjustment", ["holm", "benjamini_hochberg"])
def test_the_site_says_which_p_decides(adjustment: str) -> None:
    counts = Counts(("outcome_drank", "outcome_smoked"))
    for area, psus in CLEAR.items():
        counts.add(2025, area, psus)
    rule = {"adjustment": adjustment, "source": MADE_UP}
    p = only_row(compare(counts), area_id="here", kind="rest", measure_id=DRANK)
    between = (p["p_holm"] + p["p_benjamini_hochberg"]) / 2
    comparisons = Comparisons.model_validate(rule | {"alpha": between})
    rows = compare(counts, design=made_design().model_copy(update={"comparisons": comparisons}))
    verdict = only_row(rows, area_id="here", kind="rest", measure_id=DRANK)["verdict"]
    expected = {"holm": "no_detectable_difference", "benjamini_hochberg": "lower"}
    assert verdict == expected[adjustment]


def test_verdicts_in_both_directions() -> None:
    counts = Counts()
    for area, psus in CLEAR.items():
        counts.add(2025, area, psus)
    rows = compare(counts)
    assert only_row(rows, area_id="here", kind="rest")["verdict"] == "lower"
    assert only_row(rows, area_id="there", kind="rest")["verdict"] == "higher"


def test_a_base_below_the_minimum_has_no_verdict_and_counts_in_no_family() -> None:
    rows = compare(two_areas(), min_n=31)
    # The areas have 30 each, and only the town has more.
    assert rows.is_empty()
    few_elsewhere = (
        Counts(("outcome_drank",))
        .add(2025, "here", THERE)
        .add(2025, "there", {"1": (4, 1), "2": (5, 4)})
    )
    row = only_row(compare(few_elsewhere), area_id="here", kind="rest")
    assert (row["n_second"], row["verdict"], row["p_holm"]) == (9, "too_few", None)


def test_all_alike_is_no_certainty() -> None:
    counts = Counts().add(2025, "here", dict.fromkeys(HERE, (10, 0))).add(2025, "there", THERE)
    row = only_row(compare(counts), area_id="here", kind="rest")
    assert (row["se"], row["p"], row["verdict"]) == (None, None, "too_few")


def test_degrees_of_freedom_of_the_full_design() -> None:
    # The area is met in three of the five classes.
    counts = Counts().add(2025, "here", HERE).add(2025, "there", {"4": (10, 5), "5": (10, 1)})
    counts.add(2023, "here", HERE)
    design = made_design().model_copy(update={"degrees_of_freedom": "full"})
    rows = compare(
        counts,
        design=design,
        earlier=[(DRANK, 2025, 2023)],
    )
    # A class is one unit, whichever side it is on; two means are estimated.
    assert only_row(rows, area_id="here", kind="rest", wave=2025)["df"] == 4 - 1
    assert only_row(rows, area_id="here", kind="wave")["df"] == 4 + 2 - 1


def test_nobody_is_compared_with_nobody() -> None:
    rows = compare(two_areas(), min_n=1000)
    assert rows.is_empty()
    assert rows.schema == compare(two_areas()).schema


def test_a_domain_in_all_of_a_wave_is_one_row() -> None:
    rows = compare(three_waves(), earlier=EVERY_WAVE)
    keys = ["wave", "area_id", "grade", "gender", "measure_id", "statistic", "kind"]
    assert rows.select(keys).is_duplicated().sum() == 0
