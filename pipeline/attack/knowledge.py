"""Printed numbers as bounds of true counts, one array per wave."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipeline.attack.names import Names
from pipeline.attack.policy import Policy

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

ALL = "all"

MOSTLY = 0.5
"""Part of the printed counts that must be multiples for counts to be taken for rounded."""


@dataclass(frozen=True, eq=False)
class Bounds:
    """Least and greatest true count of every group, of shape (measures, areas, grades, genders).

    The first grade and the first gender are everyone. Infinite where nothing is known.
    """

    n: tuple[Floats, Floats]
    flagged: tuple[Floats, Floats]
    others: tuple[Floats, Floats]
    """Those with an answer who are not flagged."""

    rest: tuple[Floats, Floats]
    """Shares, 0 to 1, of the municipality without the area."""

    respondents: tuple[Floats, Floats]
    """Shape (areas, grades, genders)."""

    placed: tuple[Floats, Floats]
    """Of the same shape: those of the municipality whose area in it is known."""

    own_norm: tuple[Floats, Floats]
    """Shares, 0 to 1, of the group itself, which a norm states."""


@dataclass(frozen=True, eq=False)
class Axes:
    """What the places of a wave's arrays stand for."""

    wave: int
    measures: tuple[str, ...]
    areas: tuple[str, ...]
    grades: tuple[str, ...]
    genders: tuple[str, ...]

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """Of an array with a place for every measure and group."""
        return len(self.measures), len(self.areas), len(self.grades), len(self.genders)

    def flags(self, cells: pl.DataFrame) -> Flags:
        """Which places the rows with columns of ``KEY`` name."""
        found = np.zeros(self.shape, dtype=np.bool_)
        found[self._places(cells)[1]] = True
        return found

    def values(self, cells: pl.DataFrame, column: str, otherwise: float) -> Floats:
        """A column's numbers in their places."""
        found = np.full(self.shape, otherwise)
        kept, places = self._places(cells)
        found[places] = kept[column].cast(pl.Float64).to_numpy()
        return found

    def _places(self, cells: pl.DataFrame) -> tuple[pl.DataFrame, tuple[NDArray[np.int64], ...]]:
        columns = ("measure", "area", "grade", "gender")
        lists = (self.measures, self.areas, self.grades, self.genders)
        kept = cells.filter(
            wave=self.wave,
        ).filter(*(pl.col(name).is_in(known) for name, known in zip(columns, lists, strict=True)))
        places = tuple(
            kept[name].replace_strict(known, range(len(known)), return_dtype=pl.Int64).to_numpy()
            for name, known in zip(columns, lists, strict=True)
        )
        return kept, places


def axes_of(names: Names, wave: int) -> Axes:
    """The places of one wave."""
    return Axes(
        wave,
        names.measure_ids,
        tuple(names.parents[wave]),
        (ALL, *names.grades),
        (ALL, *names.genders),
    )


def bounds_of(
    axes: Axes,
    cells: pl.DataFrame,
    status: pl.DataFrame,
    strict: Sequence[str],
    policy: Policy,
) -> Bounds:
    """What the printed numbers of one wave say of true counts.

    Args:
        axes: of the wave.
        cells: of ``agreed``.
        status: columns of ``KEY`` and status, as the release's own table has it.
        strict: measures with the stricter least count.
        policy: of the release.
    """
    n = _count_bounds(axes, cells, "n", policy)
    flagged = _count_bounds(axes, cells, "k", policy)
    flagged = _within(flagged, _percent_bounds(axes, cells, n, policy))
    open_ended = np.full(axes.shape, np.inf)
    others = (np.zeros(axes.shape), open_ended.copy())
    none = axes.flags(status.filter(status="no_answers"))
    n = _within(n, (np.zeros(axes.shape), np.where(none, 0, np.inf)))
    least = np.where(
        np.isin(axes.measures, list(strict)), policy.min_count_sensitive, policy.min_count
    )
    least = least[:, None, None, None]
    code = _code_limit(n[1], np.maximum(least, policy.min_interval + 1) - 1, policy)
    below = axes.flags(status.filter(status="coded_below"))
    above = axes.flags(status.filter(status="coded_above"))
    flagged[1][below] = np.minimum(flagged[1], code)[below]
    others[1][above] = np.minimum(others[1], code)[above]
    shown = axes.flags(status.filter(status="shown"))
    _add_rules(shown, least, policy, n=n, flagged=flagged, others=others)
    groups, every = axes.shape[1:], axes.shape
    return Bounds(
        n,
        flagged,
        others,
        (np.full(every, -np.inf), np.full(every, np.inf)),
        _respondents(axes, cells, policy),
        placed=(np.zeros(groups), np.full(groups, np.inf)),
        own_norm=(np.full(every, -np.inf), np.full(every, np.inf)),
    )


