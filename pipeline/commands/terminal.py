"""What all commands share: their options, how they tell progress, how they answer, how they end."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline import REPOSITORY
from pipeline.definitions.catalogue import Catalogue
from pipeline.documents.view import Lang
from pipeline.fingerprint import DATABASE, built_from, fingerprint

SiteOption = Annotated[Path, typer.Option("--site", help="The site's folder.")]
OutOption = Annotated[
    Path | None, typer.Option("--out", help="Folder for what is derived; default <site>/build.")
]
BuildOption = Annotated[
    Path | None, typer.Option("--build", help="Folder of the build; default <site>/build.")
]
WaveOption = Annotated[int | None, typer.Option("--wave", help="Year; default the latest.")]
LangOption = Annotated[Lang, typer.Option("--lang", help="Language of the document.")]
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


def built(catalogue: Catalogue, out: Path, *, quiet: bool, is_anew: bool = False) -> Path:
    """The site's working file; built first if anything behind it has changed, or if ``is_anew``."""
    path = out / DATABASE
    if is_anew or built_from(path) != fingerprint(catalogue):
        # Imported here: a profile from a finished build must not wait for SciPy.
        from pipeline.build import build_site  # noqa: PLC0415

        build_site(catalogue, out, teller(quiet=quiet))
    return path


def answer(content: Any, text: str, *, as_json: bool) -> None:
    """Print the result: ``content`` for programs, ``text`` for people."""
    typer.echo(json.dumps(content, ensure_ascii=False, indent=2) if as_json else text)


def leave(code: int) -> None:
    """End the process with ``code``."""
    sys.stdout.flush()
    sys.stderr.flush()
    # DuckDB 2.0.0 prints a harmless report of leaked types when the interpreter is torn down.
    os._exit(code)
