"""The order of the pipeline: a site's folder in, its working DuckDB file out.

The file stands whole or not at all: it is built beside its place and moved there last.
"""

import errno
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import polars as pl
import polars.selectors as cs

from pipeline import warehouse
from pipeline.analysis.comparison.comparisons import compute_comparisons
from pipeline.analysis.comparison.ground import Comparable
from pipeline.analysis.estimation.cells import cell_totals
from pipeline.analysis.estimation.estimates import compute_estimates
from pipeline.analysis.estimation.roll_up import psu_totals, unit_totals_of_domains
from pipeline.analysis.estimation.totals import SecondStage
from pipeline.analysis.response.participation import compute_response_quality
from pipeline.analysis.response.weighting import rake_respondents
from pipeline.analysis.scoring.scores import add_scores
from pipeline.analysis.scoring.screens import add_screens, screen_catches
from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.reference import reference_tables
from pipeline.definitions.wave import Wave
from pipeline.disclosure.protect import protect_site
from pipeline.errors import UsageError
from pipeline.files import PROTECTIONS
from pipeline.fingerprint import DATABASE, fingerprint
from pipeline.ingest.enrolled_margins import enrolled_margins
from pipeline.ingest.enrolment import load_enrolled
from pipeline.ingest.export import WaveRows, load_wave

Progress = Callable[[str], None]

AT_ONCE = 2
"""Waves that are estimated at once. Project choice: of domains in hundreds, each wants 300 MiB."""


def build_site(catalogue: Catalogue, out: Path, progress: Progress) -> Path:
    """Build the site's working file.

    Args:
        catalogue: the site's definitions.
        out: folder for what is derived; made if it is not there.
        progress: told in one sentence what begins.

    Returns:
        Path of the file.

    Raises:
        ExportError: an export cannot be read or does not match its instrument.
        DefinitionError: the design cannot be carried out.
        UsageError: ``out`` cannot be written to.
        OSError: writing fails midway, as on a full disk.
    """
    path, unfinished = out / DATABASE, out / f"unfinished-{os.getpid()}.duckdb"
    try:
        out.mkdir(parents=True, exist_ok=True)
        # A folder may be there and still refuse new files; this says so before the work.
        unfinished.touch()
        unfinished.unlink()
    except OSError as error:
        raise UsageError(
            f"{out}: cannot be written to: {error.strerror}; name another folder with --out."
        ) from None
    try:
        with warehouse.connect(unfinished) as connection:
            _build(connection, catalogue, progress, out / PROTECTIONS)
            # Closing does this too, but says nothing where the disk has no room for it.
            connection.execute("checkpoint")
        # A log left by a killed reader would make the new file unreadable.
        path.with_name(f"{path.name}.wal").unlink(missing_ok=True)
        unfinished.replace(path)
    except duckdb.Error as error:
        # A full disk shows as an error of the file, of the transaction or of the checkpoint.
        if "Could not write" not in str(error):
            raise
        raise OSError(errno.EIO, "cannot be written; the disk may be full", str(out)) from None
    finally:
        unfinished.unlink(missing_ok=True)
        unfinished.with_name(f"{unfinished.name}.wal").unlink(missing_ok=True)
    return path


def _build(
    connection: duckdb.DuckDBPyConnection, catalogue: Catalogue, progress: Progress, cache: Path
) -> None:
    for relation, table in reference_tables(catalogue).items():
        warehouse.write(connection, relation, table)
    cells = _load(connection, catalogue, progress)
    warehouse.write(connection, "totals.cell", cells)
    models = warehouse.load_models()
    progress("Adding up")
    warehouse.build(connection, models)
    progress("Estimating")
    estimates = estimate_totals(connection, catalogue, cells)
    warehouse.write(connection, "areas.estimate", estimates)
    comparisons = compare_totals(connection, catalogue, cells, estimates, progress)
    warehouse.write(connection, "areas.comparison", comparisons)
    response = compute_response_quality(warehouse.read(connection, "totals.participation"))
    warehouse.write(connection, "quality.representativeness", response.waves)
    warehouse.write(connection, "quality.partial_indicator", response.partials)
    progress("Protecting")
    protect_site(connection, catalogue, cache)
    about = {"site_id": [catalogue.site.id], "fingerprint": [fingerprint(catalogue)]}
    warehouse.write(connection, "ref.build", pl.DataFrame(about))


