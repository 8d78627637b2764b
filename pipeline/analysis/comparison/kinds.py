"""The kinds of comparison: which shares are set beside which.

Shapes: c comparisons, m measures.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipeline.analysis.comparison.contrasts import (
    Contrasts,
    compare_domains,
    compare_with_number,
    compare_with_rest,
)
from pipeline.analysis.comparison.ground import Ground, domain_sums, numbers_of
from pipeline.analysis.comparison.trends import MIN_WAVES, linear_trends
from pipeline.analysis.estimation.sides import LinkedTotals
from pipeline.analysis.estimation.totals import DOMAIN
from pipeline.analysis.estimation.variance import Integers

PLACE = ["area_id", "grade", "gender"]


class Compared(NamedTuple):
    """Some comparisons of one kind."""

    domains: pl.DataFrame
    """``DOMAIN`` of the first sides, shape (c,)."""

    measures: tuple[str, ...]
    reference: NDArray[Any]
    """Shape (c, m): what the second side is, e.g. a wave or a norm; null: nothing to compare."""

    contrasts: Contrasts
    sides: tuple[Integers, ...]
    """Numbers of the domains on each side, shape (c,): one against a norm, none of a trend."""


def against_rest(ground: Ground) -> list[Compared]:
    """Areas against all of the municipality's respondents who are not in them."""
    domains, root = ground.domains, ground.comparable.root_area
    pairs = domains.filter(pl.col("area_id") != root).join(
        domains.filter(area_id=root), on=["wave", "grade", "gender"], maintain_order="left"
    )
    if pairs.is_empty():
        return []
    found = compare_with_rest(
        ground.linked,
        numbers_of(pairs),
        numbers_of(pairs, "number_right"),
        design_df=ground.design_df([pairs["wave"]]),
    )
    return [_compared(pairs, ground.measures, root, found)]


def against_norm(ground: Ground) -> list[Compared]:
    """Every domain against the share of the norm sample in the same grades, taken as known."""
    domains = ground.domains
    if domains.is_empty() or ground.expected.is_empty():
        return []
    factors = pl.DataFrame({"measure_id": ground.measures}, schema={"measure_id": pl.String})
    expected = domains.join(factors, how="cross", maintain_order="left_right").join(
        ground.expected, on=[*DOMAIN, "measure_id"], how="left", maintain_order="left"
    )
    shape = (domains.height, len(ground.measures))
    found = compare_with_number(
        ground.linked,
        numbers_of(domains),
        expected["expected"].cast(pl.Float64).fill_null(np.nan).to_numpy().reshape(shape),
        design_df=ground.design_df([domains["wave"]]),
    )
    norms = expected["norm_id"].to_numpy().reshape(shape)
    return [Compared(domains, ground.measures, norms, found, (numbers_of(domains),))]


def between_genders(ground: Ground) -> list[Compared]:
    """The site's first gender against its second, within each area."""
    if len(ground.comparable.genders) < 2:
        return []
    first, second = ground.comparable.genders[:2]
    pairs = ground.domains.filter(gender=first).join(
        ground.domains.filter(gender=second),
        on=["wave", "area_id", "grade"],
        maintain_order="left",
    )
    if pairs.is_empty():
        return []
    found = compare_domains(
        ground.linked,
        numbers_of(pairs),
        numbers_of(pairs, "number_right"),
        design_df=ground.design_df([pairs["wave"]]),
    )
    return [_compared(pairs, ground.measures, second, found)]


def since_earlier_wave(ground: Ground) -> list[Compared]:
    """Each wave against the latest earlier one that asked the measure the same way."""
    latest = ground.comparable.earlier_waves.group_by("measure_id", "wave").agg(
        pl.col("earlier").max()
    )
    return [
        compared
        for (wave, earlier), asked in latest.sort("wave", "earlier").group_by(
            "wave", "earlier", maintain_order=True
        )
        for compared in _between_waves(ground, wave, earlier, set(asked["measure_id"]))
    ]


