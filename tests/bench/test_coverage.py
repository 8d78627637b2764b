"""A small simulation of coverage that can fail, and what ``make coverage`` writes."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest
import typer
from typer.testing import CliRunner

from bench.coverage import SEED, coverage
from bench.coverage_count import count
from bench.coverage_document import Counted, document
from bench.coverage_municipality import MUNICIPALITY, draw, measures_of, school_levels
from bench.coverage_setting import CORRELATIONS, MAIN, Setting
from pipeline import REPOSITORY

SMALL = Setting(
    "small",
    n_schools=12,
    correlations=(0.05,),
    replications=1500,
    sizes=(20, 60),
    shares=(0.05, 0.25),
    has_own=True,
)


@pytest.fixture(scope="module")
def cells() -> pl.DataFrame:
    return count(SMALL, [SEED])


def test_the_products_interval_holds_the_truth(cells: pl.DataFrame) -> None:
    # 8 areas, 2 shares and a mean score; the standard error of 0.95 is 0.006.
    assert cells.height == 24
    assert cells["product_coverage"].min() >= 0.93  # type: ignore[operator]
    assert set(cells["product_answered"]) == {1}


def test_the_plain_interval_does_not(cells: pl.DataFrame) -> None:
    plain = cells.drop_nulls("share")["plain_coverage"]
    assert plain.max() < 0.93  # type: ignore[operator]
    assert plain.min() < 0.7  # type: ignore[operator]


def test_one_school_has_no_interval_of_its_own_and_two_a_useless_one(cells: pl.DataFrame) -> None:
    shares = cells.drop_nulls("share")
    assert set(shares.filter(n_schools=1)["own_answered"]) == {0}
    assert shares.filter(n_schools=1)["own_coverage"].null_count() == 4
    two = shares.filter(n_schools=2)
    assert (two["own_width"] > 1.5 * two["product_width"]).all()


def test_a_seed_decides_all() -> None:
    few = Setting("few", n_schools=5, replications=20, sizes=(15,), shares=(0.1,))
    assert count(few, [1, 2]).equals(count(few, [1, 2]))
    assert not count(few, [1, 2]).equals(count(few, [1, 3]))


def test_a_draw_is_a_survey() -> None:
    setting = Setting("weighted", weights=(0.6, 1.4), shares=(0.25,))
    drawn = draw(setting, np.random.default_rng(1), 3)
    assert drawn.strata["n_psu"].to_list() == [16] * 3
    for wave in range(3):
        rows = drawn.domain_psus.filter(wave=wave)
        assert rows.select("area_id", "psu").is_duplicated().any() is False
        sums = pl.col("^(n|w|ww|wy)_.*$").sum()
        whole = rows.filter(area_id=MUNICIPALITY).select(sums)
        parts = rows.filter(pl.col("area_id") != MUNICIPALITY).select(sums)
        # The municipality is its areas and those who live elsewhere, and nobody twice.
        assert np.allclose(whole.to_numpy(), parts.to_numpy(), rtol=1e-12)
        sizes = rows.group_by("area_id").agg(pl.col("n_outcome_25_of_1").sum(), n=pl.len())
        assert sizes.filter(area_id="n40_in_3")["n"].item() == 3
        assert sizes.filter(area_id="n40_in_3")["n_outcome_25_of_1"].item() == 40


@pytest.mark.parametrize("effects", ["beta", "logit_normal"])
@pytest.mark.parametrize("correlation", [*CORRELATIONS, 0.2])
def test_schools_vary_as_they_are_said_to(effects: str, correlation: float) -> None:
    setting = Setting("one", effects=effects, correlations=(correlation,))  # type: ignore[arg-type]
    generator = np.random.default_rng(7)
    for measure in measures_of(setting):
        levels = school_levels(setting, generator, measure, 20_000)
        pupil = 1.0 if measure.share is None else measure.share * (1 - measure.share)
        assert levels.mean() == pytest.approx(measure.share or 2.5, rel=0.02)
        assert levels.var() == pytest.approx(correlation * pupil, rel=0.05)


def test_a_cell_that_is_not_reached_is_named(cells: pl.DataFrame) -> None:
    low = cells.with_columns(
        product_coverage=pl.when(n=60, n_schools=4, share=0.25)
        .then(0.9)
        .otherwise("product_coverage")
    )
    page = document(Counted(SMALL, low), [], SEED)
    assert (
        "less than 93 %:\n\n- small: 60 pupils in 4, share 25 %, correlation 0.05: 90.0 %" in page
    )
    assert "less than 93 %" not in document(Counted(SMALL, cells), [], SEED)


def test_the_page_is_printed_and_written(tmp_path: Path) -> None:
    app = typer.Typer()
    app.command()(coverage)
    page = tmp_path / "page.md"
    outcome = CliRunner().invoke(app, ["--draws", "3", "--out", str(page)])
    assert outcome.exit_code == 0
    assert outcome.output == page.read_text("utf-8")
    # A line for each share, number of pupils and of schools, and correlation.
    assert sum(line.startswith("| 2 % | ") for line in outcome.output.splitlines()) == 60


def test_the_repository_holds_the_page_of_this_simulation() -> None:
    page = (REPOSITORY / "docs" / "coverage.md").read_text("utf-8")
    assert f"(seed {SEED})" in page
    assert f"{MAIN.label}, {MAIN.replications:,} draws" in page
    assert "| 16 schools, logit intervals | product | 300 |" in page
