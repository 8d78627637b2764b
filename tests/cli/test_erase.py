"""`uppvaxt erase` as a person meets it: what was typed is never said back."""

import json
import shutil
from pathlib import Path

import polars as pl
import pytest

from pipeline import warehouse
from pipeline.definitions.fit import load_catalogue
from pipeline.operations import replacement
from pipeline.operations.erase import erase
from tests.command_line import Ended, uppvaxt
from tests.made_once import made_once

WHY = ("--reason", "asked to", "--by", "controller")
RESPONDENT = "xb7f2c0de91a4e63"


@pytest.fixture(scope="module")
def built_named(built_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site, one respondent of which has an id that stands nowhere else."""

    def make(folder: Path) -> None:
        site = Path(shutil.copytree(built_site, folder / "our_site"))
        export = site / "exports" / "2026.csv"
        lines = export.read_text("utf-8").split("\n")
        lines[18] = RESPONDENT + lines[18][lines[18].index(";") :]
        export.write_text("\n".join(lines), "utf-8")
        assert uppvaxt("build", "--site", site).code == 0

    return made_once(tmp_path_factory, "named_site", make) / "our_site"


@pytest.fixture
def named(built_named: Path, tmp_path: Path) -> Path:
    """The same, to change."""
    return Path(shutil.copytree(built_named, tmp_path / "our_site"))


def is_silent(ended: Ended) -> bool:
    return RESPONDENT not in ended.out + ended.err


def ids_in(site: Path) -> list[str]:
    return warehouse_ids(site / "build" / "uppvaxt.duckdb")


def warehouse_ids(working_file: Path) -> list[str]:
    with warehouse.connect(working_file, read_only=True) as connection:
        return warehouse.read(connection, "staging.respondent")["respondent_id"].to_list()


def test_a_respondent_is_erased_and_the_working_file_built_anew(named: Path) -> None:
    assert RESPONDENT in ids_in(named)
    ended = uppvaxt("erase", "-", *WHY, "--site", named, typed=f"{RESPONDENT}\n")
    assert ended.code == 0, ended.err
    assert is_silent(ended)
    assert ended.out.splitlines()[:3] == [
        "Wave 2026: the respondent is erased. Written anew:",
        "  exports/2026.csv",
        f"Everything derived in {named} was deleted; published releases stay as they are.",
    ]
    assert "Reading 2026 ..." in ended.err
    assert len(ids_in(named)) == 119
    for path in named.rglob("*"):
        assert path.is_dir() or RESPONDENT.encode() not in path.read_bytes(), path
    assert uppvaxt("profile", "first_area", "--site", named).err == ""


def test_json_says_what_was_done(named: Path) -> None:
    ended = uppvaxt("erase", "-", *WHY, "--site", named, "--json", "--quiet", typed=RESPONDENT)
    assert (ended.code, ended.err) == (0, "")
    said = json.loads(ended.out)
    assert (said["wave"], said["rewritten"], said["left"]) == (2026, ["exports/2026.csv"], [])


def test_where_nothing_was_made_the_folder_of_releases_must_be_named(
    named: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "served"
    (elsewhere / "build").mkdir(parents=True)
    (named / "build" / "uppvaxt.duckdb").rename(elsewhere / "build" / "uppvaxt.duckdb")
    for made in ("build", "ledger"):
        shutil.rmtree(named / made, ignore_errors=True)
    ended = uppvaxt("erase", "-", *WHY, "--site", named, typed=RESPONDENT)
    assert (ended.code, ended.out) == (2, "")
    assert "name the folder of releases with --out" in ended.err
    # The id is still there to be found once the folder is named.
    told = uppvaxt("erase", "-", *WHY, "--site", named, "--out", elsewhere, typed=RESPONDENT)
    assert told.code == 0, told.err
    assert is_silent(told)
    assert f"Everything derived in {elsewhere} was deleted" in told.out
    ids = warehouse_ids(elsewhere / "build" / "uppvaxt.duckdb")
    assert (len(ids), RESPONDENT in ids) == (119, False)


def test_an_id_in_the_command_is_taken_with_a_warning(named: Path) -> None:
    ended = uppvaxt("erase", RESPONDENT, *WHY, "--site", named, "--quiet")
    assert ended.code == 0
    assert is_silent(ended)
    assert "an id on the command line stays in the shell's history" in ended.err


@pytest.mark.parametrize(
    ("arguments", "typed", "said"),
    [
        (("-", *WHY), "x1111111111111111", "no respondent of 2026 has that id"),
        (("-", *WHY), "", "standard input: holds 0 lines; expected one id."),
        (("-", *WHY), "x1\nx2\n", "standard input: holds 2 lines; expected one id."),
        (("x1 23", "x2 34", *WHY), "", "expected one id; put one with a blank in quotation marks"),
        (("-x1234", "x2", *WHY), "", "expected one id"),
        (("-", "--reason", "asked to"), "x1", "Missing option '--by'"),
        (("-", "--by", "controller"), "x1", "Missing option '--reason'"),
        (("-", *WHY, "--wave", "2024"), "x1", "no wave 2024; nearest is '2026'. Waves: 2026."),
        (("-", "--by", "controller", "--reason", " "), "x1", "--reason: expected one line"),
        (("-", "--by", "", "--reason", "asked to"), "x1", "--by: expected a role"),
    ],
)
def test_what_cannot_be_done_is_refused_without_saying_it_back(
    arguments: tuple[str, ...], typed: str, said: str, built_site: Path
) -> None:
    before = {path: path.read_bytes() for path in built_site.rglob("*") if path.is_file()}
    ended = uppvaxt("erase", *arguments, "--site", built_site, typed=typed)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err
    assert "x1" not in ended.err
    assert "x2" not in ended.err
    assert {path: path.read_bytes() for path in built_site.rglob("*") if path.is_file()} == before


@pytest.fixture
def interrupted(named: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The site when an erasure was decided and then killed."""
    monkeypatch.setattr(replacement, "finish_erasure", lambda _: True)
    choices = {"role": "controller", "reason": "asked to"}
    erase(load_catalogue(named), RESPONDENT, None, **choices, folder=named, build=named / "build")
    assert (named / replacement.JOURNAL).exists()
    assert RESPONDENT in ids_in(named)
    return named


def test_an_interrupted_erasure_is_finished_by_the_next_command(interrupted: Path) -> None:
    ended = uppvaxt("profile", "first_area", "--site", interrupted)
    assert ended.code == 0, ended.err
    assert len(ids_in(interrupted)) == 119
    assert RESPONDENT not in ids_in(interrupted)
    rows = pl.read_csv(interrupted / "exports" / "2026.csv", separator=";", infer_schema=False)
    assert rows.height == 119
    assert not (interrupted / replacement.JOURNAL).exists()


def test_nothing_is_approved_before_an_erasure_is_finished(
    named: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = uppvaxt("release", "--hold", "--site", named, "--quiet")
    assert held.code == 0, held.err
    release_id = held.out.split()[1]
    with monkeypatch.context() as killed:
        killed.setattr(replacement, "finish_erasure", lambda _: True)
        choices = {"role": "controller", "reason": "asked to"}
        erase(
            load_catalogue(named), RESPONDENT, None, **choices, folder=named, build=named / "build"
        )
    decided = ("--approve", release_id, "--by", "head", "--reason", "looked through")
    ended = uppvaxt("release", *decided, "--site", named)
    assert ended.code == 2
    assert f"no release '{release_id}' is held" in ended.err
    assert not (named / replacement.JOURNAL).exists()
    assert not (named / "releases" / "current").exists()


def test_an_interrupted_erasure_is_finished_by_asking_again(interrupted: Path) -> None:
    ended = uppvaxt("erase", "-", *WHY, "--site", interrupted, typed=RESPONDENT)
    assert ended.code == 0, ended.err
    assert "An erasure that had been interrupted is finished" in ended.out
    assert is_silent(ended)
    assert not (interrupted / "build" / "uppvaxt.duckdb").exists()
