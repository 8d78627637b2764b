"""The relation ``totals.participation`` in, how representative each wave's answers are out."""

from itertools import combinations
from typing import NamedTuple

import numpy as np
import polars as pl

from pipeline.analysis.estimation.variance import Floats
from pipeline.analysis.response.representativeness import (
    Representativeness,
    partial_indicators,
    representativeness,
)
from pipeline.ingest.enrolment import ALL
from pipeline.ingest.enrolment import KEYS as VARIABLES

WAVE_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "wave": pl.Int16,
    "variables": pl.List(pl.String),
    "n_classes": pl.Int64,
    "n_above_enrolled": pl.Int64,
    "n_enrolled": pl.Int64,
    "n_valid": pl.Int64,
    "n_outside": pl.Int64,
    **dict.fromkeys(Representativeness._fields, pl.Float64),
}

N_FIELDS = len(Representativeness._fields)

PARTIAL_SCHEMA = {
    "wave": pl.Int16,
    "variable": pl.String,
    "category": pl.String,
    "partial": pl.Float64,
}


class ResponseQuality(NamedTuple):
    """How representative the answers of each wave are, as far as enrolment is stated."""

    waves: pl.DataFrame
    """One row per wave with stated enrolment: wave, variables (those whose classes are the
    finest), n_classes, n_above_enrolled (classes with more answers than pupils), n_enrolled and
    n_valid (of these classes), n_outside (respondents in none of them), and the fields of
    ``Representativeness``, null where no answer belongs to any class."""

    partials: pl.DataFrame
    """One row per wave, variable and category: partial, signed; category ``all``: of the
    variable as a whole, 0 and above."""


def compute_response_quality(participation: pl.DataFrame) -> ResponseQuality:
    """R-indicators of every wave, from all classes that enrolment is stated for.

    Args:
        participation: ``totals.participation``.
    """
    waves, partials = [], []
    for rows in participation.sort("wave", *VARIABLES).partition_by("wave", maintain_order=True):
        finest = _finest(rows)
        if finest is None:
            continue
        waves.append(_of_wave(rows, *finest))
        for variable in VARIABLES:
            partials += _of_variable(_group(rows, (variable,)), variable)
    return ResponseQuality(
        pl.DataFrame(waves, WAVE_SCHEMA, orient="row"),
        pl.DataFrame(partials, PARTIAL_SCHEMA, orient="row"),
    )


def _finest(rows: pl.DataFrame) -> tuple[tuple[str, ...], pl.DataFrame] | None:
    """The classes by most variables, and these variables; null where no enrolment is stated."""
    for size in range(len(VARIABLES), 0, -1):
        for variables in combinations(VARIABLES, size):
            classes = _group(rows, variables)
            if classes.height:
                return variables, classes
    return None


def _group(rows: pl.DataFrame, variables: tuple[str, ...]) -> pl.DataFrame:
    """Groups by exactly these variables that hold pupils."""
    is_of = [
        (pl.col(each) != ALL) if each in variables else (pl.col(each) == ALL) for each in VARIABLES
    ]
    return rows.filter(pl.all_horizontal(is_of) & (pl.col("n_enrolled") > 0))


def _of_wave(
    rows: pl.DataFrame, variables: tuple[str, ...], classes: pl.DataFrame
) -> tuple[object, ...]:
    everyone = rows.filter(pl.all_horizontal(pl.col(each) == ALL for each in VARIABLES))
    n_valid = int(classes["n_valid"].sum())
    return (
        classes["wave"][0],
        list(variables),
        classes.height,
        int(classes["is_above_enrolled"].sum()),
        int(classes["n_enrolled"].sum()),
        n_valid,
        int(everyone["n_valid"].sum()) - n_valid,
        # Where no answer is of any class, the classes are not those of the export.
        *(representativeness(*_counts(classes)) if n_valid else [None] * N_FIELDS),
    )


def _of_variable(categories: pl.DataFrame, variable: str) -> list[tuple[object, ...]]:
    if categories.is_empty():
        return []
    wave, partial = categories["wave"][0], partial_indicators(*_counts(categories))
    rows = [
        (wave, variable, category, float(each))
        for category, each in zip(categories[variable], partial, strict=True)
    ]
    return [*rows, (wave, variable, ALL, float(np.sqrt((partial**2).sum())))]


def _counts(classes: pl.DataFrame) -> tuple[Floats, Floats]:
    return (
        classes["n_enrolled"].cast(pl.Float64).to_numpy(),
        classes["n_valid"].cast(pl.Float64).to_numpy(),
    )
