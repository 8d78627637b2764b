"""``uppvaxt research``: exit codes, streams, files, and a key that is never told."""

import json
import os
import time
from pathlib import Path

import duckdb
import pytest

from pipeline import REPOSITORY
from tests.command_line import uppvaxt
from tests.small_site import replace

SECRET = b"0123456789abcdefghijklmnopqrstuvwxyz-not-told"


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "research.key"
    path.write_bytes(SECRET)
    path.chmod(0o600)
    return path


def test_it_writes_a_file_that_only_its_group_can_read(site: Path, key: Path) -> None:
    done = uppvaxt("research", "--site", site, "--key", key)
    assert done.code == 0, done.err
    path = Path(done.out.strip())
    assert path.is_relative_to(site / "research")
    assert path.name == "research.duckdb"
    assert path.stat().st_mode & 0o777 == 0o440
    assert path.parent.stat().st_mode & 0o777 == 0o550
    assert [each.name for each in path.parent.iterdir()] == ["research.duckdb"]
    assert [each.name for each in path.parent.parent.iterdir()] == [path.parent.name]
    with duckdb.connect(str(path), read_only=True) as connection:
        assert connection.execute("select count(*) from respondent").fetchall() == [(120,)]
        about = dict(connection.execute("from about").fetchall())
    assert about["release_id"] == path.parent.name
    raw = b"".join(each.read_bytes() for each in site.rglob("*") if each.is_file())
    for stream in (done.out.encode(), done.err.encode(), raw):
        assert SECRET not in stream
        assert SECRET[:16] not in stream


def test_it_is_called_like_the_release_of_the_build(site: Path, key: Path) -> None:
    released = json.loads(uppvaxt("release", "--site", site, "--quiet", "--json").out)
    done = uppvaxt("research", "--site", site, "--key", key, "--quiet")
    assert Path(done.out.strip()).parent.name == released["release_id"]


def test_beside_a_night_in_another_folder_the_site_is_not_written_to(
    site: Path, key: Path, tmp_path: Path
) -> None:
    out = tmp_path / "elsewhere"
    assert uppvaxt("release", "--site", site, "--out", out, "--quiet").code == 0
    before = {str(path) for path in site.rglob("*")}
    folders = ("--out", out / "research", "--build", out / "build")
    done = uppvaxt("research", "--site", site, "--key", key, "--quiet", *folders)
    assert (done.code, done.err) == (0, "")
    assert Path(done.out.strip()).is_relative_to(out / "research")
    assert {str(path) for path in site.rglob("*")} == before
    # One lock for both, which lies where the nightly run looks for it.
    assert [path.parent for path in out.rglob("uppvaxt.lock")] == [out]


def test_a_second_time_leaves_the_file_as_it_is(site: Path, key: Path) -> None:
    first = uppvaxt("research", "--site", site, "--key", key, "--quiet")
    written = Path(first.out.strip()).stat().st_mtime_ns
    time.sleep(0.01)
    again = uppvaxt("research", "--site", site, "--key", key, "--quiet")
    assert (again.code, again.out, again.err) == (0, first.out, "")
    assert Path(again.out.strip()).stat().st_mtime_ns == written


def test_one_name_stands_for_one_file(site: Path, key: Path, tmp_path: Path) -> None:
    first = uppvaxt("research", "--site", site, "--key", key, "--release", "umu_2026")
    assert first.code == 0, first.err
    path = site / "research" / "umu_2026" / "research.duckdb"
    before = path.read_bytes()
    other = tmp_path / "other.key"
    other.write_bytes(SECRET[::-1])
    other.chmod(0o600)
    refused = uppvaxt("research", "--site", site, "--key", other, "--release", "umu_2026")
    assert refused.code == 2
    assert "made with another key" in refused.err
    replace(site / "waves" / "2026.yml", "min_answered_items: 20", "min_answered_items: 21")
    refused = uppvaxt("research", "--site", site, "--key", key, "--release", "umu_2026")
    assert refused.code == 2
    assert "made with another build" in refused.err
    assert path.read_bytes() == before


def test_a_key_that_others_can_read_is_refused_before_anything_is_built(
    site: Path, key: Path
) -> None:
    key.chmod(0o640)
    working_file = site / "build" / "uppvaxt.duckdb"
    working_file.unlink()
    done = uppvaxt("research", "--site", site, "--key", key)
    assert done.code == 4
    assert "permissions 0640" in done.err
    assert SECRET.decode() not in done.err
    assert not working_file.exists()
    assert not (site / "research").exists()


def test_a_key_in_the_site_or_the_repository_is_refused(site: Path, key: Path) -> None:
    inside = site / "exports" / "key"
    inside.write_bytes(key.read_bytes())
    inside.chmod(0o600)
    assert uppvaxt("research", "--site", site, "--key", inside).code == 4
    assert uppvaxt("research", "--site", site, "--key", REPOSITORY / "LICENSE").code == 4


def test_a_credential_of_a_service_is_a_key(site: Path, key: Path) -> None:
    key.chmod(0o400)
    by_file = uppvaxt("research", "--site", site, "--key", key)
    done = uppvaxt(
        "research", "--site", site, "--credential", key.name,
        environment={"CREDENTIALS_DIRECTORY": str(key.parent)},
    )  # fmt: skip
    assert (done.code, done.out) == (0, by_file.out)
    assert uppvaxt("research", "--site", site, "--credential", key.name).code == 4


@pytest.mark.parametrize(
    "arguments",
    [(), ("--key", "a", "--credential", "b"), ("--key", "a", "--release", "../x")],
)
def test_what_is_asked_for_wrongly_is_said(site: Path, arguments: tuple[str, ...]) -> None:
    done = uppvaxt("research", "--site", site, *arguments)
    assert done.code == 2
    assert "expected" in done.err


def test_a_missing_key_is_said(site: Path, tmp_path: Path) -> None:
    done = uppvaxt("research", "--site", site, "--key", tmp_path / "none")
    assert done.code == 2
    assert f"{tmp_path / 'none'}: is not there" in done.err
    done = uppvaxt(
        "research", "--site", site, "--credential", "none",
        environment={"CREDENTIALS_DIRECTORY": str(tmp_path)},
    )  # fmt: skip
    assert done.code == 2
    assert "none: is not there" in done.err


def test_a_sensitive_measure_that_the_site_lacks_is_refused_before_the_work(site: Path) -> None:
    policy = site / "policy.yml"
    line = "editions:\n"
    replace(policy, line, f"{line}  research:\n    sensitive: [alcohol]\n")
    done = uppvaxt("areas", "--site", site)
    assert done.code == 3
    assert "editions.research.sensitive: 'alcohol' is not defined" in done.err


def test_what_a_killed_run_left_is_gone_after_the_next(site: Path, key: Path) -> None:
    left = site / "research" / ".unfinished-999999999"
    left.mkdir(parents=True)
    (left / "research.duckdb").write_text("half")
    left.chmod(0o500)
    running = site / "research" / f".unfinished-{os.getpid()}"
    running.mkdir()
    done = uppvaxt("research", "--site", site, "--key", key)
    assert done.code == 0, done.err
    assert not left.exists()
    assert running.exists()
    assert not list((site / "research").rglob("*.wal"))
