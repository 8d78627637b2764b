"""The command for the file that researchers query under contract."""

import os
import re
from pathlib import Path
from typing import Annotated

import typer

from pipeline import REPOSITORY
from pipeline.commands.terminal import (
    SAMPLE,
    BuildOption,
    JsonOption,
    QuietOption,
    SiteOption,
    answer,
    built,
    guarding,
    teller,
)
from pipeline.definitions.fit import load_catalogue
from pipeline.disclosure.research.key_file import (
    CREDENTIALS_DIRECTORY,
    read_credential,
    read_key,
)
from pipeline.errors import UsageError
from pipeline.fingerprint import built_from
from pipeline.operations.writing import writing
from pipeline.release.identity import expected_release_id

RELEASE = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


def research(
    *,
    site: SiteOption = SAMPLE,
    key: Annotated[
        Path | None,
        typer.Option("--key", help="File with the key of pseudonyms, permissions 0600."),
    ] = None,
    credential: Annotated[
        str | None,
        typer.Option("--credential", help="Name of a systemd credential with the key, instead."),
    ] = None,
    release: Annotated[
        str | None,
        typer.Option("--release", help="Name of it; default the id of the build's release."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder of releases; default <site>/research.")
    ] = None,
    build: BuildOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Write respondents under pseudonyms to a database for researchers; print its path."""
    if (key is None) == (credential is None):
        raise UsageError("--key, --credential: expected one of them.")
    if release is not None and not RELEASE.fullmatch(release):
        raise UsageError(
            "--release: expected up to 64 lower-case letters, digits, _ and -, the first a letter "
            "or digit."
        )
    catalogue = load_catalogue(site)
    # Before anything is built: a key that is refused should not cost the wait.
    apart = (REPOSITORY, site, out or site)
    try:
        if key is not None:
            master_key = read_key(key, apart)
        else:
            folder = os.environ.get(CREDENTIALS_DIRECTORY)
            master_key = read_credential(str(credential), folder, apart)
    except FileNotFoundError as error:
        raise UsageError(
            f"{error.filename}: is not there; expected a file with the key of pseudonyms, made as "
            "docs/databases.md says."
        ) from None
    # Imported here: NumPy is slow to load.
    from pipeline.release.research_database import Edition  # noqa: PLC0415
    from pipeline.release.research_release import write_research_release  # noqa: PLC0415

    build = build or site / "build"
    with writing(guarding(catalogue, build), "research", work=build):
        working_file = built(catalogue, build, quiet=quiet)
        made_from = str(built_from(working_file))
        name = release or expected_release_id(catalogue, made_from)
        edition = Edition(name, made_from, master_key)
        teller(quiet=quiet)("Protecting respondents")
        path = write_research_release(working_file, catalogue, edition, out or site / "research")
    content = {"research": str(path), "release": edition.release_id}
    answer(content, str(path), as_json=as_json)
