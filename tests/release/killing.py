"""Kills a run after each of its file-system calls in turn, while a reader reads.

A program of its own: it forks before any library has started threads, which a test process has.
"""

import hashlib
import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pipeline.release.publish as publishing
from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.fit import load_catalogue
from pipeline.errors import UsageError
from pipeline.release import audit, making
from pipeline.release.decision import Approval
from pipeline.release.durable import write_file
from pipeline.release.layout import UNFINISHED, Layout, releases_in
from pipeline.release.publish import publish
from pipeline.release.verification import rollback, verify
from tests.release.made_release import ROOT

MOST_CALLS = 500
LONGEST = 60
"""Seconds after which a step is ended: it hangs."""

CALLS = (
    *("open", "write", "fsync", "mkdir", "chmod", "rename", "replace", "symlink", "unlink"),
    *("truncate", "ftruncate", "rmdir"),
)
REASON = "A correction by the supplier."


class Scene(NamedTuple):
    """What is there before, what is done, and how it is done again after a kill."""

    before: tuple[Callable[[Path], object], ...]
    act: Callable[[Path], object]
    again: Callable[[Path], object]
    may_be_missing: bool = False


def told(_: str) -> None:
    """Progress that nobody wants to hear of."""


def make_small() -> None:
    """The same steps with fewer files: each loop over files runs a few times."""

    def write_some(_: object, folder: Path) -> None:
        for name in ("a.csv", "b.csv"):
            write_file(folder / name, name.encode())

    def write_one(_: object, path: Path) -> None:
        write_file(path, b"database")

    def write_document(_: object, __: object, folder: Path) -> None:
        write_file(folder / "made.html", b"<!doctype html>")

    changed: Any = making
    changed.write_tables, changed.write_published_database = write_some, write_one
    changed.write_documents = write_document
    checks = tuple(each for each in audit.CHECKS if each.name == "manifest")
    vars(publishing)["CHECKS"] = checks


def scenes(catalogue: Catalogue, builds: Path) -> dict[str, Scene]:
    """Everything that changes which release is seen."""

    def made(name: str, **how: Any) -> Callable[[Path], object]:
        def run(folder: Path) -> object:
            how.setdefault("approval", None)
            return publish(catalogue, builds / f"{name}.duckdb", folder, progress=told, **how)

        return run

    def approved(folder: Path) -> object:
        [held] = releases_in(Layout(folder).held)
        return made("less", approval=Approval(held, "head of unit", REASON))(folder)

    def approved_at_last(folder: Path) -> None:
        made("less")(folder)
        if releases_in(Layout(folder).held):
            approved(folder)

    def back(folder: Path) -> object:
        return rollback(folder, None, by="head of unit", reason=REASON)

    def back_at_last(folder: Path) -> None:
        made("next")(folder)
        # Refused where it was done before the kill.
        with suppress(UsageError):
            back(folder)

    old, following = made("old"), made("next")
    return {
        "first": Scene((), old, old, may_be_missing=True),
        "next": Scene((old,), following, following),
        "approved": Scene((old, made("less")), approved, approved_at_last),
        # Another waits already, and gives way.
        "held": Scene((old, made("less")), made("two_less"), made("two_less")),
        "back": Scene((old, following), back, back_at_last),
    }


def seen(folder: Path) -> str | None:
    """Id of the release a reader sees, which must be whole; null if there is none.

    Raises:
        AssertionError: it is not whole, or of two releases.
    """
    try:
        release_id = str((folder / "releases" / "current").readlink())
    except FileNotFoundError:
        return None
    release = folder / "releases" / release_id
    manifest = json.loads((release / "manifest.json").read_bytes())
    assert manifest["release_id"] == release_id
    for name, stated in manifest["files"].items():
        content = (release / name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == stated["sha256"], name
    return release_id


def in_child(work: Callable[[], object]) -> int:
    """Id of a process that does ``work`` and ends with 0, or with 1 if it failed.

    This process itself never does what starts threads: a fork would find their locks taken.
    """
    child = os.fork()
    if child:
        return child
    code = 1
    signal.alarm(LONGEST)
    try:
        work()
        code = 0
    except BaseException as error:  # noqa: BLE001 - told to whoever runs the program
        print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)  # noqa: T201
    os._exit(code)


def ended(child: int) -> int:
    """Exit code of a process."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def killed_after(n: int, work: Callable[[], object]) -> None:
    """Do ``work``, but end without a trace after the n-th file-system call that writes."""
    left = n

    def counted(call: Callable[..., Any]) -> Callable[..., Any]:
        def counting(*given: Any, **named: Any) -> Any:
            nonlocal left
            returned = call(*given, **named)
            if call.__name__ != "open" or given[1] & (os.O_WRONLY | os.O_RDWR):
                left -= 1
                if left == 0:
                    os._exit(9)
            return returned

        return counting

    changed: Any = os
    for name in CALLS:
        setattr(changed, name, counted(getattr(os, name)))
    work()


def read_until_told(folder: Path, *, may_be_missing: bool) -> None:
    """Read the current release over and over; fail if it is ever missing, or not whole."""
    is_told = []
    signal.signal(signal.SIGTERM, lambda *_: is_told.append(True))
    while True:
        assert seen(folder) is not None or may_be_missing, "missing"
        if is_told:
            return
        time.sleep(0.005)


def done_again(scene: Scene, folder: Path) -> None:
    """The next run; fail if a release, the pointer or the ledger is then not as it was written."""
    scene.again(folder)
    assert verify(folder) == []


def run_scene(scene: Scene, folder: Path) -> tuple[int, list[str]]:
    """Number of kills, and what went wrong after which."""
    pristine = folder / "pristine"
    pristine.mkdir()
    for step in scene.before:
        assert ended(in_child(partial(step, pristine))) == 0
    problems: list[str] = []
    possible = {seen(pristine)}
    for n in range(1, MOST_CALLS):
        place = folder / str(n)
        shutil.copytree(pristine, place, symlinks=True)
        is_killed, found = run_killed(scene, place, n)
        problems += [f"kill {n}: {each}" for each in found]
        possible.add(seen(place))
        if not is_killed:
            break
    if len(possible) > 2:
        problems.append(f"{len(possible)} different releases were seen")
    return n - 1, problems


def run_killed(scene: Scene, place: Path, n: int) -> tuple[bool, list[str]]:
    """Whether the n-th call came, and what was wrong after it."""
    problems = []
    reading = in_child(partial(read_until_told, place, may_be_missing=scene.may_be_missing))
    is_killed = ended(in_child(partial(killed_after, n, partial(scene.act, place)))) == 9
    if ended(in_child(partial(done_again, scene, place))):
        problems.append("the next run failed, or left what the ledger does not say")
    os.kill(reading, signal.SIGTERM)
    if ended(reading):
        problems.append("the reader saw a release that was not whole")
    left = [str(path) for path in place.rglob("*") if UNFINISHED in path.name]
    return is_killed, problems + [f"{each} is left" for each in left]


if __name__ == "__main__":
    site, builds, out, name = (Path(each) for each in sys.argv[1:])
    found = load_catalogue(site)
    root = found.site.model_copy(update={"root_area": ROOT})
    make_small()
    chosen = scenes(found._replace(site=root), builds)[str(name)]
    n_kills, wrong = run_scene(chosen, out)
    print(json.dumps({"n_kills": n_kills, "problems": wrong}))  # noqa: T201
    sys.stdout.flush()
    os._exit(0)
