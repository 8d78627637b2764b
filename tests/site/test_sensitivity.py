"""Figures of the sample under other choices, counted again from the build's own flags."""

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipeline import warehouse
from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.policy import Policy
from pipeline.sensitivity import compute_sensitivity
from tests.conftest import silent
from tests.made_definitions import made_policy

YEAR, FACTOR = 2023, "f_conflict"
KEYS = ["wave", "area_id", "measure_id"]
MUNICIPALITY, NEIGHBOURHOOD, ONE_SHORT = "sandviken", "norrsatra", "boange"
EVERYWHERE = {"grade": "all", "gender": "all", "statistic": "share"}


@pytest.fixture(scope="module")
def policy(sample: duckdb.DuckDBPyConnection) -> Policy:
    """A minimum base that one area lacks one respondent of, on the factor."""
    estimates = warehouse.read(sample, "areas.estimate")
    lacks = estimates.filter(wave=YEAR, area_id=ONE_SHORT, measure_id=FACTOR, **EVERYWHERE)
    return made_policy(lacks["n"].item() + 1)


@pytest.fixture(scope="module")
def moves(sample_catalogue: Catalogue, policy: Policy) -> pl.DataFrame:
    [wave] = [wave for wave in sample_catalogue.waves if wave.wave == YEAR]
    return compute_sensitivity(sample_catalogue._replace(policy=policy), [wave], silent)


@pytest.fixture(scope="module")
def respondents(sample: duckdb.DuckDBPyConnection, sample_catalogue: Catalogue) -> pl.DataFrame:
    """The wave's valid rows with their flag, how many items they answered, and their area."""
    [factor] = [factor for factor in sample_catalogue.factors if factor.id == FACTOR]
    keys = ["wave", "respondent_id"]
    answers = warehouse.read(sample, "staging.respondent").select(
        *keys,
        n_answered=pl.sum_horizontal(pl.col(item.id).is_not_null() for item in factor.items),
    )
    areas = warehouse.read(sample, "staging.respondent_area")
    scored = warehouse.read(sample, "scores.respondent_factor").join(answers, on=keys)
    return (
        scored.filter(pl.col("refused_reason").is_null(), wave=YEAR)
        .join(areas, on=keys, how="left")
        .select(*keys, "area_id", "screened_by", "n_answered", flag=f"is_flagged_{FACTOR}")
    )


def figure(moves: pl.DataFrame, choice: str, area: str) -> tuple[int, float]:
    [row] = moves.filter(choice_id=choice, area_id=area, measure_id=FACTOR).to_dicts()
    return row["n"], row["share"]


def counted(respondents: pl.DataFrame, area: str, *kept: pl.Expr) -> tuple[int, float]:
    here = respondents.filter(*kept, pl.lit(area == MUNICIPALITY) | (pl.col("area_id") == area))
    flags = here["flag"].drop_nulls()
    return len(flags), flags.mean()  # type: ignore[return-value]


each_area = pytest.mark.parametrize("area", [MUNICIPALITY, NEIGHBOURHOOD])


@each_area
def test_every_item(moves: pl.DataFrame, respondents: pl.DataFrame, area: str) -> None:
    passed = pl.col("screened_by").is_null()
    expected = counted(respondents, area, passed, pl.col("n_answered") == 3)
    assert figure(moves, "every_item", area) == pytest.approx(expected, rel=1e-12)
    assert expected[0] < counted(respondents, area, passed)[0]


@each_area
def test_no_screens(moves: pl.DataFrame, respondents: pl.DataFrame, area: str) -> None:
    expected = counted(respondents, area)
    assert figure(moves, "no_screens", area) == pytest.approx(expected, rel=1e-12)


def test_one_screen_off_returns_those_whom_no_other_catches(
    sample: duckdb.DuckDBPyConnection, moves: pl.DataFrame, respondents: pl.DataFrame
) -> None:
    catches = warehouse.read(sample, "scores.screen_catch").filter(
        pl.col("screen_id") != "dishonest", wave=YEAR
    )
    caught = pl.col("respondent_id").is_in(catches["respondent_id"].to_list())
    expected = counted(respondents, MUNICIPALITY, ~caught)
    assert figure(moves, "without_dishonest", MUNICIPALITY) == pytest.approx(expected, rel=1e-12)


