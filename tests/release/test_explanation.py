"""Where a figure comes from: said in words, and counted once more."""

import re
import shutil
from pathlib import Path

import duckdb
import pytest

from pipeline import REPOSITORY
from pipeline.definitions.catalogue import Catalogue
from pipeline.disclosure.figure import Count, Published, Share
from pipeline.documents.figure_ids import parse_figure
from pipeline.errors import DisclosureError, UsageError
from pipeline.release.explanation import STEPS_OF_CODE, definition_of, explain, in_words
from pipeline.release.identity import Origin
from pipeline.release.manifest import MANIFEST, Manifest, make_manifest
from pipeline.release.published_database import write_published_database
from pipeline.release.released_explanation import explain_released, find_release

CHANGED = "the site's definitions have changed since this release: these are today's"
NOT_COUNTED = "not of a release, which holds no answers; without --release, of the site's export"
FIGURE = "norrsatra/2025/c_attach_low"


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        (
            Published("shown", Share(0.36), Share(0.31), Share(0.41), Count(140)),
            "36%, uncertainty 31–41%, 140 answers",
        ),
        (Published("shown", Share(0.36), n=Count(140)), "36%, 140 answers"),
        (
            Published("shown", Share(0.36), Share(0.31), Share(0.41), is_unreliable=True),
            "36%, uncertainty 31–41% (unreliable)",
        ),
        (Published("coded", n=Count(140), code="below", limit=Share(0.05)), "less than 5%"),
        (Published("coded", n=Count(140), code="above", limit=Share(0.95)), "more than 95%"),
        (Published("suppressed", n=Count(140)), "nothing (suppressed)"),
        (Published("no_answers"), "nothing (no_answers)"),
    ],
)
def test_a_figure_is_said_as_it_is_shown(figure: Published, words: str) -> None:
    assert in_words(figure) == words


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
    assert released.said["counted again"] == NOT_COUNTED
    assert released.said["definition"][-1] == CHANGED


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


@pytest.mark.parametrize(("more", "agrees"), [(0, True), (1, False)])
def test_where_a_build_has_no_share_the_number_is_compared(
    sample_path: Path, sample_catalogue: Catalogue, tmp_path: Path, more: int, *, agrees: bool
) -> None:
    changed = Path(shutil.copy(sample_path, tmp_path / sample_path.name))
    with duckdb.connect(str(changed)) as connection:
        connection.execute(
            "update areas.estimate set estimate = null, n = n + ? where area_id = 'norrsatra' "
            "and measure_id = 'c_attach_low'",
            [more],
        )
    figure = parse_figure(sample_catalogue, FIGURE)
    assert explain(sample_catalogue, changed, figure, "public").agrees is agrees


def test_what_stands_behind_a_figure_has_its_headings_in_order(
    sample_path: Path, sample_catalogue: Catalogue, release: Path
) -> None:
    figure = parse_figure(sample_catalogue, FIGURE)
    built = explain(sample_catalogue, sample_path, figure, "public")
    assert built.figure == FIGURE
    assert list(built.said) == [
        "what", "shown", "share of", "definition", "cut-offs", "answers", "computed by",
        "in published.duckdb", "build", "counted again",
    ]  # fmt: skip
    label = figure.wave.label.en
    assert built.said["what"] == f"Norrsätra, {label}, public edition"
    released = explain_released(sample_catalogue, release, figure)
    assert list(released.said) == [
        "what", "shown", "share of", "definition", "cut-offs", "answers",
        "in published.duckdb", "release", "build", "counted again",
    ]  # fmt: skip
    assert released.agrees


def test_the_code_that_a_figure_passes_is_there() -> None:
    for step in STEPS_OF_CODE:
        assert list(REPOSITORY.glob(f"{step.partition(':')[0]}*")), step


@pytest.mark.parametrize(
    ("measure", "said"),
    [
        (
            "c_attach_low",
            ["scales/c_attach_low.yml: Low neighbourhood attachment", "items: c_leave, ",
             "a score is the mean of at least 2 of them", "source: "],
        ),
        ("alcohol_30d", ["outcomes/alcohol_30d.yml: ", "items: o_alcohol_30d", "source: "]),
        (
            "many_risk_factors",
            ["flag_counts/many_risk_factors.yml: ", "factors: c_attach_low, ",
             "1 with at least "],
        ),
    ],
)  # fmt: skip
def test_a_definition_is_named_as_its_kind_is(
    sample_catalogue: Catalogue, measure: str, said: list[str]
) -> None:
    figure = parse_figure(sample_catalogue, f"norrsatra/2025/{measure}")
    path, *others = definition_of(sample_catalogue, figure)
    assert path.startswith(f"{REPOSITORY / 'factor_definitions'}/")
    lines = [path.removeprefix(f"{REPOSITORY / 'factor_definitions'}/"), *others]
    assert len(lines) == len(said)
    assert all(line.startswith(begun) for line, begun in zip(lines, said, strict=True)), lines


def test_a_release_says_why_a_figure_is_not_shown(
    sample_catalogue: Catalogue, release: Path
) -> None:
    with duckdb.connect(str(release / "published.duckdb"), read_only=True) as connection:
        keys = connection.execute(
            "select any_value(area_id || '/' || wave || '/' || measure_id), status from estimate "
            "where grade = 'all' and gender = 'all' and wave = 2025 group by status"
        ).fetchall()
    found = {
        status: explain_released(
            sample_catalogue, release, parse_figure(sample_catalogue, key)
        ).said["shown"]
        for key, status in keys
    }
    assert {"shown", "suppressed"} <= set(found)
    for status, shown in found.items():
        if status != "shown":
            assert shown == f"nothing ({status})"
