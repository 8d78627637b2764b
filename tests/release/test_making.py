"""A release that cannot be written whole is none, and the disk is said to be full where it is."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest

from pipeline.definitions.catalogue import Catalogue
from pipeline.release.identity import Origin
from pipeline.release.layout import Layout, sole_writer
from pipeline.release.making import make_release, require_space
from pipeline.release.manifest import Manifest, read_manifest
from tests.conftest import silent
from tests.release.made_release import Rules, count, some_pupils, write_working_file

FULL = r"^\[Errno 28\] cannot be written; the disk may be full: "
ABOUT = Manifest(Origin("0" * 16, "build", {}, (), {}), "made", "head")


@pytest.fixture
def working_file(tmp_path: Path) -> Path:
    path = tmp_path / "working.duckdb"
    write_working_file(path, count(some_pupils(norr=120), ("norr",), Rules()), Rules())
    return path


Making = Callable[[], Path]


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    layout = Layout(tmp_path / "out")
    with sole_writer(layout):
        return layout


@pytest.fixture
def make(
    made_catalogue: Catalogue,
    working_file: Path,
    layout: Layout,
    few_files: None,  # noqa: ARG001
) -> Making:
    return lambda: make_release(made_catalogue, working_file, layout, ABOUT, silent)


def test_a_finished_release_is_sealed_and_closed_to_others(make: Making, layout: Layout) -> None:
    folder = make()
    assert folder.parent == layout.releases
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "documents").stat().st_mode & 0o777 == 0o555
    assert set(read_manifest(folder)["files"]) == {"documents/made.html", "tables/made.html"}


@pytest.mark.parametrize(
    ("said", "error", "what"),
    [
        ("Could not write all bytes to file", OSError, FULL),
        ("IO Error: No space left on device", OSError, FULL),
        ("Catalog Error: no such table", duckdb.Error, "no such table"),
    ],
)
def test_a_full_disk_is_told_from_other_errors(
    make: Making, monkeypatch: pytest.MonkeyPatch, said: str, error: type[Exception], what: str
) -> None:
    def fail(*_: object) -> None:
        raise duckdb.Error(said)

    monkeypatch.setattr("pipeline.release.making.write_published_database", fail)
    with pytest.raises(error, match=what):
        make()


def test_a_database_that_was_not_closed_whole_is_a_full_disk(
    make: Making, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "pipeline.release.making.write_published_database",
        lambda _, path: path.with_name(f"{path.name}.wal").write_bytes(b"left"),
    )
    with pytest.raises(OSError, match=FULL):
        make()


def test_three_times_the_last_release_must_fit(
    working_file: Path, layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    last = layout.releases / ("0" * 16)
    (last / "tables").mkdir(parents=True)
    for name, size in (("manifest.json", 40), ("tables/a.csv", 60)):
        (last / name).write_bytes(b"x" * size)
    layout.current.symlink_to(last.name)
    require_room(monkeypatch, layout, working_file, 300)


def test_the_first_release_is_as_large_as_what_it_is_made_from(
    working_file: Path, layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    require_room(monkeypatch, layout, working_file, working_file.stat().st_size)


def require_room(
    monkeypatch: pytest.MonkeyPatch, layout: Layout, working_file: Path, needed: int
) -> None:
    """Fail unless just so many bytes are enough."""
    for free in (needed, needed - 1):
        monkeypatch.setattr("shutil.disk_usage", lambda _, free=free: SimpleNamespace(free=free))
        if free == needed:
            require_space(layout, working_file)
        else:
            with pytest.raises(
                OSError,
                match=f"has too little room for a release; it takes {-(-needed // 2**20)} MB",
            ):
                require_space(layout, working_file)
