"""The minimum base: nothing of a suppressed row survives."""

import polars as pl
import pytest

from pipeline.analysis.estimates import compute_estimates
from pipeline.definitions.site import Policy
from pipeline.disclosure.minimum_base import suppress_small_bases, suppress_small_domains
from tests.made_definitions import MADE_UP, made_design

POLICY = Policy(min_base=30, source=MADE_UP)
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
    [row] = suppress_small_bases(computed(n), POLICY).to_dicts()
    assert row["is_suppressed"] is is_suppressed
    assert (row["n"] is None) is is_suppressed


def test_no_number_of_a_suppressed_row_survives() -> None:
    [row] = suppress_small_bases(computed(29), POLICY).to_dicts()
    left = {column: value for column, value in row.items() if value is not None}
    assert left == {
        **DOMAIN,
        "measure_id": "drank",
        "statistic": "share",
        "is_suppressed": True,
    }


def test_a_row_that_rests_on_enough_is_untouched() -> None:
    estimates = computed(30)
    assert suppress_small_bases(estimates, POLICY).drop("is_suppressed").equals(estimates)


def test_a_column_added_later_is_thought_of() -> None:
    # Whatever the engine adds is a figure, until somebody has decided that it is not.
    later = computed(29).with_columns(deff=pl.lit(SENTINEL))
    [row] = suppress_small_bases(later, POLICY).to_dicts()
    assert row["deff"] is None


def test_each_row_by_its_own_base() -> None:
    rows = pl.concat([computed(n) for n in (29, 30, 5)])
    assert suppress_small_bases(rows, POLICY)["is_suppressed"].to_list() == [True, False, True]


@pytest.mark.parametrize(("n", "shown"), [(0, 0), (1, None), (29, None), (30, 30), (31, 31)])
def test_sizes_of_small_domains_are_suppressed(n: int, shown: int | None) -> None:
    domains = pl.DataFrame([{**DOMAIN, "n_respondents": n}])
    [row] = suppress_small_domains(domains, POLICY).to_dicts()
    assert row == {
        **DOMAIN,
        "n_respondents": shown,
        "is_suppressed": shown is None,
    }
