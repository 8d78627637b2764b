"""Estimates of domains: choices of the design, and what cannot be estimated."""

from typing import Any

import polars as pl
import pytest
from scipy import stats

from pipeline.analysis.estimation.estimates import compute_estimates
from pipeline.analysis.estimation.totals import SecondStage
from pipeline.errors import DefinitionError
from tests.made_definitions import made_design
from tests.tables import table

# Area a has pupils in two of the four classes, b and b_yes in one; in c nobody answered.
TOTALS = """
    wave | area_id | grade | gender | stratum | psu | n_outcome_x | w_outcome_x | wy_outcome_x
    2025 | a       | all   | all    | all     | 8A  | 20          | 20          | 4
    2025 | a       | all   | all    | all     | 8B  | 20          | 20          | 8
    2025 | all_yes | all   | all    | all     | 8A  | 20          | 20          | 20
    2025 | all_yes | all   | all    | all     | 8B  | 10          | 10          | 10
    2025 | b       | all   | all    | all     | 8C  | 20          | 20          | 5
    2025 | b_yes   | all   | all    | all     | 8C  | 20          | 20          | 20
    2025 | c       | all   | all    | all     | 8D  | 0           | 0           | 0
"""
STRATA = """
    wave | stratum | n_psu | psus_in_stratum
    2025 | all     | 4     |
"""


def stratum_table(text: str) -> pl.DataFrame:
    """``totals.stratum``, its populations unknown throughout or not."""
    return table(text, psus_in_stratum=pl.Float64)


def as_scores(totals: pl.DataFrame) -> pl.DataFrame:
    """The same numbers as a factor's scores, all of them 0 or 1."""
    names = {f"{sums}_outcome_x": f"{sums}_score_x" for sums in ("n", "w", "wy")}
    return totals.rename(names).with_columns(wyy_score_x=pl.col("wy_score_x"))


def estimated(
    totals: pl.DataFrame | None = None, strata: str = STRATA, **choices: object
) -> dict[str, Any]:
    """Rows by area."""
    design = made_design(**choices)
    totals = table(TOTALS) if totals is None else totals
    rows = compute_estimates(totals, stratum_table(strata), design).to_dicts()
    return {row["area_id"]: row for row in rows}


def test_a_share_with_its_standard_error() -> None:
    row = estimated()["a"]
    # z = (4 - 0.3 * 20) / 40 = -0.05 and 0.05; sqrt(4/3 * 2 * 0.05^2).
    assert row["estimate"] == pytest.approx(0.3, rel=1e-15)
    assert row["se"] == pytest.approx((4 / 3 * 0.005) ** 0.5, rel=1e-14)
    keys = ("wave", "grade", "gender", "measure_id", "statistic", "n", "df", "n_psu", "n_strata")
    assert [row[key] for key in keys] == [2025, "all", "all", "x", "share", 40, 1, 2, 1]


def test_degrees_of_freedom_of_the_domain_or_of_the_whole_wave() -> None:
    assert {area: row["df"] for area, row in estimated().items()} == {
        "a": 1,
        "all_yes": 1,
        "b": 0,
        "b_yes": 0,
        "c": 0,
    }
    full = estimated(degrees_of_freedom="full")
    assert {row["df"] for row in full.values()} == {3}
    assert full["a"]["upper"] < estimated()["a"]["upper"]


@pytest.mark.parametrize("degrees_of_freedom", ["domain", "full"])
def test_one_psu_has_an_estimate_but_no_precision(degrees_of_freedom: str) -> None:
    rows = estimated(degrees_of_freedom=degrees_of_freedom)
    assert (rows["b"]["estimate"], rows["b_yes"]["estimate"]) == (0.25, 1)
    for area in ("b", "b_yes"):
        row = rows[area]
        names = ("se", "lower", "upper", "logit_lower", "kg_lower", "kg_upper", "wilson_upper")
        assert [row[name] for name in names] == [None] * 7


def test_nobody_who_answered_has_no_estimate() -> None:
    row = estimated()["c"]
    assert (row["n"], row["n_psu"]) == (0, 0)
    assert [row[name] for name in ("estimate", "se", "lower", "kg_upper")] == [None] * 4


def test_all_alike_has_the_exact_interval_whatever_the_site_shows() -> None:
    for interval in ("logit", "korn_graubard", "wilson"):
        row = estimated(interval=interval, degrees_of_freedom="full")["all_yes"]
        assert (row["estimate"], row["se"], row["logit_lower"]) == (1, None, None)
        assert (row["upper"], row["lower"]) == (1, row["kg_lower"])
        # 30 respondents, as few as 3 degrees of freedom make them.
        size = 30 * (stats.t.ppf(0.975, 29) / stats.t.ppf(0.975, 3)) ** 2
        assert row["lower"] == pytest.approx(0.025 ** (1 / size), rel=1e-9)


@pytest.mark.parametrize(
    ("interval", "shown"), [("logit", "logit"), ("korn_graubard", "kg"), ("wilson", "wilson")]
)
def test_the_interval_that_is_shown(interval: str, shown: str) -> None:
    row = estimated(interval=interval)["a"]
    assert len({row["logit_lower"], row["kg_lower"], row["wilson_lower"]}) == 3
    assert [row["lower"], row["upper"]] == [row[f"{shown}_lower"], row[f"{shown}_upper"]]


