"""What a release is made of, as hashes, and the id that follows from them."""

import hashlib
from pathlib import Path
from typing import NamedTuple

from pipeline import warehouse
from pipeline.definitions.catalogue import Catalogue
from pipeline.sources import digest_files, library_versions, rendering_versions, sources


class Origin(NamedTuple):
    """Everything a release depends on."""

    release_id: str
    """First 16 characters of the SHA-256 of all that follows."""

    build: str
    """Fingerprint of the working file."""

    parts: dict[str, str]
    """SHA-256 of ``inputs``, ``definitions``, ``policy``, ``code`` and ``documents``."""

    inputs: tuple[str, ...]
    """SHA-256 of each delivered file; never its name or size, which may be telling."""

    libraries: dict[str, str]


def release_id(build: str, documents: str) -> str:
    """The id of a release.

    Args:
        build: fingerprint of the working file, which is over inputs, definitions, policy, code
            and libraries.
        documents: SHA-256 of templates, styles and texts.
    """
    rendering = " ".join(f"{each} {version}" for each, version in rendering_versions().items())
    return hashlib.sha256(f"{build} {documents} {rendering}".encode()).hexdigest()[:16]


def expected_release_id(catalogue: Catalogue, build: str) -> str:
    """The id that a release of ``build`` would have now."""
    return release_id(build, digest_files(sources(catalogue)["documents"]))


def origin_of(catalogue: Catalogue, working_file: Path) -> Origin:
    """What a release of ``working_file`` is made of."""
    with warehouse.connect(working_file, read_only=True) as connection:
        build = str(warehouse.read(connection, "ref.build")["fingerprint"].item())
    files = sources(catalogue)
    parts = {str(part): digest_files(paths) for part, paths in files.items()}
    inputs = tuple(
        hashlib.sha256(path.read_bytes()).hexdigest() for path in files["inputs"] if path.is_file()
    )
    rendering = rendering_versions()
    return Origin(
        release_id(build, parts["documents"]),
        build,
        parts,
        inputs,
        dict(sorted((library_versions() | rendering).items())),
    )
