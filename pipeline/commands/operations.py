"""The commands of a machine that runs Uppväxt unattended. They import no more than they need."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline.commands.terminal import (
    SAMPLE,
    JsonOption,
    QuietOption,
    SiteOption,
    answer,
    teller,
)
from pipeline.definitions.catalogue import Catalogue
from pipeline.operations.nightly import Progress, Published, run_nightly
from pipeline.operations.run_record import Run
from pipeline.operations.standing import EXIT_CODES, MAX_AGE_HOURS, Standing, read_standing

FolderOption = Annotated[
    Path | None,
    typer.Option("--out", help="Folder of releases and run records; default the site's."),
]

app = typer.Typer(
    help="Survey exports in, area profiles out.",
    pretty_exceptions_enable=False,
    add_completion=False,
)


@app.command()
def nightly(
    *,
    site: SiteOption = SAMPLE,
    out: FolderOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Bring the published release up to date, if anything behind it has changed.

    Builds aside, audits, then promotes or holds; leaves a record of the run and a status page.
    """
    run = run_nightly(site, out or site, _publish, teller(quiet=quiet))
    if run.error:
        typer.echo(f"uppvaxt: {run.error['message']}", err=True)
    answer(_of_run(run), _run_text(run), as_json=as_json)
    raise typer.Exit(run.exit_code or 0)


@app.command()
def status(
    *,
    site: SiteOption = SAMPLE,
    out: FolderOption = None,
    max_age: Annotated[
        float, typer.Option("--max-age", min=0, help="Hours since the last good run, at most.")
    ] = MAX_AGE_HOURS,
    as_json: JsonOption = False,
) -> None:
    """Tell how the site stands, also by the exit code; change nothing."""
    standing = read_standing(out or site, datetime.now(UTC), max_age)
    code = EXIT_CODES[standing.state]
    answer(_of_standing(standing, code), _standing_text(standing), as_json=as_json)
    raise typer.Exit(code)


def _publish(
    catalogue: Catalogue, working_file: Path, folder: Path, progress: Progress
) -> Published:
    """Make, audit, and promote or hold a release."""
    # Imported here: a night without a change must not wait for what releases are made with.
    from pipeline.release.publish import publish  # noqa: PLC0415

    return publish(catalogue, working_file, folder, approval=None, progress=progress)


def _of_run(run: Run) -> dict[str, Any]:
    return {
        "outcome": run.outcome,
        "release_id": run.release_id,
        "changed": run.changed,
        "reasons": run.reasons,
        "error": run.error,
        "seconds": run.seconds,
    }


def _run_text(run: Run) -> str:
    """One line, and one more for each reason; an error is told on the other stream."""
    release = f" {run.release_id}" if run.release_id else ""
    return "\n".join([f"{run.outcome}{release}", *(f"  {reason}" for reason in run.reasons)])


def _of_standing(standing: Standing, code: int) -> dict[str, Any]:
    since = standing.current_since
    last = standing.last
    return {
        "state": standing.state,
        "exit_code": code,
        "current": standing.current,
        "current_since": since.isoformat(timespec="seconds") if since else None,
        "hours_since_good": _rounded(standing.hours_since_good),
        "is_running": standing.is_running,
        "last_run": {"started": last.started, "ended": last.ended} | _of_run(last)
        if last
        else None,
        "held": [
            {
                "release_id": held.release_id,
                "since": held.since.isoformat(timespec="seconds"),
                "reasons": list(held.reasons),
            }
            for held in standing.held
        ],
    }


def _standing_text(standing: Standing) -> str:
    lines = [f"{standing.state}: {_SENTENCES[standing.state]}"]
    if standing.current:
        lines.append(f"current release  {standing.current}")
    if standing.last:
        message = f": {standing.last.error['message']}" if standing.last.error else ""
        lines.append(f"last run         {standing.last.started} {standing.last.outcome}{message}")
    if standing.hours_since_good is not None:
        lines.append(f"last good run    {standing.hours_since_good:.1f} hours ago")
    for held in standing.held:
        lines.append(f"held release     {held.release_id}")
        lines += [f"  {reason}" for reason in held.reasons]
    if standing.is_running:
        lines.append("a run is going on now")
    return "\n".join(lines)


_SENTENCES = {
    "fresh": "the last run ended well, in time.",
    "stale": "no run has ended well in time.",
    "held": "a release waits for a decision.",
    "failed": "the last run failed or was killed; readers have what they had.",
    "never_run": "no run is on record.",
    "no_release": "the current release is not there.",
}


def _rounded(hours: float | None) -> float | None:
    return None if hours is None else round(hours, 1)
