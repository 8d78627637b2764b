"""Rounded counts in, everything that is published of a share out. Numbers in, numbers out.

A percentage or an interval with decimals is a count in disguise, so nothing here takes a true
count but ``rounded``. Arrays are of any common shape.
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from pipeline.analysis.estimation.intervals import exact_interval, logit_interval, wilson_interval

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

EFFECT_STEP = 0.5
"""Design effects are published in steps of this, upwards. Project choice: coarse enough to say
nothing of counts, fine enough to matter less than the rounding does."""

SLACK = 1e-9
"""Per cent by which arithmetic may miss a whole number."""


def rounded(count: Integers, base: int) -> Integers:
    """The nearest multiple of ``base``, halves upwards."""
    return (2 * count + base) // (2 * base) * base


def rounding_reach(base: int) -> tuple[int, int]:
    """How far below and above a rounded number the true count can lie: 2 and 2 for 5."""
    return base // 2, (base - 1) // 2


def percent_of_pair(flagged: Integers, n: Integers) -> Integers:
    """Per cent of a rounded pair, halves upwards; ``n`` above 0."""
    return (200 * flagged + n) // (2 * n)


def published_effect(n: Floats, n_effective: Floats) -> Floats:
    """The design effect as it is published: ``n / n_effective`` up to a step, at least 1.

    Args:
        n: respondents.
        n_effective: the size that the interval rests on, corrected for few degrees of freedom;
            nan: the uncertainty is not known, and neither is the effect.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        steps = np.ceil(np.round(n / n_effective / EFFECT_STEP, 6))
    effect: Floats = np.maximum(steps * EFFECT_STEP, 1.0)
    return np.where(np.isfinite(n_effective) & (n_effective > 0), effect, np.nan)


def percent_interval(
    flagged: Integers,
    n: Integers,
    effect: Floats,
    method: Literal["logit", "korn_graubard", "wilson"],
    *,
    confidence: float,
) -> tuple[Floats, Floats]:
    """Limits in whole per cent, outwards, of a rounded pair on ``n / effect`` respondents.

    Args:
        flagged: rounded; 0 and ``n`` have the exact interval whatever the method.
        n: rounded, above 0.
        effect: published design effect; nan gives nan.
        method: the site's. The effect holds what the degrees of freedom cost already.
        confidence: coverage, above 0 and below 1.
    """
    size = n / effect
    share = flagged / n
    exact = exact_interval(share, size, confidence=confidence)
    if method == "korn_graubard":
        lower, upper = exact
    else:
        se, df = np.sqrt(share * (1 - share) / size), np.full(np.shape(share), np.inf)
        formula = logit_interval if method == "logit" else wilson_interval
        is_inside = (share > 0) & (share < 1)
        lower, upper = (
            np.where(is_inside, limit, at_end)
            for limit, at_end in zip(
                formula(share, se, df, confidence=confidence), exact, strict=True
            )
        )
    return outwards(lower, is_upper=False), outwards(upper, is_upper=True)


def outwards(limit: Floats, *, is_upper: bool) -> Floats:
    """A limit, 0 to 1, in whole per cent away from what it encloses; nan stays nan."""
    return np.ceil(100 * limit - SLACK) if is_upper else np.floor(100 * limit + SLACK)
