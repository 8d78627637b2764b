"""Whatever is changed in a release or beside it is found, and the file is named."""

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.errors import UsageError
from pipeline.release.layout import Layout
from pipeline.release.verification import rollback, verify
from tests.release.conftest import Release
from tests.release.made_release import some_pupils

PUPILS = some_pupils(norr=120, soder=150)
NEXT = PUPILS | some_pupils(2027, norr=120, soder=150)
TABLE = "tables/estimate.csv"


@pytest.fixture
def folder(release: Release, tmp_path: Path) -> Path:
    """A release that is opened to whoever wants to edit it."""
    release(PUPILS)
    outcome = release(NEXT)
    return tmp_path / "out" / "releases" / outcome.release_id


def one_byte(folder: Path) -> Path:
    path = folder / TABLE
    path.chmod(0o644)
    path.write_bytes(path.read_bytes().replace(b"shown", b"showm", 1))
    path.chmod(0o444)
    return path


def last_byte_of_database(folder: Path) -> Path:
    path = folder / "published.duckdb"
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-1] + b"\xff")
    path.chmod(0o444)
    return path


def longer(folder: Path) -> Path:
    path = folder / "documents" / "made.html"
    path.chmod(0o644)
    path.write_bytes(path.read_bytes() + b" ")
    path.chmod(0o444)
    return path


def taken_away(folder: Path) -> Path:
    (folder / TABLE).unlink()
    return folder / TABLE


def added(folder: Path) -> Path:
    path = folder / "documents" / "more.html"
    path.write_text("more")
    path.chmod(0o444)
    return path


def hidden_file(folder: Path) -> Path:
    path = folder / ".note"
    path.write_text("more")
    return path


def empty_folder(folder: Path) -> Path:
    path = folder / "more"
    path.mkdir()
    return path


def link(folder: Path) -> Path:
    path = folder / TABLE
    path.rename(folder.parent / "elsewhere.csv")
    path.symlink_to(folder.parent / "elsewhere.csv")
    return path


def second_name(folder: Path) -> Path:
    os.link(folder / TABLE, folder.parent / "elsewhere.csv")
    return folder / TABLE


def writable(folder: Path) -> Path:
    (folder / TABLE).chmod(0o664)
    return folder / TABLE


def writable_folder(folder: Path) -> Path:
    (folder / "tables").chmod(0o775)
    return folder / "tables"


def writable_release(folder: Path) -> Path:
    folder.chmod(0o755)
    return folder


def exchanged_with_manifest(folder: Path) -> Path:
    """Another file, and a manifest that fits it: only the ledger knows better."""
    before = (folder / TABLE).read_bytes()
    path = one_byte(folder)
    manifest = folder / "manifest.json"
    content = manifest.read_text()
    manifest.chmod(0o644)
    for old, new in zip(_digests(before), _digests(path.read_bytes()), strict=True):
        content = content.replace(old, new)
    manifest.write_text(content)
    manifest.chmod(0o444)
    return manifest


def _digests(content: bytes) -> list[str]:

    return [hashlib.sha256(content).hexdigest()]


def no_manifest(folder: Path) -> Path:
    (folder / "manifest.json").unlink()
    return folder / "manifest.json"


def not_json(folder: Path) -> Path:
    path = folder / "manifest.json"
    path.chmod(0o644)
    path.write_text("[]")
    return path


EDITS = [
    one_byte,
    last_byte_of_database,
    longer,
    taken_away,
    added,
    hidden_file,
    empty_folder,
    link,
    second_name,
    writable,
    writable_folder,
    writable_release,
    exchanged_with_manifest,
    no_manifest,
    not_json,
]


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_is_found_and_named(folder: Path, edit: Callable[[Path], Path]) -> None:
    for each in (folder, *folder.rglob("*")):
        if each.is_dir():
            each.chmod(0o755)
    edited = edit(folder)
    for each in (folder, *folder.rglob("*")):
        if each.is_dir() and edited != each:
            each.chmod(0o555)
    problems = verify(folder)
    assert any(str(edited) in problem for problem in problems)
    assert verify(folder.parent.parent) == problems
    # The other release is as it was.
    [other] = [
        path for path in folder.parent.iterdir() if path.is_dir() and path.name != folder.name
    ][:1]
    if other.name != "current":
        assert verify(other) == []


