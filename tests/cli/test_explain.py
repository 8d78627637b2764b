"""Where a figure comes from: said, and counted once more."""

import json
import re
import shutil
from pathlib import Path

import duckdb
import pytest

from pipeline.definitions.catalogue import Catalogue
from pipeline.documents.figure_ids import parse_figure
from pipeline.errors import DisclosureError, UsageError
from pipeline.release.explanation import explain
from pipeline.release.identity import Origin
from pipeline.release.manifest import MANIFEST, Manifest, make_manifest
from pipeline.release.published_database import write_published_database
from pipeline.release.released_explanation import explain_released, find_release
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


def test_every_kind_of_figure_can_be_counted_again(
    sample_path: Path, sample_catalogue: Catalogue
) -> None:
    for text in (
        "sandviken/2021/p_moral",
        "storvik/2023/alcohol_30d",
        "hogbo/2025/s_opp",
        "norrsatra/2025/c_opp/all/girl",
        "sandviken/2023/s_opp/g8/all",
        "sandviken/2025/alcohol_30d/g9/boy",
    ):
        figure = parse_figure(sample_catalogue, text)
        assert str(figure) == text
        assert explain(sample_catalogue, sample_path, figure, "public").agrees


def test_a_group_has_its_own_numbers(sample_path: Path, sample_catalogue: Catalogue) -> None:
    def said(text: str) -> dict[str, str | list[str]]:
        figure = parse_figure(sample_catalogue, text)
        return explain(sample_catalogue, sample_path, figure, "internal").said

    whole, grade, both = (said(f"sandviken/2025/s_opp{group}") for group in ("", "/g8", "/g8/girl"))
    n = [
        int(re.findall(r"\(n (\d+),", str(each["counted again"]))[0])
        for each in (whole, grade, both)
    ]
    assert n[0] > n[1] > n[2] > 0
    assert [str(each).partition(",")[2] for each in grade["cut-offs"]] == [
        str(each).partition(",")[2] for each in whole["cut-offs"] if ", g8: " in each
    ]
    assert "in the area, g8, girl, with a value" in str(both["answers"])
    public = parse_figure(sample_catalogue, "sandviken/2025/s_opp/g8/girl")
    answer = explain(sample_catalogue, sample_path, public, "public")
    assert answer.agrees
    assert answer.said["shown"] == "nothing (no figure of this group is published)"


@pytest.fixture(scope="module")
def release(sample_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of the sample's database alone, in a folder of releases."""
    folder = tmp_path_factory.mktemp("published") / "releases" / ("ab" * 8)
    folder.mkdir(parents=True)
    with duckdb.connect(str(sample_path), read_only=True) as connection:
        write_published_database(connection, folder / "published.duckdb")
    origin = Origin(folder.name, "cd" * 32, {"definitions": "0"}, (), {})
    (folder / MANIFEST).write_bytes(make_manifest(folder, Manifest(origin, "sandviken", "")))
    (folder / MANIFEST).chmod(0o444)
    (folder.parent / "current").symlink_to(folder.name)
    return folder


@pytest.mark.parametrize("group", ["", "/all/girl"])
def test_a_release_says_what_the_build_it_was_made_of_says(
    sample_path: Path, sample_catalogue: Catalogue, release: Path, group: str
) -> None:
    figure = parse_figure(sample_catalogue, f"{FIGURE}{group}")
    released = explain_released(sample_catalogue, release, figure)
    built = explain(sample_catalogue, sample_path, figure, "public").said
    same = ("what", "shown", "share of", "cut-offs", "answers", "in published.duckdb")
    assert {key: released.said[key] for key in same} == {key: built[key] for key in same}
    assert (released.said["release"], released.said["build"]) == ("ab" * 8, "cd" * 6)
    assert "holds no answers" in str(released.said["counted again"])
    assert "have changed since this release" in str(released.said["definition"])


def test_a_release_is_found_by_every_name_it_has(release: Path) -> None:
    site = release.parents[1]
    for name in ("current", release.name, "cd" * 6, str(release)):
        assert find_release(site, name) == release
    for name in ("cd" * 5, "nowhere"):
        with pytest.raises(UsageError, match=f"has no release '{name}'; releases: {release.name}"):
            find_release(site, name)


def test_a_release_that_was_changed_explains_nothing(release: Path, tmp_path: Path) -> None:
    changed = Path(shutil.copytree(release, tmp_path / "changed"))
    (changed / "more.txt").write_text("17", "utf-8")
    with pytest.raises(DisclosureError, match="does not belong here"):
        find_release(tmp_path, str(changed))


def test_a_release_is_public_and_must_be_there(tmp_path: Path) -> None:
    ended = uppvaxt("explain", FIGURE, "--release", "current", "--edition", "internal")
    assert (ended.code, ended.out) == (2, "")
    assert "a release is public" in ended.err
    ended = uppvaxt("explain", FIGURE, "--release", tmp_path)
    assert ended.code == 2
    assert "has no release" in ended.err


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


def test_a_build_that_is_not_the_export_is_found_out(
    sample_path: Path, sample_catalogue: Catalogue, tmp_path: Path
) -> None:
    changed = Path(shutil.copy(sample_path, tmp_path / sample_path.name))
    with duckdb.connect(str(changed)) as connection:
        connection.execute(
            "update areas.estimate set estimate = estimate + 0.01 where area_id = 'norrsatra' "
            "and measure_id = 'c_attach_low' and grade = 'all' and gender = 'all'"
        )
    said = explain(sample_catalogue, changed, parse_figure(sample_catalogue, FIGURE), "public")
    assert not said.agrees
    assert "GIVES ANOTHER FIGURE" in str(said.said["counted again"])


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