def _count_bounds(
    axes: Axes, cells: pl.DataFrame, what: str, policy: Policy
) -> tuple[Floats, Floats]:
    """A rounded count leaves its rounding open; one off the grid was never rounded."""
    printed = cells.filter(what=what)
    value = pl.col("value")
    is_rounded = (pl.col("decimals") == 0) & (value % policy.round_counts == 0)
    # Some plain counts are multiples too: where most are none, nothing was rounded.
    if (printed.select(is_rounded.mean()).item() or 1) < MOSTLY:
        is_rounded = pl.lit(value=False)
    reach = pl.when(is_rounded).then(policy.rounding).otherwise(0)
    bounded = printed.with_columns(
        lower=(value - reach).clip(lower_bound=0).ceil(), upper=(value + reach).floor()
    )
    return (
        axes.values(bounded, "lower", 0.0),
        axes.values(bounded, "upper", np.inf),
    )


def _percent_bounds(
    axes: Axes, cells: pl.DataFrame, n: tuple[Floats, Floats], policy: Policy
) -> tuple[Floats, Floats]:
    """Counts behind a printed percentage: of the rounded pair if it can be of one."""
    printed = cells.filter(what="percent")
    low = axes.values(printed, "low", -np.inf) / 100
    high = axes.values(printed, "high", np.inf) / 100
    has_any = np.isfinite(low) & np.isfinite(n[1])
    low, high = np.where(has_any, low, 0.0), np.where(has_any, high, np.inf)
    n_most = np.where(np.isfinite(n[1]), n[1], 0.0)
    base, reach = policy.round_counts, policy.rounding
    n_rounded = np.round((n[0] + n_most) / 2 / base) * base
    least = np.ceil(low * n_rounded / base - 1e-9) * base
    most = (
        np.where(has_any, np.floor(np.where(has_any, high, 0) * n_rounded / base + 1e-9), 0) * base
    )
    is_of_pair = has_any & (least <= most) & (axes.values(printed, "decimals", 0) == 0)
    lower = np.where(is_of_pair, least - reach, np.floor(low * n[0]))
    upper = np.where(is_of_pair, most + reach, np.ceil(np.where(has_any, high, 0) * n_most))
    return np.maximum(lower, 0), np.where(has_any, upper, np.inf)


def _code_limit(n_most: Floats, most: NDArray[np.int64], policy: Policy) -> Floats:
    """The greatest count that is coded: below so many per cent, and below what is never coded."""
    share = np.ceil(policy.below * np.where(np.isfinite(n_most), n_most, 1e9) / 100) - 1
    limit: Floats = np.minimum(share, most)
    return limit


def _add_rules(
    shown: Flags,
    least: NDArray[np.int64],
    policy: Policy,
    *,
    n: tuple[Floats, Floats],
    flagged: tuple[Floats, Floats],
    others: tuple[Floats, Floats],
) -> None:
    """Whoever knows the rules knows the least counts that figures are shown with.

    A rule that any printed figure denies has exceptions, and is not relied on.
    """
    has_n = np.isfinite(n[1]) & (n[1] > 0)
    for bounds, where, limit in (
        (n, has_n, np.broadcast_to(np.array(policy.min_base), shown.shape)),
        (flagged, shown, np.broadcast_to(least, shown.shape)),
        (others, shown, np.broadcast_to(least, shown.shape)),
    ):
        if not (bounds[1][where] < limit[where]).any():
            bounds[0][where] = np.maximum(bounds[0], limit)[where]


def _respondents(axes: Axes, cells: pl.DataFrame, policy: Policy) -> tuple[Floats, Floats]:
    everyone = Axes(axes.wave, (ALL,), axes.areas, axes.grades, axes.genders)
    lower, upper = _count_bounds(everyone, cells, "respondents", policy)
    return lower[0], upper[0]


def _within(bounds: tuple[Floats, Floats], more: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
    return np.maximum(bounds[0], more[0]), np.minimum(bounds[1], more[1])
