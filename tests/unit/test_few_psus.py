"""Which interval a domain with few PSUs is given, and its limits."""

from math import sqrt
from typing import Any

import polars as pl
import pytest
from scipy import stats

from pipeline.analysis.estimation.estimates import compute_estimates
from tests.made_definitions import MADE_UP, made_design
from tests.tables import table

# Ten schools in all. Area few has pupils in two of them, many in nine; one in a single one; none
# and every have pupils in one, of whom none and all are flagged; lone is one pupil; in nobody
# nobody answered.
SCHOOLS = [
    (20, 2),
    (20, 9),
    (20, 4),
    (20, 12),
    (20, 5),
    (20, 1),
    (20, 8),
    (20, 3),
    (20, 7),
    (20, 6),
]
AREAS = {
    "everywhere": dict(enumerate(SCHOOLS)),
    "few": {0: (10, 1), 1: (10, 5)},
    "many": {school: (2, school % 2) for school in range(9)},
    "one": {1: (12, 3)},
    "none": {2: (10, 0)},
    "every": {3: (10, 10)},
    "lone": {4: (1, 1)},
    "nobody": {5: (0, 0)},
}
STRATA = """
    wave | stratum | n_psu | psus_in_stratum
    2025 | all     | 10    |
"""
OWN = {"interval": "own", "source": MADE_UP}


def totals(**columns: pl.Expr) -> pl.DataFrame:
    rows = [
        {
            "wave": 2025,
            "area_id": area,
            "grade": "all",
            "gender": "all",
            "stratum": "all",
            "psu": str(school),
            "w_respondents": float(n),
            "ww_respondents": float(n),
            "n_outcome_x": n,
            "w_outcome_x": float(n),
            "wy_outcome_x": float(flagged),
        }
        for area, takes in AREAS.items()
        for school, (n, flagged) in takes.items()
    ]
    keys = ["wave", "area_id", "grade", "gender", "stratum", "psu"]
    return pl.DataFrame(rows).sort(keys).with_columns(**columns)


def estimated(
    frame: pl.DataFrame | None = None, *, root: str | None = "everywhere", **choices: object
) -> dict[str, dict[str, Any]]:
    """Rows by area."""
    strata = table(STRATA, psus_in_stratum=pl.Float64)
    frame = totals() if frame is None else frame
    rows = compute_estimates(frame, strata, made_design(**choices), root_area=root).to_dicts()
    return {row["area_id"]: row for row in rows}


def scores() -> pl.DataFrame:
    names = {f"{sums}_outcome_x": f"{sums}_score_x" for sums in ("n", "w", "wy")}
    return totals().rename(names).with_columns(wyy_score_x=pl.col("wy_score_x"))


def test_the_basis_follows_the_domains_own_degrees_of_freedom() -> None:
    for df in ("domain", "full"):
        found = estimated(degrees_of_freedom=df)
        assert {area: row["interval_basis"] for area, row in found.items()} == {
            "everywhere": "own",
            "few": "pooled",
            "many": "own",  # 9 schools less a stratum: 8
            "one": "pooled",
            "none": "pooled",
            "every": "pooled",
            "lone": "pooled",
            "nobody": None,
        }
    nine = estimated(few_psus={"interval": "pooled", "below_df": 9, "source": MADE_UP})
    assert nine["many"]["interval_basis"] == "pooled"
    assert nine["everywhere"]["interval_basis"] == "own"


def test_own_is_as_if_nothing_was_pooled() -> None:
    own, without = estimated(few_psus=OWN), estimated(root=None)
    for area, row in own.items():
        same = {name: value for name, value in row.items() if not name.startswith("pooled_")}
        assert same == {name: without[area][name] for name in same}
        has_interval = row["lower"] is not None
        assert row["interval_basis"] == ("own" if has_interval else None)
    assert [own[area]["interval_basis"] for area in ("few", "one", "none")] == ["own", None, None]
    # What was pooled stands beside.
    assert own["one"]["pooled_lower"] == estimated()["one"]["lower"]


def test_only_the_shown_limits_change() -> None:
    pooled, own = estimated(), estimated(few_psus=OWN)
    for area, row in pooled.items():
        changed = {name for name in row if row[name] != own[area][name]}
        assert changed <= {"lower", "upper", "interval_basis"}


def roh_and_effect(n: int) -> float:
    """Design effect of n pupils of one school, by a one-way analysis of variance."""
    mean = sum(flagged for _, flagged in SCHOOLS) / 200
    between = sum(20 * (flagged / 20 - mean) ** 2 for _, flagged in SCHOOLS) / 9
    within = sum(flagged * (1 - flagged / 20) for _, flagged in SCHOOLS) / 190
    return 1 + (n - 1) * (between - within) / (between + 19 * within)


