"""How often the product's intervals of small areas hold the truth, by simulation.

``python -m bench.coverage``, or ``make coverage``, which writes ``docs/coverage.md``.
"""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from bench.coverage_count import count
from bench.coverage_document import Counted, document
from bench.coverage_setting import MAIN, OTHERS, Setting
from pipeline.commands.terminal import leave

SEED = 20261122


def coverage(
    out: Annotated[Path | None, typer.Option(help="Markdown file to write as well.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of the random numbers.")] = SEED,
    draws: Annotated[
        int | None, typer.Option(help="Draws of every municipality, instead of their own.", min=1)
    ] = None,
) -> None:
    """Draw municipalities, count how often intervals hold the true share, print the table."""
    main, *others = [
        Counted(setting, count(setting, [seed, number]))
        for number, setting in enumerate(_drawn(setting, draws) for setting in (MAIN, *OTHERS))
    ]
    page = document(main, others, seed)
    typer.echo(page, nl=False)
    if out is not None:
        out.write_text(page, "utf-8")


def _drawn(setting: Setting, draws: int | None) -> Setting:
    return setting if draws is None else replace(setting, replications=draws)


if __name__ == "__main__":
    app = typer.Typer(pretty_exceptions_enable=False)
    app.command()(coverage)
    try:
        app()
    except SystemExit as done:
        leave(done.code if isinstance(done.code, int) else 1)
