"""What all commands share: their options, how they tell progress, how they answer, how they end."""

import json
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline import REPOSITORY
from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.fit import load_catalogue
from pipeline.definitions.policy import (
    DOCUMENT_EDITIONS,
    DocumentEdition,
    unknown_edition,
)
from pipeline.documents.view import Lang
from pipeline.errors import UppvaxtError, UsageError
from pipeline.lock import LOCK_FILE
from pipeline.operations.replacement import finish_erasure, is_unfinished
from pipeline.operations.writing import writing

SiteOption = Annotated[Path, typer.Option("--site", help="The site's folder.")]
OutOption = Annotated[
    Path | None, typer.Option("--out", help="Folder for what is derived; default <site>/build.")
]
BuildOption = Annotated[
    Path | None, typer.Option("--build", help="Folder of the build; default <site>/build.")
]
WaveOption = Annotated[int | None, typer.Option("--wave", help="Year; default the latest.")]
LangOption = Annotated[Lang, typer.Option("--lang", help="Language of the document.")]
EditionOption = Annotated[
    str, typer.Option("--edition", help="Who may read it: public, or internal under secrecy.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
QuietOption = Annotated[bool, typer.Option("--quiet", help="No progress on standard error.")]

SAMPLE = REPOSITORY / "data_sample"
"""The site of a command that names none."""


def teller(*, quiet: bool) -> Callable[[str], None]:
    """Says on standard error what begins; says nothing if ``quiet``."""

    def tell(sentence: str) -> None:
        if not quiet:
            typer.echo(f"{sentence} ...", err=True)

    return tell


def settled(site: Path) -> Catalogue:
    """A site's definitions, after an erasure that was interrupted has been carried through."""
    if is_unfinished(site):
        with writing(site, "erase"):
            finish_erasure(site)
    return load_catalogue(site)


def built(catalogue: Catalogue, out: Path, *, quiet: bool, is_anew: bool = False) -> Path:
    """The site's working file; built first if anything behind it has changed, or if ``is_anew``."""
    # Imported here: a night without a change must not wait for DuckDB and Polars, nor a profile
    # from a finished build for SciPy.
    from pipeline.fingerprint import DATABASE, built_from, fingerprint  # noqa: PLC0415

    if is_unfinished(catalogue.folder):
        # It changed how many rows the waves state.
        catalogue = settled(catalogue.folder)
    path = out / DATABASE
    if is_anew or built_from(path) != fingerprint(catalogue):
        from pipeline.build import build_site  # noqa: PLC0415

        with writing(guarding(catalogue, out), "build", work=out):
            build_site(catalogue, out, teller(quiet=quiet))
    return path


def guarding(catalogue: Catalogue, build: Path) -> Path:
    """The folder whose lock keeps others out of a build.

    In its usual place, beside the releases, the working file is the nightly run's as well.
    """
    around = build.parent
    is_of_runs = around == catalogue.folder or (around / LOCK_FILE).is_file()
    return around if build.name == "build" and is_of_runs else build


def document_edition(name: str) -> DocumentEdition:
    """The edition of documents and tables called ``name``.

    Raises:
        UsageError: there is none, or it is not one of documents.
    """
    for edition in DOCUMENT_EDITIONS:
        if name == edition:
            return edition
    if name == "research":
        raise UsageError(
            "--edition: 'research' is a database of its own, which uppvaxt research makes; "
            f"expected one of {', '.join(DOCUMENT_EDITIONS)}."
        )
    raise UsageError(f"--edition: {name!r} {unknown_edition(name, DOCUMENT_EDITIONS)}")


def answer(content: Any, text: str, *, as_json: bool) -> None:
    """Print the result: ``content`` for programs, ``text`` for people."""
    typer.echo(json.dumps(content, ensure_ascii=False, indent=2) if as_json else text)


def run(app: typer.Typer) -> int:
    """Exit code of the command in ``sys.argv``; errors a person can act on have no traceback."""
    try:
        app()
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else 1
    except UppvaxtError as error:
        typer.echo(f"uppvaxt: {error}", err=True)
        return error.exit_code
    except OSError as error:
        # Polars states the file in the message alone.
        what = f"{error.filename}: {error.strerror}" if error.filename else str(error)
        typer.echo(f"uppvaxt: {what}.", err=True)
        return 74
    except Exception as error:  # noqa: BLE001 - a bug; its message may hold answers
        traceback.print_tb(error.__traceback__)
        typer.echo(f"uppvaxt: this is a bug: {type(error).__name__} (see above).", err=True)
        return 70
    return 0


def leave(code: int) -> None:
    """End the process with ``code``."""
    sys.stdout.flush()
    sys.stderr.flush()
    # DuckDB 2.0.0 prints a harmless report of leaked types when the interpreter is torn down.
    os._exit(code)
