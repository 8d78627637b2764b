"""The product's answers beside R's. What is compared, and what is not yet: README.md."""

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import polars as pl
import pytest

from pipeline import warehouse
from pipeline.build import build_site
from pipeline.errors import DefinitionError
from tests.conftest import silent
from tests.oracle.cases import (
    GENDERS,
    GRADES,
    Case,
    Row,
    area_ids,
    catalogue_of,
    is_supported,
    load_cases,
)

CASES = load_cases()
REFUSED = [
    case for case in CASES if case.design["lonely_psu"] == "fail" and case.name == "c05_lonely"
]
COMPARED = [case for case in CASES if is_supported(case) and case not in REFUSED]
KEYS = ("area_id", "grade", "gender", "measure_id", "statistic")
LIMITS = ("lower", "upper", "logit_lower", "logit_upper", "kg_lower", "kg_upper")
SUMS = {"prop": "is_flagged_", "mean": "score_"}
STATISTICS = {"prop": "share", "mean": "mean"}

Answer = dict[str, Any]


class Answers(NamedTuple):
    """What the product and R say of one case."""

    case: Case
    scores: dict[str, Answer]
    """By respondent."""

    domains: list[tuple[Row, Answer]]
    """R's row and the product's for each domain, scale and statistic that R answered."""


