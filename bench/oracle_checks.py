"""The product's answers beside another program's, number by number."""

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import duckdb
import polars as pl

from bench.oracle_cases import CaseDesign, CaseError, Row
from bench.oracle_site import CaseSite, group_of
from pipeline import warehouse
from pipeline.analysis.estimation.roll_up import psu_totals

RELATIVE = 1e-9
"""How closely R's own sums allow a number to be met."""

SMALL = 1e-3
"""Numbers below are compared absolutely, to ``RELATIVE * SMALL``."""

SCORE = 1e-12
"""Points: a score is kept with twelve decimals."""

KEYS = ("area_id", "grade", "gender", "measure_id", "statistic")
SUMS = {"prop": "is_flagged_", "mean": "score_"}
STATISTICS = {"prop": "share", "mean": "mean"}
LIMITS = ("lower", "upper", "logit_lower", "logit_upper", "kg_lower", "kg_upper")
UNSEEN = (*LIMITS, "wilson_lower", "wilson_upper", "deff", "deff_wr", "n_effective")

COUNTS = {
    "n_rows": "n_rows",
    "n": "n_pos",
    "n_psu": "n_psu",
    "n_strata": "n_strata",
    "df": "df_valid",
}
TOTALS = {"w": "sum_w", "wy": "sum_wy"}
EFFECTS = {"deff": "deff", "deff_wr": "deff_wr"}
OF_SHARE = {
    "logit_lower": "cc_xlogit_lo",
    "logit_upper": "cc_xlogit_hi",
    "lower": "cc_xlogit_lo",
    "upper": "cc_xlogit_hi",
    "kg_lower": "kg_lo",
    "kg_upper": "kg_hi",
    "kg_n_effective": "kg_neff",
    "wilson_lower": "wil_lo",
    "wilson_upper": "wil_hi",
}
OF_MEAN = {"lower": "cc_mean_lo", "upper": "cc_mean_hi"}
EXACT = {
    "lower": "kg_lo",
    "upper": "kg_hi",
    "kg_lower": "kg_lo",
    "kg_upper": "kg_hi",
    "kg_n_effective": "kg_neff",
}

Answer = dict[str, Any]
Domain = tuple[str, str, str]


class Check(NamedTuple):
    """One number, or one refusal."""

    subject: str
    where: str
    """Scale, statistic and domain; never a respondent."""

    what: str
    difference: float
    """Relative, or absolute for small numbers; infinite where one of the two has no number."""

    is_right: bool


class Answers(NamedTuple):
    """What the product computed of a case."""

    scores: dict[str, Answer]
    """By respondent."""

    estimates: dict[tuple[str, ...], Answer]
    sizes: dict[Domain, Answer]
    sums: dict[Domain, Answer]


def read_answers(connection: duckdb.DuckDBPyConnection) -> Answers:
    """Read what is compared from a working file."""
    domain = KEYS[:3]
    cells, ancestors = (
        warehouse.read(connection, relation) for relation in ("totals.cell", "ref.area_ancestor")
    )
    totals = psu_totals(cells, ancestors)
    sums = totals.group_by(domain).agg(pl.col("^wy?_.*$").sum()).to_dicts()
    scores = warehouse.read(connection, "scores.respondent_factor").to_dicts()
    estimates = warehouse.read(connection, "areas.estimate").to_dicts()
    sizes = warehouse.read(connection, "totals.domain").to_dicts()
    return Answers(
        scores={row["respondent_id"]: row for row in scores},
        estimates={tuple(row[key] for key in KEYS): row for row in estimates},
        sizes={_domain(row): row for row in sizes},
        sums={_domain(row): row for row in sums},
    )


def score_checks(chosen: CaseDesign, site: CaseSite, answers: Answers) -> Iterator[Check]:
    """Score and flag of each respondent and scale."""
    for row in chosen.case.scores:
        respondent, scale = answers.scores.get(row["id"], {}), _named(site.scales, row["scale"])
        score, flag = respondent.get(f"score_{scale}"), respondent.get(f"is_flagged_{scale}")
        theirs = number(row["score"])
        difference = 0.0 if score is None and theirs is None else _absolute(score, theirs)
        yield Check("scores", row["scale"], "score", difference, difference < SCORE)
        is_right = bool(respondent) and flag == number(row["at_risk"])
        yield Check("scores", row["scale"], "flag", 0.0 if is_right else math.inf, is_right)


