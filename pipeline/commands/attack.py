"""The command that attacks a release before somebody else does."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.commands.terminal import JsonOption, answer
from pipeline.errors import UsageError

FOUND = 4
"""Exit code if anything was found: the publisher must act."""


def attack(
    release: Annotated[Path, typer.Argument(help="Folder of a release.")],
    *,
    as_json: JsonOption = False,
) -> None:
    """Try to work out what a release hides, from what it publishes alone."""
    if not release.is_dir():
        raise UsageError(f"{release}: is no folder; expected the folder of a release.")
    # SciPy and HiGHS are slow to load.
    from pipeline.attack.attack import attack_release  # noqa: PLC0415
    from pipeline.attack.release import MANIFEST, is_release  # noqa: PLC0415
    from pipeline.attack.report import report_content, report_text  # noqa: PLC0415

    if not is_release(release):
        raise UsageError(
            f"{release}: is no release; expected a folder with {MANIFEST}, or with a table of "
            "estimates."
        )
    report = attack_release(release)
    answer(report_content(report), report_text(report), as_json=as_json)
    if report.findings:
        raise typer.Exit(FOUND)
