"""The command that takes a respondent out of a site. What is typed is never said back."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline.commands.terminal import (
    SAMPLE,
    BuildOption,
    JsonOption,
    QuietOption,
    SiteOption,
    answer,
    built,
)
from pipeline.definitions.fit import load_catalogue
from pipeline.definitions.lookup import find_wave
from pipeline.errors import UsageError
from pipeline.fingerprint import DATABASE
from pipeline.lock import site_lock
from pipeline.operations.replacement import finish_erasure
from pipeline.operations.writing import ANOTHER_FOLDER, writable

AS_TYPED: dict[str, Any] = {"allow_extra_args": True, "ignore_unknown_options": True}
"""Arguments too many are refused here: the command line's own refusal would quote them."""

IN_HISTORY = (
    "uppvaxt: an id on the command line stays in the shell's history and can be seen by others on "
    "the machine while the command runs; `uppvaxt erase -` reads it from standard input."
)
WHERE_IT_CAN = "an erasure writes the exports anew: run it where the site's folder can be written"
STILL_TO_DO = (
    "Not reached from here: other folders of --out and --build (the next run there reads the "
    "exports anew), backups, copies outside the site's folder, research files that were handed "
    "out, and the supplier. A new file from the supplier brings the respondent back."
)


def erase(
    context: typer.Context,
    respondent: Annotated[
        str,
        typer.Argument(
            metavar="ID", help="The respondent's id in the export; - reads it from standard input."
        ),
    ],
    *,
    reason: Annotated[str, typer.Option("--reason", help="Why, without names; for the ledger.")],
    by: Annotated[str, typer.Option("--by", help="Role of whoever decided; never a name.")],
    wave: Annotated[
        int | None, typer.Option("--wave", help="Year; default the one wave that has the id.")
    ] = None,
    site: SiteOption = SAMPLE,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder of releases and ledger; default the site.")
    ] = None,
    build: BuildOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Take a respondent out of the exports and of all that was made from them, for good.

    Published releases stay as they are: a figure that moved by one would tell the one's answer.
    """
    if context.args:
        raise UsageError("erase: expected one id; put one with a blank in quotation marks.")
    wanted = _read_id() if respondent == "-" else respondent
    if respondent != "-":
        typer.echo(IN_HISTORY, err=True)
    # Not ``writing``: its temporary files lie in a folder that is deleted here.
    with writable(site, WHERE_IT_CAN), site_lock(site, "erase"):
        is_finished = finish_erasure(site)
    catalogue = load_catalogue(site)
    year = None if wave is None else find_wave(catalogue, wave).wave
    folder = out or site
    working = build or folder / "build"
    if out is None and build is None:
        _require_traces(site)
    was_built = (working / DATABASE).is_file()
    # Imported here: `uppvaxt --help` must not wait for what reads exports.
    from pipeline.operations.erase import erase as erase_from  # noqa: PLC0415
    from pipeline.operations.respondent import NobodyError  # noqa: PLC0415

    try:
        # A night that runs in the folder of releases would build anew what is deleted here.
        with writable(folder, ANOTHER_FOLDER), writable(site, WHERE_IT_CAN):
            folder.mkdir(parents=True, exist_ok=True)
            with site_lock(site, "erase"), site_lock(folder, "erase"):
                erased = erase_from(
                    catalogue, wanted, year, role=by, reason=reason, folder=folder, build=working
                )
    except NobodyError:
        if not is_finished:
            raise
        text = "An erasure that had been interrupted is finished; nobody else has that id."
        answer({"finished": True}, text, as_json=as_json)
        return
    lines = [f"Wave {erased.wave}: the respondent is erased. Written anew:"]
    lines += [f"  {path}" for path in erased.rewritten]
    places = f"{folder} and {working}" if working.parent != folder else f"{folder}"
    lines += [f"Everything derived in {places} was deleted; published releases stay as they are."]
    if erased.left:
        lines += ["Look at these yourself, since Uppväxt does not change them:"]
        lines += [f"  {line}" for line in erased.left]
    lines += [STILL_TO_DO]
    answer(erased._asdict() | {"still_to_do": STILL_TO_DO}, "\n".join(lines), as_json=as_json)
    if was_built:
        built(load_catalogue(site), working, quiet=quiet)


def _require_traces(site: Path) -> None:
    """Refuse where what was derived most likely stands in a folder that was not named.

    Once the row is out of the exports, the id leads nowhere, and no second run could delete there.
    """
    if not (site / "ledger").is_dir() and not (site / "build").is_dir():
        raise UsageError(
            f"{site}: nothing was ever made in it; name the folder of releases with --out, as the "
            f"nightly run does, or --out {site} if there is no other. Nothing has been erased."
        )


def _read_id() -> str:
    """The id from standard input; hidden while it is typed."""
    if sys.stdin.isatty():
        return str(typer.prompt("Id", hide_input=True, err=True))
    lines = [line for line in sys.stdin.read().splitlines() if line.strip()]
    if len(lines) != 1:
        raise UsageError(f"standard input: holds {len(lines)} lines; expected one id.")
    return lines[0]
