"""The commands for those who publish: release, verify, go back, list."""

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
    settled,
    teller,
)
from pipeline.errors import DisclosureError, UsageError
from pipeline.operations.writing import writing
from pipeline.release.layout import Layout, current_id
from pipeline.release.ledger import Line, read_ledger
from pipeline.release.manifest import read_manifest

FolderOption = Annotated[
    Path | None, typer.Option("--out", help="Folder of releases and ledger; default the site's.")
]
ByOption = Annotated[str, typer.Option("--by", help="Role of whoever decides; never a name.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why, in one line without names.")]


def release(
    *,
    site: SiteOption = SAMPLE,
    out: FolderOption = None,
    build: BuildOption = None,
    hold: Annotated[bool, typer.Option("--hold", help="Let it wait for a decision.")] = False,
    approve: Annotated[
        str | None, typer.Option("--approve", help="Id of a held release that may be seen.")
    ] = None,
    reason: ReasonOption = "",
    by: ByOption = "operator",
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Make a release and publish it, or hold it where it would tell what a few answered."""
    # Imported here: `uppvaxt --help` must not wait for the documents.
    from pipeline.release.decision import Approval  # noqa: PLC0415
    from pipeline.release.publish import publish  # noqa: PLC0415

    if hold and approve:
        raise UsageError("--hold and --approve: expected one of the two.")
    # Before one is approved that still counts whoever was to be erased.
    catalogue = settled(site)
    _warn_of_another_ledger(site, out)
    tell = teller(quiet=quiet)
    build = build or (out or site) / "build"
    with writing(out or site, "release"):
        working_file = build / "none" if approve else built(catalogue, build, quiet=quiet)
        outcome = publish(
            catalogue,
            working_file,
            out or site,
            approval=Approval(approve, by, reason) if approve else None,
            progress=tell,
            by=by,
            is_held=hold,
        )
    lines = [f"{outcome.state} {outcome.release_id}", *(f"  {each}" for each in outcome.reasons)]
    answer(outcome._asdict(), "\n".join(lines), as_json=as_json)
    if outcome.state == "held" and not hold:
        # Whoever publishes must act.
        raise typer.Exit(DisclosureError.exit_code)


def _warn_of_another_ledger(site: Path, out: Path | None) -> None:
    """Say, also to whoever wants no progress, that a ledger begins beside that of the site."""
    if out is not None and Layout(site).lines.is_file() and not Layout(out).lines.exists():
        typer.echo(
            f"uppvaxt: warning: {out} has no ledger, and {site} has one: nothing that was "
            "published before is compared with this release.",
            err=True,
        )


def verify(
    path: Annotated[
        Path, typer.Argument(help="A release, or the folder with releases and ledger.")
    ],
    *,
    as_json: JsonOption = False,
) -> None:
    """Tell whether anything in a release, or in all of a site's, was changed."""
    from pipeline.release.verification import verify as find_problems  # noqa: PLC0415

    if problems := find_problems(path):
        raise DisclosureError("\n".join([f"{path}: is not as it was published:", *problems]))
    stated = read_manifest(path)
    files = len(stated.get("files", ()))
    text = f"{path}: as it was published" + (f", {files} files" if files else "")
    answer({"path": str(path), "is_whole": True, "n_files": files}, text, as_json=as_json)


def rollback(
    release_id: Annotated[
        str | None, typer.Argument(help="Id of a release; default the one before the current.")
    ] = None,
    *,
    reason: ReasonOption,
    by: ByOption = "operator",
    site: SiteOption = SAMPLE,
    out: FolderOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let readers see an earlier release again."""
    from pipeline.release.verification import rollback as go_back  # noqa: PLC0415

    with writing(out or site, "rollback"):
        outcome = go_back(out or site, release_id, by=by, reason=reason)
    content = {"release_id": outcome.release_id, "is_changed": outcome.state != "unchanged"}
    answer(content, f"current {outcome.release_id}", as_json=as_json)


def releases(
    *, site: SiteOption = SAMPLE, out: FolderOption = None, as_json: JsonOption = False
) -> None:
    """List what was decided about every release, oldest first."""
    layout = Layout(out or site)
    lines, current = read_ledger(layout), current_id(layout)
    content = [_described(line) for line in lines]
    text = "\n".join(_row(line, current) for line in lines) or "no release has been made"
    answer({"current": current, "decisions": content}, text, as_json=as_json)


def _described(line: Line) -> dict[str, Any]:
    entry = line.entry
    return {
        "time": line.time,
        "decision": entry.decision,
        "release_id": entry.release_id,
        "role": entry.role,
        "reason": entry.reason,
        "reasons": list(entry.reasons),
    }


def _row(line: Line, current: str | None) -> str:
    entry = line.entry
    mark = "*" if entry.release_id == current and entry.release_id else " "
    why = f"  {entry.reason}" if entry.reason else ""
    against = [f"\n      {each}" for each in entry.reasons]
    return (
        f"{mark} {line.time}  {entry.release_id:<16}  {entry.decision:<11}  {entry.role}{why}"
        + "".join(against)
    )
