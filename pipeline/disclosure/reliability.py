"""Whether a share is reliable enough to be shown without a mark: not whether it is secret."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.analysis.estimation.intervals import exact_interval, t_quantile

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

MIN_EFFECTIVE = 30
"""Effective respondents that a share rests on, at least."""

NARROW, WIDE = 0.05, 0.30
"""An interval this narrow is good enough whatever the share; one this wide never is."""

MAX_RELATIVE = 1.30
"""Between them, the interval may be this many times the share, at most."""

MIN_DF = 8
"""Fewer degrees of freedom have the estimate reviewed."""


class Presentation(NamedTuple):
    """What the standard says of each share; each of the common shape."""

    is_unreliable: Booleans
    """The standard would not show it."""

    is_complement_unreliable: Booleans
    """It is shown, but the share of the others would not be."""

    is_for_review: Booleans
    """It is shown after a statistician has looked at it: few degrees of freedom, 0 or 100 %."""


def presentation(
    flagged: Floats | Integers, n: Floats | Integers, effect: Floats, df: Floats
) -> Presentation:
    """The presentation standard of the US National Center for Health Statistics for shares.

    With ``p = k / n`` and the effective size ``m = n / deff``, at most ``n``::

        1  m < 30                                         unreliable
        2  m' = min(n, m (t(n - 1) / t(df))²), 95 % Clopper-Pearson limits of p on m'
        3  width <= 0.05                                  reliable
        4  width >= 0.30                                  unreliable
        5  width / p > 1.30                               unreliable
        6  reliable, and width / (1 - p) > 1.30           the complement is not
        7  reliable, and df < 8, or k is 0 or n           for review

    At ``k`` of 0 and ``n`` the effective size is ``n`` and the width counts as 0.

    Args:
        flagged: k, any shape.
        n: respondents with a value; 0 is unreliable.
        effect: design effect, above 0; nan: the variance cannot be seen, which is unreliable.
        df: degrees of freedom; infinity where the effect holds what they cost already; not above
            0 is unreliable.

    Source:
        Parker et al. (2017), National Center for Health Statistics Data Presentation Standards for
        Proportions, Vital and Health Statistics 2(175), as carried out in CDCgov/surveytable.
        ``tests/oracle/presentation`` holds the answers of another implementation, in R.
    """
    k, base, deff, freedom = (np.asarray(each, float) for each in (flagged, n, effect, df))
    is_end = (k <= 0) | (k >= base)
    with np.errstate(divide="ignore", invalid="ignore"):
        p = k / base
        size = np.where(is_end, base, np.minimum(base, base / deff))
        adjustment = (t_quantile(0.975, base - 1) / t_quantile(0.975, freedom)) ** 2
        lower, upper = exact_interval(p, np.minimum(base, size * adjustment), confidence=0.95)
        width = np.where(is_end, 0.0, upper - lower)
        is_poor = (width >= WIDE) | (width / p > MAX_RELATIVE)
        is_reliable = (size >= MIN_EFFECTIVE) & ((width <= NARROW) | ~is_poor)
        is_reliable &= np.isfinite(width) & (base > 0) & (freedom > 0)
        is_one_sided = ~is_end & (width > NARROW) & (width / (1 - p) > MAX_RELATIVE)
    return Presentation(
        is_unreliable=~is_reliable,
        is_complement_unreliable=is_reliable & is_one_sided,
        is_for_review=is_reliable & ((freedom < MIN_DF) | is_end),
    )