@pytest.fixture(scope="module", params=COMPARED, ids=lambda case: case.id)
def answers(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Answers:
    """A case taken the product's whole way, from its file to its estimates."""
    case: Case = request.param
    path = build_site(catalogue_of(case), tmp_path_factory.mktemp("case"), silent)
    with warehouse.connect(path, read_only=True) as connection:
        respondents = warehouse.read(connection, "scores.respondent_factor").to_dicts()
        totals = warehouse.read(connection, "totals.domain_psu")
        estimates = warehouse.read(connection, "areas.estimate")
        sizes = warehouse.read(connection, "totals.domain")
    return Answers(
        case,
        {row["respondent_id"]: row for row in respondents},
        list(beside(case, estimates, totals, sizes)),
    )


def beside(
    case: Case, estimates: pl.DataFrame, totals: pl.DataFrame, sizes: pl.DataFrame
) -> Iterator[tuple[Row, Answer]]:
    """R's row, and the product's with the sums it was computed from."""
    found = {tuple(row[key] for key in KEYS): row for row in estimates.to_dicts()}
    n_rows = {tuple(row[key] for key in KEYS[:3]): row["n_respondents"] for row in sizes.to_dicts()}
    sums = totals.group_by(KEYS[:3]).agg(pl.col("^wy?_.*$").sum()).to_dicts()
    summed = {tuple(row[key] for key in KEYS[:3]): row for row in sums}
    areas = area_ids(case) | {"": "everywhere"}
    for row in case.rows("expected_domain.csv"):
        if row["design"] != case.design["name"]:
            continue
        domain = (
            areas[row.get("area", "")],
            GRADES.get(row.get("grade", ""), "all"),
            GENDERS.get(row.get("gender", ""), "all"),
        )
        measure = f"{SUMS[row['stat']]}{row['scale']}"
        yield (
            row,
            found[*domain, row["scale"], STATISTICS[row["stat"]]]
            | {"n_rows": n_rows[domain]}
            | {sum_of: float(summed[domain][f"{sum_of}_{measure}"]) for sum_of in ("w", "wy")},
        )


def number(text: str) -> float:
    """A cell of R's answers; blank is not a number."""
    return float(text) if text else math.nan


def differences(row: Row, answer: Answer, pairs: dict[str, str]) -> list[str]:
    """Where the product's column is not R's, within the relative 1e-9 that R's own sums allow."""
    return [
        f"{row['scale']} {row['stat']} {row['by']} {answer['area_id']} {answer['grade']} "
        f"{answer['gender']}: {ours} is {answer[ours]}, R's {theirs} {row[theirs]}"
        for ours, theirs in pairs.items()
        if answer[ours] is None
        or not math.isclose(answer[ours], number(row[theirs]), rel_tol=1e-9, abs_tol=1e-12)
    ]


def has_spread(row: Row) -> bool:
    """Whether the variance can be estimated: R prints a number also where it cannot."""
    return not row["degenerate"] and int(row["df_valid"]) > 0


def test_scores_and_flags(answers: Answers) -> None:
    rows = answers.case.rows("expected_scores.csv")
    assert len(rows) == len(answers.scores) * len(answers.case.rows("scales.csv"))
    for row in rows:
        respondent = answers.scores[row["id"]]
        score = respondent[f"score_{row['scale']}"]
        assert (score is None) == (row["score"] == "")
        assert score is None or abs(float(score) - float(row["score"])) < 1e-12
        flag = respondent[f"is_flagged_{row['scale']}"]
        assert flag == (int(row["at_risk"]) if row["at_risk"] else None)


def test_counts_and_degrees_of_freedom(answers: Answers) -> None:
    pairs = {
        "n_rows": "n_rows",
        "n": "n_pos",
        "n_psu": "n_psu",
        "n_strata": "n_strata",
        "df": "df_valid",
    }
    assert answers.domains
    assert [
        each for row, answer in answers.domains for each in differences(row, answer, pairs)
    ] == []


def test_sums_of_weights_and_values(answers: Answers) -> None:
    pairs = {"w": "sum_w", "wy": "sum_wy"}
    # An empty sum is 0 in R.
    assert [
        each for row, answer in answers.domains for each in differences(row, answer, pairs)
    ] == []


def test_estimates_and_standard_errors(answers: Answers) -> None:
    found = []
    for row, answer in answers.domains:
        if row["degenerate"] == "no_data":
            assert answer["estimate"] is None
        else:
            found += differences(row, answer, {"estimate": "est"})
        if has_spread(row):
            found += differences(row, answer, {"se": "se"})
    assert found == []


def test_intervals(answers: Answers) -> None:
    of_share = {
        "logit_lower": "cc_xlogit_lo",
        "logit_upper": "cc_xlogit_hi",
        "lower": "cc_xlogit_lo",
        "upper": "cc_xlogit_hi",
        "kg_lower": "kg_lo",
        "kg_upper": "kg_hi",
    }
    of_mean = {"lower": "cc_mean_lo", "upper": "cc_mean_hi"}
    found = []
    for row, answer in answers.domains:
        if has_spread(row):
            found += differences(row, answer, of_share if row["stat"] == "prop" else of_mean)
    assert found == []


def test_a_variance_that_cannot_be_seen_is_not_called_small(answers: Answers) -> None:
    exact = {"kg_lower": "kg_lo", "kg_upper": "kg_hi", "lower": "kg_lo", "upper": "kg_hi"}
    for row, answer in answers.domains:
        if has_spread(row):
            continue
        assert answer["se"] is None
        # Nobody or everybody flagged, in several PSUs: the exact interval, open on one side.
        if row["degenerate"] == "constant" and row["kg_lo"] not in ("", "NaN"):
            assert differences(row, answer, exact) == []
            assert answer["upper"] - answer["lower"] > 1e-3
        else:
            assert [answer[limit] for limit in LIMITS] == [None] * 6


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.id)
def test_a_lonely_psu_is_refused(case: Case, tmp_path_factory: pytest.TempPathFactory) -> None:
    assert any("has only one PSU" in row["error"] for row in case.rows("expected_domain.csv"))
    with pytest.raises(DefinitionError, match="1 strata have a single PSU"):
        build_site(catalogue_of(case), tmp_path_factory.mktemp("case"), silent)


def test_the_cases_hold_every_kind_of_degenerate_domain() -> None:
    kinds = {row["degenerate"] for case in COMPARED for row in case.rows("expected_domain.csv")}
    assert kinds == {"", "constant", "one_psu", "no_data"}


def test_designs_that_are_not_compared() -> None:
    assert [case.id for case in CASES if not is_supported(case)] == [
        "c01_srs-srs_fpc",
        "c05_lonely-average",
        "c05_lonely-adjust_dom",
        "c05_lonely-average_dom",
        "c05_lonely-certainty_dom",
        "c06_fpc-popsize",
        "c06_fpc-fraction",
        "c07_two_stage-two_stage",
        "c07_two_stage-one_stage",
    ]