def domain_checks(chosen: CaseDesign, site: CaseSite, answers: Answers) -> Iterator[Check]:
    """Everything computed of each domain, scale and statistic that was answered."""
    case = chosen.case
    for row in case.domains:
        by = tuple(row["by"].split("*")) if row["by"] else ()
        others = tuple(each for each in by if each not in {case.area_column, "grade"})
        if row["design"] != chosen.design["name"] or others not in {(), site.grouped_by}:
            continue
        domain = (
            _named(site.areas, row.get(case.area_column))
            if case.area_column in by
            else "everywhere",
            _named(site.grades, row.get("grade")) if "grade" in by else "all",
            _named(site.groups, group_of(row, others)) if others else "all",
        )
        yield from _row_checks(row, _answer(row, domain, site, answers))


def _named(ids: dict[str, str], value: str | None) -> str:
    if value not in ids:
        raise CaseError("an expected file has a domain or scale that the case does not have")
    return ids[value]


def _answer(row: Row, domain: Domain, site: CaseSite, answers: Answers) -> Answer:
    """The product's row, with the sums it was computed from; empty if there is none."""
    scale = _named(site.scales, row["scale"])
    if row["stat"] not in SUMS:
        raise CaseError("expected_domain.csv: a stat is neither prop nor mean")
    estimate = answers.estimates.get((*domain, scale, STATISTICS[row["stat"]]))
    if estimate is None:
        return {}
    measure = f"{SUMS[row['stat']]}{scale}"
    sums = {each: answers.sums[domain][f"{each}_{measure}"] for each in TOTALS}
    return estimate | sums | {"n_rows": answers.sizes[domain]["n_respondents"]}


def _row_checks(row: Row, answer: Answer) -> Iterator[Check]:
    yield from _pairs("counts", row, answer, COUNTS)
    yield from _pairs("sums", row, answer, TOTALS)
    if row.get("error") and row["degenerate"] != "no_data":
        return  # R has refused to go on.
    if row["degenerate"] == "no_data":
        yield _is_null("estimates", row, answer, "estimate")
    else:
        yield from _pairs("estimates", row, answer, {"estimate": "est"})
    if row["degenerate"] or (number(row["df_valid"]) or 0) <= 0:
        yield from _unseen(row, answer)
        return
    yield from _pairs("standard errors", row, answer, {"se": "se"})
    for ours, theirs in EFFECTS.items():
        # R has none where weights do not add up to more than the respondents.
        if math.isfinite(number(row.get(theirs, "")) or math.nan):
            yield from _pairs("design effects", row, answer, {ours: theirs})
        else:
            yield _is_null("design effects", row, answer, ours)
    limits = OF_SHARE if row["stat"] == "prop" else OF_MEAN
    known = {ours: theirs for ours, theirs in limits.items() if _is_finite(row, theirs)}
    yield from _pairs("intervals", row, answer, known)


def _unseen(row: Row, answer: Answer) -> Iterator[Check]:
    """A variance that cannot be seen, where R prints one all the same."""
    exact = EXACT if row["degenerate"] == "constant" and _is_finite(row, "kg_lo") else {}
    yield _is_null("unseen variances", row, answer, "se")
    # Nobody or everybody flagged, in several PSUs: the exact interval, open on one side.
    yield from _pairs("unseen variances", row, answer, exact)
    for ours in UNSEEN:
        if ours not in exact:
            yield _is_null("unseen variances", row, answer, ours)


def number(text: str) -> float | None:
    """A cell; null if it is blank."""
    try:
        return float(text) if text else None
    except ValueError:
        raise CaseError("an expected file has text where numbers were expected") from None


def _is_finite(row: Row, column: str) -> bool:
    theirs = number(row.get(column, ""))
    return theirs is not None and math.isfinite(theirs)


def _pairs(subject: str, row: Row, answer: Answer, pairs: dict[str, str]) -> Iterator[Check]:
    for ours, theirs in pairs.items():
        if theirs not in row:
            continue  # Another version of the form.
        expected = number(row[theirs])
        difference = _absolute(answer.get(ours), expected) / max(abs(expected or 0.0), SMALL)
        yield Check(subject, _where(row), ours, difference, difference <= RELATIVE)


def _is_null(subject: str, row: Row, answer: Answer, ours: str) -> Check:
    is_right = ours in answer and answer[ours] is None
    return Check(subject, _where(row), ours, 0.0 if is_right else math.inf, is_right)


def _absolute(ours: Any, theirs: float | None) -> float:
    if ours is None or theirs is None or math.isnan(theirs):
        return math.inf
    return abs(float(ours) - theirs)


def _where(row: Row) -> str:
    values = (row.get(column, "") for column in row["by"].split("*"))
    return " ".join([row["design"], row["scale"], row["stat"], *(each for each in values if each)])


def _domain(row: Answer) -> Domain:
    return row["area_id"], row["grade"], row["gender"]
