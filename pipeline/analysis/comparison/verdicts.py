"""What may be said of a comparison. Numbers in, words' ids and limits out."""

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr, bdtrik

from pipeline.analysis.estimation.variance import Floats

Verdict = Literal["higher", "lower", "no_detectable_difference", "too_few"]
"""``no_detectable_difference`` says that none was found, not that there is none: beside it
belongs the smallest difference that could have been found (``significance``)."""

ROUNDING = 1e-9
"""Respondents, by which arithmetic may fall short of a whole number."""


class FunnelLimits(NamedTuple):
    """Shares that areas of a size stay within by chance; each 0 to 1, nan where there is none."""

    lower_95: Floats
    upper_95: Floats
    lower_998: Floats
    upper_998: Floats


def verdicts(
    difference: Floats, p: Floats, n: Floats, *, min_n: float, alpha: float
) -> NDArray[np.str_]:
    """Say of each comparison whether a difference was found, and in which direction.

    Args:
        difference: first less second, any shape; nan: one side is empty.
        p: adjusted for all that is looked at together, same shape; nan: the variance cannot be
            seen.
        n: respondents with a value on the side that has fewer, same shape.
        min_n: least such respondents that anything is said of.
        alpha: a p at or below this is a finding.

    Returns:
        Same shape, each a ``Verdict``. Nothing that is nan, and nobody, is ever anything but
        ``too_few``.
    """
    known = (n >= min_n) & (n > 0) & np.isfinite(difference) & np.isfinite(p)
    found = known & (p <= alpha)
    return np.select(
        [found & (difference > 0), found & (difference < 0), known],
        ["higher", "lower", "no_detectable_difference"],
        default="too_few",
    )


def funnel_limits(target: Floats, n: Floats, design_effect: Floats) -> FunnelLimits:
    """Limits around a common share within which areas of a size stay by chance.

    Args:
        target: the share that holds if no area differs, e.g. the municipality's; above 0 and
            below 1, else nan.
        n: respondents with a value in the area; stretches with the others.
        design_effect: by how much clustering and weights inflate the variance of a share. The
            limits are those of n / design_effect respondents, rounded down, and of never more
            than n.

    Returns:
        Limits at 95 % and 99.8 %, of the common shape, never on the other side of the target;
        nan where less than one respondent is left.

    Source:
        Spiegelhalter (2005), Statistics in Medicine 24, 1185-1202: exact binomial limits with
        interpolation (appendix A.1.1); over-dispersion as an inflated variance.
    """
    # A design effect a hair above 1 is rounding, and must not cost a whole respondent.
    shrunk = np.floor(n / np.maximum(design_effect, 1.0) + ROUNDING)
    usable = (target > 0) & (target < 1) & (shrunk >= 1)
    share, effective_n = np.where(usable, target, 0.5), np.where(usable, shrunk, 1.0)

    def limit(probability: float) -> Floats:
        reached = _binomial_limit(probability, effective_n, share)
        # A handful is likely to have none flagged at all: interpolation then falls short.
        beyond = np.minimum if probability < 0.5 else np.maximum
        return np.where(usable, beyond(reached, share), np.nan)

    return FunnelLimits(limit(0.025), limit(0.975), limit(0.001), limit(0.999))


def _binomial_limit(probability: float, n: Floats, share: Floats) -> Floats:
    # Not scipy.stats, which takes longer to load than most commands take to run.
    whole = n.astype(np.int64)

    def at_or_below(count: Floats) -> Floats:
        return np.where(count < 0, 0.0, bdtr(np.maximum(count, 0), whole, share))

    count = np.ceil(bdtrik(probability, n, share))
    # The inverse is a little inexact where it is a whole number.
    count = np.where(at_or_below(count - 1) >= probability, np.maximum(count - 1, 0), count)
    reached = at_or_below(count)
    # The count is whole; the part of it beyond the probability is taken back.
    beyond = (reached - probability) / (reached - at_or_below(count - 1))
    limit: Floats = np.clip((count - beyond) / n, 0.0, 1.0)
    return limit
