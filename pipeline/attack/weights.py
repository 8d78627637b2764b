"""Waves with weights: counts are weighted shares of the respondents, and nearly add up."""

from collections.abc import Callable, Mapping

import polars as pl

from pipeline.attack.sums import Known, is_feasible

SPREADS = (1.1, 1.2, 1.4, 1.7, 2.0, 3.0, 5.0)
"""How many times as much as all pupils the pupils of a group may weigh in the mean, or how many
times as little: of these the one after the first that the figures do not deny. With what they just
allow, they would seem to leave nothing open. Project choice."""

NOT_WHOLE = 0.5
"""How far a weighted share of a whole number is from the whole number that is rounded."""


def is_weighted(tables: Mapping[str, pl.DataFrame], wave: int) -> bool:
    """Whether the release says that a wave's shares are weighted."""
    waves = tables.get("wave")
    if waves is None or "is_weighted" not in waves.columns:
        return False
    stated = waves.filter(wave=str(wave))["is_weighted"].cast(pl.String).str.to_lowercase()
    return "true" in stated.to_list()


def spread_of(systems: Callable[[float], list[Known]]) -> float:
    """How far apart mean weights of groups have to be taken to be; the last if nothing fits.

    Args:
        systems: what is printed of each measure, if they are so far apart at most.
    """
    fits = (all(map(is_feasible, systems(spread))) for spread in SPREADS)
    first = next((place for place, does_fit in enumerate(fits) if does_fit), len(SPREADS))
    return SPREADS[min(first + 1, len(SPREADS) - 1)]
