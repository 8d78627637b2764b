"""Where the command begins: what runs every night waits for no more than it needs."""

import sys

from pipeline.commands.terminal import leave, run

UNATTENDED = ("nightly", "status")
"""Commands whose own module is enough; all others load DuckDB, Polars and the documents."""


def main() -> None:
    """Run the command in ``sys.argv``."""
    if sys.argv[1:2] and sys.argv[1] in UNATTENDED:
        from pipeline.commands.operations import app  # noqa: PLC0415
    else:
        from pipeline.cli import app  # noqa: PLC0415
    leave(run(app))
