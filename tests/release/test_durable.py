"""Files and folders that are whole or not there: what is on the disk when a call returns."""

import os
import stat
from pathlib import Path

import pytest

from pipeline.files import remove, sync
from pipeline.release.durable import (
    move_folder,
    open_to_all,
    point,
    replace_file,
    seal,
    write_file,
)
from pipeline.release.layout import UNFINISHED


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Names of what was synced, renamed or pointed to, in order."""
    found: list[tuple[str, str]] = []
    fsync, replace, rename = os.fsync, os.replace, os.rename

    def name_of(opened: int) -> str:
        return Path(f"/proc/self/fd/{opened}").readlink().name

    def synced(opened: int) -> None:
        found.append(("synced", name_of(opened)))
        fsync(opened)

    def replaced(source: Path, target: Path) -> None:
        found.append(("replaced", Path(target).name))
        replace(source, target)

    def renamed(source: Path, target: Path) -> None:
        found.append(("renamed", Path(target).name))
        rename(source, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", replaced)
    monkeypatch.setattr(os, "rename", renamed)
    return found


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def test_a_file_is_on_the_disk_private_and_never_written_over(
    tmp_path: Path, done: list[tuple[str, str]]
) -> None:
    path = tmp_path / "file"
    write_file(path, b"first")
    assert (path.read_bytes(), mode(path), done) == (b"first", 0o600, [("synced", "file")])
    with pytest.raises(FileExistsError, match="file"):
        write_file(path, b"second")
    assert path.read_bytes() == b"first"


def test_all_of_a_file_is_there_when_it_is_put_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = []
    monkeypatch.setattr(os, "fsync", lambda opened: sizes.append(os.fstat(opened).st_size))
    write_file(tmp_path / "file", b"content")
    assert sizes == [7]


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="link"):
        write_file(tmp_path / "link", b"content")
    assert not (tmp_path / "elsewhere").exists()


def test_a_replaced_file_is_whole_before_it_takes_its_place(
    tmp_path: Path, done: list[tuple[str, str]]
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    replace_file(path, b"new")
    [content, step, folder] = done
    assert content[0] == "synced"
    # The next run must know it for what nobody has finished.
    assert content[1].startswith(UNFINISHED)
    assert content[1].endswith("-file")
    assert (step, folder) == (("replaced", "file"), ("synced", tmp_path.name))
    assert (path.read_bytes(), mode(path)) == (b"new", 0o600)
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


def test_a_replacement_that_fails_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise OSError("refused")

    monkeypatch.setattr(os, "replace", refused)
    with pytest.raises(OSError, match="refused"):
        replace_file(tmp_path / "file", b"new")
    with pytest.raises(OSError, match="refused"):
        point(tmp_path / "link", "target")
    assert list(tmp_path.iterdir()) == []


def test_a_sealed_folder_is_on_the_disk_for_all_to_read_once_it_is_opened(
    tmp_path: Path, done: list[tuple[str, str]]
) -> None:
    folder = tmp_path / "release"
    (folder / "tables").mkdir(parents=True)
    (folder / "tables" / "a.csv").write_bytes(b"a")
    folder.chmod(0o700)
    seal(folder)
    assert done == [("synced", "tables"), ("synced", "a.csv"), ("synced", "release")]
    assert (mode(folder / "tables"), mode(folder / "tables" / "a.csv")) == (0o555, 0o444)
    assert mode(folder) == 0o700
    done.clear()
    for _ in range(2):
        open_to_all(folder)
        assert mode(folder) == 0o555
    # The second time there is nothing to do.
    assert done == [("synced", "release")]


def test_a_moved_folder_is_on_the_disk_in_both_places(
    tmp_path: Path, done: list[tuple[str, str]]
) -> None:
    for name in ("from", "to"):
        (tmp_path / name).mkdir()
    (tmp_path / "from" / "one").mkdir()
    move_folder(tmp_path / "from" / "one", tmp_path / "to" / "two")
    assert done == [("renamed", "two"), ("synced", "to"), ("synced", "from")]
    assert (tmp_path / "to" / "two").is_dir()


def test_a_pointer_changes_in_one_step(tmp_path: Path, done: list[tuple[str, str]]) -> None:
    for target in ("one", "two"):
        done.clear()
        point(tmp_path / "current", target)
        assert (tmp_path / "current").readlink() == Path(target)
        assert done == [("replaced", "current"), ("synced", tmp_path.name)]
    assert [each.name for each in tmp_path.iterdir()] == ["current"]


def test_syncing_leaves_nothing_open(tmp_path: Path) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(3):
        sync(tmp_path)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_whatever_lies_there_is_removed_and_nothing_that_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "file").write_bytes(b"kept")
    sealed = tmp_path / "sealed"
    (sealed / "within" / "deeper").mkdir(parents=True)
    (sealed / "within" / "deeper" / "file").write_bytes(b"x")
    (sealed / "link").symlink_to(tmp_path / "kept")
    (tmp_path / "kept").chmod(0o500)
    for path in (sealed / "within" / "deeper", sealed / "within", sealed):
        path.chmod(0o555)
    (tmp_path / "link").symlink_to(tmp_path / "kept")
    (tmp_path / "file").write_bytes(b"x")
    for name in ("sealed", "link", "file", "absent"):
        remove(tmp_path / name)
    assert [each.name for each in tmp_path.iterdir()] == ["kept"]
    assert mode(tmp_path / "kept") == 0o500
    assert (tmp_path / "kept" / "file").read_bytes() == b"kept"
