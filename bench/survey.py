"""A made-up survey of any size, the same for the same seed.

Design: 12 regions of 5 areas; 8 schools in each area, those of a region in two strata by sector;
schools are the sampling units, and 15 % of their pupils live in one of the next four areas.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bench.survey_definitions import (
    GENDERS,
    GRADES,
    HIGHEST,
    LOWEST,
    N_AREAS,
    WEIGHT_DECIMALS,
    area_id,
)
from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.factor import Factor
from pipeline.ingest.cells import WEIGHT

Integers = NDArray[np.int64]
Floats = NDArray[np.float32]

SCHOOLS_PER_AREA = 8
AREAS_PER_REGION = 5
BATCH = 250_000
"""Respondents made at a time, so that any size can be made in the same memory."""

STEPS = (-0.8, 0.3, 1.1)
"""Where a standard normal answer passes to the next code."""


class _Batch(NamedTuple):
    wave: int
    first: int
    """How many of the wave came before."""

    n: int


class _Respondents(NamedTuple):
    """Numbers, each of shape (n,), of those of a batch."""

    school: Integers
    area: Integers
    grade: Integers
    gender: Integers


def survey_answers(catalogue: Catalogue, n_respondents: int, seed: int) -> Iterator[pl.DataFrame]:
    """The answers of every wave, as the product stages them, in batches.

    Args:
        catalogue: of ``survey_catalogue``.
        n_respondents: in all waves together; divided equally, to the nearest below.
        seed: of what is drawn.

    Yields:
        Rows of one wave, with the columns of ``WaveRows.respondents``.
    """
    per_wave = n_respondents // len(catalogue.waves)
    for wave in catalogue.waves:
        for first in range(0, per_wave, BATCH):
            rng = np.random.default_rng([seed, wave.wave, first])
            batch = _Batch(wave.wave, first, min(BATCH, per_wave - first))
            # Schools differ by themselves, in every batch and wave alike.
            yield _answered(catalogue, batch, np.random.default_rng([seed, 0]), rng)


def _answered(
    catalogue: Catalogue, batch: _Batch, of_schools: np.random.Generator, rng: np.random.Generator
) -> pl.DataFrame:
    respondents = _respondents(batch.n, rng)
    design = _design(respondents, batch, rng)
    outlook = rng.standard_normal(batch.n, np.float32)
    answers: list[pl.Series] = []
    for factor in catalogue.factors:
        level = of_schools.standard_normal(N_AREAS * SCHOOLS_PER_AREA, np.float32)
        answers += _answers(factor, 0.25 * level[respondents.school] + 0.4 * outlook, rng)
    return design.hstack(answers).with_columns(refused_reason=pl.lit(None, pl.String))


def _respondents(n: int, rng: np.random.Generator) -> _Respondents:
    # Classes answer together, so exports come school by school.
    school = np.sort(rng.integers(0, N_AREAS * SCHOOLS_PER_AREA, n))
    lives_elsewhere = rng.random(n) < 0.15
    steps = np.where(lives_elsewhere, rng.integers(1, 5, n), 0)
    return _Respondents(
        school=school,
        area=(school // SCHOOLS_PER_AREA + steps) % N_AREAS,
        grade=rng.integers(0, len(GRADES), n),
        gender=rng.integers(0, len(GENDERS), n),
    )


def _design(respondents: _Respondents, batch: _Batch, rng: np.random.Generator) -> pl.DataFrame:
    school, n, first = respondents.school, batch.n, batch.first
    schools = np.arange(N_AREAS * SCHOOLS_PER_AREA)
    regions = schools // (SCHOOLS_PER_AREA * AREAS_PER_REGION)
    names = [f"school_{number + 1:03d}" for number in schools]
    strata = [
        f"region_{region + 1:02d}_{'ab'[number % 2]}"
        for region, number in zip(regions, schools, strict=True)
    ]
    weights = np.exp(0.3 * rng.standard_normal(n)) * (4 + school % 7)
    return pl.DataFrame(
        {
            "wave": pl.repeat(batch.wave, n, dtype=pl.Int16, eager=True),
            "respondent_id": pl.int_range(first + 1, first + n + 1, eager=True).cast(pl.String),
            "school_id": _named(names, school),
            "class_id": pl.repeat(None, n, dtype=pl.String, eager=True),
            "area_code": _named([area_id(area) for area in range(N_AREAS)], respondents.area),
            "grade": _named(GRADES, respondents.grade),
            "gender": _named(GENDERS, respondents.gender),
            "stratum": _named(strata, school),
            "psu": _named(names, school),
            "unit": pl.repeat(None, n, dtype=pl.String, eager=True),
            "weight": pl.Series(weights).round(WEIGHT_DECIMALS).cast(WEIGHT),
            "psus_in_stratum": pl.repeat(None, n, dtype=pl.Float64, eager=True),
            "units_in_psu": pl.repeat(None, n, dtype=pl.Float64, eager=True),
        }
    )


def _named(names: tuple[str, ...] | list[str], numbers: Integers) -> pl.Series:
    return pl.Series(names, dtype=pl.String).gather(numbers)


def _answers(factor: Factor, level: Floats, rng: np.random.Generator) -> Iterator[pl.Series]:
    """A column of codes for each item; 4 % are missing."""
    for item in factor.items:
        leaning = level + 0.9 * rng.standard_normal(level.size, np.float32)
        codes = np.full(level.size, LOWEST, np.int16)
        for step in STEPS:
            codes += leaning > step
        if item.reversed:
            codes = LOWEST + HIGHEST - codes
        missing = rng.random(level.size, np.float32) < 0.04
        yield pl.Series(item.id, codes).set(pl.Series(missing), None)