def estimate_totals(
    connection: duckdb.DuckDBPyConnection, catalogue: Catalogue, cells: pl.DataFrame
) -> pl.DataFrame:
    """Every estimate, from cells and their design; each wave by itself, and several at once."""
    ancestors, strata, psus = (
        warehouse.read(connection, relation)
        for relation in ("ref.area_ancestor", "totals.stratum", "totals.psu")
    )

    def of_wave(wave: int) -> pl.DataFrame:
        own, sampled_within = cells.filter(wave=wave), psus.filter(wave=wave)
        second = None
        if not sampled_within.is_empty():
            second = SecondStage(unit_totals_of_domains(own, ancestors), sampled_within)
        return compute_estimates(
            psu_totals(own, ancestors),
            strata.filter(wave=wave),
            catalogue.site.design,
            second,
            root_area=catalogue.site.root_area,
        )

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return pl.concat(threads.map(of_wave, [wave.wave for wave in catalogue.waves]))


def compare_totals(
    connection: duckdb.DuckDBPyConnection,
    catalogue: Catalogue,
    cells: pl.DataFrame,
    estimates: pl.DataFrame,
    progress: Progress,
) -> pl.DataFrame:
    """Every comparison, from cells and their design, without waves of two stages."""
    in_two_stages = warehouse.read(connection, "totals.psu")["wave"].unique().sort().to_list()
    left_out = "".join(f", without {wave}: sampled in two stages" for wave in in_two_stages)
    progress(f"Comparing{left_out}")
    in_one_stage = pl.col("wave").is_in(in_two_stages).not_()
    return compute_comparisons(
        psu_totals(cells.filter(in_one_stage), warehouse.read(connection, "ref.area_ancestor")),
        warehouse.read(connection, "totals.stratum").filter(in_one_stage),
        estimates,
        _comparable(connection, catalogue),
        catalogue.site.design,
        min_n=catalogue.policy.public.min_base,
    )


def _comparable(connection: duckdb.DuckDBPyConnection, catalogue: Catalogue) -> Comparable:
    return Comparable(
        root_area=catalogue.site.root_area,
        genders=tuple(gender.id for gender in catalogue.site.genders),
        earlier_waves=warehouse.read(connection, "ref.comparable_wave"),
        norm_shares=warehouse.read(connection, "ref.norm_share"),
    )


def _load(
    connection: duckdb.DuckDBPyConnection, catalogue: Catalogue, progress: Progress
) -> pl.DataFrame:
    """Read, score, weight and store one wave at a time, and add its respondents up to cells.

    Answers and scores are kept apart.
    """
    cells = []
    for wave in catalogue.waves:
        progress(f"Reading {wave.wave}")
        rows = load_wave(catalogue, wave)
        respondents = score_wave(rows, catalogue, wave)
        enrolled = load_enrolled(catalogue, wave)
        margins = enrolled_margins(enrolled)
        scored = respondents.drop(cs.starts_with("caught_"))
        weighted = rake_respondents(scored, margins, wave)
        cells.append(add_up(weighted.respondents, catalogue))
        for relation, frame in {
            "staging.respondent": rows.respondents,
            "staging.missing_answer": rows.missing_answers,
            "staging.item_cell": rows.item_cells,
            "staging.value_label": rows.value_labels,
            "staging.enrolled": enrolled,
            "staging.enrolled_margin": margins,
            "scores.screen_catch": screen_catches(respondents),
            "scores.respondent_factor": weighted.respondents,
            "quality.raking": weighted.waves,
            "quality.raking_margin": weighted.margins,
        }.items():
            # An item that a wave did not ask is null in that wave.
            warehouse.append(connection, relation, frame)
    return pl.concat(cells, how="diagonal")


def score_wave(rows: WaveRows, catalogue: Catalogue, wave: Wave) -> pl.DataFrame:
    """Every row of a wave with screens, scores, flags and outcomes, without the answers."""
    instrument = catalogue.instrument_of(wave)
    screened = add_screens(rows.respondents, catalogue.screens, instrument)
    return add_scores(screened, catalogue, instrument).drop(item.id for item in instrument.items)


def add_up(respondents: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """The cells of a wave's weighted respondents."""
    area_codes = reference_tables(catalogue)["ref.area_code"]
    return cell_totals(respondents, area_codes, catalogue.site.root_area)


def weight_wave(scored: pl.DataFrame, catalogue: Catalogue, wave: Wave) -> pl.DataFrame:
    """``scored`` of a wave with the weights that the respondents count with."""
    margins = enrolled_margins(load_enrolled(catalogue, wave))
    return rake_respondents(scored, margins, wave).respondents
