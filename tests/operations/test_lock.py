"""One writer at a time; the others leave at once, and say who is there."""

import errno
import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from pipeline.errors import BusyError, UsageError
from pipeline.lock import LOCK_FILE, is_held, site_lock
from pipeline.operations.writing import writable, writing
from tests.command_line import UPPVAXT, uppvaxt
from tests.operations.night import PROGRAM, change, leftovers, night, outcomes, start_night

HOLD = """
import sys
from pathlib import Path
from pipeline.lock import site_lock
with site_lock(Path(sys.argv[1]), "nightly"):
    {then}
    print("held", flush=True)
    sys.stdin.read()
"""


def hold(folder: Path, then: str = "") -> "subprocess.Popen[str]":
    """A process that holds the lock until its standard input ends."""
    holder = subprocess.Popen(  # noqa: S603 - what runs is this repository
        [sys.executable, "-c", HOLD.format(then=then), str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout
    assert holder.stdout.readline() == "held\n"
    return holder


def test_of_twenty_one_wins_and_the_others_leave_while_it_works(released: Path) -> None:
    change(released)
    # The winner stops in its publisher until it is told to go on.
    waiting = PROGRAM.replace(
        "made_release.install()",
        "made_release._write = lambda *a, w=made_release._write: (sys.stdin.read(), w(*a))\n"
        "made_release.install()",
    )
    running = [start_night(released, waiting) for _ in range(20)]
    while sum(each.poll() is not None for each in running) < 19:
        assert all(each.poll() in (None, 75) for each in running)
    [winner] = [each for each in running if each.poll() is None]
    for each in running:
        if each is not winner:
            out, err = each.communicate()
            assert (each.returncode, out) == (75, "")
            assert f"another run is writing there (command nightly, pid {winner.pid}, host " in err
    assert winner.poll() is None
    out, err = winner.communicate()
    assert (winner.returncode, out[:9]) == (0, "promoted ")
    assert outcomes(released) == ["promoted", "promoted"]


def test_a_killed_holder_is_gone_at_once(tmp_path: Path) -> None:
    for _ in range(50):
        holder = hold(tmp_path)
        assert is_held(tmp_path)
        with pytest.raises(BusyError, match=rf"command nightly, pid {holder.pid}, host "):
            take(tmp_path)
        holder.send_signal(signal.SIGKILL)
        holder.communicate()
        take(tmp_path)


def take(folder: Path) -> None:
    """Take the lock and let it go."""
    with site_lock(folder, "build"):
        assert is_held(folder)


def test_a_child_that_outlives_its_parent_does_not_keep_the_lock(tmp_path: Path) -> None:
    # Forked, as workers are, and started, as parsers are.
    then = (
        "import os, subprocess, time\n"
        "    started = subprocess.Popen(['sleep', '60'])\n"
        "    can_read, can_write = os.pipe()\n"
        "    forked = os.fork()\n"
        "    if not forked: os.write(can_write, b'.'); time.sleep(60)\n"
        "    os.read(can_read, 1)\n"
        "    print(started.pid, forked, flush=True)"
    )
    holder = subprocess.Popen(  # noqa: S603 - what runs is this repository
        [sys.executable, "-c", HOLD.format(then=then), str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout
    children = [int(pid) for pid in holder.stdout.readline().split()]
    try:
        assert is_held(tmp_path)
        holder.kill()
        holder.wait()
        assert not is_held(tmp_path)
        take(tmp_path)
    finally:
        for pid in children:
            os.kill(pid, signal.SIGKILL)
        holder.communicate()


def test_whoever_holds_it_may_take_it_again(tmp_path: Path) -> None:
    with writing(tmp_path, "release"):
        with writing(tmp_path, "build"):
            assert is_held(tmp_path)
        # The inner one gives back nothing that the outer one needs.
        assert is_held(tmp_path)
        assert Path(tempfile.gettempdir()).parent == tmp_path / "build"
    assert not is_held(tmp_path)
    assert leftovers(tmp_path) == []


def test_the_file_is_the_same_one_afterwards(tmp_path: Path) -> None:
    take(tmp_path)
    before = (tmp_path / LOCK_FILE).stat().st_ino
    take(tmp_path)
    assert (tmp_path / LOCK_FILE).stat().st_ino == before
    assert (tmp_path / LOCK_FILE).read_bytes() == b""


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (b"", "another run is writing there; try"),
        (b"not JSON", "another run is writing there; try"),
        (b"[" * 5000, "another run is writing there; try"),
        (
            b'{"pid": "\\u001b[31m\\nroot", "more": 1}',
            r"another run is writing there (pid [31mroot);",
        ),
        (json.dumps({"pid": "7" * 1000}).encode(), f"(pid {'7' * 60});"),
    ],
)
def test_what_stands_in_the_file_is_not_trusted(tmp_path: Path, written: bytes, said: str) -> None:
    holder = hold(tmp_path)
    (tmp_path / LOCK_FILE).write_bytes(written)
    with pytest.raises(BusyError) as busy:
        take(tmp_path)
    holder.communicate()
    assert said in str(busy.value)
    assert str(busy.value).isprintable()


def test_a_lock_file_that_somebody_deleted_locks_nobody_out_and_nobody_in(tmp_path: Path) -> None:
    holder = hold(tmp_path)
    (tmp_path / LOCK_FILE).unlink()
    holder.communicate()
    take(tmp_path)


def test_a_link_in_the_place_of_the_lock_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("mine", "utf-8")
    (tmp_path / LOCK_FILE).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="symbolic link"):
        take(tmp_path)
    assert (tmp_path / "elsewhere").read_text("utf-8") == "mine"


@pytest.mark.parametrize("command", [("build",), ("profile", "first_area")])
def test_whatever_builds_waits_for_nobody(fresh: Path, command: tuple[str, ...]) -> None:
    holder = hold(fresh)
    ended = uppvaxt(*command, "--site", fresh)
    assert (ended.code, ended.out) == (75, "")
    assert f"uppvaxt: {fresh}: another run is writing there (command nightly, " in ended.err
    holder.communicate()
    assert uppvaxt(*command, "--site", fresh).code == 0


def test_a_folder_apart_from_the_site_has_one_lock_for_all(fresh: Path, tmp_path: Path) -> None:
    out, key = tmp_path / "elsewhere", tmp_path / "key"
    key.write_bytes(os.urandom(32))
    key.chmod(0o600)
    out.mkdir()
    holder = hold(out)
    for command in (
        ("release", "--out", out),
        ("build", "--out", out / "build"),
        ("research", "--out", out / "research", "--build", out / "build", "--key", key),
        ("erase", "-", "--out", out, "--by", "controller", "--reason", "asked to"),
    ):
        ended = uppvaxt(*command, "--site", fresh, typed="7")
        assert (ended.code, ended.out) == (75, ""), command
        assert f"uppvaxt: {out}: another run is writing there (command nightly, " in ended.err
    holder.communicate()


def test_what_only_reads_is_not_in_the_way(released: Path) -> None:
    holder = hold(released)
    assert uppvaxt("profile", "first_area", "--site", released).code == 0
    ended = uppvaxt("status", "--site", released)
    assert ended.code == 0
    assert ended.out.splitlines()[-1] == "a run is going on now"
    holder.communicate()
    assert uppvaxt("estimates", "--site", released, "--out", released / "e.csv").code == 0
    assert night(released).code == 0
    assert UPPVAXT != PROGRAM


def test_whoever_writes_clears_away_what_killed_runs_left(tmp_path: Path) -> None:
    work = tmp_path / "build"
    left = [
        work / "unfinished-4711.duckdb",
        work / "unfinished-4711-scratch" / "rows.parquet",
        work / "protections" / ".measures.json.4711",
        tmp_path / ".status.html.4711",
    ]
    kept = [work / "uppvaxt.duckdb", work / "protections" / "measures.json"]
    for path in (*left, *kept):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    with writing(tmp_path, "build"):
        assert [path for path in left if path.exists()] == []
    assert all(path.is_file() for path in kept)


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES, errno.EPERM])
def test_a_folder_that_refuses_files_is_named_without_their_names(
    number: int, tmp_path: Path
) -> None:
    with (
        pytest.raises(UsageError, match=rf"^{tmp_path}: cannot be written to: .*; go home\.$"),
        writable(tmp_path, "go home"),
    ):
        raise OSError(number, os.strerror(number), str(tmp_path / "a" / ".page.html.123"))


@pytest.mark.parametrize(
    ("number", "name"),
    [(errno.ENOSPC, "here/page"), (errno.EACCES, "elsewhere"), (errno.EROFS, None)],
)
def test_what_is_not_the_folders_fault_is_left_as_it_is(
    number: int, name: str | None, tmp_path: Path
) -> None:
    file = str(tmp_path / name) if name else None
    with pytest.raises(OSError, match=os.strerror(number)), writable(tmp_path / "here", "go home"):
        raise OSError(number, os.strerror(number), file)