def test_fewer_answers_needed_never_means_fewer_respondents(moves: pl.DataFrame) -> None:
    n = {
        choice: moves.filter(choice_id=choice, area_id=MUNICIPALITY).sort("measure_id")["n"]
        for choice in ("every_item", "half_of_items", "one_item")
    }
    assert (n["every_item"] <= n["half_of_items"]).all()
    assert (n["half_of_items"] <= n["one_item"]).all()
    assert n["every_item"].sum() < n["half_of_items"].sum() < n["one_item"].sum()


def test_verdicts_are_those_of_the_build(
    sample: duckdb.DuckDBPyConnection, moves: pl.DataFrame
) -> None:
    # Enough respondents on every measure, by either minimum base: the families are the same.
    areas = pl.col("area_id").is_in([MUNICIPALITY, NEIGHBOURHOOD])
    comparisons = warehouse.read(sample, "areas.comparison").filter(wave=YEAR, **EVERYWHERE)
    shown = moves.filter(areas, ~pl.col("is_suppressed"), choice_id="every_item")
    for kind in ("norm", "rest"):
        expected = comparisons.filter(areas, kind=kind).select(*KEYS, "verdict")
        found = shown.join(expected, on=KEYS)
        assert found["verdict"].n_unique() > 1
        assert found["verdict"].equals(found[f"against_{kind}_published"])


def test_what_is_published_is_what_the_build_publishes(
    sample: duckdb.DuckDBPyConnection,
    moves: pl.DataFrame,
    policy: Policy,
    sample_catalogue: Catalogue,
) -> None:
    # With every item asked for, few have enough flags for a count of them.
    has_answers = ~pl.col("measure_id").is_in([each.id for each in sample_catalogue.flag_counts])
    estimates = warehouse.read(sample, "areas.estimate").filter(wave=YEAR, **EVERYWHERE)
    shown = estimates.filter(pl.col("n") >= policy.public.min_base).select(
        *KEYS, n_published="n", share_published="estimate"
    )
    for _, rows in moves.filter(~pl.col("is_suppressed")).group_by("choice_id"):
        found = rows.select(*KEYS, "n_published", "share_published").drop_nulls()
        assert_frame_equal(
            found, shown.join(found, on=KEYS, how="semi"), check_exact=True, check_row_order=False
        )
        assert found.filter(has_answers).height > 0.9 * shown.filter(has_answers).height


def test_nothing_on_few_respondents_is_shown(moves: pl.DataFrame, policy: Policy) -> None:
    hidden = moves.filter("is_suppressed").drop(*KEYS, "choice_id", "is_suppressed")
    assert hidden.height > 0
    assert hidden.null_count().row(0) == (hidden.height,) * hidden.width
    # Enough without the screens, but not in what is published.
    one_short = moves.filter(area_id=ONE_SHORT, measure_id=FACTOR)
    assert one_short.height == moves["choice_id"].n_unique()
    assert one_short["is_suppressed"].all()
    # The other way round: a row is hidden whole.
    assert moves.filter(~pl.col("is_suppressed")).select("n", "n_published").null_count().row(
        0
    ) == (0, 0)
    least = moves.select(pl.min_horizontal(pl.col("n", "n_published").min())).item()
    assert least >= policy.public.min_base


def test_movements_are_differences_of_what_is_shown(moves: pl.DataFrame) -> None:
    difference = moves["share"] - moves["share_published"]
    assert difference.equals(moves["difference"])
    # Outcomes have no scale of their own: only screens move them.
    rules = moves.filter(pl.col("choice_id").is_in(["every_item", "half_of_items", "one_item"]))
    assert set(rules.filter(measure_id="alcohol_30d")["difference"].drop_nulls()) == {0.0}
    verdicts = moves.filter(pl.col("against_norm") != pl.col("against_norm_published"))
    assert verdicts.height > 0
    assert verdicts["is_other_verdict"].all()
    same = moves.filter(difference=0.0)
    assert not same["is_other_percent"].any()
