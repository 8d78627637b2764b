"""A file for researchers takes its place whole, and is never exchanged for another."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from pipeline import warehouse
from pipeline.definitions.catalogue import Catalogue
from pipeline.disclosure.research.pseudonyms import key_mark, release_key
from pipeline.errors import UsageError
from pipeline.release.research_database import Edition
from pipeline.release.research_release import UNFINISHED, write_research_release
from tests.release.conftest import KEY

EDITION = Edition("spring", "build", KEY)


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Files that were written, each with what tells one from another."""
    found: list[Path] = []

    def write(_: object, catalogue: Catalogue, edition: Edition, path: Path) -> None:
        key = release_key(edition.master_key, catalogue.site.id, edition.release_id)
        about = {"build": edition.build, "key_mark": key_mark(key)}
        with warehouse.connect(path) as connection:
            rows = pl.DataFrame({"name": [*about], "value": [*about.values()]})
            warehouse.write(connection, "main.about", rows)
        found.append(path)

    monkeypatch.setattr("pipeline.release.research_release.write_research_database", write)
    return found


@pytest.fixture
def working_file(tmp_path: Path) -> Path:
    warehouse.connect(tmp_path / "site.duckdb").close()
    return tmp_path / "site.duckdb"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_it_is_written_aside_and_read_only_in_its_place(
    working_file: Path, made_catalogue: Catalogue, written: list[Path], tmp_path: Path
) -> None:
    folder = tmp_path / "deep" / "research"
    path = write_research_release(working_file, made_catalogue, EDITION, folder)
    assert path == folder / "spring" / "research.duckdb"
    assert (mode(path), mode(path.parent), mode(folder)) == (0o440, 0o550, 0o700)
    [aside] = written
    assert aside == folder / f"{UNFINISHED}{os.getpid()}" / "research.duckdb"
    assert [each.name for each in folder.iterdir()] == ["spring"]


def test_the_same_again_is_left_as_it_is_and_another_is_refused(
    working_file: Path, made_catalogue: Catalogue, written: list[Path], tmp_path: Path
) -> None:
    path = write_research_release(working_file, made_catalogue, EDITION, tmp_path)
    content = path.read_bytes()
    assert write_research_release(working_file, made_catalogue, EDITION, tmp_path) == path
    for other, what in (
        (EDITION._replace(build="newer"), "another build"),
        (EDITION._replace(master_key=KEY[::-1]), "another key"),
    ):
        with pytest.raises(UsageError, match=what):
            write_research_release(working_file, made_catalogue, other, tmp_path)
    assert len(written) == 1
    assert path.read_bytes() == content


def test_what_a_dead_run_left_is_cleared_away_and_a_living_one_is_not_disturbed(
    working_file: Path, made_catalogue: Catalogue, written: list[Path], tmp_path: Path
) -> None:
    with subprocess.Popen([sys.executable, "-c", "pass"]) as ended:
        ended.wait()
    # That of a dead process, of none, and of the one that runs the tests' own.
    left = [tmp_path / f"{UNFINISHED}{each}" for each in (ended.pid, "text", os.getppid())]
    for folder in left:
        folder.mkdir()
        (folder / "file").write_bytes(b"x")
        folder.chmod(0o550)
    write_research_release(working_file, made_catalogue, EDITION, tmp_path)
    assert [each.exists() for each in left] == [False, False, True]
    assert len(written) == 1


def test_what_fails_leaves_nothing(
    working_file: Path, made_catalogue: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*given: object) -> None:
        Path(str(given[-1])).write_bytes(b"half")
        raise OSError("no space")

    monkeypatch.setattr("pipeline.release.research_release.write_research_database", fail)
    with pytest.raises(OSError, match="no space"):
        write_research_release(working_file, made_catalogue, EDITION, tmp_path / "research")
    assert list((tmp_path / "research").iterdir()) == []
