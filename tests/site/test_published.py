"""The sample's published relations: recounted from the respondents by another path."""

import duckdb
import polars as pl
import pytest

from pipeline.definitions.catalogue import Catalogue
from pipeline.disclosure.publishable import Publishable
from pipeline.documents.profile import build_profile
from pipeline.documents.render import render_profile

RECOUNT = """
select
    respondent_factor.wave, area_ancestor.ancestor_id as area_id,
    count(outcome_alcohol_30d) as n, coalesce(sum(outcome_alcohol_30d), 0) as k
from scores.respondent_factor
inner join ref.wave using (wave)
left join staging.respondent_area using (wave, respondent_id)
inner join ref.area_ancestor
    on area_ancestor.wave = respondent_factor.wave
    and area_ancestor.area_id = coalesce(respondent_area.area_id, ref.wave.root_area)
where respondent_factor.is_analysed
group by all
"""


@pytest.fixture(scope="module")
def estimates(sample: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    return pl.DataFrame(sample.table("published.estimate"))


def test_shown_counts_are_recounted_and_rounded(
    sample: duckdb.DuckDBPyConnection, estimates: pl.DataFrame
) -> None:
    counted = pl.DataFrame(sample.sql(RECOUNT))
    rows = estimates.filter(grade="all", gender="all", measure_id="alcohol_30d", status="shown")
    both = rows.join(counted, on=["wave", "area_id"], suffix="_true")
    assert both.height == rows.height > 20
    for row in both.iter_rows(named=True):
        assert (row["n"] % 5, row["n_flagged"] % 5) == (0, 0)
        assert abs(row["n"] - row["n_true"]) <= 2
        assert abs(row["n_flagged"] - row["k"]) <= 2
        assert min(row["k"], row["n_true"] - row["k"]) >= 10
        assert row["n_true"] >= 30
        assert row["percent"] == int(100 * row["n_flagged"] / row["n"] + 0.5)
        assert row["percent_lower"] <= row["percent"] <= row["percent_upper"]


def test_numbers_stand_only_where_the_status_lets_them(estimates: pl.DataFrame) -> None:
    is_shown = pl.col("status") == "shown"
    numbers = ("n_flagged", "percent", "design_effect", "is_unreliable")
    wrong = estimates.filter(
        pl.any_horizontal(pl.col(each).is_not_null() != is_shown for each in numbers[:2])
        | pl.any_horizontal(pl.col(each).is_not_null() & ~is_shown for each in numbers)
        | (pl.col("is_suppressed") != (pl.col("status") == "suppressed"))
    )
    assert wrong.is_empty()
    assert set(estimates["status"]) == {"shown", "coded_below", "suppressed", "no_answers"}


def test_every_group_of_an_area_has_a_row(estimates: pl.DataFrame) -> None:
    keys = ["wave", "area_id", "measure_id"]
    sizes = estimates.group_by(keys).len()["len"].unique().to_list()
    assert len(sizes) == 1


def test_differences_are_between_printed_numbers(sample: duckdb.DuckDBPyConnection) -> None:
    estimates = pl.DataFrame(sample.table("published.estimate"))
    comparisons = pl.DataFrame(sample.table("published.comparison"))
    keys = ["wave", "area_id", "grade", "gender", "measure_id"]
    both = comparisons.join(estimates.select(*keys, "percent", "status"), on=keys, suffix="_first")
    found = both.filter(pl.col("difference").is_not_null())
    assert found.height > 1000
    assert (found["percent"] - found["second_percent"] == found["difference"]).all()
    shown = both.filter(status="shown")
    assert not (shown["status_first"] == "suppressed").any()


def test_overrides_leave_a_line(sample: duckdb.DuckDBPyConnection, estimates: pl.DataFrame) -> None:
    [line] = pl.DataFrame(sample.table("disclosure.override")).to_dicts()
    assert (line["rule"], line["default"], line["value"]) == ("min_base", 30, 50)
    assert line["direction"] == "tightened"
    rows = estimates.filter(measure_id="depressive_symptoms", status="shown")
    assert rows["n"].min() >= 50  # type: ignore[operator]


@pytest.mark.parametrize("area", ["norrsatra", "sandviken", "hogbo"])
def test_the_public_page_explains_its_dots_and_holds_no_exact_number(
    public: Publishable, sample_catalogue: Catalogue, area: str
) -> None:
    profile = build_profile(public, sample_catalogue, area, sample_catalogue.waves[-1], "sv")
    page = render_profile(profile)
    assert "Två punkter (..) betyder att en siffra inte visas" in page
    figures = [measure.area for domain in profile.domains for measure in domain.measures]
    assert all(each.n is None or each.n % 5 == 0 for each in figures)
    assert all(each.share is None or round(each.share * 100, 9) % 1 == 0 for each in figures)
    assert "hade synts" not in page