def test_less_confidence_is_narrower() -> None:
    wide, narrow = estimated()["a"], estimated(confidence=0.8)["a"]
    for lower, upper in (("lower", "upper"), ("kg_lower", "kg_upper")):
        assert wide[lower] < narrow[lower] < narrow[upper] < wide[upper]


def test_a_mean_has_the_t_interval_alone() -> None:
    scores = as_scores(table(TOTALS))
    row = estimated(scores)["a"]
    half = stats.t.ppf(0.975, 1) * row["se"]
    assert row["statistic"] == "mean"
    assert [row["lower"], row["upper"]] == pytest.approx([0.3 - half, 0.3 + half], rel=1e-12)
    assert [row[name] for name in ("logit_lower", "kg_upper")] == [None] * 2
    # A mean of 1 is a mean as any other: equal values show no spread, and have no interval.
    alike = estimated(scores)["all_yes"]
    assert [alike[name] for name in ("estimate", "se", "lower", "upper")] == [1, None, None, None]


ALL_FOUR = STRATA.replace("| 4     |", "| 4     | 4")


def test_everyone_asked_is_a_standard_error_of_0() -> None:
    row = estimated(strata=ALL_FOUR)["a"]
    assert [row[name] for name in ("lower", "upper")] == pytest.approx([0.3, 0.3], rel=1e-12)
    assert row["se"] == 0
    assert (row["deff_wr"], row["n_effective"]) == (0, None)
    score = estimated(as_scores(table(TOTALS)), ALL_FOUR)["a"]
    assert [score[name] for name in ("se", "lower", "upper")] == [0, 0.3, 0.3]


def test_all_alike_among_everyone_asked_has_the_exact_interval() -> None:
    # That no answer differs is not known of those who did not answer.
    census = estimated(strata=ALL_FOUR)["all_yes"]
    assert census == estimated()["all_yes"]
    score = estimated(as_scores(table(TOTALS)), ALL_FOUR)["all_yes"]
    assert [score[name] for name in ("se", "lower", "upper")] == [None] * 3


def test_half_of_the_psus_asked_is_half_of_the_variance() -> None:
    half = estimated(strata=STRATA.replace("| 4     |", "| 4     | 8"))["a"]
    assert half["se"] ** 2 == pytest.approx(estimated()["a"]["se"] ** 2 / 2, rel=1e-14)


def test_design_effects_and_effective_sizes() -> None:
    row = estimated()["a"]
    # Of 40 respondents, 0.3 * 0.7 / 39 would be the variance.
    assert row["deff_wr"] == pytest.approx(row["se"] ** 2 / (0.21 / 39), rel=1e-12)
    assert row["n_effective"] == pytest.approx(40 / row["deff_wr"], rel=1e-12)
    # Weights of 1 are no population that respondents were drawn from.
    assert row["deff"] is None
    assert row["kg_n_effective"] < row["n_effective"]
    names = ("deff", "deff_wr", "n_effective", "kg_n_effective")
    assert [estimated()["b"][name] for name in names] == [None] * 4
    score = estimated(as_scores(table(TOTALS)))["a"]
    assert score["deff_wr"] == pytest.approx(row["deff_wr"], rel=1e-12)
    assert score["kg_n_effective"] is None


def test_a_single_psu_is_refused_in_words() -> None:
    message = (
        r"^design: 1 strata have a single PSU \(in 2025: stratum all\), .* average or adjust\.$"
    )
    with pytest.raises(DefinitionError, match=message):
        estimated(strata=STRATA.replace("| 4", "| 1"))


def test_a_single_unit_is_refused_in_words() -> None:
    units = table(TOTALS).with_columns(unit=pl.lit("7a"))
    psus = units.select("wave", "stratum", "psu", n_unit=1, units_in_psu=3.0).unique()
    strata = stratum_table(ALL_FOUR)
    # In the fourth class nobody answered.
    with pytest.raises(DefinitionError, match=r"^design: 3 PSUs have a single unit \(in 2025\), "):
        compute_estimates(table(TOTALS), strata, made_design(), SecondStage(units, psus))


def test_no_respondents_at_all_give_no_rows() -> None:
    nobody = table(TOTALS).clear()
    found = compute_estimates(nobody, stratum_table(STRATA).clear(), made_design())
    assert found.is_empty()
    assert (
        found.columns
        == compute_estimates(table(TOTALS), stratum_table(STRATA), made_design()).columns
    )


def test_rows_come_in_one_order() -> None:
    two = table(TOTALS).with_columns(
        pl.col("n_outcome_x").alias("n_is_flagged_a"),
        pl.col("w_outcome_x").alias("w_is_flagged_a"),
        pl.col("wy_outcome_x").alias("wy_is_flagged_a"),
    )
    found = compute_estimates(two, stratum_table(STRATA), made_design())
    keys = found.select("area_id", "measure_id").rows()
    assert keys == [(area, it) for area in ("a", "all_yes", "b", "b_yes", "c") for it in ("a", "x")]
