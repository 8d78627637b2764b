"""What may be compared with what, as tables: waves with earlier waves, factors with norms."""

import polars as pl

from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.comparability import is_comparable, measure_break


def comparable_waves(catalogue: Catalogue) -> pl.DataFrame:
    """One row per measure, wave and earlier wave that asked it the same way, in one season.

    Flags are the same in every wave: a site's norms hold for all of them.
    """
    return pl.DataFrame(
        [
            (measure.id, wave.wave, earlier.wave)
            for measure in catalogue.measures
            for wave in catalogue.waves
            for earlier in catalogue.waves
            if earlier.wave < wave.wave
            and is_comparable(measure, earlier, wave, catalogue.instruments)
        ],
        {"measure_id": pl.String, "wave": pl.Int16, "earlier": pl.Int16},
        orient="row",
    )


def norm_shares(catalogue: Catalogue) -> pl.DataFrame:
    """One row per factor, wave and grade: the share of the norm sample that its cut-off flags.

    Without waves that asked the factor otherwise than the norm sample was asked.
    """
    return pl.DataFrame(
        [
            (factor.id, wave.wave, cut.grade, norm.id, cut.share_flagged)
            for norm in catalogue.norms
            for factor in catalogue.factors
            for wave in catalogue.waves
            if measure_break(
                factor, catalogue.instruments[norm.instrument], catalogue.instrument_of(wave)
            )
            is None
            for cut in norm.cutoffs
            if cut.factor == factor.id
        ],
        {
            "measure_id": pl.String,
            "wave": pl.Int16,
            "grade": pl.String,
            "norm_id": pl.String,
            "share_flagged": pl.Float64,
        },
        orient="row",
    )
