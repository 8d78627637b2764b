"""Where a figure comes from: said, and counted once more."""

import json
from pathlib import Path

import duckdb
import pytest

from pipeline.release.published_database import write_published_database
from tests.command_line import uppvaxt

FIGURE = "norrsatra/2025/c_attach_low"
SAME = "the raw export, counted by other code, gives the same figure"


def explained(build: Path, figure: str = FIGURE, *options: str) -> dict[str, object]:
    ended = uppvaxt("explain", figure, "--build", build, "--json", "--quiet", *options)
    assert ended.code == 0, ended.err
    said: dict[str, object] = json.loads(ended.out)
    return said


def test_a_figure_is_explained_from_the_export_to_the_page(sample_path: Path) -> None:
    said = explained(sample_path.parent)
    assert said["figure"] == FIGURE
    assert "uncertainty" in str(said["shown"])
    assert "factor_definitions/scales/c_attach_low.yml" in str(said["definition"])
    assert "Example norm Sandviken 2021 (synthetic), g7: " in str(said["cut-offs"])
    steps = [str(line).split(": ") for line in said["answers"]]  # type: ignore[attr-defined]
    assert steps[0][0] == "enrolled, all of the municipality"
    assert steps[-1][0] == "in the area, with a value"
    numbers = [int(step[1].replace("\u00a0", "")) for step in steps]
    assert numbers == sorted(numbers, reverse=True)
    assert said["counted again"] == SAME


def test_only_the_internal_edition_tells_exact_numbers(sample_path: Path) -> None:
    internal = explained(sample_path.parent, FIGURE, "--edition", "internal")
    assert str(internal["counted again"]).startswith(f"{SAME} (n ")
    hidden = explained(sample_path.parent, "jaderfors/2025/c_opp", "--edition", "internal")
    assert hidden["counted again"] == SAME
    assert str(hidden["shown"]).startswith("nothing (")


def test_a_release_is_public_and_must_be_there(tmp_path: Path) -> None:
    ended = uppvaxt("explain", FIGURE, "--release", "current", "--edition", "internal")
    assert (ended.code, ended.out) == (2, "")
    assert "a release is public" in ended.err
    ended = uppvaxt("explain", FIGURE, "--release", tmp_path)
    assert ended.code == 2
    assert "has no release" in ended.err
    ended = uppvaxt("explain", FIGURE, "--release", "current", "--releases", tmp_path)
    assert (ended.code, f"{tmp_path}: has no release 'current'" in ended.err) == (2, True)


def test_the_query_gives_the_figure(sample_path: Path, tmp_path: Path) -> None:
    said = explained(sample_path.parent)
    path = tmp_path / "published.duckdb"
    with duckdb.connect(str(sample_path), read_only=True) as connection:
        write_published_database(connection, path)
    with duckdb.connect(str(path), read_only=True) as connection:
        query = "\n".join(said["in published.duckdb"])  # type: ignore[arg-type]
        [row] = connection.execute(query).fetchall()
    *keys, status, percent, lower, upper, n = row
    assert keys == [2025, "norrsatra", "c_attach_low"]
    shown = f"{percent}%, uncertainty {lower}–{upper}%, {n} answers"
    assert str(said["shown"]) == shown
    assert status == "shown"


def test_a_figure_that_nobody_has_a_value_for_is_of_nobody(site: Path) -> None:
    ended = uppvaxt("explain", "first_area/2026/c_opp", "--site", site, "--quiet")
    assert ended.code == 0
    assert f"counted again        {SAME}" in ended.out


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        ("norrsatra", "is no figure; expected e.g. norrsatra/2025/c_opp"),
        ("norrsatra/last/c_opp", "is no figure"),
        ("norsatra/2025/c_opp", "no area 'norsatra'; nearest is 'norrsatra'"),
        ("norrsatra/2024/c_opp", "no wave 2024; nearest is '2025'"),
        ("norrsatra/2025/c_op", "no measure 'c_op'; nearest is 'c_opp'"),
        ("norrsatra/2025/c_opp/g6", "no grade 'g6'"),
        ("norrsatra/2025/c_opp/g8/girls", "no gender 'girls'; nearest is 'girl'"),
        ("norrsatra/2025/c_opp/g8/girl/x", "is no figure"),
    ],
)
def test_what_is_no_figure_is_answered_with_the_nearest(figure: str, said: str) -> None:
    ended = uppvaxt("explain", figure)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err
