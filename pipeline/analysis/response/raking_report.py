"""What a raking did, as rows: how far it reached, what it cost, whom it left as they were."""

from typing import NamedTuple

import numpy as np
import polars as pl

from pipeline.analysis.estimation.variance import Floats, Integers
from pipeline.analysis.response.raking import Raked, kish, largest_error
from pipeline.ingest.enrolment import ALL

COLUMN = {"school": "school_id", "grade": "grade", "gender": "gender"}
"""What each margin is called in relations."""

QUANTILES = {"lowest": 0.0, "p05": 0.05, "median": 0.5, "p95": 0.95, "highest": 1.0}

WAVE_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "wave": pl.Int16,
    "margins": pl.List(pl.String),
    **dict.fromkeys(
        (
            "n_raked",
            "n_without_category",
            "n_not_enrolled",
            "n_left_out",
            "n_pupils_left_out",
            "n_empty_cells",
            "n_pupils_in_empty_cells",
            "largest_discrepancy",
            "iterations",
            "n_trimmed",
        ),
        pl.Int64,
    ),
    **dict.fromkeys(("error_raked", "error_trimmed", "design_effect", "n_effective"), pl.Float64),
    **{f"weight_{name}": pl.Float64 for name in QUANTILES},
}

MARGIN_SCHEMA = {
    "wave": pl.Int16,
    "variable": pl.String,
    "category": pl.String,
    "n_enrolled": pl.Int64,
    "n_scaled": pl.Float64,
    "n_respondents": pl.Int64,
    "mean_weight": pl.Float64,
    "error": pl.Float64,
}


class Margin(NamedTuple):
    """The categories of one margin that can be weighted to."""

    name: str
    categories: list[str]
    n_enrolled: Floats
    """Shape (categories,): pupils as stated, above 0."""

    n_left_out: int
    """Categories with pupils and no respondents."""

    n_pupils_left_out: int


class RakedSample(NamedTuple):
    """Respondents who were weighted: n of them, in k margins."""

    margins: list[Margin]
    numbers: Integers
    """Shape (n, k): number of each respondent's category in each margin."""

    targets: list[Floats]
    """What the weights of each category should add up to."""

    raked: Raked
    weights: Floats
    """Shape (n,): after trimming."""


def wave_row(
    wave: int,
    sample: RakedSample,
    *,
    weights: Floats,
    counted: pl.DataFrame,
    chosen: pl.DataFrame,
    enrolled: pl.DataFrame,
) -> pl.DataFrame:
    """One row on the whole of a raking.

    Args:
        wave: its year.
        sample: those who were weighted.
        weights: shape (r,): of all respondents whose weight counts.
        counted: these respondents.
        chosen: those of them who were weighted.
        enrolled: ``enrolled_margins`` of the wave.

    Returns:
        wave, margins; respondents: n_raked, n_without_category (lack a school, grade or gender),
        n_not_enrolled (have one without pupils on the rolls, or left out); categories left out
        and their pupils; combinations of all margins that hold pupils and no respondent, and
        these pupils (null where not stated); largest_discrepancy between the margins' totals, in
        pupils; iterations, n_trimmed, errors as shares, after raking and after trimming; Kish's
        design effect and effective n of ``weights``, and their quantiles as multiples of the
        mean.
    """
    columns = [COLUMN[each.name] for each in sample.margins]
    n_named = counted.drop_nulls(columns).height
    totals = [each.n_enrolled.sum() + each.n_pupils_left_out for each in sample.margins]
    row = {
        "wave": wave,
        "margins": [each.name for each in sample.margins],
        "n_raked": chosen.height,
        "n_without_category": counted.height - n_named,
        "n_not_enrolled": n_named - chosen.height,
        "n_left_out": sum(each.n_left_out for each in sample.margins),
        "n_pupils_left_out": sum(each.n_pupils_left_out for each in sample.margins),
        **_empty_cells(columns, chosen, enrolled),
        "largest_discrepancy": int(max(totals) - min(totals)),
        "iterations": sample.raked.iterations,
        "n_trimmed": int((sample.weights < sample.raked.weights * (1 - 1e-9)).sum()),
        "error_raked": sample.raked.error,
        "error_trimmed": largest_error(sample.weights, sample.numbers, sample.targets),
        **kish(weights)._asdict(),
        **{
            f"weight_{name}": float(np.quantile(weights, quantile) / weights.mean())
            for name, quantile in QUANTILES.items()
        },
    }
    return pl.DataFrame([row], WAVE_SCHEMA)


def margin_rows(wave: int, sample: RakedSample) -> pl.DataFrame:
    """A row per margin and category.

    Returns:
        wave, variable, category; n_enrolled as stated, n_scaled to the margins before it, in
        pupils; n_respondents; mean_weight as a multiple of the mean of all who were weighted;
        error: share by which their weights miss the target.
    """
    total = sample.margins[0].n_enrolled.sum()
    parts = []
    for column, (margin, target) in enumerate(zip(sample.margins, sample.targets, strict=True)):
        place, size = sample.numbers[:, column], len(target)
        n, weighted = np.bincount(place, minlength=size), np.bincount(place, sample.weights, size)
        part = {
            "category": margin.categories,
            "n_enrolled": margin.n_enrolled.astype(np.int64),
            "n_scaled": target / target.sum() * total,
            "n_respondents": n,
            "mean_weight": weighted / n / sample.weights.mean(),
            "error": weighted / target - 1,
        }
        parts.append(pl.DataFrame(part).with_columns(variable=pl.lit(COLUMN[margin.name])))
    return (
        pl.concat(parts)
        .with_columns(wave=pl.lit(wave, pl.Int16))
        .select(pl.col(name).cast(dtype) for name, dtype in MARGIN_SCHEMA.items())
    )


def _empty_cells(
    columns: list[str], chosen: pl.DataFrame, enrolled: pl.DataFrame
) -> dict[str, int | None]:
    cells = enrolled.filter(
        *((pl.col(each) != ALL) == (each in columns) for each in COLUMN.values()),
        pl.col("n_enrolled") > 0,
    )
    empty = cells.join(chosen, on=columns, how="anti")
    return {
        "n_empty_cells": empty.height if cells.height else None,
        "n_pupils_in_empty_cells": int(empty["n_enrolled"].sum()) if cells.height else None,
    }
