"""Design effects: how much a sample's variance is that of a simple random one of its size."""

from typing import NamedTuple

import numpy as np

from pipeline.analysis.estimation.intervals import Floats


class DesignEffects(NamedTuple):
    """Each of any one shape; nan where there is none."""

    deff: Floats
    """Beside a simple random sample without replacement."""

    deff_wr: Floats
    """Beside a simple random sample with replacement."""

    n_effective: Floats
    """Respondents of a simple random sample that would be as precise."""


def design_effects(n: Floats, w: Floats, spread: Floats, se: Floats) -> DesignEffects:
    """Design effects of shares or means.

    With ``s2 = n / (n - 1) * spread``: ``deff_wr = se**2 / (s2 / n)``,
    ``deff = deff_wr / (1 - n / w)`` and ``n_effective = n / deff_wr``.

    Args:
        n: respondents with a value and a weight above 0, any shape.
        w: sum of their weights. ``deff`` takes it for the size of the population and is nan
            unless it is above ``n``.
        spread: weighted mean square of values around their mean, 0 or more.
        se: standard error, nan where it cannot be estimated.

    Source:
        Kish (1965), Survey Sampling, section 8.2; R package survey, ``svymean(deff = )``.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        simple = spread / (n - 1)
        deff_wr = np.where((n > 1) & (simple > 0), se**2 / simple, np.nan)
        left_out = np.where(w > n, 1 - n / w, np.nan)
        n_effective = np.where(deff_wr > 0, n / deff_wr, np.nan)
    return DesignEffects(deff_wr / left_out, deff_wr, n_effective)
