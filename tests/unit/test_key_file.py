"""A key that others can reach, or that somebody made up, is refused; and no refusal tells it."""

import os
from pathlib import Path

import pytest

from pipeline import REPOSITORY
from pipeline.disclosure.research.key_file import CREDENTIALS_DIRECTORY, read_credential, read_key
from pipeline.errors import DisclosureError

KEY = bytes(range(100, 132))


def key_file(folder: Path, content: bytes = KEY, mode: int = 0o600) -> Path:
    path = folder / "key"
    path.write_bytes(content)
    path.chmod(mode)
    return path


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_a_key_that_is_kept_as_a_secret_is_read(tmp_path: Path, mode: int) -> None:
    assert read_key(key_file(tmp_path, mode=mode), [REPOSITORY]) == KEY


@pytest.mark.parametrize("mode", [0o640, 0o620, 0o610, 0o604, 0o602, 0o601, 0o644, 0o666, 0o440])
def test_permissions_for_others_are_refused(tmp_path: Path, mode: int) -> None:
    with pytest.raises(DisclosureError, match=f"permissions {mode:04o}.*expected 0600 or 0400"):
        read_key(key_file(tmp_path, mode=mode), [])


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "too short for a key; expected 32 to 4096 bytes"),
        (KEY[:31], "too short for a key; expected 32 to 4096 bytes"),
        (KEY * 129, "too long for a key"),
        (bytes(32), "fewer than 8 different bytes"),
        (b"x" * 63 + b"\n", "fewer than 8 different bytes"),
        (b"abcdefg" * 9, "fewer than 8 different bytes"),
    ],
)
def test_what_is_no_key_is_refused(tmp_path: Path, content: bytes, why: str) -> None:
    with pytest.raises(DisclosureError, match=why) as refused:
        read_key(key_file(tmp_path, content), [])
    assert content[:4].decode() not in str(refused.value).removeprefix(str(tmp_path)) or not content


@pytest.mark.parametrize("content", [KEY, b"0123456789abcdef" * 4, b"abcdefgh" * 4, KEY * 128])
def test_the_shortest_and_the_longest_and_the_plainest_key_are_read(
    tmp_path: Path, content: bytes
) -> None:
    assert read_key(key_file(tmp_path, content), []) == content


def test_a_link_is_refused(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(key_file(tmp_path))
    with pytest.raises(DisclosureError, match="symbolic link"):
        read_key(link, [])


def test_a_pipe_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    with pytest.raises(DisclosureError, match="no regular file"):
        read_key(tmp_path / "pipe", [])


def test_a_folder_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    with pytest.raises(DisclosureError, match="no regular file"):
        read_key(tmp_path, [])


def test_a_key_beside_what_it_protects_is_refused(tmp_path: Path) -> None:
    site = tmp_path / "site"
    (site / "exports").mkdir(parents=True)
    path = key_file(site / "exports")
    around = tmp_path / "around"
    around.symlink_to(site)
    for each in (path, site / ".." / "site" / "exports" / "key", around / "exports" / "key"):
        with pytest.raises(DisclosureError, match="apart from what it protects"):
            read_key(each, [tmp_path / "elsewhere", site])
    assert read_key(path, [tmp_path / "elsewhere"]) == KEY


def test_a_credential_may_be_open_to_the_group_but_to_nobody_else(tmp_path: Path) -> None:
    folder = str(tmp_path)
    for mode in (0o400, 0o440, 0o600):
        key_file(tmp_path, mode=mode)
        assert read_credential("key", folder, []) == KEY
    for mode in (0o444, 0o404, 0o460):
        key_file(tmp_path, mode=mode)
        with pytest.raises(DisclosureError, match=f"permissions {mode:04o}"):
            read_credential("key", folder, [])


def test_a_credential_is_a_name_in_the_folder_that_the_service_is_given(tmp_path: Path) -> None:
    # systemd's name of it.
    assert CREDENTIALS_DIRECTORY == "CREDENTIALS_DIRECTORY"
    with pytest.raises(DisclosureError, match=r"\$CREDENTIALS_DIRECTORY is not set"):
        read_credential("key", None, [])
    for name in ("../key", "/key", "a/b", ""):
        with pytest.raises(DisclosureError, match="expected a name, not a path"):
            read_credential(name, str(tmp_path / "inner"), [])


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_key_of_another_user_is_refused(tmp_path: Path) -> None:
    path = key_file(tmp_path)
    os.chown(path, 12345, 12345)
    with pytest.raises(DisclosureError, match="belongs to another user"):
        read_key(path, [])