def test_the_logit_interval_of_one_school_by_hand() -> None:
    row = estimated()["one"]
    size = 12 / roh_and_effect(12)
    assert row["pooled_design_effect"] == pytest.approx(roh_and_effect(12), rel=1e-12)
    assert row["pooled_n_effective"] == pytest.approx(size, rel=1e-12)
    assert (row["estimate"], row["pooled_df"], row["se"]) == (0.25, 9, None)
    # On the logit scale the standard error is 1 / sqrt(size p (1 - p)); 0.25 are odds of 1 to 3.
    factor = stats.t.ppf(0.975, 9) / sqrt(size * 0.25 * 0.75)
    odds = [2.718281828459045**-factor / 3, 2.718281828459045**factor / 3]
    expected = [each / (1 + each) for each in odds]
    assert [row["lower"], row["upper"]] == pytest.approx(expected, rel=1e-9)


def test_other_kinds_of_interval() -> None:
    n, size = 12, 12 / roh_and_effect(12)
    t = stats.t.ppf(0.975, 9)
    wilson = estimated(interval="wilson")["one"]
    # The limits are where (p - 0.25)^2 = t^2 p (1 - p) / size.
    for limit in (wilson["lower"], wilson["upper"]):
        assert (limit - 0.25) ** 2 == pytest.approx(t**2 * limit * (1 - limit) / size, rel=1e-9)
    exact = estimated(interval="korn_graubard")["one"]
    size *= (stats.t.ppf(0.975, n - 1) / t) ** 2
    assert exact["lower"] == pytest.approx(stats.beta.ppf(0.025, size / 4, size * 0.75 + 1))
    assert exact["upper"] == pytest.approx(stats.beta.ppf(0.975, size / 4 + 1, size * 0.75))


@pytest.mark.parametrize("interval", ["logit", "korn_graubard", "wilson"])
def test_none_and_all_have_the_exact_interval_of_the_effective_size(interval: str) -> None:
    found = estimated(interval=interval)
    none, every = found["none"], found["every"]
    # Ten pupils have as many degrees of freedom as the ten schools.
    end = 0.025 ** (1 / (10 / roh_and_effect(10)))
    assert (none["estimate"], none["lower"]) == (0, 0)
    assert none["upper"] == pytest.approx(1 - end, rel=1e-9)
    assert (every["estimate"], every["upper"]) == (1, 1)
    assert every["lower"] == pytest.approx(end, rel=1e-9)


def test_one_respondent_tells_next_to_nothing() -> None:
    row = estimated()["lone"]
    assert (row["n"], row["pooled_n_effective"], row["estimate"]) == (1, 1, 1)
    assert [row["lower"], row["upper"]] == pytest.approx([0.025, 1], rel=1e-9)


def test_nobody_has_no_interval() -> None:
    row = estimated()["nobody"]
    names = [name for name in row if name.startswith("pooled_")]
    assert len(names) == 6
    assert [row[name] for name in (*names, "lower", "upper")] == [None] * 8


def test_means_have_the_t_interval_with_the_pooled_spread() -> None:
    found = estimated(scores())
    one, few = found["one"], found["few"]
    mean = sum(flagged for _, flagged in SCHOOLS) / 200
    between = sum(20 * (flagged / 20 - mean) ** 2 for _, flagged in SCHOOLS) / 9
    within = sum(flagged * (1 - flagged / 20) for _, flagged in SCHOOLS) / 190
    variance = within + (between - within) / 20
    half = stats.t.ppf(0.975, 9) * sqrt(variance / (12 / roh_and_effect(12)))
    assert (one["statistic"], one["interval_basis"]) == ("mean", "pooled")
    assert [one["lower"], one["upper"]] == pytest.approx([0.25 - half, 0.25 + half], rel=1e-9)
    # All of one mind in one school: the whole municipality is not.
    assert found["none"]["lower"] < 0 < found["none"]["upper"]
    assert few["interval_basis"] == "pooled"


def test_equal_scores_everywhere_have_no_interval() -> None:
    alike = scores().with_columns(wy_score_x=0.1 * pl.col("n_score_x"))
    alike = alike.with_columns(wyy_score_x=0.1 * pl.col("wy_score_x"))
    for row in estimated(alike).values():
        assert [row["lower"], row["upper"], row["interval_basis"]] == [None] * 3


def test_without_the_area_that_holds_everyone_nothing_is_pooled() -> None:
    row = estimated(root=None)["few"]
    assert (row["interval_basis"], row["pooled_lower"], row["pooled_df"]) == ("own", None, None)


def test_where_everyone_was_asked_the_own_interval_stays() -> None:
    census = table(STRATA.replace("| 10    |", "| 10    | 10")).with_columns(
        pl.col("psus_in_stratum").cast(pl.Float64)
    )
    rows = compute_estimates(totals(), census, made_design(), root_area="everywhere").to_dicts()
    few = next(row for row in rows if row["area_id"] == "few")
    assert (few["interval_basis"], few["se"]) == ("own", 0)
