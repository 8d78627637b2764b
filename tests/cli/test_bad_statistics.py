"""Surveys that no statistic should be made of in silence, through the command itself."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import polars as pl
import pytest

from pipeline.definitions.fit import load_catalogue
from tests.command_line import Ended, uppvaxt
from tests.small_site import replace

PSU = "  psu: [skola, klass]"
WEIGHT = f"{PSU}\n  weight: {{column: vikt, decimals: 2}}"
STRATUM = f"{PSU}\n  stratum: strat"
UNIQUE = f"{STRATUM}\n  has_unique_psu: true"
SIZE = f"{STRATUM}\n  fpc: [antal]"
FAIL, CERTAINTY = "lonely_psu: fail", "lonely_psu: certainty"
ROW = pl.int_range(pl.len())

Change = Callable[[pl.DataFrame], pl.DataFrame]


class Bad(NamedTuple):
    """What is wrong with a survey of 120 respondents in six classes."""

    rows: Change
    columns: str
    """In place of ``PSU``."""

    exit_code: int
    said: str


def cells(column: str, wrong: object, rows: pl.Expr) -> Change:
    """Another content in some cells of a column."""
    return lambda export: export.with_columns(
        pl.when(rows).then(pl.lit(wrong)).otherwise(pl.col(column)).alias(column)
    )


FIRST_THREE, NOBODY, EVERYONE = ROW < 3, ROW < 0, ROW >= 0
REFUSED = {
    "weights negative": Bad(
        cells("vikt", -1.0, FIRST_THREE),
        WEIGHT,
        4,
        "column vikt (weight): 3 unusable cells, the first in row 1; expected numbers from 0 to "
        "100000 with at most 2 decimals",
    ),
    "weights missing": Bad(
        cells("vikt", None, FIRST_THREE),
        WEIGHT,
        4,
        "column vikt (weight): 3 unusable cells, the first in row 1; expected numbers from 0",
    ),
    "weights all zero": Bad(
        cells("vikt", 0.0, EVERYONE),
        WEIGHT,
        4,
        "wave 2026: column vikt (weight): all 120 weights are 0; expected some above 0.",
    ),
    "a PSU in two strata": Bad(
        cells("strat", "west", FIRST_THREE),
        UNIQUE,
        4,
        "column skola, klass (psu): 3 of 6 PSUs are in more than one stratum; expected each in "
        "one, as has_unique_psu says",
    ),
    "a size smaller than the sample": Bad(
        cells("antal", 2, EVERYONE),
        SIZE,
        4,
        "column antal (fpc): 2 of 2 strata hold fewer PSUs than were sampled; expected no more "
        "than 100 % sampled",
    ),
    "sizes that may be fractions": Bad(
        cells("antal", 1, EVERYONE),
        SIZE,
        4,
        "column antal (fpc): all cells are 1, which may be a count or a fraction; expected sizes "
        "(1 or more) throughout, or fractions (1 or less) throughout",
    ),
    "sizes and fractions": Bad(
        cells("antal", 0.5, FIRST_THREE),
        SIZE,
        4,
        "column antal (fpc): 117 cells are above 1 and 3 below; expected sizes",
    ),
    "sizes that differ in a stratum": Bad(
        cells("antal", 9, ROW < 1),
        SIZE,
        4,
        "column antal (fpc): 1 of 2 strata have more than one size; expected one for each",
    ),
    "a size of nothing": Bad(
        cells("antal", 0, FIRST_THREE),
        SIZE,
        4,
        "column antal (fpc): 3 unusable cells, the first in row 1; expected numbers above 0",
    ),
    "strata missing": Bad(
        cells("strat", None, FIRST_THREE),
        STRATUM,
        4,
        "column strat (stratum): 3 unusable cells, the first in row 1; expected none empty",
    ),
    "a stratum of one PSU": Bad(
        cells("strat", "west", ROW == 0),
        STRATUM,
        3,
        "design: 1 strata have a single PSU (in 2026: stratum west), so their variance cannot be "
        "estimated; merge strata in the data, or state lonely_psu: certainty, average or adjust.",
    ),
    "a wave of one respondent": Bad(
        lambda export: export.head(1),
        PSU,
        3,
        "design: 1 strata have a single PSU (in 2026: stratum all), so their variance cannot be",
    ),
}


@pytest.fixture
def export(site: Path) -> pl.DataFrame:
    """The site's export, with a design and an outcome that a quarter have."""
    item = column_of(site, "o_alcohol_life")
    return pl.read_csv(site / "exports" / "2026.csv", separator=";").with_columns(
        pl.when(ROW % 4 == 0).then(3).otherwise(item).alias(item),
        vikt=1.5 + ROW % 3 / 4,
        strat=pl.when(pl.col("klass") % 2 == 0).then(pl.lit("north")).otherwise(pl.lit("south")),
        antal=pl.lit(8),
    )


def column_of(site: Path, item_id: str) -> str:
    catalogue = load_catalogue(site)
    instrument = catalogue.instrument_of(catalogue.waves[0])
    return next(item.column for item in instrument.items if item.id == item_id)


def build(site: Path, export: pl.DataFrame, columns: str = PSU, lonely: str = FAIL) -> Ended:
    export.write_csv(site / "exports" / "2026.csv", separator=";")
    replace(site / "waves" / "2026.yml", PSU, columns)
    replace(site / "site.yml", FAIL, lonely)
    return uppvaxt("build", "--site", site, "--quiet")


def shares(site: Path, measure: str = "alcohol_lifetime") -> dict[str, dict[str, object]]:
    """The exact rows of a measure over grades and genders, by area."""
    rows = exact_estimates(site).filter(grade="all", gender="all", measure_id=measure)
    return {row["area_id"]: row for row in rows.to_dicts()}


