"""The order of the pipeline: a site's folder in, its working DuckDB file out.

The file stands whole or not at all: it is built beside its place and moved there last.
"""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, get_args

import duckdb
import polars as pl
import polars.selectors as cs

from pipeline import warehouse
from pipeline.analysis.dif import COLUMNS as DIF_COLUMNS
from pipeline.analysis.dif import Grouping, compute_dif
from pipeline.analysis.estimates import compute_estimates
from pipeline.analysis.item_alarms import find_item_alarms
from pipeline.analysis.norms import derive_cutoffs
from pipeline.analysis.scale_quality import compute_scale_quality
from pipeline.analysis.scores import add_scores
from pipeline.analysis.screens import add_screens, screen_catches
from pipeline.analysis.totals import SecondStage
from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.norm import CutOff, Norm
from pipeline.definitions.reference import reference_tables
from pipeline.definitions.wave import Wave
from pipeline.errors import DefinitionError, UsageError
from pipeline.fingerprint import DATABASE, fingerprint
from pipeline.ingest.enrolment import load_enrolled
from pipeline.ingest.export import WaveRows, load_wave

Progress = Callable[[str], None]


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
            _build(connection, catalogue, progress)
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


def _build(connection: duckdb.DuckDBPyConnection, catalogue: Catalogue, progress: Progress) -> None:
    for relation, table in reference_tables(catalogue).items():
        warehouse.write(connection, relation, table)
    _load(connection, catalogue, progress)
    models = warehouse.load_models()
    progress("Adding up")
    warehouse.build(connection, models)
    progress("Estimating")
    domain = ("wave", "area_id", "grade", "gender", "stratum", "psu")
    estimates = compute_estimates(
        warehouse.read(connection, "totals.domain_psu", *domain),
        warehouse.read(connection, "totals.stratum"),
        catalogue.site.design,
        SecondStage(
            warehouse.read(connection, "totals.domain_unit", *domain, "unit"),
            warehouse.read(connection, "totals.psu"),
        ),
    )
    warehouse.write(connection, "areas.estimate", estimates)
    about = {"site_id": [catalogue.site.id], "fingerprint": [fingerprint(catalogue)]}
    warehouse.write(connection, "ref.build", pl.DataFrame(about))


def _load(connection: duckdb.DuckDBPyConnection, catalogue: Catalogue, progress: Progress) -> None:
    """Read and score one wave at a time; answers and scores are kept in separate relations."""
    loaded, caught, scored, enrolled = [], [], [], []
    for wave in catalogue.waves:
        progress(f"Reading {wave.wave}")
        rows = load_wave(catalogue, wave)
        respondents = score_wave(rows, catalogue, wave)
        loaded.append(rows)
        caught.append(screen_catches(respondents))
        scored.append(respondents.drop(cs.starts_with("caught_")))
        enrolled.append(load_enrolled(catalogue, wave))
    for relation, frames in {
        "staging.respondent": [rows.respondents for rows in loaded],
        "staging.missing_answer": [rows.missing_answers for rows in loaded],
        "staging.item_cell": [rows.item_cells for rows in loaded],
        "staging.value_label": [rows.value_labels for rows in loaded],
        "staging.enrolled": enrolled,
        "scores.screen_catch": caught,
        "scores.respondent_factor": scored,
    }.items():
        # Diagonal: an item that a wave did not ask is null in that wave.
        warehouse.write(connection, relation, pl.concat(frames, how="diagonal"))


def score_wave(rows: WaveRows, catalogue: Catalogue, wave: Wave) -> pl.DataFrame:
    """Every row of a wave with screens, scores, flags and outcomes, without the answers."""
    instrument = catalogue.instrument_of(wave)
    screened = add_screens(rows.respondents, catalogue.screens, instrument)
    return add_scores(screened, catalogue, instrument).drop(item.id for item in instrument.items)


class SiteQuality(NamedTuple):
    """How well the scales of a site measure, over all its waves."""

    scales: pl.DataFrame
    """``ScaleQuality.factors`` of every wave."""

    items: pl.DataFrame
    """``ScaleQuality.items`` of every wave."""

    alarms: pl.DataFrame
    """One row per item alarm."""

    dif: pl.DataFrame
    """One row per item tested across gender or grade; none unless asked for."""


def judge_scales(catalogue: Catalogue, progress: Progress, *, with_dif: bool) -> SiteQuality:
    """Judge every scale of a site in every wave, from the answers that count."""
    qualities, tested = [], []
    for wave in catalogue.waves:
        progress(f"Reading {wave.wave}")
        instrument = catalogue.instrument_of(wave)
        rows = load_wave(catalogue, wave).respondents
        answers = add_screens(rows, catalogue.screens, instrument).filter(
            pl.col("refused_reason").is_null() & pl.col("screened_by").is_null()
        )
        asked = (answers, catalogue.factors, instrument, wave.wave)
        qualities.append(compute_scale_quality(*asked))
        tested += [compute_dif(*asked, grouping) for grouping in get_args(Grouping) if with_dif]
    scales = pl.concat(quality.factors for quality in qualities)
    items = pl.concat(quality.items for quality in qualities)
    dif = pl.concat([pl.DataFrame(schema=DIF_COLUMNS), *tested])
    return SiteQuality(scales, items, find_item_alarms(qualities), dif)


def derive_norm(catalogue: Catalogue, norm: Norm, progress: Progress) -> tuple[CutOff, ...]:
    """Cut-offs of a norm, from the site's own wave of the norm's year."""
    wave = next(wave for wave in catalogue.waves if wave.wave == norm.wave)
    if wave.columns.weight is not None:
        raise DefinitionError(
            f"norm {norm.id}: wave {wave.wave} has weights, and cut-offs are derived without; "
            "expected a norm sample in which everyone counts once."
        )
    if wave.instrument != norm.instrument:
        raise DefinitionError(
            f"norm {norm.id}: instrument: is {norm.instrument!r}, expected {wave.instrument!r} "
            f"as wave {wave.wave} has."
        )
    progress(f"Reading {wave.wave}")
    respondents = score_wave(load_wave(catalogue, wave), catalogue, wave)
    return derive_cutoffs(respondents, catalogue.factors, norm)
