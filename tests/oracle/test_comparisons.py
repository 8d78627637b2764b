"""Differences, odds ratios, trends and adjusted p-values beside R's.

R 4.2.2 with package survey 4.1-1 wrote ``expected_compare.csv`` and ``expected_adjust.csv``, one
row per design, scale, kind, subset and area:

    svyttest(y ~ grp, design)                               area_ttest_prop, area_ttest_mean
    svyglm(y ~ grp, design, family = quasibinomial())       area_logit
    svyglm(y ~ t, design)                                   trend_lin_prop, trend_lin_mean
    p.adjust(p, method)                                     holm, hochberg, BH, BY

with grp 1 in the area and 0 in the rest of the subset, t the years since the first.
"""

import math

import numpy as np
import pytest

from bench.oracle_cases import Row
from bench.oracle_checks import SMALL
from pipeline.analysis.comparison.contrasts import Scale, compare_with_rest
from pipeline.analysis.comparison.multiplicity import Method, adjust_p
from pipeline.analysis.comparison.significance import t_test
from pipeline.analysis.comparison.trends import linear_trends
from pipeline.analysis.estimation.linearisation import LonelyPsuError
from pipeline.analysis.estimation.variance import Floats
from tests.oracle.comparisons import (
    FOLDERS,
    CaseTotals,
    ComparedCase,
    DomainKey,
    load_compared_cases,
    load_rows,
    load_totals,
)
from tests.oracle.promises import promised

CASES = load_compared_cases()
REFUSED = [case for case in CASES if case.id == "c05_lonely-fail"]
COMPARED = [case for case in CASES if case.is_supported and case not in REFUSED]
TRENDS = [case for case in COMPARED if case.settings.get("trend")]

AREA_KINDS: dict[str, tuple[str, Scale]] = {
    "area_ttest_prop": ("prop", "plain"),
    "area_ttest_mean": ("mean", "plain"),
    "area_logit": ("prop", "log_odds"),
}
TREND_KINDS = {"trend_lin_prop": "prop", "trend_lin_mean": "mean"}
PROMISED = {
    "area_ttest_prop": promised("differences"),
    "area_ttest_mean": promised("differences"),
    "area_logit": promised("log odds ratios"),
    "trend_lin_prop": promised("trends"),
    "trend_lin_mean": promised("trends"),
}
"""Relative difference by kind; numbers below 0.001 are compared absolutely."""

NOT_COMPARED = {
    # svychisq: the product tests differences.
    *("area_chisq_F", "area_chisq_Chisq", "area_chisq_Wald"),
    *("chisq_F", "chisq_Chisq", "chisq_Wald", "chisq_adjWald"),
    # The product's trends are linear.
    *("trend_logit", "trend_logit_adj", "trend_anyyear_F"),
}
METHODS: dict[str, Method] = {
    "holm": "holm",
    "hochberg": "hochberg",
    "BH": "benjamini_hochberg",
    "BY": "benjamini_yekutieli",
}

NOT_SEEN = {
    "c08_empty_domains": {
        # As many schools as strata.
        *((subset, "s02", "A04") for subset in ("all", "grade=8", "grade=11")),
        # Nobody with a value.
        ("grade=8", "s01", "A03"),
    },
    "c09_zero_hundred": {
        # All values at the bottom of the scale; at its top; at the bottom, everywhere.
        ("all", "s01", "A01"),
        ("all", "s01", "A02"),
        *(("all", "s02", area) for area in ("A01", "A02", "A03")),
    },
    # One respondent.
    "c11_tiny": {("all", "s01", "A01"), ("all", "s02", "A01"), ("all", "s02", "A03")},
    # Years with as many schools as strata.
    "c13_trend": {("area=A04", "s01", ""), ("area=A04", "s02", "")},
}
"""Subset, scale and area whose variance cannot be seen, though R prints one; what a pupil alone
in an area gives is p = 0.0003 (c11). The product prints none."""


def number(text: str) -> float:
    """A cell of R's answers; blank is not a number."""
    return float(text) if text else math.nan


def answers_of(difference: Floats, se: Floats, df: Floats) -> dict[str, Floats]:
    """By R's names; each of shape (comparisons, measures)."""
    test = t_test(difference, se, df, confidence=0.95)
    columns = {"est": difference, "se": se, "stat": test.t, "df2": df}
    return columns | {"p": test.p, "lo": test.lower, "hi": test.upper}


def misfits(row: Row, ours: dict[str, float]) -> list[str]:
    """Where our numbers are not R's."""

    def is_close(column: str) -> bool:
        theirs = number(row[column])
        limit = PROMISED[row["kind"]]
        both_missing = math.isnan(ours[column]) and math.isnan(theirs)
        return both_missing or math.isclose(
            ours[column], theirs, rel_tol=limit, abs_tol=limit * SMALL
        )

    return [
        f"{row['kind']} {row['scale']} {row['subset']} {row['level']}: {column} is "
        f"{ours[column]}, R's {row[column]}"
        for column in ours
        if not is_close(column)
    ]


