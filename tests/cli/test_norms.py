"""``uppvaxt norms``: derive, show and compare, as processes."""

import csv
import json
from io import StringIO
from pathlib import Path

import polars as pl
import pytest
import yaml

from tests.command_line import Ended, uppvaxt
from tests.small_site import replace

SAMPLE = "sandviken_2021_synthetic"
BY_ALCOHOL = "sandviken_2021_roc_synthetic"
MEDIAN = "{rule: median_mad, k: 0.15, mad: median}"
NORM = """\
id: {name}
label: {{sv: Egen norm, en: Own norm}}
population: {{sv: Elever, en: Pupils}}
wave: 2026
instrument: ctc_se_2023
source: {{sv: Uträknad, en: Derived}}
synthetic: true
method: {method}
risk: {{side: upper, inclusive: false}}
protective: {{side: lower, inclusive: false}}
method_source: {{sv: Egen, en: Own}}
grades: [g7, g8]
{more}
"""


def write_norm(site: Path, name: str, method: str = MEDIAN, more: str = "") -> Path:
    path = site / "factor_definitions" / "norms" / f"{name}.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(NORM.format(name=name, method=method, more=more), "utf-8")
    return path


def add_weights(site: Path) -> None:
    """Three of seven respondents stand for two and a half each."""
    replace(
        site / "waves" / "2026.yml", "  psu: [", "  weight: {column: vikt, decimals: 1}\n  psu: ["
    )
    path = site / "exports" / "2026.csv"
    weight = pl.when(pl.int_range(pl.len()) % 7 < 3).then(2.5).otherwise(1)
    pl.read_csv(path, separator=";").with_columns(vikt=weight).write_csv(path, separator=";")


def derive(site: Path, name: str, *more: str) -> Ended:
    return uppvaxt("norms", "derive", name, "--site", site, "--quiet", *more)


@pytest.fixture(scope="module")
def shown() -> str:
    ended = uppvaxt("norms", "show", SAMPLE)
    assert (ended.code, ended.err) == (0, "")
    return ended.out


def test_a_norm_is_shown_with_its_source_and_rule(shown: str) -> None:
    assert shown.startswith(
        f"{SAMPLE}: Example norm Sandviken 2021 (synthetic)\nThe norm sample is"
    )
    assert "\nSurvey                     2021 (ctc_se_2021)\n" in shown
    assert (
        "Rule                       The cut-off is the median ± k × MAD, where k is 0.15." in shown
    )
    assert "Raised risk                Score above the median + 0.15 × MAD." in shown
    assert max(map(len, shown.split("\n\n", maxsplit=1)[0].splitlines())) <= 100


def test_every_cutoff_is_shown_between_the_scores_that_can_be_had(shown: str) -> None:
    header, *lines = shown.split("\n\n")[1].splitlines()
    assert header.split()[:8] == [
        "factor",
        "grade",
        "n",
        "cut-off",
        "below",
        "above",
        "at",
        "flagged",
    ]
    assert header.split()[8:] == ["alcohol_30d", "truancy_4w", "depressive_symptoms"]
    assert len(lines) == 36 * 4
    cells = lines[0].split()
    assert cells[:8] == ["c_attach_low", "g7", "448", "1.767", "1.667", "2.000", "0.00", "0.42"]
    # Twenty have done it, fewer than the minimum base: no sensitivity.
    assert cells[8:10] == ["-/0.59", "(20)"]


def test_it_is_said_where_the_boundary_decides(shown: str) -> None:
    [warning] = [part for part in shown.split("\n\n") if "`inclusive` decides" in part]
    assert "(24 of 144)" in warning
    assert "c_avail_weapons g7, g8, g9, gy1;" in warning


def test_programs_get_the_same() -> None:
    content = json.loads(uppvaxt("norms", "show", SAMPLE, "--json").out)
    assert content["method"] == {"rule": "median_mad", "k": 0.15, "mad": "median"}
    assert content["risk"] == {"side": "upper", "inclusive": False}
    weapons = [cut for cut in content["cutoffs"] if cut["factor"] == "c_avail_weapons"]
    assert [cut["is_at_score"] for cut in weapons] == [True] * 4
    assert weapons[0]["share_at_cutoff"] + weapons[0]["share_flagged"] == pytest.approx(1)
    rows = list(csv.DictReader(StringIO(uppvaxt("norms", "show", SAMPLE, "--csv").out)))
    assert len(rows) == 36 * 4 * 3
    row = next(row for row in rows if (row["grade"], row["outcome"]) == ("gy1", "alcohol_30d"))
    judged = content["cutoffs"][3]["against"][0]
    assert float(row["sensitivity"]) == judged["sensitivity"]
    assert judged["sensitivity_lower"] < judged["sensitivity"] < judged["sensitivity_upper"]


def test_two_norms_side_by_side() -> None:
    ended = uppvaxt("norms", "compare", SAMPLE, BY_ALCOHOL, "--wave", "2023", "--quiet")
    assert (ended.code, ended.err) == (0, "")
    head, table, *_, last = ended.out.split("\n\n")
    assert head == f"1: {SAMPLE}\n2: {BY_ALCOHOL}\nwave 2023"
    lines = {tuple(line.split()[:2]): line.split()[2:] for line in table.splitlines()}
    # Another cut-off, between the same two scores: nobody is classified otherwise.
    weapons = lines["c_avail_weapons", "g7"]
    assert weapons[:4] == ["1.000", "1.500", "+0.500", "0"]
    assert weapons[-3:] == ["+0.00", "1.00", "1.00"]
    drugs = lines["c_avail_drugs", "all"]
    assert drugs[:4] == ["-"] * 4
    assert float(drugs[6]) - float(drugs[5]) == pytest.approx(float(drugs[7]), abs=0.011)
    assert 0 < float(drugs[9]) < float(drugs[8]) < 1
    assert "asked otherwise: c_opp g7, g8, g9, gy1; f_manage_poor" in ended.out
    assert " ".join(last.split()).startswith("Cut-offs and shares of two norms are not comparable.")


