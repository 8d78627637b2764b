"""Whether a build is current: one number over everything it was computed from."""

import hashlib
from pathlib import Path

import duckdb

from pipeline import warehouse
from pipeline.definitions.catalogue import Catalogue
from pipeline.sources import digest_files, library_versions, sources

DATABASE = "uppvaxt.duckdb"
"""Name of a site's working file."""


def fingerprint(catalogue: Catalogue) -> str:
    """SHA-256 of everything a build depends on: definitions, exports, SQL, code, libraries."""
    digest = hashlib.sha256()
    for part, paths in sources(catalogue).items():
        if part != "documents":
            digest.update(f"{part} {digest_files(paths)}".encode())
    for library, version in library_versions().items():
        digest.update(f"{library} {version}".encode())
    return digest.hexdigest()


def built_from(path: Path) -> str | None:
    """Fingerprint of the build that ``path`` holds; null if there is none that can be read."""
    if not path.is_file():
        return None
    try:
        with warehouse.connect(path, read_only=True) as connection:
            return str(warehouse.read(connection, "ref.build")["fingerprint"].item())
    except duckdb.Error:
        return None
