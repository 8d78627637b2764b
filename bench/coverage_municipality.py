"""A municipality drawn many times, each time as a wave, in the form of the relations ``totals.*``.

Shapes: t draws, a rows of a draw (one per area and school), s schools.
"""

from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.random import Generator
from scipy.optimize import fsolve
from scipy.special import expit, logit, roots_hermitenorm

from bench.coverage_setting import OTHERS_OF_SCHOOL, Setting
from pipeline.analysis.estimation.variance import Floats, Integers

MUNICIPALITY = "municipality"
MEAN_SCORE = 2.5
"""True mean of every score; their standard deviation is 1."""


class Drawn(NamedTuple):
    """Draws of one municipality, each a wave."""

    domain_psus: pl.DataFrame
    """``psu_totals``."""

    strata: pl.DataFrame
    """``totals.stratum``."""


class Measured(NamedTuple):
    """A measure and what is true of it."""

    name: str
    """Without the prefix of its statistic."""

    share: float | None
    """Null: a score."""

    correlation: float

    @property
    def column(self) -> str:
        """Name with the prefix."""
        return f"{'score' if self.share is None else 'outcome'}_{self.name}"


class Sums(NamedTuple):
    """Sums over the pupils of each row and draw; each of shape (t, a)."""

    value: Floats
    square: Floats


def measures_of(setting: Setting) -> list[Measured]:
    """A share of each size and a score, for each correlation."""
    return [
        Measured(f"{(share or 0) * 100:g}_of_{correlation * 100:g}", share, correlation)
        for correlation in setting.correlations
        for share in (*setting.shares, None)
    ]


def draw(setting: Setting, generator: Generator, n_draws: int) -> Drawn:
    """Draw the municipality of a setting ``n_draws`` times."""
    rows = [(area.area_id, *take) for area in setting.areas() for take in area.takes.items()]
    rows += [("others", school, OTHERS_OF_SCHOOL) for school in range(setting.n_schools)]
    names = np.array([area for area, _, _ in rows])
    school, n = (np.array(each) for each in list(zip(*rows, strict=True))[1:])
    first, second = setting.weights
    halves = ((n - n // 2, first), (n // 2, second))
    w = _added([n_half * weight for n_half, weight in halves])
    sums = {
        "w_respondents": w,
        "ww_respondents": _added([n_half * weight**2 for n_half, weight in halves]),
    }
    for measure in measures_of(setting):
        level = school_levels(setting, generator, measure, n_draws)[:, school]
        drawn = [(_sums(generator, n_half, level, measure), each) for n_half, each in halves]
        column = measure.column
        sums |= {f"n_{column}": n.astype(np.float64), f"w_{column}": w}
        sums[f"wy_{column}"] = _added([weight * half.value for half, weight in drawn])
        if measure.share is None:
            squares = _added([weight * half.square for half, weight in drawn])
            sums[f"wyy_score_{measure.name}"] = squares
    strata = {"stratum": "all", "n_psu": setting.n_schools, "psus_in_stratum": None}
    return Drawn(
        _framed(names, school, sums, n_draws),
        pl.DataFrame({"wave": np.arange(n_draws)}).with_columns(
            pl.lit(value).alias(name) for name, value in strata.items()
        ),
    )


def _added(halves: list[Floats]) -> Floats:
    return np.add(*halves)


def school_levels(
    setting: Setting, generator: Generator, measure: Measured, n_draws: int
) -> Floats:
    """Each school's own share or mean, around the true one; shape (t, s).

    Their variance is the correlation times that of pupils.
    """
    shape, correlation, share = (n_draws, setting.n_schools), measure.correlation, measure.share
    if share is None:
        return generator.normal(MEAN_SCORE, np.sqrt(correlation), shape)
    if setting.effects == "beta":
        size = 1 / correlation - 1
        return generator.beta(share * size, (1 - share) * size, shape)
    middle, spread = _logit_normal(share, correlation)
    return np.asarray(expit(generator.normal(middle, spread, shape)))


def _logit_normal(share: float, correlation: float) -> tuple[float, float]:
    """Mean and standard deviation on the logit scale, by quadrature."""
    points, weight = roots_hermitenorm(60)
    weight = weight / weight.sum()

    def misses(guess: Floats) -> Floats:
        levels = expit(guess[0] + guess[1] * points)
        variance = weight @ (levels - share) ** 2
        return np.array([weight @ levels / share, variance / (share * (1 - share) * correlation)])

    middle, spread = fsolve(lambda guess: misses(guess) - 1, [logit(share), 0.5])
    return float(middle), abs(float(spread))


def _sums(generator: Generator, n: Integers, level: Floats, measure: Measured) -> Sums:
    """Sums over ``n`` pupils in each row, whose school has the level."""
    if measure.share is not None:
        count = generator.binomial(n, level).astype(np.float64)
        return Sums(count, count)
    within = 1 - measure.correlation
    deviation = generator.normal(0, np.sqrt(n * within), level.shape)
    around = generator.chisquare(np.maximum(n - 1, 1), level.shape) * (n > 1)
    squares = deviation**2 / np.maximum(n, 1) + within * around
    return Sums(n * level + deviation, n * level**2 + 2 * level * deviation + squares)


def _framed(
    names: np.ndarray[tuple[int], np.dtype[np.str_]],
    school: Integers,
    sums: dict[str, Floats],
    n_draws: int,
) -> pl.DataFrame:
    """Rows of the areas and of the municipality, which holds them, sorted as the product's are."""
    n_schools = school.max() + 1
    area = np.append(names, [MUNICIPALITY] * n_schools)
    psu = np.append(school, np.arange(n_schools))
    order = np.lexsort((psu, area))
    belongs = (school[:, np.newaxis] == np.arange(n_schools)).astype(np.float64)

    def column(values: Floats) -> Floats:
        every = np.broadcast_to(values, (n_draws, school.size))
        return np.hstack([every, every @ belongs])[:, order].ravel()

    columns = {name: column(values) for name, values in sums.items()}
    keys = {
        "wave": np.repeat(np.arange(n_draws), order.size),
        "area_id": np.tile(area[order], n_draws),
        "psu": np.tile(psu[order], n_draws),
    }
    return pl.DataFrame(keys | columns).with_columns(
        pl.col("psu").cast(pl.String),
        grade=pl.lit("all"),
        gender=pl.lit("all"),
        stratum=pl.lit("all"),
    )
