"""The minimum base: nothing of a suppressed row survives."""

import polars as pl
import pytest

from pipeline.analysis.estimation.estimates import compute_estimates
from pipeline.disclosure.minimum_base import (
    suppress_small_bases,
    suppress_small_comparisons,
    suppress_small_domains,
    suppress_small_groups,
)
from tests.made_definitions import made_design
from tests.unit.made_comparisons import Counts, compare

MIN_BASE = 30
DOMAIN = {"wave": 2025, "area_id": "here", "grade": "all", "gender": "all"}
SENTINEL = 77.25


def computed(n: int) -> pl.DataFrame:
    """One row as the engine computes it, every figure replaced by one that cannot be missed."""
    totals = pl.DataFrame(
        [
            {**DOMAIN, "stratum": "all", "psu": psu, "n_respondents": 50}
            | {f"{sum_of}_outcome_drank": 50 for sum_of in ("n", "w", "wy")}
            for psu in ("first", "second")
        ]
    )
    strata = pl.DataFrame(
        {"wave": [2025], "stratum": ["all"], "n_psu": [2], "psus_in_stratum": [None]}
    )
    estimates = compute_estimates(totals, strata, made_design())
    figures = [
        column
        for column, dtype in estimates.schema.items()
        if dtype.is_numeric() and column not in DOMAIN
    ]
    return estimates.with_columns(
        pl.lit(SENTINEL).alias(figure) for figure in figures
    ).with_columns(n=pl.lit(n))


@pytest.mark.parametrize(
    ("n", "is_suppressed"), [(0, False), (1, True), (29, True), (30, False), (31, False)]
)
def test_bases_below_the_minimum_are_suppressed(n: int, is_suppressed: bool) -> None:
    [row] = suppress_small_bases(computed(n), MIN_BASE).to_dicts()
    assert row["is_suppressed"] is is_suppressed
    assert (row["n"] is None) is is_suppressed


def test_no_number_of_a_suppressed_row_survives() -> None:
    [row] = suppress_small_bases(computed(29), MIN_BASE).to_dicts()
    left = {column: value for column, value in row.items() if value is not None}
    assert left == {
        **DOMAIN,
        "measure_id": "drank",
        "statistic": "share",
        "is_suppressed": True,
    }


def test_a_row_that_rests_on_enough_is_untouched() -> None:
    estimates = computed(30)
    assert suppress_small_bases(estimates, MIN_BASE).drop("is_suppressed").equals(estimates)


def test_a_column_added_later_is_thought_of() -> None:
    # Whatever the engine adds is a figure, until somebody has decided that it is not.
    later = computed(29).with_columns(deff=pl.lit(SENTINEL))
    [row] = suppress_small_bases(later, MIN_BASE).to_dicts()
    assert row["deff"] is None


def test_each_row_by_its_own_base() -> None:
    rows = pl.concat([computed(n) for n in (29, 30, 5)])
    assert suppress_small_bases(rows, MIN_BASE)["is_suppressed"].to_list() == [True, False, True]


@pytest.mark.parametrize(("n", "shown"), [(0, 0), (1, None), (29, None), (30, 30), (31, 31)])
def test_sizes_of_small_domains_are_suppressed(n: int, shown: int | None) -> None:
    domains = pl.DataFrame([{**DOMAIN, "n_respondents": n}])
    [row] = suppress_small_domains(domains, MIN_BASE).to_dicts()
    assert row == {
        **DOMAIN,
        "n_respondents": shown,
        "is_suppressed": shown is None,
    }


GROUP = {"wave": 2025, "school_id": "a", "grade": "g8", "gender": "all"}


@pytest.mark.parametrize(
    ("n_enrolled", "n_opened", "n_valid", "is_suppressed"),
    [
        (30, 30, 30, False),
        (29, 29, 0, True),
        (40, 31, 29, True),
        (40, 29, 0, True),
        (40, 0, 0, False),
        (None, 30, 30, False),
        (None, 30, 29, True),
        (0, 0, 0, False),
    ],
)
def test_groups_of_few_pupils_or_few_answers_are_suppressed(
    n_enrolled: int | None, n_opened: int, n_valid: int, is_suppressed: bool
) -> None:
    figures = {"n_enrolled": n_enrolled, "n_opened": n_opened, "n_valid": n_valid, "n_missing": 1}
    rows = pl.DataFrame([{**GROUP, **figures}], schema_overrides={"n_enrolled": pl.Int64})
    [row] = suppress_small_groups(rows, MIN_BASE).to_dicts()
    left = dict.fromkeys(figures) if is_suppressed else figures
    assert row == {**GROUP, **left, "is_suppressed": is_suppressed}


COMPARED = {"measure_id": "drank", "statistic": "share", "kind": "rest", "reference": "town"}


def comparison(n_first: int, n_second: int | None) -> pl.DataFrame:
    """One row as the engine computes it, every figure replaced by one that cannot be missed."""
    counts = Counts().add(2025, "here", {"1": (10, 2), "2": (10, 5)})
    computed = compare(counts.add(2025, "there", {"1": (10, 5), "2": (10, 4)})).head(1)
    figures = [name for name in computed.columns if name not in {*DOMAIN, *COMPARED}]
    return computed.with_columns(
        *(pl.lit(SENTINEL).alias(figure) for figure in figures),
        *(pl.lit(value).alias(name) for name, value in (DOMAIN | COMPARED).items()),
    ).with_columns(
        n_first=pl.lit(n_first, pl.Int32),
        n_second=pl.lit(n_second, pl.Int32),
        verdict=pl.lit("higher"),
        funnel=pl.lit("outside_95"),
    )


@pytest.mark.parametrize(
    ("n_first", "n_second", "is_suppressed"),
    [(29, 500, True), (500, 29, True), (30, 30, False), (29, None, True), (30, None, False),
     (30, 0, True)],
)  # fmt: skip
def test_both_sides_of_a_comparison_rest_on_enough(
    n_first: int, n_second: int | None, is_suppressed: bool
) -> None:
    [row] = suppress_small_comparisons(comparison(n_first, n_second), MIN_BASE).to_dicts()
    assert row["is_suppressed"] is is_suppressed
    assert row["verdict"] == ("too_few" if is_suppressed else "higher")


def test_no_number_of_a_suppressed_comparison_survives() -> None:
    [row] = suppress_small_comparisons(comparison(500, 29), MIN_BASE).to_dicts()
    left = {column: value for column, value in row.items() if value is not None}
    assert left == {**DOMAIN, **COMPARED, "verdict": "too_few", "is_suppressed": True}
