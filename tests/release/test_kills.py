"""Killed after any file-system call: readers see one whole release; the next run needs no help."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import REPOSITORY
from tests.release.made_release import Rules, count, some_pupils, write_working_file

PUPILS = some_pupils(norr=120, soder=150)
BUILDS = {
    "old": PUPILS,
    "next": PUPILS | some_pupils(2027, norr=120, soder=150),
    "less": dict(list(PUPILS.items())[1:]),
    "two_less": dict(list(PUPILS.items())[2:]),
}
LEAST_KILLS = {"first": 40, "next": 40, "held": 40, "approved": 10, "back": 5}


@pytest.mark.parametrize("scene", LEAST_KILLS)
def test_kills_after_each_call(scene: str, small_site: Path, tmp_path: Path) -> None:
    for name, pupils in BUILDS.items():
        cells = count(pupils, ("norr", "soder"), Rules())
        write_working_file(tmp_path / f"{name}.duckdb", cells, Rules())
    out = tmp_path / "out"
    out.mkdir()
    done = subprocess.run(  # noqa: S603 - what runs is this repository
        [sys.executable, "-m", "tests.release.killing", small_site, tmp_path, out, scene],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["problems"] == []
    assert told["n_kills"] >= LEAST_KILLS[scene]
