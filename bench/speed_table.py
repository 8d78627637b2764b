"""Measurements in, a page out."""

import os
import platform
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from bench.speed_floor import floor_shape
from bench.speed_peers import PEERS, PeerRun
from bench.survey_definitions import (
    GENDERS,
    GRADES,
    N_AREAS,
    N_FACTORS,
    N_ITEMS,
    survey_catalogue,
)

PAGE = Path(__file__).parent / "page.md"

N_SHARES = N_FACTORS * N_AREAS * len(GRADES) * len(GENDERS)
"""Of one wave, that peers and floor are asked for."""

PHASES = ("score", "store", "add up", "estimate")

NOT_COUNTED = "read"
"""Reading staged answers is not counted, as reading their table is not for peers."""


class Timed(NamedTuple):
    """One run: seconds by phase."""

    wall: Mapping[str, float]
    cpu: Mapping[str, float]
    peak_mib: float

    @property
    def wall_total(self) -> float:
        """Without reading."""
        return sum(seconds for phase, seconds in self.wall.items() if phase != NOT_COUNTED)

    @property
    def cpu_total(self) -> float:
        """Without reading."""
        return sum(seconds for phase, seconds in self.cpu.items() if phase != NOT_COUNTED)


class Measured(NamedTuple):
    """Medians of several runs."""

    phases: Mapping[str, float]
    wall: float
    cpu: float
    peak_mib: float

    @property
    def from_scores(self) -> float:
        """Seconds of wall from scores to estimates: what peers are timed for."""
        return self.phases["add up"] + self.phases["estimate"]


class SurveyRun(NamedTuple):
    """Everything measured on a survey."""

    n_respondents: int
    n_waves: int
    n_estimates: int
    product: Measured
    shares: Measured
    """The product, asked for no more than peers and floor are."""

    floor: Measured
    peers: Mapping[str, PeerRun]


def summary_rows(runs: list[SurveyRun]) -> Iterator[str]:
    """The tables as text."""
    yield from _sizes(runs)
    yield ""
    yield from _shares(runs)
    yield ""
    yield from _peers(runs)


def page(runs: list[SurveyRun], *, seed: int, rounds: int) -> str:
    """``docs/benchmarks.md``."""
    return PAGE.read_text("utf-8").format(
        machine="\n".join(_machine()),
        seed=seed,
        rounds=rounds,
        n_factors=N_FACTORS,
        n_items=sum(N_ITEMS),
        n_areas=N_AREAS,
        n_shares=N_SHARES,
        floor=floor_shape(survey_catalogue(1)),
        sizes="\n".join(_sizes(runs)),
        shares="\n".join(_shares(runs)),
        peers="\n".join(_peers(runs)),
    )


def _machine() -> Iterator[str]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    yield f"- {platform.system()} {platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GiB"
    libraries = ("duckdb", "polars", "numpy", "scipy")
    versions = ", ".join(f"{name} {version(name)}" for name in libraries)
    yield f"- Python {platform.python_version()}, {versions}"


def _sizes(runs: list[SurveyRun]) -> Iterator[str]:
    yield (
        "| respondents | waves | estimates | score s | store s | add up s | estimate s | total s "
        "| processor s | growth | peak MiB | times the floor |"
    )
    yield "|" + "---:|" * 12
    growths = ["", *(_growth(before, after) for before, after in pairwise(runs))]
    for run, growth in zip(runs, growths, strict=True):
        product = run.product
        phases = (f"{product.phases[phase]:.2f}" for phase in PHASES)
        yield _row(
            f"{run.n_respondents:,}",
            str(run.n_waves),
            f"{run.n_estimates:,}",
            *phases,
            f"{product.wall:.2f}",
            f"{product.cpu:.2f}",
            growth,
            f"{product.peak_mib:,.0f}",
            f"{product.wall / run.floor.wall:.1f}",
        )


def _shares(runs: list[SurveyRun]) -> Iterator[str]:
    yield (
        "| respondents | waves | shares | score s | add up s | estimate s | total s "
        "| processor s | peak MiB | floor s | times the floor |"
    )
    yield "|" + "---:|" * 11
    for run in runs:
        shares, floor = run.shares, run.floor.wall
        yield _row(
            f"{run.n_respondents:,}",
            str(run.n_waves),
            f"{N_SHARES * run.n_waves:,}",
            *(f"{shares.phases[phase]:.2f}" for phase in ("score", "add up", "estimate")),
            f"{shares.wall:.2f}",
            f"{shares.cpu:.2f}",
            f"{shares.peak_mib:,.0f}",
            f"{floor:.2f}",
            f"{shares.wall / floor:.1f}",
        )


def _growth(before: SurveyRun, after: SurveyRun) -> str:
    if before.n_waves != after.n_waves:
        return ""
    times = after.product.wall / before.product.wall
    return f"{times:.1f} for {after.n_respondents / before.n_respondents:.0f}"


def _peers(runs: list[SurveyRun]) -> Iterator[str]:
    yield (
        "| respondents | program | factors run | seconds for all | processor s | peak MiB "
        "| product s | times the product | times its whole build "
        "| estimates differ | standard errors differ |"
    )
    yield "|---:|---|" + "---:|" * 9
    for run in runs:
        for key, peer in run.peers.items():
            seconds = peer.wall * peer.scale
            same = run.product if PEERS[key].domains == "all" else run.shares
            yield _row(
                f"{run.n_respondents:,}",
                PEERS[key].name,
                str(peer.n_factors),
                f"{seconds:,.0f}",
                f"{peer.cpu * peer.scale:,.0f}",
                f"{peer.peak_mib:,.0f}",
                f"{same.from_scores:.2f}",
                f"{seconds / same.from_scores:,.0f}",
                f"{seconds / run.product.wall:,.0f}",
                f"{peer.estimate_differs:.0e}",
                f"{peer.se_differs:.0e}",
            )


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