def what_is_wrong(case: ComparedCase, answers: list[tuple[Row, dict[str, float]]]) -> list[str]:
    """Where the product's answers are not R's, or are there though they should not be."""
    hidden = NOT_SEEN.get(case.folder.name, set())
    found = []
    for row, ours in answers:
        if (row["subset"], row["scale"], row["level"]) not in hidden:
            found += misfits(row, ours)
            continue
        found += [
            f"{row['subset']} {row['scale']} {row['level']}: {column} is {ours[column]}"
            for column in ("se", "stat", "p", "lo", "hi")
            if not math.isnan(ours[column])
        ]
        # The estimate is there all the same, but no logit of 0 or 1, whatever R iterates to.
        if row["kind"] != "area_logit":
            found += misfits(row, {"est": ours["est"]})
    return found


def area_and_rest(
    totals: CaseTotals, rows: list[Row], statistic: str, scale: Scale
) -> list[dict[str, float]]:
    """The product's answers, in the order of R's."""
    keys = sorted({DomainKey(row["subset"], row["level"]) for row in rows})
    found = compare_with_rest(
        totals.linked,
        totals.domains(keys),
        totals.domains([DomainKey(key.subset) for key in keys]),
        scale=scale,
    )
    columns = answers_of(found.difference, found.se, found.df)
    places = [
        (
            keys.index(DomainKey(row["subset"], row["level"])),
            totals.measures.index((row["scale"], statistic)),
        )
        for row in rows
    ]
    return [{name: float(column[at]) for name, column in columns.items()} for at in places]


@pytest.mark.parametrize("kind", AREA_KINDS)
@pytest.mark.parametrize("case", COMPARED, ids=lambda case: case.id)
def test_area_and_rest(case: ComparedCase, kind: str) -> None:
    rows = [row for row in case.answers() if row["kind"] == kind]
    answers = area_and_rest(load_totals(case), rows, *AREA_KINDS[kind])
    assert rows
    assert what_is_wrong(case, list(zip(rows, answers, strict=True))) == []


def test_one_pupil_alone_is_no_finding() -> None:
    [case] = [case for case in COMPARED if case.folder.name == "c11_tiny"]
    rows = [
        row
        for row in case.answers()
        if row["kind"] == "area_ttest_prop"
        and (row["subset"], row["scale"], row["level"]) in NOT_SEEN["c11_tiny"]
    ]
    answers = area_and_rest(load_totals(case), rows, "prop", "plain")
    assert [number(row["p"]) < 0.001 for row in rows] == [True] * 3
    assert [math.isnan(ours["p"]) for ours in answers] == [True] * 3


@pytest.mark.parametrize("kind", TREND_KINDS)
@pytest.mark.parametrize("case", TRENDS, ids=lambda case: case.id)
def test_linear_trends(case: ComparedCase, kind: str) -> None:
    totals = load_totals(case)
    rows = [row for row in case.answers() if row["kind"] == kind and row["term"] == "t"]
    subsets = sorted({row["subset"] for row in rows})
    years = sorted({key.level for key in totals.numbers if key.level.isdigit()})
    trends = linear_trends(
        totals.linked,
        np.stack(
            [totals.domains([DomainKey(subset, year) for year in years]) for subset in subsets]
        ),
        np.array([float(year) for year in years]),
    )
    columns = answers_of(trends.slope, trends.se, trends.df)
    places = [
        (
            subsets.index(row["subset"]),
            totals.measures.index((row["scale"], TREND_KINDS[kind])),
        )
        for row in rows
    ]
    answers = [{name: float(column[at]) for name, column in columns.items()} for at in places]
    assert len(rows) == 10
    assert what_is_wrong(case, list(zip(rows, answers, strict=True))) == []


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.id)
def test_a_lonely_psu_is_refused(case: ComparedCase) -> None:
    rows = [row for row in case.answers() if row["kind"] == "area_ttest_prop"]
    assert {row["error"] for row in rows} == {"Stratum (R1b) has only one PSU at stage 1"}
    with pytest.raises(LonelyPsuError, match="1 strata have a single PSU"):
        area_and_rest(load_totals(case), rows, "prop", "plain")


@pytest.mark.parametrize("column", METHODS)
def test_adjusted_p(column: str) -> None:
    # All families of all cases at once; their names are of one case.
    rows = [
        row | {"family": f"{folder.name}|{row['family']}"}
        for folder in FOLDERS
        for row in load_rows(folder / "expected_adjust.csv")
    ]
    families = sorted({row["family"] for row in rows})
    adjusted = adjust_p(
        np.array([number(row["p"]) for row in rows]),
        np.array([families.index(row["family"]) for row in rows]),
        METHODS[column],
    )
    theirs = np.array([number(row[column]) for row in rows])
    np.testing.assert_allclose(adjusted, theirs, rtol=promised("adjusted p-values"), atol=0)


def test_every_kind_is_compared_or_said_not_to_be() -> None:
    kinds = {row["kind"] for case in COMPARED for row in case.answers()}
    assert kinds == {*AREA_KINDS, *TREND_KINDS, *NOT_COMPARED}


def test_designs_that_are_not_compared() -> None:
    assert [case.id for case in CASES if not case.is_supported] == [
        "c07_two_stage-two_stage",
    ]
    assert len(COMPARED) == 19
