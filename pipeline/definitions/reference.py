"""A site's definitions as tables: what SQL joins with and researchers look things up in."""

import polars as pl

from pipeline.definitions.catalogue import Catalogue, ancestors_on
from pipeline.definitions.comparable import comparable_waves, norm_shares


def reference_tables(catalogue: Catalogue) -> dict[str, pl.DataFrame]:
    """The ``ref.*`` relations, by name."""
    return {
        "ref.wave": _waves(catalogue),
        "ref.area": _areas(catalogue),
        "ref.area_code": _area_codes(catalogue),
        "ref.area_ancestor": _area_ancestors(catalogue),
        "ref.measure": _measures(catalogue),
        "ref.item": _items(catalogue),
        "ref.cutoff": _cutoffs(catalogue),
        "ref.comparable_wave": comparable_waves(catalogue),
        "ref.norm_share": norm_shares(catalogue),
    }


def _waves(catalogue: Catalogue) -> pl.DataFrame:
    """One row per wave."""
    return pl.DataFrame(
        [
            (
                wave.wave,
                wave.instrument,
                wave.fieldwork_from,
                wave.fieldwork_to,
                catalogue.site.root_area,
                wave.columns.area is not None,
            )
            for wave in catalogue.waves
        ],
        {
            "wave": pl.Int16,
            "instrument_id": pl.String,
            "fieldwork_from": pl.Date,
            "fieldwork_to": pl.Date,
            "root_area": pl.String,
            "has_area_codes": pl.Boolean,
        },
        orient="row",
    )


def _areas(catalogue: Catalogue) -> pl.DataFrame:
    """One row per area."""
    return pl.DataFrame(
        [(area.id, area.label, area.level) for area in catalogue.areas.areas],
        {"area_id": pl.String, "label": pl.String, "level": pl.String},
        orient="row",
    )


def _area_codes(catalogue: Catalogue) -> pl.DataFrame:
    """One row per wave and code of its exports."""
    return pl.DataFrame(
        [
            (wave.wave, code.code, area.id)
            for wave in catalogue.waves
            for area in catalogue.areas.areas
            for code in area.codes
            if code.holds_on(wave.fieldwork_from)
        ],
        {"wave": pl.Int16, "code": pl.String, "area_id": pl.String},
        orient="row",
    )


def _area_ancestors(catalogue: Catalogue) -> pl.DataFrame:
    """One row per wave, area and area it lies in; every area lies in itself."""
    return pl.DataFrame(
        [
            (wave.wave, area.id, ancestor)
            for wave in catalogue.waves
            for area in catalogue.areas.areas
            for ancestor in ancestors_on(catalogue.areas, area.id, wave.fieldwork_from)
        ],
        {"wave": pl.Int16, "area_id": pl.String, "ancestor_id": pl.String},
        orient="row",
    )


def _measures(catalogue: Catalogue) -> pl.DataFrame:
    """One row per measure of the site."""
    factors = [
        (
            factor.id,
            "factor",
            factor.direction,
            factor.domain,
            None,
            factor.label.en,
            factor.label.sv,
            factor.source,
            factor.status,
        )
        for factor in catalogue.factors
    ]
    outcomes = [
        (
            outcome.id,
            "outcome",
            None,
            None,
            outcome.problem,
            outcome.label.en,
            outcome.label.sv,
            outcome.source,
            outcome.status,
        )
        for outcome in catalogue.outcomes
    ]
    counts = [
        (
            count.id,
            "flag_count",
            count.direction,
            None,
            None,
            count.label.en,
            count.label.sv,
            count.source,
            count.status,
        )
        for count in catalogue.flag_counts
    ]
    columns = (
        "measure_id",
        "kind",
        "direction",
        "domain",
        "problem",
        "label_en",
        "label_sv",
        "source",
        "status",
    )
    rows = factors + outcomes + counts
    return pl.DataFrame(rows, dict.fromkeys(columns, pl.String), orient="row")


def _items(catalogue: Catalogue) -> pl.DataFrame:
    """One row per wave and item asked."""
    return pl.DataFrame(
        [
            (wave.wave, item.id, item.column, item.format, item.text.en, item.text.sv)
            for wave in catalogue.waves
            for item in catalogue.instrument_of(wave).items
        ],
        {
            "wave": pl.Int16,
            "item_id": pl.String,
            "column": pl.String,
            "format": pl.String,
            "text_en": pl.String,
            "text_sv": pl.String,
        },
        orient="row",
    )


def _cutoffs(catalogue: Catalogue) -> pl.DataFrame:
    """One row per factor and grade with a cut-off."""
    listed = {factor.id for factor in catalogue.factors}
    return pl.DataFrame(
        [
            (cut.factor, cut.grade, cut.cutoff, norm.id, norm.synthetic)
            for norm in catalogue.norms
            for cut in norm.cutoffs
            if cut.factor in listed
        ],
        {
            "factor_id": pl.String,
            "grade": pl.String,
            "cutoff": pl.Float64,
            "norm_id": pl.String,
            "is_synthetic": pl.Boolean,
        },
        orient="row",
    )
