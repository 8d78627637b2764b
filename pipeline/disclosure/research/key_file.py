"""The secret that pseudonyms are made with, read from where only its owner can read it.

It is never in an argument, an environment variable, a log or a file of the site.
"""

import os
import stat
from collections.abc import Iterable
from pathlib import Path

from pipeline.disclosure.research.pseudonyms import KEY_BYTES
from pipeline.errors import DisclosureError

CREDENTIALS_DIRECTORY = "CREDENTIALS_DIRECTORY"
"""Environment variable with the folder that systemd hands a service its credentials in."""

MAX_BYTES = 4096
MIN_DISTINCT_BYTES = 8
"""Of a key; 64 random hexadecimal digits have fewer with a probability below 1e-18, and 32 random
bytes with a far smaller one."""

OTHERS = 0o077
CREDENTIAL_OTHERS = 0o037
"""Of a credential: systemd may grant a service's user access by an access list, whose mask
stands where the group's bits are."""


def read_key(path: Path, kept_apart_from: Iterable[Path]) -> bytes:
    """The master key in a file.

    Args:
        path: a regular file that nobody but its owner can read, of at least 32 bytes that are not
            text somebody made up: ``head -c 32 /dev/urandom``.
        kept_apart_from: folders that may not hold it, such as the site's.

    Raises:
        DisclosureError: the file is not kept as a secret is, or is too simple to be one.
        OSError: it cannot be read.
    """
    return _read(path, kept_apart_from, OTHERS)


def read_credential(name: str, folder: str | None, kept_apart_from: Iterable[Path]) -> bytes:
    """The master key that systemd hands over, see ``LoadCredential=`` in systemd.exec(5).

    Args:
        name: of the credential.
        folder: what ``$CREDENTIALS_DIRECTORY`` says; null if it is not set.
        kept_apart_from: folders that may not hold it.

    Raises:
        DisclosureError: there is no such folder, its name leads out of it, or as ``read_key``.
    """
    if not folder:
        raise DisclosureError(
            f"credential {name!r}: ${CREDENTIALS_DIRECTORY} is not set; expected a service "
            "with LoadCredential=, or a key file (--key)."
        )
    if Path(name).name != name or not name:
        raise DisclosureError(f"credential {name!r}: expected a name, not a path.")
    return _read(Path(folder) / name, kept_apart_from, CREDENTIAL_OTHERS)


def _read(path: Path, kept_apart_from: Iterable[Path], others: int) -> bytes:
    resolved = path.parent.resolve() / path.name
    for folder in kept_apart_from:
        if resolved.is_relative_to(folder.resolve()):
            raise DisclosureError(
                f"{path}: is inside {folder}; expected the key apart from what it protects."
            )
    if path.is_symlink():
        raise DisclosureError(f"{path}: is a symbolic link; expected the key file itself.")
    # Not followed even if the path became a link a moment ago; not waited for if it is a pipe.
    opened = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        _require_private(path, os.fstat(opened), others)
        key = os.read(opened, MAX_BYTES + 1)
    finally:
        os.close(opened)
    if not KEY_BYTES <= len(key) <= MAX_BYTES:
        raise DisclosureError(
            f"{path}: is too {'short' if len(key) < KEY_BYTES else 'long'} for a key; expected "
            f"{KEY_BYTES} to {MAX_BYTES} bytes."
        )
    if len(set(key)) < MIN_DISTINCT_BYTES:
        raise DisclosureError(
            f"{path}: repeats fewer than {MIN_DISTINCT_BYTES} different bytes; expected random "
            "ones, as from head -c 32 /dev/urandom."
        )
    return key


def _require_private(path: Path, status: os.stat_result, others: int) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise DisclosureError(f"{path}: is no regular file; expected a key file.")
    mode = stat.S_IMODE(status.st_mode)
    if mode & others:
        raise DisclosureError(
            f"{path}: has the permissions {mode:04o}, so others can reach it; "
            "expected 0600 or 0400."
        )
    if status.st_uid not in (os.geteuid(), 0):
        raise DisclosureError(f"{path}: belongs to another user; expected one's own, or root's.")
