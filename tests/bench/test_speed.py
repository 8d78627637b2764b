"""The benchmark's survey, its comparisons and its page; seconds are not tested."""

from pathlib import Path

import polars as pl
import pytest
import typer
from polars.testing import assert_frame_equal
from typer.testing import CliRunner

from bench.speed import measure
from bench.speed_agreement import floor_differs, shares_differ
from bench.speed_floor import floor_sql
from bench.speed_peers import PEERS, PeerError, PeerRun, differences
from bench.speed_steps import (
    BUILT,
    FLOOR,
    PRODUCT,
    SCORED,
    SHARES,
    floor,
    product,
    scored_table,
    shares,
    stage,
)
from bench.speed_table import Measured, SurveyRun, Timed, page, summary_rows
from bench.survey import survey_answers
from bench.survey_definitions import N_ITEMS, survey_catalogue
from pipeline import warehouse

N = 500


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which product and floor have run on a small survey of two waves."""
    folder = tmp_path_factory.mktemp("survey")
    catalogue = survey_catalogue(2)
    stage(folder, catalogue, N, 1)
    watches = product(folder, catalogue), shares(folder, catalogue), floor(folder, catalogue)
    assert [list(watch.wall) for watch in watches] == [
        ["read", "score", "store", "add up", "estimate"],
        ["read", "score", "add up", "estimate"],
        ["one pass"],
    ]
    assert all(watch.wall.keys() == watch.cpu.keys() for watch in watches)
    scored_table(folder)
    return folder


@pytest.fixture
def estimates(ran: Path) -> pl.DataFrame:
    return pl.read_parquet(ran / PRODUCT)


def theirs(estimates: pl.DataFrame) -> pl.DataFrame:
    """What a peer that agrees says of one wave and one factor."""
    is_finest = (pl.col("area_id") != "everywhere") & (pl.col("grade") != "all")
    return estimates.filter(
        is_finest, pl.col("gender") != "all", wave=2000, measure_id="factor_02", statistic="share"
    ).select("area_id", "grade", "gender", "measure_id", "estimate", "se")


def test_the_same_seed_gives_the_same_survey() -> None:
    catalogue = survey_catalogue(2)
    one, again, other = (
        pl.concat(survey_answers(catalogue, N, seed)).drop("unit") for seed in (1, 1, 2)
    )
    assert_frame_equal(one, again)
    assert not one.equals(other)
    assert one.height == N
    assert one.group_by("wave").len().sort("wave").rows() == [(2000, 250), (2001, 250)]


def test_the_survey_is_what_the_page_says() -> None:
    [answers] = survey_answers(survey_catalogue(1), 20_000, 1)
    items = answers.select(pl.col("^factor_.*_item_.*$"))
    assert items.width == sum(N_ITEMS) == 145
    assert len(N_ITEMS) == 35
    assert items.null_count().sum_horizontal().item() / items.width / 20_000 == pytest.approx(
        0.04, abs=0.002
    )
    assert set(items.unpivot()["value"].unique()) == {None, 1, 2, 3, 4}
    counts = answers.select(pl.col("area_code", "psu", "stratum").n_unique()).row(0)
    assert counts == (60, 480, 24)
    assert answers.group_by("psu").agg(pl.col("stratum").n_unique())["stratum"].max() == 1
    # Areas and schools are numbered alike, eight schools to an area.
    school = answers["psu"].str.tail(3).cast(pl.Int64)
    area = answers["area_code"].str.tail(2).cast(pl.Int64)
    assert ((school - 1) // 8 + 1 != area).mean() == pytest.approx(0.15, abs=0.01)


def test_the_floor_agrees_with_the_product(ran: Path, estimates: pl.DataFrame) -> None:
    sums = pl.read_parquet(ran / FLOOR)
    assert floor_differs(sums, estimates) < 1e-12
    shifted = estimates.with_columns(pl.col("estimate") + 1e-9)
    assert floor_differs(sums, shifted) > 1e-10
    assert floor_differs(sums, estimates.filter(wave=2000)) == float("inf")


def test_shares_computed_alone_are_the_builds(ran: Path, estimates: pl.DataFrame) -> None:
    alone = pl.read_parquet(ran / SHARES)
    assert alone["statistic"].unique().to_list() == ["share"]
    asked = estimates.filter(
        pl.col("area_id") != "everywhere",
        pl.col("grade") != "all",
        pl.col("gender") != "all",
        statistic="share",
    )
    assert alone.height == asked.height > 0
    assert shares_differ(alone, estimates) == 0
    shifted = estimates.with_columns(pl.col("kg_upper") + 1e-9)
    assert shares_differ(alone, shifted) > 0
    assert shares_differ(alone, estimates.filter(wave=2000)) == alone.filter(wave=2001).height


def test_peers_are_given_the_scores_of_the_product(ran: Path) -> None:
    given = pl.read_csv(ran / f"{SCORED}.csv")
    with warehouse.connect(ran / BUILT, read_only=True) as connection:
        stored = warehouse.read(connection, "scores.respondent_factor")
    assert given.height == N
    assert given["is_flagged_factor_07"].sum() == stored["is_flagged_factor_07"].sum()
    assert_frame_equal(given, pl.read_parquet(ran / f"{SCORED}.parquet"), check_dtypes=False)


def test_a_peer_that_agrees(estimates: pl.DataFrame) -> None:
    of_wave = estimates.filter(wave=2000)
    found = theirs(estimates).drop_nulls().with_columns(pl.col("se") * (1 + 1e-7))
    assert found.height > 10
    differs = differences(found, of_wave)
    assert differs["estimate"] == 0
    assert differs["se"] == pytest.approx(1e-7, rel=1e-6)


def test_a_peer_without_an_answer_is_refused(estimates: pl.DataFrame) -> None:
    found = theirs(estimates).drop_nulls()
    with pytest.raises(PeerError, match=rf"1 of {found.height} are missing"):
        differences(found[1:], estimates.filter(wave=2000))


def test_seconds_without_reading() -> None:
    timed = Timed({"read": 5.0, "score": 1.0, "store": 2.0}, {"read": 4.0, "score": 0.5}, 1.0)
    assert (timed.wall_total, timed.cpu_total) == (3.0, 0.5)


def survey_run(n_respondents: int, seconds: float, n_waves: int = 1) -> SurveyRun:
    phases = {"score": 0.25, "store": 0.5, "add up": 0.25, "estimate": seconds - 1}
    peer = PeerRun(4, 3.5, 300, 2, 1e-15, 2e-15)
    return SurveyRun(
        n_respondents,
        n_waves,
        38_430,
        product=Measured(phases, seconds, 2 * seconds, 1234.4),
        shares=Measured({"score": 0.5, "add up": 0.25, "estimate": 0.25}, 1, 1.5, 100),
        floor=Measured({"one pass": 0.5}, 0.5, 0.9, 200),
        peers={"r": peer} if n_waves == 1 else {},
    )


def test_the_page_scales_peers_and_tells_growth() -> None:
    runs = [survey_run(20_000, 2), survey_run(200_000, 8), survey_run(10**6, 20, n_waves=10)]
    written = page(runs, seed=1, rounds=3)
    assert "\n".join(summary_rows(runs)).split("\n\n")[0] in written
    small, large, waves = (
        next(row for row in summary_rows(runs) if row.startswith(f"| {run.n_respondents:,} "))
        for run in runs
    )
    assert [cell.strip() for cell in small.split("|")][9:-1] == (["4.00", "", "1,234", "4.0"])
    assert "| 4.0 for 10 |" in large
    # Ten waves have ten times the estimates.
    assert " for " not in waves
    [of_r] = [row for row in summary_rows(runs) if "| 20,000 | R survey" in row]
    assert "| 2 | 70 | 61 | 300 | 0.50 | 140 | 35 | 1e-15 | 2e-15 |" in of_r
    assert (
        "| 1,000,000 | 10 | 84,000 | 0.50 | 0.25 | 0.25 | 1.00 | 1.50 | 100 | 0.50 | 2.0 |"
        in written
    )
    assert "145 items" in written
    assert "8,400 shares a wave" in written


def test_the_floor_reads_every_item() -> None:
    catalogue = survey_catalogue(1)
    query = floor_sql(catalogue)
    assert all(item.id in query for item in catalogue.instruments["questionnaire"].items)


def test_an_unknown_peer_is_named() -> None:
    app = typer.Typer()
    app.command()(measure)
    outcome = CliRunner().invoke(app, ["--peers", "r,sas"])
    assert outcome.exit_code == 2
    assert f"peers: sas: expected {', '.join(PEERS)} or none" in outcome.output
