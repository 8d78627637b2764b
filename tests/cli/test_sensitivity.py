"""``uppvaxt sensitivity``: a table for people, a file and JSON for programs."""

import json
from pathlib import Path

import polars as pl

from tests.command_line import uppvaxt
from tests.small_site import replace


def test_tables_and_file(tmp_path: Path) -> None:
    out = tmp_path / "new" / "moves.csv"
    ended = uppvaxt("sensitivity", "--wave", "2021", "--out", out, "--quiet")
    assert (ended.code, ended.err) == (0, "")
    choices, measures, areas = (part.splitlines() for part in ended.out.split("\n\n"))
    headings = "figures largest other % verdicts hidden where"
    assert " ".join(choices[1].split()) == headings
    moves = pl.read_csv(out)
    every_item = moves.filter(choice_id="every_item")
    row = next(line.split() for line in choices if line.startswith("every_item"))
    largest = every_item.sort(pl.col("difference").abs(), nulls_last=False)[-1]
    assert row[1] == str(every_item["difference"].count())
    assert row[2] == f"{100 * largest['difference'].item():+.1f}"
    assert row[3] == str(every_item["is_other_percent"].sum())
    assert row[4] == str(every_item["is_other_verdict"].sum())
    assert f"{largest['measure_id'].item()}, {largest['area_id'].item()}, n " in " ".join(row)
    assert len(measures) == 2 + moves["measure_id"].n_unique()
    assert next(line.split() for line in areas if line.startswith("jaderfors"))[1:] == ["-"] * 4
    norrsatra = every_item.filter(area_id="norrsatra")
    changed = (norrsatra["is_other_percent"].sum(), norrsatra["is_other_verdict"].sum())
    line = next(line.split() for line in areas if line.startswith("norrsatra"))
    assert line[1:6] == f"{changed[0]} / {changed[1]} of {norrsatra.height}".split()


def test_a_small_site_without_norm_as_json(site: Path) -> None:
    ended = uppvaxt("sensitivity", "--site", site, "--json", "--quiet")
    assert (ended.code, ended.err) == (0, "")
    moves = json.loads(ended.out)["moves"]
    # Factors have no share without a norm.
    assert {"alcohol_30d"} <= {move["measure_id"] for move in moves}
    assert not {move["measure_id"] for move in moves} & {"c_disorg", "p_sens"}
    assert {move["difference"] for move in moves} == {0}


def test_nothing_but_figures_on_few(site: Path) -> None:
    replace(site / "policy.yml", "min_base: 30", "min_base: 300")
    ended = uppvaxt("sensitivity", "--site", site, "--quiet")
    assert (ended.code, ended.err) == (0, "")
    lines = [line.split() for line in ended.out.splitlines() if line.startswith("one_item")]
    assert [line[1:5] for line in lines] == [["0", "-", "0", "0"]]


def test_another_ending_is_refused() -> None:
    ended = uppvaxt("sensitivity", "--out", "moves.xlsx")
    assert (ended.code, ended.out) == (2, "")
    assert "moves.xlsx: has the ending '.xlsx'; expected .csv." in ended.err
