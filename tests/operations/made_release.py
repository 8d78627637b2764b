"""A publisher made for tests: small, but it writes what readers read in the way they rely on.

``install`` puts it in the place of the real one, in the process of a command.
"""

import hashlib
import json
import os
import shutil
import sys
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import duckdb

from pipeline import warehouse
from pipeline.definitions.catalogue import Catalogue
from pipeline.operations.nightly import Progress, fingerprints

STATE = "MADE_RELEASE"
"""Environment variable: ``held`` to hold, ``leak`` to fail with an error that quotes answers."""


class Outcome(NamedTuple):
    """What became of a release."""

    release_id: str
    state: str
    reasons: tuple[str, ...]


def install() -> None:
    """Let the command import this publisher."""
    made = ModuleType("pipeline.release.publish")
    made.publish = publish  # type: ignore[attr-defined]
    sys.modules[made.__name__] = made


def publish(
    catalogue: Catalogue,
    working_file: Path,
    folder: Path,
    *,
    approval: None,
    progress: Progress,
) -> Outcome:
    """Write a release aside, then promote or hold it."""
    assert approval is None
    progress("Writing documents")
    whole = json.dumps(fingerprints(catalogue)).encode()
    release_id = hashlib.sha256(whole).hexdigest()[:16]
    releases = folder / "releases"
    releases.mkdir(exist_ok=True)
    for left in releases.glob(".unfinished-*"):
        _delete(left)
    aside = releases / f".unfinished-{os.getpid()}"
    _write(aside, release_id, working_file, catalogue)
    if os.environ.get(STATE) == "leak":
        raise ValueError("answer of SENTINEL")
    if os.environ.get(STATE) == "held":
        (folder / "held").mkdir(exist_ok=True)
        _move(aside, folder / "held" / release_id)
        return Outcome(release_id, "held", ("norrsatra: would change by 3 respondents.",))
    _move(aside, releases / release_id)
    link = releases / f".unfinished-{os.getpid()}-current"
    link.symlink_to(release_id)
    link.replace(releases / "current")
    return Outcome(release_id, "promoted", ())


def _write(aside: Path, release_id: str, working_file: Path, catalogue: Catalogue) -> None:
    (aside / "documents").mkdir(parents=True)
    with warehouse.connect(working_file, read_only=True) as connection:
        [(n_rows,)] = connection.execute("select count(*) from areas.estimate").fetchall()
    with duckdb.connect(str(aside / "published.duckdb")) as connection:
        connection.execute("create table release as select ? as release_id", [release_id])
        connection.execute("create table estimate as select * from range(?)", [n_rows])
    for area in catalogue.areas.areas:
        page = f"<title>{release_id}</title>" + "x" * 100_000
        (aside / "documents" / f"{area.id}.html").write_text(page, "utf-8")
    files = sorted(path for path in aside.rglob("*") if path.is_file())
    hashes = {
        str(path.relative_to(aside)): {"sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
        for path in files
    }
    manifest = {"release_id": release_id, "files": hashes}
    (aside / "manifest.json").write_text(json.dumps(manifest), "utf-8")


def _move(aside: Path, place: Path) -> None:
    """Seal a finished folder and put it in its place, unless it is there."""
    if place.exists():
        _delete(aside)
        return
    for path in aside.rglob("*"):
        path.chmod(0o555 if path.is_dir() else 0o444)
    aside.rename(place)
    place.chmod(0o555)


def _delete(path: Path) -> None:
    if path.is_symlink():
        path.unlink()
        return
    for each in [path, *path.rglob("*")]:
        if each.is_dir():
            each.chmod(0o700)
    shutil.rmtree(path)
