"""The sample site, built: everyone is accounted for, and each planted trouble is met."""

import duckdb
import polars as pl
import pytest

from pipeline import warehouse
from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.wave import Wave
from pipeline.disclosure.publishable import Publishable
from tests.site.test_generator import WAVES, each_wave, export_of

JADERFORS, HOGBO, MUNICIPALITY = "jaderfors", "hogbo", "sandviken"


@pytest.fixture(scope="module")
def estimates(sample: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """``areas.estimate``, before anything is suppressed."""
    return warehouse.read(sample, "areas.estimate")


@each_wave
def test_rows_read_are_refused_set_aside_or_analysed(
    sample: duckdb.DuckDBPyConnection, wave: Wave
) -> None:
    left_out = warehouse.read(sample, "totals.left_out").filter(wave=wave.wave)
    n_left_out = {
        stage: left_out.filter(stage=stage)["n_respondents"].sum()
        for stage in ("refused", "screened")
    }
    [everyone] = (
        warehouse.read(sample, "totals.coverage").filter(wave=wave.wave, grade="all").to_dicts()
    )
    cells = warehouse.read(sample, "totals.cell").filter(wave=wave.wave)
    assert everyone["n_opened"] == export_of(wave).height
    assert everyone["n_valid"] == everyone["n_opened"] - n_left_out["refused"]
    assert everyone["n_passed_screens"] == everyone["n_valid"] - n_left_out["screened"]
    assert cells["n_respondents"].sum() == everyone["n_passed_screens"]
    assert min(n_left_out.values()) > 0


@each_wave
def test_grades_add_up_to_all(sample: duckdb.DuckDBPyConnection, wave: Wave) -> None:
    coverage = warehouse.read(sample, "totals.coverage").filter(wave=wave.wave)
    steps = pl.col("^n_.*$")
    # Everyone in the sample has a grade.
    assert coverage.filter(grade="all").select(steps).row(0) == (
        coverage.filter(pl.col("grade") != "all").select(steps.sum()).row(0)
    )


@each_wave
def test_every_answer_that_was_asked_for_is_accounted_for(
    sample: duckdb.DuckDBPyConnection, sample_catalogue: Catalogue, wave: Wave
) -> None:
    cells = warehouse.read(sample, "staging.item_cell").filter(wave=wave.wave)
    items = [item.id for item in sample_catalogue.instrument_of(wave).items]
    n_cells = cells.group_by("item_id").agg(pl.col("n_cells").sum())
    assert sorted(n_cells["item_id"]) == sorted(items)
    assert set(n_cells["n_cells"]) == {export_of(wave).height}

    answered = warehouse.read(sample, "staging.respondent").filter(wave=wave.wave)
    counted = dict(cells.filter(fate="answered").select("item_id", "n_cells").rows())
    assert {item: answered[item].count() for item in items} == counted
    stated = cells.filter(pl.col("fate").is_in(["answered", "blank"]).not_())
    reasons = warehouse.read(sample, "staging.missing_answer").filter(wave=wave.wave)
    assert sorted(stated.select("item_id", "fate", "n_cells").rows()) == sorted(
        reasons.group_by("item_id", "reason").len().rows()
    )


@each_wave
def test_every_screen_sets_somebody_aside(
    sample: duckdb.DuckDBPyConnection, sample_catalogue: Catalogue, wave: Wave
) -> None:
    assert sample_catalogue.screens
    left_out = warehouse.read(sample, "totals.left_out").filter(wave=wave.wave, stage="screened")
    first = dict(left_out.select("reason", "n_respondents").rows())
    assert {screen.id for screen in sample_catalogue.screens.screens} == first.keys()
    assert min(first.values()) > 0
    # Some are caught by several.
    assert left_out["n_caught"].sum() > left_out["n_respondents"].sum()


def test_nothing_of_the_smallest_neighbourhood_is_shown(
    estimates: pl.DataFrame, publishable: Publishable
) -> None:
    assert estimates.filter(area_id=JADERFORS)["n"].max() > 0  # type: ignore[operator]
    rows = publishable.estimates.filter(area_id=JADERFORS)
    keys = ("wave", "area_id", "grade", "gender", "measure_id", "statistic", "is_suppressed")
    answered = rows.filter(pl.col("is_suppressed"))
    assert answered.filter(grade="all", gender="all").height > 0
    assert answered.drop(keys).null_count().sum_horizontal().item() == answered.height * len(
        answered.drop(keys).columns
    )
    # What is left is nobody's: no respondents, no estimate.
    assert set(rows.filter(~pl.col("is_suppressed"))["n"]) <= {0}
    assert rows["estimate"].null_count() == rows.height
    sizes = publishable.domains.filter(area_id=JADERFORS)
    assert sizes["is_suppressed"].all()
    assert sizes["n_respondents"].null_count() == sizes.height


def test_suppression_changes_nothing_else(
    estimates: pl.DataFrame, publishable: Publishable, sample_catalogue: Catalogue
) -> None:
    enough = pl.col("n") >= sample_catalogue.policy.public.min_base
    shown = publishable.estimates.filter(~pl.col("is_suppressed")).select(estimates.columns)
    assert shown.equals(estimates.filter(enough | (pl.col("n") == 0)))
    assert 0 < shown.height < estimates.height


@each_wave
def test_where_nobody_is_flagged_the_share_is_0_with_an_interval(
    estimates: pl.DataFrame, sample_catalogue: Catalogue, wave: Wave
) -> None:
    rows = estimates.filter(
        wave=wave.wave, area_id=HOGBO, grade="all", gender="all", statistic="share"
    ).filter(pl.col("measure_id").is_in([factor.id for factor in sample_catalogue.factors]))
    assert rows.height == len(sample_catalogue.factors)
    assert set(rows["estimate"]) == {0.0}
    assert set(rows["lower"]) == {0.0}
    assert rows["upper"].is_between(0.05, 0.6).all()
    # All alike is no precision: there is no standard error and no logit.
    assert rows.select("se", "logit_lower", "logit_upper").null_count().row(0) == (rows.height,) * 3


def test_every_wave_is_flagged_by_the_same_cutoffs(
    sample: duckdb.DuckDBPyConnection, sample_catalogue: Catalogue
) -> None:
    [norm] = sample_catalogue.norms
    respondents = warehouse.read(sample, "scores.respondent_factor")
    assert respondents["wave"].n_unique() == len(sample_catalogue.waves) > 1
    for factor in sample_catalogue.factors:
        cutoffs = {cut.grade: cut.cutoff for cut in norm.cutoffs if cut.factor == factor.id}
        score = pl.col(f"score_{factor.id}").cast(pl.Float64)
        cutoff = pl.col("grade").replace_strict(cutoffs, default=None, return_dtype=pl.Float64)
        is_past = score > cutoff if factor.direction == "risk" else score < cutoff
        flags = respondents.select(
            found=pl.col(f"is_flagged_{factor.id}"), expected=is_past.cast(pl.Int8)
        )
        assert flags["found"].equals(flags["expected"]), factor.id


def test_an_interval_is_pooled_where_few_classes_have_answers(
    estimates: pl.DataFrame, publishable: Publishable
) -> None:
    few = pl.col("n_psu") - pl.col("n_strata") < 8
    answered = estimates.filter(pl.col("n") > 0)
    assert set(answered.filter(few)["interval_basis"]) == {"pooled"}
    # All alike in many classes: scores then have none.
    assert set(answered.filter(~few)["interval_basis"]) == {"own", None}
    shown = publishable.estimates.filter(interval_basis="pooled")
    assert 0 < shown.height < answered.filter(few).height
    # The municipality's own design effect and the pooled one are two ways to the same.
    whole = estimates.filter(area_id=MUNICIPALITY, grade="all", gender="all").filter(
        pl.col("deff_wr") > 1.2
    )
    assert whole.height > 100
    ratio = whole["pooled_design_effect"] / whole["deff_wr"]
    assert ratio.is_between(0.9, 1.15).all()
    assert ratio.mean() == pytest.approx(1, abs=0.01)


@each_wave
def test_a_grade_without_a_norm_has_scores_but_no_flags(
    estimates: pl.DataFrame, sample_catalogue: Catalogue, wave: Wave
) -> None:
    factors = [factor.id for factor in sample_catalogue.factors]
    rows = estimates.filter(wave=wave.wave, area_id=MUNICIPALITY, grade="gy2", gender="all").filter(
        pl.col("measure_id").is_in(factors)
    )
    flags, scores = rows.filter(statistic="share"), rows.filter(statistic="mean")
    assert flags.height == scores.height == len(factors)
    assert set(flags["n"]) == {0}
    assert flags["estimate"].null_count() == len(factors)
    assert scores["n"].min() > 100  # type: ignore[operator]
    assert scores["estimate"].null_count() == 0


@each_wave
def test_who_has_no_area_counts_in_the_municipality_only(
    sample: duckdb.DuckDBPyConnection, sample_catalogue: Catalogue, wave: Wave
) -> None:
    sizes = warehouse.read(sample, "totals.domain").filter(
        wave=wave.wave, grade="all", gender="all"
    )
    n = dict(sizes.select("area_id", "n_respondents").rows())
    levels = {area.id: area.level for area in sample_catalogue.areas.areas}
    by_level = {
        level: sum(n.get(area, 0) for area, its in levels.items() if its == level)
        for level in set(levels.values())
    }
    [everyone] = (
        warehouse.read(sample, "totals.coverage").filter(wave=wave.wave, grade="all").to_dicts()
    )
    assert n[MUNICIPALITY] == everyone["n_passed_screens"]
    assert by_level["district"] == by_level["neighbourhood"] == everyone["n_placed"]
    assert n[MUNICIPALITY] - everyone["n_placed"] > 20


@pytest.mark.parametrize(
    ("area", "waves"), [("gysinge", [2023, 2025]), ("kungsgarden", [2021, 2023, 2025])]
)
def test_a_code_that_changes_hands(estimates: pl.DataFrame, area: str, waves: list[int]) -> None:
    assert sorted(estimates.filter(area_id=area)["wave"].unique()) == waves


def test_a_neighbourhood_that_changes_district(sample: duckdb.DuckDBPyConnection) -> None:
    ancestors = warehouse.read(sample, "ref.area_ancestor").filter(area_id="hedasen")
    districts = ancestors.filter(pl.col("ancestor_id").str.starts_with("omrade"))
    assert dict(districts.select("wave", "ancestor_id").rows()) == {
        2021: "omrade_1",
        2023: "omrade_2",
        2025: "omrade_2",
    }


def test_classes_of_different_schools_are_different_units(
    sample: duckdb.DuckDBPyConnection,
) -> None:
    n_psu = dict(warehouse.read(sample, "totals.stratum").select("wave", "n_psu").rows())
    for wave in WAVES:
        n_classes = export_of(wave).select(wave.columns.psu).n_unique()
        n_names = export_of(wave)[wave.columns.school_class or ""].n_unique()
        assert n_psu[wave.wave] == n_classes > n_names
