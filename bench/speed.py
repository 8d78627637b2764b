"""How fast the product is, beside the programs that people use and a floor.

``python -m bench.speed``, or ``make bench``. Every run is a process of its own; product, floor
and peers take turns, and medians are told. ``docs/benchmarks.md`` is written anew.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from statistics import median
from typing import Annotated, NamedTuple

import polars as pl
import typer

from bench.speed_agreement import floor_differs, shares_differ
from bench.speed_peers import PEERS, PeerError, PeerRun, missing_from, run_peer
from bench.speed_steps import FLOOR, PRODUCT, SHARES
from bench.speed_table import Measured, SurveyRun, Timed, page, summary_rows
from pipeline import REPOSITORY
from pipeline.commands.terminal import leave

FOLDER = Path(__file__).parent / "build"
PAGE = REPOSITORY / "docs" / "benchmarks.md"
MANY_WAVES, FROM = 10, 1_000_000
"""Waves of a survey with so many respondents; smaller ones have one."""

FLOOR_TOLERANCE = 1e-12

SEED = 20261001
"""Of the made-up answers."""


class Options(NamedTuple):
    """What was asked for."""

    peers: list[str]
    rounds: int
    is_full: bool


def measure(
    sizes: Annotated[str, typer.Option(help="Respondents, e.g. 20000,200000.")] = (
        "20000,200000,1000000,5000000"
    ),
    peers: Annotated[str, typer.Option(help="Of r, r_all, svy, samplics; or none.")] = (
        "r,r_all,svy,samplics"
    ),
    rounds: Annotated[int, typer.Option(min=1, help="Turns that product and peers take.")] = 3,
    full: Annotated[bool, typer.Option(help="All factors and sizes for every peer.")] = False,
    out: Annotated[Path, typer.Option(help="The page to write.")] = PAGE,
) -> None:
    """Measure, print the table and write the page."""
    asked = [] if peers == "none" else [each for each in peers.split(",") if each]
    if unknown := sorted(set(asked) - set(PEERS)):
        typer.echo(f"peers: {', '.join(unknown)}: expected {', '.join(PEERS)} or none.", err=True)
        raise typer.Exit(2)
    usable = []
    for key in asked:
        if missing := missing_from(key):
            typer.echo(f"{PEERS[key].name}: left out, {missing} is not there", err=True)
        else:
            usable.append(key)
    options = Options(usable, rounds, full)
    try:
        runs = [run_survey(int(size), options) for size in sizes.split(",")]
    except PeerError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    for row in summary_rows(runs):
        typer.echo(row)
    out.write_text(page(runs, seed=SEED, rounds=rounds), "utf-8")


def run_survey(n_respondents: int, options: Options) -> SurveyRun:
    """Make a survey of this size and measure everything on it, in turn.

    Raises:
        PeerError: a peer or the floor does not agree with the product.
    """
    n_waves = MANY_WAVES if n_respondents >= FROM else 1
    folder = FOLDER / f"{n_respondents}"
    _say(f"{n_respondents:,} respondents: making the survey")
    # An interrupted run leaves files that cannot be opened.
    shutil.rmtree(folder, ignore_errors=True)
    _step("stage", folder, n_waves, n_respondents, SEED)
    # Peers are given one wave.
    asked = [
        key
        for key in options.peers
        if n_waves == 1 and (options.is_full or n_respondents <= PEERS[key].largest)
    ]
    products: list[Timed] = []
    alone: list[Timed] = []
    floors: list[Timed] = []
    found: dict[str, list[PeerRun]] = {key: [] for key in asked}
    estimates = pl.DataFrame()
    for turn in range(options.rounds):
        _say(f"{n_respondents:,} respondents: round {turn + 1} of {options.rounds}")
        products.append(_timed("product", folder, n_waves))
        alone.append(_timed("shares", folder, n_waves))
        floors.append(_timed("floor", folder, n_waves))
        if turn == 0:
            estimates = pl.read_parquet(folder / PRODUCT)
            differs = floor_differs(pl.read_parquet(folder / FLOOR), estimates)
            if not differs <= FLOOR_TOLERANCE:
                raise PeerError(f"the floor differs by {differs:.1e}")
            if n_differ := shares_differ(pl.read_parquet(folder / SHARES), estimates):
                raise PeerError(f"{n_differ} shares computed alone differ from the build's")
            if asked:
                _step("scored", folder, n_waves)
        for key in asked:
            _say(f"    {PEERS[key].name}")
            found[key].append(run_peer(key, folder, estimates, is_full=options.is_full))
    shutil.rmtree(folder)
    return SurveyRun(
        n_respondents,
        n_waves,
        n_estimates=estimates["estimate"].count(),
        product=_median(products),
        shares=_median(alone),
        floor=_median(floors),
        peers={key: _median_peer(runs) for key, runs in found.items()},
    )


def _timed(step: str, folder: Path, n_waves: int) -> Timed:
    measured = json.loads(_step(step, folder, n_waves))
    return Timed(measured["wall"], measured["cpu"], measured["peak_mib"])


def _step(step: str, folder: Path, *numbers: int) -> str:
    command = [sys.executable, "-m", "bench.speed_steps", step, str(folder), *map(str, numbers)]
    done = subprocess.run(  # noqa: S603 - this repository
        command, check=True, stdout=subprocess.PIPE, text=True, cwd=REPOSITORY
    )
    return done.stdout


def _median(runs: list[Timed]) -> Measured:
    """Medians of every phase and of their sum."""
    return Measured(
        phases={phase: median(run.wall[phase] for run in runs) for phase in runs[0].wall},
        wall=median(run.wall_total for run in runs),
        cpu=median(run.cpu_total for run in runs),
        peak_mib=median(run.peak_mib for run in runs),
    )


def _median_peer(runs: list[PeerRun]) -> PeerRun:
    columns = zip(*runs, strict=True)
    wall, cpu, peak, n_factors, estimate, se = (median(values) for values in columns)
    return PeerRun(wall, cpu, peak, int(n_factors), estimate, se)


def _say(sentence: str) -> None:
    typer.echo(sentence, err=True)


if __name__ == "__main__":
    app = typer.Typer(pretty_exceptions_enable=False)
    app.command()(measure)
    try:
        app()
    except SystemExit as done:
        leave(done.code if isinstance(done.code, int) else 1)
