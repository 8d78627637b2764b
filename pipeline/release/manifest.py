"""``manifest.json``: what a release was made of and the hash of every file; and its checking."""

import hashlib
import json
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.release.identity import Origin
from pipeline.release.layout import PUBLIC_FILE, PUBLIC_FOLDER

MANIFEST = "manifest.json"


class Manifest(NamedTuple):
    """What a manifest says besides the files."""

    origin: Origin
    site_id: str
    ledger_head: str
    """Hash of the ledger's last line before this release."""


def make_manifest(folder: Path, about: Manifest) -> bytes:
    """The manifest of a folder whose other files are finished."""
    origin = about.origin
    content = {
        "release_id": origin.release_id,
        "site_id": about.site_id,
        "edition": "public",
        "build": origin.build,
        "made_of": origin.parts,
        "inputs": list(origin.inputs),
        "libraries": origin.libraries,
        "ledger_head": about.ledger_head,
        "files": {
            name: {"sha256": digest(folder / name), "bytes": (folder / name).stat().st_size}
            for name in sorted(_files(folder))
        },
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode() + b"\n"


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a release; empty if there is none that can be read."""
    try:
        content = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def misfits(folder: Path, *, manifest_sha256: str | None = None) -> list[str]:
    """Every way in which a release differs from its manifest, each naming the file.

    Args:
        folder: the release; the mode of the folder itself is not looked at.
        manifest_sha256: hash of the manifest as the ledger has it, if it is known.
    """
    stated = read_manifest(folder).get("files")
    if not isinstance(stated, dict):
        return [f"{folder / MANIFEST}: is missing or cannot be read"]
    problems = []
    if manifest_sha256 and digest(folder / MANIFEST) != manifest_sha256:
        problems.append(f"{folder / MANIFEST}: was changed; the ledger has another hash")
    found = set(_files(folder)) - {MANIFEST}
    problems += [f"{folder / name}: is missing" for name in sorted(set(stated) - found)]
    problems += [f"{folder / name}: does not belong here" for name in sorted(found - set(stated))]
    for name in sorted(found & set(stated)):
        path = folder / name
        is_equal = path.is_file() and not path.is_symlink() and _is_as_stated(path, stated[name])
        problems += [] if is_equal else [f"{path}: was changed"]
    return problems + wrong_kinds(folder) + wrong_modes(folder, set(stated))


def wrong_kinds(folder: Path) -> list[str]:
    """Whatever in a folder is neither a file of its own nor a folder."""
    problems = []
    for path in sorted(folder.rglob("*")):
        mode = path.lstat()
        if not (stat.S_ISREG(mode.st_mode) or stat.S_ISDIR(mode.st_mode)):
            problems.append(f"{path}: is a link or a device; expected a file or a folder")
        elif stat.S_ISREG(mode.st_mode) and mode.st_nlink != 1:
            problems.append(f"{path}: has {mode.st_nlink} names; expected one")
    return problems


def wrong_modes(folder: Path, files: set[str]) -> list[str]:
    """Whatever can be written to, or cannot be read, inside a release."""
    expected = dict.fromkeys((folder / name for name in (*files, MANIFEST)), PUBLIC_FILE)
    within = {folder / parent for name in files for parent in Path(name).parents}
    expected |= dict.fromkeys(within - {folder}, PUBLIC_FOLDER)
    return [
        f"{path}: has the mode {stat.S_IMODE(path.stat().st_mode):04o}; expected {mode:04o}"
        for path, mode in sorted(expected.items())
        if path.exists() and not path.is_symlink() and stat.S_IMODE(path.stat().st_mode) != mode
    ]


def _is_as_stated(path: Path, stated: Any) -> bool:
    is_stated = isinstance(stated, dict) and stated.get("bytes") == path.stat().st_size
    return is_stated and bool(stated.get("sha256") == digest(path))


def _files(folder: Path) -> Iterator[str]:
    """Everything that is not a folder, and folders that hold nothing, by path in ``folder``."""
    for path in folder.rglob("*"):
        if path.is_symlink() or not path.is_dir() or not any(path.iterdir()):
            yield str(path.relative_to(folder))
