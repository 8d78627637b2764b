"""What is measured of the product and the floor; each runs in a process of its own.

``python -m bench.speed_steps STEP FOLDER N_WAVES [N_RESPONDENTS SEED]``; steps are stage, product,
shares, floor and scored.
"""

import json
import resource
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl
import polars.selectors as cs

from bench.speed_floor import floor_sql
from bench.survey import survey_answers
from bench.survey_definitions import survey_catalogue
from pipeline import warehouse
from pipeline.analysis.estimation.cells import cell_totals
from pipeline.analysis.estimation.estimates import compute_estimates
from pipeline.analysis.estimation.totals import DOMAIN
from pipeline.build import add_up, estimate_totals, score_wave
from pipeline.commands.terminal import leave
from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.reference import reference_tables
from pipeline.ingest.enrolled_margins import enrolled_margins
from pipeline.ingest.enrolment import SCHEMA
from pipeline.ingest.export import WaveRows

STAGED = "staged.duckdb"
"""As a build leaves it when the exports have been read: definitions and answers."""

BUILT = "built.duckdb"
PRODUCT = "product.parquet"
SHARES = "shares.parquet"
FLOOR = "floor.parquet"
SCORED = "scored"
"""What the peers are given, as .csv and .parquet: the design, the flags and the scores."""

NOTHING = {
    "scores.screen_catch": {"wave": pl.Int16, "respondent_id": pl.String, "screen_id": pl.String},
}
"""Relations of a build that this survey has no rows for."""


class Stopwatch:
    """Seconds of wall and of processor, by what they were spent on."""

    def __init__(self) -> None:
        """Begin."""
        self.wall: dict[str, float] = {}
        self.cpu: dict[str, float] = {}
        self._last = _now()

    def lap(self, spent_on: str) -> None:
        """Count what has passed since the last lap."""
        now = _now()
        self.wall[spent_on] = self.wall.get(spent_on, 0.0) + now[0] - self._last[0]
        self.cpu[spent_on] = self.cpu.get(spent_on, 0.0) + now[1] - self._last[1]
        self._last = now


def stage(folder: Path, catalogue: Catalogue, n_respondents: int, seed: int) -> None:
    """Make the survey and store its answers, as a build does before it scores."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / STAGED).unlink(missing_ok=True)
    with warehouse.connect(folder / STAGED) as connection:
        for relation, table in reference_tables(catalogue).items():
            warehouse.write(connection, relation, table)
        for relation, columns in NOTHING.items():
            warehouse.write(connection, relation, pl.DataFrame(schema=columns))
        nobody = pl.DataFrame(schema=SCHEMA)
        warehouse.write(connection, "staging.enrolled_margin", enrolled_margins(nobody))
        for answers in survey_answers(catalogue, n_respondents, seed):
            warehouse.append(connection, "staging.respondent", answers)


def product(folder: Path, catalogue: Catalogue) -> Stopwatch:
    """The product's way from staged answers to estimates, by the functions a build calls."""
    shutil.copy(folder / STAGED, folder / BUILT)
    with warehouse.connect(folder / BUILT) as connection:
        watch, cells = Stopwatch(), []
        for wave in catalogue.waves:
            rows = _staged(connection, wave.wave)
            watch.lap("read")
            scored = score_wave(rows, catalogue, wave).drop(cs.starts_with("caught_"))
            watch.lap("score")
            warehouse.append(connection, "scores.respondent_factor", scored)
            watch.lap("store")
            cells.append(add_up(scored, catalogue))
            watch.lap("add up")
        added_up = pl.concat(cells)
        warehouse.write(connection, "totals.cell", added_up)
        watch.lap("store")
        warehouse.build(connection, warehouse.load_models())
        watch.lap("add up")
        estimates = estimate_totals(connection, catalogue, added_up)
        watch.lap("estimate")
        warehouse.write(connection, "areas.estimate", estimates)
        watch.lap("store")
    estimates.write_parquet(folder / PRODUCT)
    return watch


def shares(folder: Path, catalogue: Catalogue) -> Stopwatch:
    """What peers and floor are asked for and no more: the shares of areas by grade and gender.

    By the functions of a build, without storing, margins, mean scores and pooled effects.
    """
    area_codes = reference_tables(catalogue)["ref.area_code"]
    keys = {"cell_grade": "grade", "cell_gender": "gender"}
    with warehouse.connect(folder / BUILT, read_only=True) as connection:
        watch, found = Stopwatch(), []
        for wave in catalogue.waves:
            rows = _staged(connection, wave.wave)
            strata = warehouse.read(connection, "totals.stratum").filter(wave=wave.wave)
            watch.lap("read")
            scored = score_wave(rows, catalogue, wave)
            watch.lap("score")
            flagged = scored.drop(cs.starts_with("caught_", "score_"))
            cells = cell_totals(flagged, area_codes, catalogue.site.root_area)
            # Each cell is a domain's part in a sampling unit already.
            domain_psus = cells.drop("unit").rename(keys).sort(*DOMAIN, "stratum", "psu")
            watch.lap("add up")
            found.append(compute_estimates(domain_psus, strata, catalogue.site.design))
            watch.lap("estimate")
    pl.concat(found).write_parquet(folder / SHARES)
    return watch


def floor(folder: Path, catalogue: Catalogue) -> Stopwatch:
    """``floor_sql`` on the same file."""
    query = floor_sql(catalogue)
    with warehouse.connect(folder / STAGED, read_only=True) as connection:
        watch = Stopwatch()
        connection.execute(f"create temp table floor as {query}")
        watch.lap("one pass")
        sums = pl.DataFrame(connection.table("floor"))
    sums.write_parquet(folder / FLOOR)
    return watch


def _staged(connection: duckdb.DuckDBPyConnection, wave: int) -> WaveRows:
    staged = connection.table("staging.respondent").filter(f"wave = {wave}")
    return WaveRows(pl.DataFrame(staged), *[pl.DataFrame()] * 3)


def scored_table(folder: Path) -> None:
    """What peers are given, from the product's own scores."""
    with warehouse.connect(folder / BUILT, read_only=True) as connection:
        scores = warehouse.read(connection, "scores.respondent_factor", "wave", "respondent_id")
    table = scores.select(
        pl.col("area_code").alias("area_id"),
        *("grade", "gender", "stratum", "psu"),
        pl.col("weight").cast(pl.Float64),
        cs.starts_with("is_flagged_"),
        # Means are asked of R for the first factors only, and R carries every column along.
        cs.matches("^score_factor_0[1-2]$").cast(pl.Float64),
    )
    table.write_parquet(folder / f"{SCORED}.parquet")
    table.write_csv(folder / f"{SCORED}.csv")


def _now() -> tuple[float, float]:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return time.perf_counter(), used.ru_utime + used.ru_stime


def _peak_mib() -> float:
    """The most memory this process has held. Counted from its own start, unlike ru_maxrss."""
    status = Path("/proc/self/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))


def main(step: str, folder: Path, n_waves: int, *size: int) -> None:
    """Run a step; what is measured goes to standard output as JSON."""
    catalogue = survey_catalogue(n_waves)
    measured: dict[str, Callable[[Path, Catalogue], Stopwatch]] = {
        "product": product,
        "shares": shares,
        "floor": floor,
    }
    if step == "stage":
        stage(folder, catalogue, *size)
    elif step == "scored":
        scored_table(folder)
    else:
        watch = measured[step](folder, catalogue)
        found = {"wall": watch.wall, "cpu": watch.cpu, "peak_mib": _peak_mib()}
        sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), *map(int, sys.argv[3:]))
    leave(0)