def over_waves(ground: Ground) -> list[Compared]:
    """A line over each wave and all earlier ones that asked the measure the same way."""
    series = (
        ground.comparable.earlier_waves.group_by("measure_id", "wave")
        .agg(pl.col("earlier").sort())
        .filter(pl.col("earlier").list.len() >= MIN_WAVES - 1)
    )
    return [
        compared
        for (wave, earlier), asked in series.sort("wave", "earlier").group_by(
            "wave", "earlier", maintain_order=True
        )
        for compared in _line(ground, [*earlier, wave], set(asked["measure_id"]))
    ]


KINDS: dict[str, Callable[[Ground], list[Compared]]] = {
    "rest": against_rest,
    "norm": against_norm,
    "gender": between_genders,
    "wave": since_earlier_wave,
    "trend": over_waves,
}
"""Every kind there is; another one is a function and a line here."""


def _between_waves(ground: Ground, wave: Any, earlier: Any, asked: set[str]) -> list[Compared]:
    pairs = ground.domains.filter(wave=wave).join(
        ground.domains.filter(wave=earlier), on=PLACE, maintain_order="left"
    )
    linked, measures = _of_measures(ground, asked)
    if pairs.is_empty() or not measures:
        return []
    found = compare_domains(
        linked,
        numbers_of(pairs),
        numbers_of(pairs, "number_right"),
        design_df=ground.design_df([pairs["wave"], pairs["wave_right"]]),
    )
    return [_compared(pairs, measures, str(earlier), found)]


def _line(ground: Ground, waves: list[Any], asked: set[str]) -> list[Compared]:
    """The slope per year is the difference; n_second is that of the wave that has fewest."""
    in_wave = [ground.domains.filter(wave=wave) for wave in waves]
    now = in_wave[-1]
    linked, measures = _of_measures(ground, asked)
    if now.is_empty() or not measures:
        return []
    n, w, wy = (domain_sums(linked, values) for values in linked.totals[2:5])
    met = [
        now.select(PLACE).join(each, on=PLACE, how="left", maintain_order="left")
        for each in in_wave
    ]
    numbers = np.stack([numbers_of(each) for each in met], axis=1)
    is_enough = (n >= ground.min_n)[numbers] & (numbers >= 0)[:, :, np.newaxis]
    trends = linear_trends(
        _without_small(linked, n >= ground.min_n),
        numbers,
        np.array(waves, dtype=np.float64),
        design_df=ground.design_df([each["wave"] for each in met]),
    )
    number = numbers_of(now)
    with np.errstate(invalid="ignore"):
        share = wy[number] / w[number]
    found = Contrasts(
        n_first=n[number],
        n_second=trends.n,
        first=share,
        second=np.full_like(share, np.nan),
        difference=trends.slope,
        se=trends.se,
        df=trends.df,
        least_df=np.full_like(share, np.nan),
    )
    begins = np.array([str(wave) for wave in waves], dtype=object)[is_enough.argmax(axis=1)]
    # As good as no row: a line that is not one, or does not reach the wave.
    begins[~is_enough[:, -1] | (trends.n_waves < MIN_WAVES)] = None
    return [Compared(now, measures, begins, found, ())]


def _of_measures(ground: Ground, wanted: set[str]) -> tuple[LinkedTotals, tuple[str, ...]]:
    """The totals of some measures only."""
    is_wanted = np.array([measure in wanted for measure in ground.measures], dtype=np.bool_)
    totals = ground.linked.totals
    kept = {name: getattr(totals, name)[:, is_wanted] for name in ("n", "w", "wy", "wyy")}
    measures = tuple(measure for measure in ground.measures if measure in wanted)
    return ground.linked._replace(totals=totals._replace(**kept)), measures


def _without_small(linked: LinkedTotals, is_enough: NDArray[np.bool_]) -> LinkedTotals:
    """Totals in which a domain with too few answers to a measure has none."""
    totals = linked.totals
    is_kept = is_enough[totals.domain]
    kept = {name: np.where(is_kept, getattr(totals, name), 0.0) for name in ("n", "w", "wy", "wyy")}
    return linked._replace(totals=totals._replace(**kept))


def _compared(
    pairs: pl.DataFrame, measures: tuple[str, ...], reference: str, found: Contrasts
) -> Compared:
    references = np.full(found.n_first.shape, reference, dtype=object)
    sides = numbers_of(pairs), numbers_of(pairs, "number_right")
    return Compared(pairs.select(DOMAIN), measures, references, found, sides)