def test_the_other_way_round_and_for_programs() -> None:
    content = json.loads(uppvaxt("norms", "compare", BY_ALCOHOL, SAMPLE, "--json", "--quiet").out)
    assert (content["first"], content["wave"]) == (BY_ALCOHOL, 2025)
    [row] = [
        row
        for row in content["rows"]
        if (row["factor_id"], row["grade"]) == ("c_avail_drugs", "g7")
    ]
    assert row["points_apart"] == pytest.approx(1.8625 - 2.583333333334)
    assert row["moved"] == pytest.approx(row["share_flagged_second"] - row["share_flagged_first"])
    assert row["moved"] > 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("show", "sandviken_2021"), f"there is no norm 'sandviken_2021'; nearest is '{SAMPLE}'"),
        (("compare", SAMPLE, "by_alcohol"), "there is no norm 'by_alcohol'"),
        (("compare", SAMPLE, SAMPLE), "is named twice"),
        (("compare", SAMPLE, BY_ALCOHOL, "--wave", "2020"), "there is no wave 2020; nearest is"),
        (("compare", SAMPLE, BY_ALCOHOL, "--csv", "--json"), "expected one of them"),
        (("show", SAMPLE, "--csv", "--json"), "expected one of them"),
    ],
)
def test_what_cannot_be_is_refused(arguments: tuple[str, ...], said: str) -> None:
    ended = uppvaxt("norms", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err


def test_a_norm_without_cutoffs_is_shown_and_not_compared(site: Path) -> None:
    write_norm(site, "first")
    write_norm(site, "second")
    ended = uppvaxt("norms", "show", "first", "--site", site)
    assert (ended.code, ended.err) == (0, "")
    assert "It has no cut-offs yet" in ended.out
    ended = uppvaxt("norms", "compare", "first", "second", "--site", site)
    assert (ended.code, ended.out) == (2, "")
    assert "norm 'first' has no cut-offs; derive them first" in ended.err


def test_each_rule_is_derived_and_what_gets_no_cutoff_is_said(site: Path) -> None:
    percentile = "{rule: percentile, share_past: 0.25, hyndman_fan: 8}"
    path = write_norm(site, "own", percentile, "against: [alcohol_30d]")
    ended = derive(site, "own", "--write")
    assert (ended.code, ended.out) == (0, f"{path}\n")
    cutoffs = yaml.safe_load(path.read_text("utf-8"))["cutoffs"]
    assert {cut["grade"] for cut in cutoffs} == {"g7", "g8"}
    [judged] = cutoffs[0]["against"]
    assert (judged["n_with"], judged["n_without"]) == (0, 40)
    assert "sensitivity" not in judged
    assert derive(site, "own").out == derive(site, "own").out
    roc = "{rule: roc, outcome: alcohol_30d, criterion: youden, ties: more_flagged, min_n: 10}"
    write_norm(site, "own", roc)
    ended = derive(site, "own")
    # Nobody of the small site has done anything.
    assert (ended.code, ended.out) == (0, "cutoffs: []\n")
    said = " ".join(ended.err.split())
    assert said.startswith("No cut-off, since too few respondents with or without the behaviour: ")
    assert "behaviour: c_attach_low g7, g8; c_avail_drugs g7, g8;" in said
    assert said.count("g7, g8") == 36


def test_weights_count_where_norm_and_wave_both_have_them(site: Path) -> None:
    write_norm(site, "unweighted")
    cutoffs = yaml.safe_load(derive(site, "unweighted").out)["cutoffs"]
    write_norm(site, "weighted", more="weighted: true")
    ended = derive(site, "weighted")
    assert (ended.code, ended.out) == (3, "")
    assert "norm weighted: weighted: is true, expected false since wave 2026 has no w" in ended.err
    add_weights(site)
    ended = derive(site, "unweighted")
    assert (ended.code, ended.out) == (3, "")
    assert "weighted: is false, expected true since wave 2026 has weights." in ended.err
    weighted = yaml.safe_load(derive(site, "weighted").out)["cutoffs"]
    assert [cut["n"] for cut in weighted] == [cut["n"] for cut in cutoffs]
    assert {cut["weight"] for cut in weighted} <= {float(w) / 2 for w in range(80, 200)}
    assert [cut["share_flagged"] for cut in weighted] != [cut["share_flagged"] for cut in cutoffs]
    assert not any("weight" in cut for cut in cutoffs)


def test_misfits_between_norm_and_wave_are_all_told(site: Path) -> None:
    path = write_norm(site, "own", more="weighted: true\nagainst: [other_drugs_30d]")
    replace(path, "ctc_se_2023", "ctc_se_2021")
    replace(site / "site.yml", "  - other_drugs_30d\n", "")
    ended = derive(site, "own")
    assert (ended.code, ended.out) == (3, "")
    assert "instrument: is 'ctc_se_2021', expected 'ctc_se_2023' as wave 2026 has" in ended.err
    assert "weighted: is true, expected false" in ended.err
    assert "outcome 'other_drugs_30d' is not among the outcomes of site.yml" in ended.err
    assert "Traceback" not in ended.err


def test_a_wave_the_site_does_not_have_is_named(site: Path) -> None:
    replace(write_norm(site, "own"), "wave: 2026", "wave: 2016")
    ended = derive(site, "own")
    assert (ended.code, ended.out) == (2, "")
    assert "there is no wave 2016" in ended.err
