"""The peers: programs that people use for the same shares, run on the product's own scores."""

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import polars as pl

from bench.speed_steps import SCORED
from bench.survey_definitions import N_FACTORS

SCRIPTS = Path(__file__).parent / "peers"
ENVIRONMENT = Path(__file__).parent / "build" / "peers"
"""Where ``make bench`` installs those written in Python."""

FINEST = ["area_id", "grade", "gender", "measure_id"]
ESTIMATE_TOLERANCE, SE_TOLERANCE = 1e-9, 1e-6
"""Relative. svy states six digits for standard errors; R is nearer."""


class Peer(NamedTuple):
    """A program and how much of the work it is given."""

    name: str
    script: str
    table: str
    n_factors: int
    domains: str = "finest"
    """``finest``: area by grade by gender; ``all``: the margins too, and means beside shares."""

    largest: int = 200_000
    """Respondents above which it is not run, unless everything is asked for."""


PEERS = {
    "r": Peer("R survey, svyby with svyciprop", "svyby.R", "csv", 2),
    "r_all": Peer("R survey, all that the product computes", "svyby.R", "csv", 1, "all"),
    "svy": Peer("svy, prop", "svy_prop.py", "parquet", 2),
    "samplics": Peer("samplics, prop", "samplics_prop.py", "parquet", 1, "finest", 20_000),
}


class PeerRun(NamedTuple):
    """What a peer took for the factors it was given, and how far it is from the product."""

    wall: float
    cpu: float
    peak_mib: float
    n_factors: int
    estimate_differs: float
    se_differs: float

    @property
    def scale(self) -> float:
        """From the factors it was given to all."""
        return N_FACTORS / self.n_factors


class PeerError(Exception):
    """A peer failed, or does not agree."""


def missing_from(key: str) -> str | None:
    """What must be installed before a peer can run; null if it can."""
    if PEERS[key].script.endswith(".py"):
        return None if (ENVIRONMENT / "bin" / "python").exists() else str(ENVIRONMENT)
    rscript = shutil.which("Rscript")
    if rscript is None:
        return "Rscript"
    asked = [rscript, "-e", "quit(status = !requireNamespace('survey', quietly = TRUE))"]
    found = subprocess.run(asked, check=False, capture_output=True)  # noqa: S603 - R, if it is there
    return "R package survey" if found.returncode else None


def run_peer(key: str, folder: Path, estimates: pl.DataFrame, *, is_full: bool) -> PeerRun:
    """Run a peer once and compare its answers with the product's.

    Args:
        key: of ``PEERS``.
        folder: of the survey.
        estimates: the product's.
        is_full: all factors instead of the first.

    Raises:
        PeerError: it fails, or differs by more than the tolerances.
    """
    peer = PEERS[key]
    n_factors = N_FACTORS if is_full else peer.n_factors
    program = "Rscript" if peer.script.endswith(".R") else str(ENVIRONMENT / "bin" / "python")
    out = folder / f"{key}.csv"
    table = folder / f"{SCORED}.{peer.table}"
    arguments = [str(table), str(n_factors), peer.domains, str(out)]
    done = subprocess.run(  # noqa: S603 - scripts of this folder
        [program, str(SCRIPTS / peer.script), *arguments],
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise PeerError(f"{peer.name}: {done.stderr.strip()[-500:]}")
    wall, cpu, peak = map(float, done.stdout.split()[-3:])
    differs = differences(pl.read_csv(out), estimates)
    for what, tolerance in (("estimate", ESTIMATE_TOLERANCE), ("se", SE_TOLERANCE)):
        if not differs[what] <= tolerance:
            raise PeerError(f"{peer.name}: {what} differs by {differs[what]:.1e}, relatively")
    return PeerRun(wall, cpu, peak / 1024, n_factors, differs["estimate"], differs["se"])


def differences(theirs: pl.DataFrame, ours: pl.DataFrame) -> Mapping[str, float]:
    """The largest relative difference of estimates and of standard errors.

    Args:
        theirs: ``FINEST``, estimate and se, in any order; shares of 0 and 1 may be left out.
        ours: ``areas.estimate`` of one wave.

    Raises:
        PeerError: they have other domains than the product.
    """
    shares = ours.filter(
        pl.col("statistic") == "share",
        pl.col("measure_id").is_in(theirs["measure_id"].unique().to_list()),
    )
    finest = shares.filter(
        pl.col("area_id") != "everywhere", pl.col("grade") != "all", pl.col("gender") != "all"
    )
    # Where all answer alike the product has no standard error.
    estimable = finest.filter(pl.col("se").is_not_null())
    both = estimable.join(theirs, on=FINEST, suffix="_theirs", validate="1:1")
    if both.height < estimable.height or estimable.is_empty():
        raise PeerError(f"{estimable.height - both.height} of {estimable.height} are missing")
    return {
        what: float(both.select(((pl.col(f"{what}_theirs") / pl.col(what)) - 1).abs().max()).item())
        for what in ("estimate", "se")
    }
