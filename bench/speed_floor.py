"""The floor: the least that DuckDB can do for the same shares and their standard errors.

One pass over the answers, which reads every item and the design's columns, decides every flag,
and adds up counts and whole weights by wave, area, grade, gender, stratum and sampling unit.
It has no means, no margins over grades, genders and areas, no estimates, and keeps nothing.
"""

from bench.survey_definitions import HIGHEST, LOWEST, WEIGHT_DECIMALS
from pipeline.analysis.scoring.scores import flagged_side
from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.factor import Factor

KEYS = "wave, area_code, grade, gender, stratum, psu"


def floor_sql(catalogue: Catalogue) -> str:
    """One query: points, flags, and their sums by domain and sampling unit."""
    factors = catalogue.factors
    points = ",\n    ".join(_points(factor) for factor in factors)
    flags = ",\n    ".join(_flag(factor, catalogue) for factor in factors)
    sums = ",\n    ".join(_sums(factor.id) for factor in factors)
    scale = 10**WEIGHT_DECIMALS
    parts = (
        f"with pointed as (\n  select {KEYS}, (weight * {scale})::bigint as weight,\n    {points}",
        "  from staging.respondent\n),",
        f"flagged as (\n  select {KEYS}, weight,\n    {flags}",
        "  from pointed\n)",
        f"select {KEYS},\n    {sums}",
        f"from flagged\ngroup by {KEYS}",
    )
    return "\n".join(parts)


def floor_shape(catalogue: Catalogue) -> str:
    """The same query for the first factor alone, to be shown."""
    return floor_sql(catalogue._replace(factors=catalogue.factors[:1]))


def _points(factor: Factor) -> str:
    """Sum of points and number of answers; whole numbers, so that it is one addition an item."""
    given = " + ".join(
        f"coalesce({LOWEST + HIGHEST} - {item.id}, 0)"
        if item.reversed
        else f"coalesce({item.id}, 0)"
        for item in factor.items
    )
    answered = " + ".join(f"({item.id} is not null)::tinyint" for item in factor.items)
    return f"{given} as sum_{factor.id}, {answered} as n_{factor.id}"


def _flag(factor: Factor, catalogue: Catalogue) -> str:
    [norm] = catalogue.norms
    side = flagged_side(norm, factor)
    sign = (">" if side.side == "upper" else "<") + ("=" if side.inclusive else "")
    cutoffs = " ".join(
        f"when '{cut.grade}' then {cut.cutoff}::float"
        for cut in norm.cutoffs
        if cut.factor == factor.id
    )
    past = f"sum_{factor.id} {sign} n_{factor.id} * case grade {cutoffs} end"
    return f"case when n_{factor.id} >= {factor.min_answered} then {past} end as {factor.id}"


def _sums(name: str) -> str:
    return (
        f"count({name}) as n_{name}, "
        f"sum(case when {name} is not null then weight else 0 end) as w_{name}, "
        f"sum(case when {name} then weight else 0 end) as wy_{name}"
    )
