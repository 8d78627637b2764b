"""The files that what is derived depends on, by what they are."""

import hashlib
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from pipeline import REPOSITORY
from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.reading import path_inside
from pipeline.ingest.location import export_path

Part = Literal["inputs", "definitions", "policy", "code", "documents"]

LIBRARIES = ("duckdb", "highspy", "numpy", "polars", "pydantic", "pyreadstat", "scipy")
"""Libraries that figures pass through, or that decide which of them are hidden."""

RENDERING = (
    "babel",
    "docxtpl",
    "font-source-sans-pro",
    "jinja2",
    "lxml",
    "markupsafe",
    "pikepdf",
    "python-docx",
    "python-pptx",
    "shapely",
    "typst",
    "xlsxwriter",
)
"""Libraries that documents, but no figures, pass through."""


def sources(catalogue: Catalogue) -> dict[Part, tuple[Path, ...]]:
    """Every file behind a release, each once, in a fixed order.

    Returns:
        ``inputs``: exports and numbers of enrolled, there or not; ``definitions``: YAML of the
        repository and the site, and the site's polygons; ``policy``: what may be shown;
        ``code``: Python and SQL; ``documents``: templates, styles and texts, which no figure
        depends on.

    Raises:
        ExportError: the folder of real data is not named.
        DefinitionError: a path leads out of its folder.
    """
    policy = catalogue.folder / "policy.yml"
    exports = [
        path
        for wave in catalogue.waves
        for path in (
            *(export_path(catalogue.folder, export) for export in wave.exports),
            *([path_inside(catalogue.folder.resolve(), wave.enrolled)] if wave.enrolled else []),
        )
    ]
    definitions = _files(
        (REPOSITORY / "schemas" / "instruments", "*.yml"),
        (REPOSITORY / "schemas" / "databases", "*.yml"),
        (REPOSITORY / "factor_definitions", "**/*.yml"),
        (catalogue.folder, "*.yml"),
        (catalogue.folder / "waves", "*.yml"),
        (catalogue.folder / "schemas", "**/*.yml"),
        (catalogue.folder / "factor_definitions", "**/*.yml"),
    )
    if catalogue.site.map:
        definitions += (path_inside(catalogue.folder.resolve(), catalogue.site.map.file),)
    return {
        "inputs": tuple(dict.fromkeys(exports)),
        "definitions": tuple(path for path in definitions if path != policy),
        "policy": (policy,),
        "code": _files((REPOSITORY / "pipeline", "**/*.py"), (REPOSITORY / "sql", "**/*.sql")),
        "documents": _files((REPOSITORY / "reports", "**/*")),
    }


def digest_files(paths: Iterable[Path]) -> str:
    """SHA-256 over the names and contents of files; one that is not there counts as such.

    Contents, not times or sizes: a file put back by ``cp -p`` or a backup has an old time.
    """
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode())
        if path.is_file():
            with path.open("rb") as content:
                digest.update(hashlib.file_digest(content, "sha256").digest())
        else:
            digest.update(b"-")
    return digest.hexdigest()


def library_versions() -> dict[str, str]:
    """Versions of the libraries that figures pass through."""
    return {library: version(library) for library in LIBRARIES}


def rendering_versions() -> dict[str, str]:
    """Versions of the libraries that documents, but no figures, pass through."""
    return {library: version(library) for library in RENDERING}


def _files(*patterns: tuple[Path, str]) -> tuple[Path, ...]:
    found = [
        path
        for folder, pattern in patterns
        for path in sorted(folder.glob(pattern))
        if path.is_file() and "__pycache__" not in path.parts
    ]
    return tuple(dict.fromkeys(found))
