"""Comparisons of areas in few PSUs, by hand and over many draws."""

from math import sqrt
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy.optimize import brentq
from scipy.stats import t as student

from pipeline.analysis.comparison.comparisons import compute_comparisons
from pipeline.analysis.comparison.ground import Comparable
from pipeline.analysis.estimation.estimates import compute_estimates
from tests.made_definitions import MADE_UP, made_design
from tests.unit.made_comparisons import Counts, compare, only_row

DRANK = "drank"
OWN = made_design(few_psus={"interval": "own", "source": MADE_UP})
FLAGGED = (3, 8, 4, 9, 5, 3, 8, 5, 7)
ELSEWHERE = {str(school): (20, flagged) for school, flagged in enumerate(FLAGGED)}


def town(flagged: int = 17, wave: int = 2025) -> Counts:
    """Ten schools of 20; the tenth is an area of its own."""
    return Counts().add(wave, "there", ELSEWHERE).add(wave, "here", {"9": (20, flagged)})


def roh(flagged: int = 17) -> float:
    """One-way analysis of variance of ten schools of 20."""
    counts = [*FLAGGED, flagged]
    mean = sum(counts) / 200
    between = sum(20 * (each / 20 - mean) ** 2 for each in counts) / 9
    within = sum(each * (1 - each / 20) for each in counts) / 190
    return max(0.0, (between - within) / (between + 19 * within))


def size(takes: list[int], correlation: float) -> float:
    b = sum(take**2 for take in takes) / sum(takes)
    return sum(takes) / (1 + (b - 1) * correlation)


def score_limit(share: float, n: float, t: float, end: float) -> float:
    """Where a share that is known would just be found to differ from this one."""
    if share == end:
        return end

    def beyond(known: float) -> float:
        return (share - known) ** 2 * n - t**2 * known * (1 - known)

    return float(brentq(beyond, share, end, xtol=1e-15))


def checked(row: dict[str, Any], sizes: tuple[float, float], df: float) -> None:
    """Compare with the score test of two shares on the sizes."""
    (p1, p2), (n1, n2) = (row["first"], row["second"]), sizes
    together = (n1 * p1 + n2 * p2) / (n1 + n2)
    se = sqrt(together * (1 - together) * (1 / n1 + 1 / n2))
    t = student.ppf(0.975, df)
    first, second = ([score_limit(p, n, t, end) for end in (0, 1)] for p, n in ((p1, n1), (p2, n2)))
    lower = p1 - p2 - sqrt((p1 - first[0]) ** 2 + (second[1] - p2) ** 2)
    upper = p1 - p2 + sqrt((first[1] - p1) ** 2 + (p2 - second[0]) ** 2)
    assert (row["basis"], row["df"]) == ("pooled", df)
    assert row["se"] == pytest.approx(se, rel=1e-9)
    assert row["p"] == pytest.approx(2 * student.sf(abs(p1 - p2) / se, df), rel=1e-9)
    assert [row["lower"], row["upper"]] == pytest.approx([lower, upper], rel=1e-9)
    assert row["smallest_detectable"] == pytest.approx(se * (t + student.ppf(0.8, df)), rel=1e-9)


@pytest.mark.parametrize(("flagged", "verdict"), [(17, "higher"), (8, "no_detectable_difference")])
def test_an_area_of_one_school_against_the_rest_by_hand(flagged: int, verdict: str) -> None:
    row = only_row(compare(town(flagged), pools=True), area_id="here", kind="rest")
    sizes = size([20], roh(flagged)), size([20] * 9, roh(flagged))
    checked(row, sizes, 9)
    assert row["verdict"] == verdict
    own = only_row(compare(town(flagged), pools=True, design=OWN), area_id="here", kind="rest")
    assert (own["basis"], own["se"], own["verdict"]) == (None, None, "too_few")


def half_and_half() -> Counts:
    """Everywhere half drink, give or take."""
    there = {str(school): (20, 9 + school % 3) for school in range(10)}
    return Counts().add(2025, "there", there)