def test_the_pointer_is_checked(folder: Path) -> None:
    layout = Layout(folder.parent.parent)
    [first] = [
        path.name
        for path in layout.releases.iterdir()
        if not path.is_symlink() and path.name != folder.name
    ]
    layout.current.unlink()
    layout.current.symlink_to(first)
    assert verify(layout.folder) == [
        f"{layout.current}: leads to {first}; the ledger says {folder.name}"
    ]


def test_a_ledger_whose_end_was_cut_off_does_not_fit_the_releases(folder: Path) -> None:
    layout = Layout(folder.parent.parent)
    [line, _] = layout.lines.read_bytes().splitlines(keepends=True)
    layout.lines.write_bytes(line)
    assert verify(layout.folder) == [f"{layout.lines}: has 1 lines, head.json another number"]
    # Whoever cuts the head as well is caught by what was published since.
    layout.head.unlink()
    assert any("its end may be cut off" in each for each in verify(layout.folder))
    layout.lines.unlink()
    problems = verify(layout.folder)
    assert any("its end may be cut off" in each for each in problems)


def test_a_ledger_that_was_begun_anew_lacks_what_manifests_follow(folder: Path) -> None:
    layout = Layout(folder.parent.parent)
    content = layout.lines.read_text("utf-8")
    first, second = content.splitlines()

    changed = json.dumps(json.loads(first) | {"role": "another"}, sort_keys=True)
    digest = hashlib.sha256(changed.encode()).hexdigest()
    follows = json.dumps(json.loads(second) | {"previous": digest}, sort_keys=True)
    layout.lines.write_text(f"{changed}\n{follows}\n", "utf-8")
    head = hashlib.sha256(follows.encode()).hexdigest()
    layout.head.write_text(json.dumps({"lines": 2, "digest": head}))
    assert verify(layout.folder) == [
        f"{layout.lines}: lacks the line that {folder / 'manifest.json'} follows"
    ]


def test_a_release_elsewhere_is_checked_by_its_own_manifest(folder: Path, tmp_path: Path) -> None:

    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    assert verify(copy) == []
    (copy / "tables").chmod(0o755)
    one_byte(copy)
    (copy / "tables").chmod(0o555)
    assert verify(copy) == [f"{copy / TABLE}: was changed"]


def test_a_size_that_does_not_fit_its_file_is_found(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    manifest = copy / "manifest.json"
    content = json.loads(manifest.read_text("utf-8"))
    content["files"][TABLE]["bytes"] += 1
    manifest.chmod(0o644)
    manifest.write_text(json.dumps(content), "utf-8")
    manifest.chmod(0o444)
    assert f"{copy / TABLE}: was changed" in verify(copy)


def test_a_release_under_another_s_name_is_named(folder: Path) -> None:
    layout = Layout(folder.parent.parent)
    [other] = [each for each in layout.releases.iterdir()
               if each.is_dir() and not each.is_symlink() and each != folder]  # fmt: skip
    for path in (other, *other.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    shutil.rmtree(other)
    shutil.copytree(folder, other)
    assert f"{other / 'manifest.json'}: is of release {folder.name}" in verify(layout.folder)


def test_a_release_that_waits_is_checked_by_the_ledger_too(
    release: Release, tmp_path: Path
) -> None:
    release(PUPILS)
    waiting = release(dict(list(PUPILS.items())[1:]))
    assert waiting.state == "held"
    folder = tmp_path / "out" / "held" / waiting.release_id
    assert verify(folder) == []
    manifest = exchanged_with_manifest(folder)
    assert [each for each in verify(folder) if str(manifest) in each]


def test_there_is_nothing_to_go_back_to_before_the_first_release(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no release '1' has been published\. Releases: none\.$"):
        rollback(tmp_path / "out", "1", by="head of unit", reason="a fault in the export")


def test_what_is_no_release_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"is no release; expected a folder with manifest\.json"):
        verify(tmp_path)
