"""The product's answers beside those of another program, for a folder of cases.

``python -m bench.oracle FOLDER``, or ``make oracle CASES=FOLDER``. ``tests/oracle/README.md``
describes the form of a case.
"""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from bench.oracle_cases import CaseError, find_cases, load_case
from bench.oracle_checks import Check
from bench.oracle_run import case_checks
from pipeline.commands.terminal import leave

SHOWN = 3
"""Failures shown of a case."""


def compare(
    cases: Annotated[Path, typer.Argument(help="Folder of cases, or of one.", file_okay=False)],
) -> None:
    """Run the product on cases; say how many numbers were checked and how many fail.

    A line for each case, then one for each subject over all cases, then the total.
    """
    if not cases.is_dir() or not (folders := find_cases(cases)):
        typer.echo(f"{cases}: is not a folder of cases.", err=True)
        raise typer.Exit(2)
    checks: list[Check] = []
    unread = 0
    for folder in folders:
        try:
            found = run_case(folder)
        except CaseError as error:
            typer.echo(f"{folder.name}: not compared: {error}")
            unread += 1
            continue
        typer.echo(f"{folder.name}: {summary(found)}")
        for check in failures(found)[:SHOWN]:
            typer.echo(f"    {check.where}: {check.what} differs by {check.difference:.2g}")
        checks += found
    for subject in dict.fromkeys(check.subject for check in checks):
        typer.echo(f"  {subject}: {summary([each for each in checks if each.subject == subject])}")
    total = f"{len(folders)} cases: {summary(checks)}"
    typer.echo(f"{total}; {unread} not compared" if unread else total)
    if failures(checks) or unread:
        raise typer.Exit(1)


def run_case(folder: Path) -> list[Check]:
    """Every check of a case.

    Raises:
        CaseError: it cannot be read or carried out.
    """
    case = load_case(folder)
    with TemporaryDirectory(prefix="uppvaxt-oracle-") as place:
        return list(case_checks(case, Path(place)))


def failures(checks: list[Check]) -> list[Check]:
    """The checks that do not hold."""
    return [check for check in checks if not check.is_right]


def summary(checks: list[Check]) -> str:
    """How many checks, how many that fail, and the largest relative difference."""
    largest = max((check.difference for check in checks), default=0.0)
    return (
        f"{len(checks):,} checks, {len(failures(checks))} failures, "
        f"largest relative difference {largest:.1e}"
    )


if __name__ == "__main__":
    app = typer.Typer(pretty_exceptions_enable=False)
    app.command()(compare)
    try:
        app()
    except SystemExit as done:
        leave(done.code if isinstance(done.code, int) else 1)
