"""``uppvaxt participation``, and a site that weights its respondents to enrolment."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipeline.definitions.fit import load_catalogue
from tests.command_line import uppvaxt
from tests.small_site import replace

RAKING = """
raking:
  margins: [grade, gender]
  trim_above: 1.5
  source: Made up.
"""


def with_rolls(site: Path, rolls: str) -> None:
    (site / "waves" / "2026_enrolled.csv").write_text(rolls, "utf-8")


def shown(site: Path) -> dict[str, Any]:
    ended = uppvaxt("participation", "--site", site, "--json", "--quiet")
    assert (ended.code, ended.err) == (0, "")
    content: dict[str, Any] = json.loads(ended.out)
    return content


def test_without_enrolment_it_says_so(site: Path) -> None:
    ended = uppvaxt("participation", "--site", site)
    assert (ended.code, ended.err) == (0, "")
    assert "For internal use: it names schools." in ended.out
    assert "How many are missing is not known: no enrolment is stated" in ended.out
    assert "R-indicator" not in ended.out
    assert shown(site)["representativeness"] == []


def test_who_is_missing_is_named(site: Path) -> None:
    with_rolls(site, "grade,n_enrolled\ng7,40\ng8,40\ng9,80\n")
    ended = uppvaxt("participation", "--site", site, "--quiet")
    assert "Who is missing (5 points or more below 75%): g9 50%." in ended.out
    # One of three grades is at 0.5, two at 1: mean 0.75, S² = 160 * 0.25² / 159.
    assert f"R-indicator {1 - 2 * (160 * 0.0625 / 159) ** 0.5:.3f}" in ended.out
    assert "Weights: not raked" in ended.out


def test_more_answers_than_pupils_and_rolls_that_do_not_add_up_are_said(site: Path) -> None:
    with_rolls(
        site,
        "school,grade,n_enrolled\nall,g7,39\nall,g8,50\nall,g9,50\nA,g7,41\nA,g8,50\nA,g9,50\n",
    )
    out = uppvaxt("participation", "--site", site, "--quiet").out
    assert "More answers than pupils, in 1 groups: g7." in out
    assert "The rolls do not add up: in 2 groups the numbers differ, at most by 2 pupils." in out


def test_a_school_on_the_rolls_by_another_name_is_seen(site: Path) -> None:
    with_rolls(site, "school,grade,n_enrolled\na,g7,50\na,g8,50\na,g9,50\n")
    out = uppvaxt("participation", "--site", site, "--quiet").out
    assert "In the export and not on the rolls: A." in out
    assert "a 0%" in out
    assert "R-indicator: none, as no answers belong to the 3 classes by school, grade." in out


def test_small_groups_are_hidden(site: Path) -> None:
    with_rolls(site, "grade,n_enrolled\ng7,60\ng8,60\ng9,9\n")
    groups = {(row["school_id"], row["grade"], row["gender"]): row for row in shown(site)["groups"]}
    row = groups["all", "g9", "all"]
    assert row["is_suppressed"]
    assert (row["n_enrolled"], row["n_valid"], row["share_valid"]) == (None, None, None)
    partials = {row["category"]: row["partial"] for row in shown(site)["partials"]}
    assert partials["g9"] is None
    assert partials["g7"] is not None


@pytest.fixture
def raked_site(site: Path) -> Path:
    """Grades and genders that go together need rolls in which they do."""
    with_rolls(site, "grade,gender,n_enrolled\ng7,girl,60\ng8,boy,50\ng9,other,40\n")
    wave = site / "waves" / "2026.yml"
    wave.write_text(wave.read_text("utf-8") + RAKING, "utf-8")
    return site


def test_raked_weights_are_reported(raked_site: Path) -> None:
    out = uppvaxt("participation", "--site", raked_site, "--quiet").out
    assert "Weights: raked to grade, gender; 120 respondents in 1 rounds" in out
    # 60, 50 and 40 pupils of 150 for 40 of 120 each: weights 1.2, 1 and 0.8.
    [row] = shown(raked_site)["raking"]
    assert row["design_effect"] == pytest.approx((1.44 + 1 + 0.64) / 3)
    assert (row["weight_lowest"], row["weight_highest"]) == pytest.approx((0.8, 1.2))
    margins = {row["category"]: row["mean_weight"] for row in shown(raked_site)["raking_margins"]}
    assert margins["g7"] == margins["girl"] == pytest.approx(1.2)


def test_the_profile_of_a_raked_wave_says_so(raked_site: Path) -> None:
    ended = uppvaxt("profile", "first_area", "--site", raked_site, "--lang", "en", "--quiet")
    page = Path(ended.out.splitlines()[0]).read_text("utf-8")
    assert "The answers are weighted by grade and gender" in page
    assert "Weights" in page


def test_shares_are_weighted(raked_site: Path, tmp_path: Path) -> None:
    written = {}
    for name in ("raked", "plain"):
        out = tmp_path / f"{name}.csv"
        ended = uppvaxt(
            "estimates", "--site", raked_site, "--out", out, "--quiet", "--edition", "internal"
        )
        assert ended.code == 0
        written[name] = out.read_text("utf-8")
        wave = raked_site / "waves" / "2026.yml"
        wave.write_text(wave.read_text("utf-8").replace(RAKING, ""), "utf-8")
    assert written["raked"] != written["plain"]


def test_sensitivity_starts_from_the_weighted_shares(raked_site: Path) -> None:
    catalogue = load_catalogue(raked_site)
    [wave] = catalogue.waves
    path = raked_site / wave.exports[0].file
    drank = [
        item.column
        for item in catalogue.instrument_of(wave).items
        if item.id in {"o_alcohol_life", "o_alcohol_30d"}
    ]
    in_g7 = pl.col("arskurs") == 7
    pl.read_csv(path, separator=";").with_columns(
        pl.when(in_g7).then(1).otherwise(pl.col(each)).alias(each) for each in drank
    ).write_csv(path, separator=";")
    ended = uppvaxt("sensitivity", "--site", raked_site, "--json", "--quiet")
    assert (ended.code, ended.err) == (0, "")
    moves = [row for row in json.loads(ended.out)["moves"] if row["measure_id"] == "alcohol_30d"]
    # A third of the respondents are in grade 7, and 60 of the 150 pupils.
    assert [row["share_published"] for row in moves] == [pytest.approx(0.4)] * len(moves) != []


def test_raking_that_cannot_be_is_refused_by_name(raked_site: Path) -> None:
    replace(raked_site / "waves" / "2026_enrolled.csv", "g9,other,40", "gy1,other,40")
    ended = uppvaxt("build", "--site", raked_site, "--quiet")
    assert (ended.code, ended.out) == (3, "")
    assert "waves/2026.yml: raking: 1 of 3 categories of grade have pupils and no resp" in ended.err
