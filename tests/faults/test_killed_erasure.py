"""Killed at any moment, an erasure has not begun or is carried through by whoever comes next."""

import json
import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import REPOSITORY
from pipeline.definitions.catalogue import Catalogue, load_waves
from pipeline.definitions.fit import load_catalogue
from pipeline.lock import LOCK_FILE
from pipeline.operations.erase import erase
from pipeline.operations.replacement import JOURNAL, finish_erasure
from tests.operations.made_files import (
    Person,
    database_of,
    parsed_here,  # noqa: F401 - a fixture
    site_of_three_waves,
)

pytestmark = pytest.mark.usefixtures("parsed_here")

EXPORT, WAVE = Path("exports") / "2026.csv", Path("waves") / "2026.yml"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Person]:
    """A site of one wave with a build, research files and a held release, and somebody in it."""
    site = tmp_path_factory.mktemp("killed") / "our_site"
    people = site_of_three_waves(site)
    for year in (2027, 2028):
        (site / "waves" / f"{year}.yml").unlink()
    (site / "build" / "profiles").mkdir(parents=True)
    database_of(site / "build" / "uppvaxt.duckdb", people)
    (site / "build" / "profiles" / "page.html").write_text("a page", "utf-8")
    for name in ("held", "research"):
        (site / name).mkdir(mode=0o700)
        (site / name / "0123456789abcdef").mkdir()
        (site / name / "0123456789abcdef" / "file").write_bytes(people[2026][8].text.encode())
    return site, people[2026][8]


def run(site: Path, definitions: Path, person: Person, last: int) -> int:
    command = [sys.executable, "-m", "tests.operations.killed_erasure", str(definitions)]
    done = subprocess.run(  # noqa: S603 - what runs is this repository
        [*command, str(site), person.respondent, str(last)],
        cwd=REPOSITORY,
        env=os.environ | {"POLARS_MAX_THREADS": "1"},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode in (0, 9), done.stderr.decode()
    return done.returncode


def again(catalogue: Catalogue, site: Path, person: Person) -> None:
    """What the next run does."""
    if finish_erasure(site):
        return
    erase(
        catalogue._replace(folder=site, waves=load_waves(site)),
        person.respondent,
        None,
        role="controller",
        reason="asked to",
        folder=site,
        build=site / "build",
    )


def files_of(site: Path) -> dict[str, bytes]:
    """Every file of the site, but for the lock and the ledger's, which hold the time."""
    files = {str(p.relative_to(site)): p.read_bytes() for p in site.rglob("*") if p.is_file()}
    ours = ("ledger/", LOCK_FILE)
    return {name: content for name, content in files.items() if not name.startswith(ours)}


def line_of(site: Path) -> dict[str, object]:
    """The one line of the ledger."""
    [line] = (site / "ledger" / "ledger.jsonl").read_text("utf-8").splitlines()
    said: dict[str, object] = json.loads(line)
    return said


def test_killed_before_each_call_it_has_not_begun_or_is_carried_through(
    made: tuple[Path, Person], tmp_path: Path
) -> None:
    source, person = made
    catalogue = load_catalogue(source)
    definitions = tmp_path / "definitions"
    definitions.write_bytes(pickle.dumps(catalogue))
    whole = Path(shutil.copytree(source, tmp_path / "whole" / "our_site"))
    again(catalogue, whole, person)
    before, after = files_of(source), files_of(whole)
    assert line_of(whole)["decision"] == "erased"
    n_kills, n_decided = 0, 0
    for last in range(1, 200):
        site = Path(shutil.copytree(source, tmp_path / str(last) / "our_site"))
        if run(site, definitions, person, last) == 0:
            break
        n_kills += 1
        n_decided += (site / JOURNAL).exists()
        killed = files_of(site)
        for name in (str(EXPORT), str(WAVE)):
            assert killed[name] in (before[name], after[name]), (last, name)
        if not (site / JOURNAL).exists() and killed[str(EXPORT)] == before[str(EXPORT)]:
            # Nothing was decided, so nothing may be gone.
            assert {name: killed[name] for name in before} == before, last
        if killed[str(EXPORT)] == after[str(EXPORT)] and not (site / JOURNAL).exists():
            assert set(killed) == set(after), last
        else:
            again(catalogue, site, person)
        assert files_of(site) == after, last
        assert line_of(site)["decision"] == "erased"
        assert not finish_erasure(site)
        shutil.rmtree(site)
    assert n_kills > 25
    assert 5 < n_decided < n_kills - 5
    assert person.respondent.encode() not in b"".join(after.values())