@pytest.mark.parametrize(("flagged", "verdict"), [(0, "lower"), (20, "higher")])
def test_nobody_and_everybody_have_a_verdict(flagged: int, verdict: str) -> None:
    counts = half_and_half().add(2025, "here", {"10": (20, flagged)})
    row = only_row(compare(counts, pools=True), area_id="here", kind="rest")
    assert (row["basis"], row["verdict"]) == ("pooled", verdict)
    assert -1 <= row["lower"] < row["difference"] < row["upper"] <= 1
    assert row["lower"] * row["upper"] > 0


def test_nobody_in_many_schools_has_a_verdict() -> None:
    counts = half_and_half()
    counts.add(2025, "here", {str(school): (4, 0) for school in range(10)})
    row = only_row(compare(counts, pools=True), area_id="here", kind="rest")
    assert (row["basis"], row["verdict"]) == ("pooled", "lower")


def test_nobody_on_either_side_has_none() -> None:
    counts = Counts().add(2025, "there", {"0": (20, 0), "1": (20, 0)})
    row = only_row(
        compare(counts.add(2025, "here", {"2": (20, 0)}), pools=True), area_id="here", kind="rest"
    )
    assert (row["basis"], row["se"], row["verdict"]) == (None, None, "too_few")


def test_of_a_school_that_both_sides_share_the_rest_has_what_is_left() -> None:
    counts = Counts().add(2025, "there", ELSEWHERE | {"9": (8, 6)})
    counts.add(2025, "here", {"9": (12, 11)})
    row = only_row(compare(counts, pools=True), area_id="here", kind="rest")
    checked(row, (size([12], roh()), size([8, *[20] * 9], roh())), 9)


def test_a_norm_is_known() -> None:
    rows = Counts(("is_flagged_bond",)).add(2025, "there", ELSEWHERE)
    rows.add(2025, "here", {"9": (20, 17)})
    found = compare(rows, norms=[("bond", 2025, "g8", "old", 0.3)], pools=True)
    row = only_row(found, area_id="here", kind="norm")
    n = size([20], roh())
    assert row["se"] == pytest.approx(sqrt(0.3 * 0.7 / n))
    assert (row["basis"], row["df"], row["n_second"], row["verdict"]) == (
        "pooled", 9, None, "higher",
    )  # fmt: skip
    t = student.ppf(0.975, 9)
    limits = [score_limit(0.85, n, t, end) - 0.3 for end in (0, 1)]
    assert [row["lower"], row["upper"]] == pytest.approx(limits)


def test_girls_and_boys_of_one_school_are_taken_as_independent() -> None:
    counts = Counts().add(2025, "there", ELSEWHERE)
    counts.add(2025, "here", {"9": (10, 9)}).add(2025, "here", {"9": (10, 7)}, gender="boy")
    row = only_row(compare(counts, pools=True), area_id="here", kind="gender", gender="girl")
    checked(row, (size([10], roh(16)), size([10], roh(16))), 9)


def test_waves_have_the_degrees_of_freedom_of_the_smaller() -> None:
    counts = town()
    counts.add(2023, "there", {"0": (20, 4), "1": (20, 9), "2": (20, 15)})
    counts.add(2023, "here", {"9": (20, 3)})
    rows = compare(counts, earlier=[(DRANK, 2025, 2023)], pools=True)
    row = only_row(rows, area_id="here", kind="wave")
    assert (row["basis"], row["df"]) == ("pooled", 3)
    assert (row["first"], row["second"]) == (0.85, 0.15)


def test_what_rests_on_its_own_is_as_before() -> None:
    counts = town().add(2023, "there", ELSEWHERE).add(2021, "there", ELSEWHERE)
    counts.add(2025, "here", {str(school): (3, school % 3) for school in range(9)})
    earlier = [(DRANK, 2025, 2023), (DRANK, 2025, 2021), (DRANK, 2023, 2021)]
    found = compare(counts, earlier=earlier, pools=True)
    for own in (
        compare(counts, earlier=earlier, pools=True, design=OWN),
        compare(counts, earlier=earlier),
    ):
        is_own = (found["basis"] != "pooled").fill_null(value=True)
        assert found.filter(is_own).equals(own.filter(is_own))
        assert set(own["basis"]) <= {"own", None}
    assert set(found.filter(area_id="here", kind="rest", wave=2025)["basis"]) == {"own"}
    assert set(found.filter(kind="trend")["basis"]) == {"own"}


