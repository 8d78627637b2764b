"""A full disk: what readers have stays, the exit code is 74, the next run works."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.operations.space import check_space
from tests.command_line import Ended, uppvaxt
from tests.operations.night import PROGRAM, change, leftovers, night, outcomes, records
from tests.operations.reader import read_release

UNASKED = "from pipeline.operations import nightly; nightly.check_space = lambda *_: None\n"
"""Begins a program that finds the disk full in the middle, not when it asks beforehand."""


@pytest.mark.parametrize(
    "size", [0, 1_000, 5_000, 50_000, 300_000, 1_000_000, 2_500_000, 4_500_000]
)
def test_a_file_that_cannot_grow(released: Path, size: int) -> None:
    before, _ = read_release(released / "releases")
    change(released)
    ended = uppvaxt("nightly", "--site", released, program=PROGRAM, max_file_bytes=size)
    assert_only_stopped(ended, released, before)
    assert leftovers(released) == []


@pytest.fixture
def small_disk(released: Path, tmp_path: Path) -> Iterator[Path]:
    """A site with a release, on a disk of its own that holds little more."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(  # noqa: S603
        ["mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", str(disk)],  # noqa: S607
        check=False,
        capture_output=True,
    )
    if mounted.returncode:
        pytest.skip("only root can mount a disk")
    try:
        yield Path(shutil.copytree(released, disk / "site", symlinks=True))
    finally:
        subprocess.run(["umount", str(disk)], check=True)  # noqa: S603, S607


@pytest.mark.parametrize("free", [0, 4_096, 16_384, 100_000, 500_000, 2_000_000, 4_000_000])
def test_a_disk_that_fills_in_the_middle(small_disk: Path, free: int) -> None:
    before, _ = read_release(small_disk / "releases")
    change(small_disk)
    fill(small_disk.parent / "filling", free)
    ended = uppvaxt("nightly", "--site", small_disk, program=UNASKED + PROGRAM)
    assert_only_stopped(ended, small_disk, before)
    (small_disk.parent / "filling").unlink()
    again = uppvaxt("nightly", "--site", small_disk, program=UNASKED + PROGRAM)
    assert again.code == 0, again.err
    assert leftovers(small_disk) == []


def test_too_little_space_is_found_before_the_work(small_disk: Path) -> None:
    before, _ = read_release(small_disk / "releases")
    change(small_disk)
    ended = night(small_disk)
    assert (ended.code, ended.out) == (74, "failed\n")
    assert "MB are free on its disk, a run needs " in ended.err
    assert "Reading" not in ended.err
    assert outcomes(small_disk) == ["promoted", "failed"]
    assert read_release(small_disk / "releases") == (before, [])


def fill(path: Path, free: int) -> None:
    """Write until only ``free`` bytes are left on the disk."""
    with path.open("wb") as filling:
        size = shutil.disk_usage(path.parent).free - free
        os.posix_fallocate(filling.fileno(), 0, size)


def assert_only_stopped(ended: Ended, site: Path, before: str) -> None:
    """The night said so, readers have what they had, and with room the next one works."""
    assert ended.code == 74, ended
    assert len(ended.err.splitlines()) <= 6
    assert read_release(site / "releases") == (before, [])
    written = [record for record in records(site) if record["outcome"] == "failed"]
    assert all(record["exit_code"] == 74 for record in written)


def test_the_space_that_is_needed_grows_with_the_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "pipeline.operations.space.shutil.disk_usage",
        lambda _: shutil._ntuple_diskusage(10**9, 0, 51_000_000),
    )
    export = tmp_path / "export.csv"
    export.write_bytes(b"x" * 30_000)
    check_space(tmp_path, tmp_path / "none.duckdb", [export])
    export.write_bytes(b"x" * 40_000)
    with pytest.raises(OSError, match="51 MB are free on its disk, a run needs 52 MB"):
        check_space(tmp_path, tmp_path / "none.duckdb", [export])
    # From what is there, once something is there.
    working_file = tmp_path / "built.duckdb"
    working_file.write_bytes(b"x" * 500_000)
    check_space(tmp_path, working_file, [export])
    release = tmp_path / "releases" / "current"
    release.mkdir(parents=True)
    (release / "page.html").write_bytes(b"x" * 10_000)
    with pytest.raises(OSError, match="MB are free"):
        check_space(tmp_path, working_file, [export])
