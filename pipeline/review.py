"""What those who review the method ask of a site's waves: how scales measure, and norms."""

from typing import NamedTuple, get_args

import polars as pl

from pipeline.analysis.norms.agreement import compare_norms
from pipeline.analysis.norms.derivation import DerivedCutoffs, derive_cutoffs
from pipeline.analysis.quality.dif import COLUMNS as DIF_COLUMNS
from pipeline.analysis.quality.dif import Grouping, compute_dif
from pipeline.analysis.quality.item_alarms import find_item_alarms
from pipeline.analysis.quality.scale_quality import compute_scale_quality
from pipeline.analysis.scoring.screens import add_screens
from pipeline.build import Progress, score_wave, weight_wave
from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.norm import Norm
from pipeline.definitions.norm_fit import derivation_misfits
from pipeline.definitions.wave import Wave
from pipeline.errors import DefinitionError
from pipeline.ingest.export import load_wave


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


def derive_norm(catalogue: Catalogue, norm: Norm, progress: Progress) -> DerivedCutoffs:
    """Cut-offs of a norm, from the site's own wave of the norm's year."""
    wave = next(wave for wave in catalogue.waves if wave.wave == norm.wave)
    if problems := list(derivation_misfits(norm, wave, catalogue)):
        raise DefinitionError(".\n".join(problems) + ".")
    respondents = _scored_wave(catalogue, wave, progress)
    min_base = catalogue.policy.public.min_base
    return derive_cutoffs(respondents, catalogue.factors, norm, min_base=min_base)


def set_norms_beside(
    catalogue: Catalogue, norms: tuple[Norm, Norm], wave: Wave, progress: Progress
) -> pl.DataFrame:
    """Two norms side by side, and whom each flags of a wave: see ``compare_norms``."""
    respondents = _scored_wave(catalogue, wave, progress)
    return compare_norms(respondents, norms, catalogue, wave)


def _scored_wave(catalogue: Catalogue, wave: Wave, progress: Progress) -> pl.DataFrame:
    progress(f"Reading {wave.wave}")
    return weight_wave(score_wave(load_wave(catalogue, wave), catalogue, wave), catalogue, wave)
