"""A night as a machine meets it: a process, its streams, and the folder it leaves."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from pipeline import REPOSITORY
from pipeline.operations.writing import DEBRIS
from tests.command_line import UPPVAXT, Ended, uppvaxt

MADE = (
    "import sys; sys.argv[0] = 'uppvaxt'; from tests.operations import made_release\n"
    "made_release.install(); from pipeline.start import main; main()"
)

PUBLISHER = os.environ.get("PUBLISHER", "made")
"""``made``, which is quick, or ``real``."""

PROGRAM = MADE if PUBLISHER == "made" else UPPVAXT
"""What a night runs."""

UNFINISHED = re.compile(rf"{DEBRIS.pattern}|\.unfinished-.*")


def night(site: Path, *arguments: str | Path, **environment: str) -> Ended:
    """Run a night to its end."""
    return uppvaxt("nightly", "--site", site, *arguments, program=PROGRAM, environment=environment)


def start_night(site: Path, program: str = PROGRAM) -> "subprocess.Popen[str]":
    """Begin a night and let it run."""
    return subprocess.Popen(  # noqa: S603 - what runs is this repository
        [sys.executable, "-c", program, "nightly", "--site", str(site)],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # As a service does: a kill takes its children with it only if they let it.
        start_new_session=True,
    )


def records(folder: Path) -> list[dict[str, Any]]:
    """The run records of a folder, oldest first."""
    found = [json.loads(path.read_text("utf-8")) for path in (folder / "runs").glob("*.json")]
    return sorted(found, key=lambda record: int(record["number"]))


def outcomes(folder: Path) -> list[str]:
    """How the runs of a folder ended, oldest first."""
    return [record["outcome"] for record in records(folder)]


def leftovers(folder: Path) -> list[str]:
    """Files and folders that only a killed run leaves."""
    return sorted(
        str(Path(where).relative_to(folder) / name)
        for where, folders, files in os.walk(folder)
        for name in [*folders, *files]
        if UNFINISHED.fullmatch(name)
    )


def change(site: Path) -> None:
    """Let the site state something else than before, so that the next night has work."""
    path = site / "waves" / "2026.yml"
    text = path.read_text("utf-8")
    found = re.search(r"^min_answered_items: (\d+)$", text, re.MULTILINE)
    assert found
    # 10 to 29: of more answers than that nobody lacks any.
    count = 10 + (int(found[1]) - 9) % 20
    path.write_text(text.replace(found[0], f"min_answered_items: {count}"), "utf-8")
