"""Whether a build is current: one number over everything it was computed from."""

import hashlib
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import duckdb

from pipeline import REPOSITORY, warehouse
from pipeline.definitions.catalogue import Catalogue
from pipeline.ingest.export import export_path

DATABASE = "uppvaxt.duckdb"
"""Name of a site's working file."""

LIBRARIES = ("duckdb", "numpy", "polars", "pydantic", "pyreadstat", "scipy")
"""Libraries that figures pass through."""


def fingerprint(catalogue: Catalogue) -> str:
    """SHA-256 of everything a build depends on: definitions, exports, SQL, code, libraries."""
    digest = hashlib.sha256()
    for path in _sources(catalogue):
        digest.update(str(path.name).encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest() if path.is_file() else b"-")
    for library in LIBRARIES:
        digest.update(f"{library} {version(library)}".encode())
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


def _sources(catalogue: Catalogue) -> Iterator[Path]:
    for folder, pattern in (
        (REPOSITORY / "pipeline", "**/*.py"),
        (REPOSITORY / "sql", "**/*.sql"),
        (REPOSITORY / "schemas" / "instruments", "*.yml"),
        (REPOSITORY / "factor_definitions", "**/*.yml"),
        (catalogue.folder, "*.yml"),
        (catalogue.folder / "waves", "*"),
        (catalogue.folder / "schemas", "**/*.yml"),
        (catalogue.folder / "factor_definitions", "**/*.yml"),
    ):
        yield from sorted(path for path in folder.glob(pattern) if path.is_file())
    for wave in catalogue.waves:
        yield from (export_path(catalogue.folder, export) for export in wave.exports)
        if wave.enrolled:
            yield catalogue.folder / wave.enrolled