def exact_estimates(site: Path) -> pl.DataFrame:
    """What staff may see: the public edition rounds, and hides an area of one school."""
    out = site / "estimates.parquet"
    ended = uppvaxt("estimates", "--site", site, "--out", out, "--edition", "internal", "--quiet")
    assert ended.code == 0, ended.err
    return pl.read_parquet(out)


def counted(ended: Ended, step: str) -> str:
    """The number on a line of what `uppvaxt build` prints."""
    assert (ended.code, ended.err) == (0, "")
    [line] = [line for line in ended.out.splitlines() if line.startswith(step)]
    return line.split()[-1]


@pytest.mark.parametrize("name", REFUSED)
def test_refused_in_words(name: str, site: Path, export: pl.DataFrame) -> None:
    bad = REFUSED[name]
    ended = build(site, bad.rows(export), bad.columns)
    assert (ended.code, ended.out) == (bad.exit_code, "")
    assert bad.said in ended.err


def test_the_same_survey_without_a_fault(site: Path, export: pl.DataFrame) -> None:
    both = f"{SIZE}\n  weight: {{column: vikt, decimals: 2}}\n  has_unique_psu: true"
    assert counted(build(site, export, both), "scored") == "120"
    assert shares(site)["our_municipality"]["n"] == 120


def test_names_of_psus_begin_anew_in_each_stratum_unless_said_otherwise(
    site: Path, export: pl.DataFrame
) -> None:
    moved = export.with_columns(
        strat=pl.when((pl.col("klass") == 0) & (ROW < 60)).then(pl.lit("south")).otherwise("strat")
    )
    assert counted(build(site, moved, STRATUM), "scored") == "120"
    assert shares(site)["our_municipality"]["n_psu"] == 7


def test_weights_of_zero_are_counted(site: Path, export: pl.DataFrame) -> None:
    ended = build(site, cells("vikt", 0.0, ROW % 5 == 0)(export), WEIGHT)
    assert counted(ended, "weightless: zero_weight") == "24"
    assert {area: row["n"] for area, row in shares(site).items()} == {
        "our_municipality": 96,
        "first_area": 48,
        "second_area": 48,
    }


def test_an_area_whose_weights_are_all_zero_has_no_figure(site: Path, export: pl.DataFrame) -> None:
    assert build(site, cells("vikt", 0.0, ROW >= 60)(export), WEIGHT).code == 0
    row = shares(site)["second_area"]
    assert (row["n"], row["estimate"], row["se"], row["lower"]) == (0, None, None, None)


def test_nulls_of_a_domain_belong_to_the_whole_only(site: Path, export: pl.DataFrame) -> None:
    quarter = ROW % 4 == 1
    empty = export
    for column in ("arskurs", "kon", "omradeskod"):
        empty = cells(column, None, quarter)(empty)
    ended = build(site, empty)
    assert (counted(ended, "passed"), counted(ended, "placed")) == ("120", "90")
    rows = exact_estimates(site).filter(measure_id="alcohol_lifetime")
    everyone = rows.filter(area_id="our_municipality")
    assert everyone.filter(grade="all", gender="all")["n"].item() == 120
    assert everyone.filter(grade="all").filter(pl.col("gender") != "all")["n"].sum() == 90
    assert everyone.filter(gender="all").filter(pl.col("grade") != "all")["n"].sum() == 90
    assert rows.select("grade", "gender", "area_id").null_count().row(0) == (0, 0, 0)


def test_everyone_screened(site: Path, export: pl.DataFrame) -> None:
    ended = build(site, cells(column_of(site, "honesty"), 5, EVERYONE)(export))
    assert counted(ended, "passed screens") == "0"
    assert counted(ended, "screened: dishonest") == "120"
    assert shares(site) == {}
    for command in (["profile", "first_area"], ["quality"], ["sensitivity"]):
        ended = uppvaxt(*command, "--site", site, "--quiet")
        assert (ended.code, ended.err) == (0, "")


def test_one_respondent_is_not_shown(site: Path, export: pl.DataFrame) -> None:
    assert counted(build(site, export.head(1), lonely=CERTAINTY), "scored") == "1"
    rows = shares(site).values()
    assert [row["is_suppressed"] for row in rows] == [True, True]
    assert {row["estimate"] for row in rows} == {None}


def test_a_domain_of_one_psu_has_the_interval_of_the_whole(
    site: Path, export: pl.DataFrame
) -> None:
    ended = build(site, cells("klass", 99, ROW < 60)(export))
    assert counted(ended, "scored") == "120"
    rows = shares(site)
    alone = rows["first_area"]
    assert (alone["estimate"], alone["n"], alone["n_psu"]) == (0.25, 60, 1)
    assert (alone["se"], alone["logit_lower"], alone["logit_upper"]) == (None, None, None)
    assert alone["interval_basis"] == "pooled"
    assert float(str(alone["lower"])) < 0.25 < float(str(alone["upper"]))
    assert rows["second_area"]["se"] is not None


def test_a_factor_nobody_answered(site: Path, export: pl.DataFrame) -> None:
    items = ("c_crime", "c_fights", "c_abandoned", "c_graffiti", "c_safe")
    blank = export.with_columns(
        pl.lit(None, pl.Int64).alias(column_of(site, item)) for item in items
    )
    assert counted(build(site, blank), "scored") == "120"
    assert {(row["n"], row["estimate"]) for row in shares(site, "c_disorg").values()} == {(0, None)}
    ended = uppvaxt("quality", "--site", site, "--quiet")
    [line] = [line for line in ended.out.splitlines() if line.startswith("c_disorg")]
    assert "item_without_answers" in line
