"""Tests of one difference at a time. Numbers in, numbers out."""

from typing import NamedTuple

import numpy as np
from scipy.special import stdtr

from pipeline.analysis.estimation.intervals import Floats, mean_interval, t_quantile


class TTest(NamedTuple):
    """A test of no difference; each of one shape, nan where there is no standard error."""

    t: Floats
    p: Floats
    """Two-sided, 0 to 1, of this one comparison."""

    lower: Floats
    upper: Floats


def t_test(difference: Floats, se: Floats, df: Floats, *, confidence: float) -> TTest:
    """Two-sided t test of a difference of 0, with its confidence limits.

    Args:
        difference: any shape.
        se: standard error, same shape; nan or 0: cannot be seen, and nothing is tested.
        df: degrees of freedom, same shape; not above 0 gives nan.
        confidence: coverage of the limits, above 0 and below 1. The limits are of this one
            comparison: adjusting p for many (``multiplicity``) leaves them as they are.
    """
    usable = (df > 0) & (se > 0)
    seen = np.where(usable, se, np.nan)
    t = difference / seen
    p = 2 * stdtr(np.where(usable, df, 1.0), -np.abs(t))
    return TTest(t, p, *mean_interval(difference, seen, df, confidence=confidence))


def smallest_detectable_difference(
    se: Floats, df: Floats, *, alpha: float | Floats = 0.05, power: float = 0.8
) -> Floats:
    """True difference that a comparison with this standard error finds with a given power.

    What a comparison that found nothing could have found: computed from the design's standard
    error, not from the difference that was seen.

    Args:
        se: standard error of the difference, any shape; nan passes through, 0 gives nan.
        df: degrees of freedom, same shape; not above 0 gives nan.
        alpha: two-sided level of the test, for one comparison. Divided by the number of
            comparisons it holds for Holm's method too, which finds no less than that.
        power: chance of finding the difference, above 0.5 and below 1.

    Returns:
        Same shape and unit as ``se``, above 0.

    Source:
        Bloom (1995), Minimum detectable effects, Evaluation Review 19(5), 547-556: the standard
        error times a sum of two quantiles. Bloom's are normal ones; here t quantiles stand in their
        place, since sampling units are few.
    """
    multiplier = t_quantile(1 - alpha / 2, df) + t_quantile(power, df)
    return multiplier * np.where(se > 0, se, np.nan)