def test_an_area_all_of_whose_schools_were_taken_is_not_pooled() -> None:
    counts = town()
    strata = counts.strata().with_columns(psus_in_stratum=pl.lit(10.0))
    totals = counts.domain_psus()
    design = made_design(stance="finite_population")
    estimates = compute_estimates(totals, strata, design, root_area="town")
    rows = compute_comparisons(totals, strata, estimates, NOTHING_ELSE, design, min_n=10)
    assert set(rows["verdict"]) == {"too_few"}


NOTHING_ELSE = Comparable(
    "town",
    (),
    pl.DataFrame(schema={"measure_id": pl.String, "wave": pl.Int16, "earlier": pl.Int16}),
    pl.DataFrame(
        schema={
            "measure_id": pl.String,
            "wave": pl.Int16,
            "grade": pl.String,
            "norm_id": pl.String,
            "share_flagged": pl.Float64,
        }
    ),
)


def drawn(share: float, takes: tuple[int, ...], n_waves: int, n_measures: int) -> pl.DataFrame:
    """16 schools of 60; the first are the area's as far as they are taken. No area differs."""
    chance = np.random.default_rng(2025)
    likeness, n_schools = 0.03, 16
    scale = 1 / likeness - 1
    shape = (n_waves, n_schools, n_measures)
    of_school = chance.beta(share * scale, (1 - share) * scale, shape)
    here = np.zeros(n_schools, dtype=np.int64)
    here[: len(takes)] = takes
    flagged = chance.binomial(here[:, np.newaxis], of_school)
    everyone = flagged + chance.binomial(60 - here[:, np.newaxis], of_school)
    frames = []
    for area, n, counts in (("here", here, flagged), ("town", here * 0 + 60, everyone)):
        wave, school, _ = np.indices((n_waves, n_schools, 1)).reshape(3, -1)
        respondents = n[school]
        columns = {
            f"{sums}_outcome_{number}": values.astype(np.float64)
            for number in range(n_measures)
            for sums, values in (
                ("n", respondents),
                ("w", respondents),
                ("wy", counts[:, :, number].ravel()),
            )
        }
        names = ("n_respondents", "w_respondents", "ww_respondents")
        keys = {"wave": (2000 + wave).astype(np.int16), "area_id": area, "grade": "all"}
        keys |= {"gender": "all", "stratum": "all", "psu": [f"{each:02}" for each in school]}
        frames.append(pl.DataFrame(keys | dict.fromkeys(names, respondents) | columns))
    keys_of_rows = ["wave", "area_id", "grade", "gender", "stratum", "psu"]
    return pl.concat(frames).filter(pl.col("n_respondents") > 0).sort(keys_of_rows)


@pytest.mark.parametrize("share", [0.05, 0.2, 0.5])
@pytest.mark.parametrize("takes", [(45,), (15, 15)])
def test_areas_that_do_not_differ_are_seldom_found_to(share: float, takes: tuple[int, ...]) -> None:
    totals = drawn(share, takes, n_waves=60, n_measures=50)
    strata = pl.DataFrame({"wave": totals["wave"].unique().sort()}).with_columns(
        stratum=pl.lit("all"), n_psu=pl.lit(16), psus_in_stratum=pl.lit(None, pl.Float64)
    )
    design = made_design()
    estimates = compute_estimates(totals, strata, design, root_area="town")
    rows = compute_comparisons(totals, strata, estimates, NOTHING_ELSE, design, min_n=10)
    tested = rows.filter(kind="rest")
    assert tested.height == 3000
    # Nobody at all, on both sides, is the one thing that is not tested.
    assert set(tested["basis"]) == {"pooled"}
    found = (tested["p"].to_numpy() <= 0.05).mean()
    assert 0.001 < found <= 0.06
