"""Which areas lie further from the municipality's share than chance takes areas of their size.

Shapes: c comparisons, m measures.
"""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipeline.analysis.comparison.ground import Ground, domain_sums
from pipeline.analysis.comparison.verdicts import FunnelLimits, funnel_limits
from pipeline.analysis.estimation.sides import LinkedTotals
from pipeline.analysis.estimation.variance import Floats, Integers


def area_funnel(
    ground: Ground, part: Integers, whole: Integers, design_effects: Floats
) -> tuple[Floats, Floats, FunnelLimits, NDArray[np.str_]]:
    """The common share, the limits of each area around it, and where the area lies.

    Args:
        ground: shares of domains.
        part: shape (c,): numbers of the areas.
        whole: shape (c,): numbers of what they are part of.
        design_effects: shape (c, m): of the wholes, beside simple sampling with replacement.

    Returns:
        The whole's share and the areas' design effects (c, m); limits; and ``within``,
        ``outside_95``, ``outside_998``, or nothing where there are no limits. A share at a limit
        lies within it.
    """
    n, w, wy = (domain_sums(ground.linked, values) for values in ground.linked.totals[2:5])
    with np.errstate(divide="ignore", invalid="ignore"):
        share = wy / w
    effects = area_design_effects(ground.linked, part, whole, design_effects)
    limits = funnel_limits(share[whole], n[part], effects)
    area = share[part]
    beyond_95 = (area < limits.lower_95) | (area > limits.upper_95)
    beyond_998 = (area < limits.lower_998) | (area > limits.upper_998)
    place = np.select(
        [np.isnan(limits.lower_95) | np.isnan(area), beyond_998, beyond_95],
        ["", "outside_998", "outside_95"],
        default="within",
    )
    return share[whole], effects, limits, place


def area_design_effects(
    linked: LinkedTotals, part: Integers, whole: Integers, of_whole: Floats
) -> Floats:
    """Design effects of areas if their PSUs' respondents resemble each other as the whole's do.

    An area's own design effect, from a handful of PSUs, is too uncertain to draw limits with.
    Instead the whole gives the likeness within PSUs, ``roh = (deff - 1) / (b - 1)``, and the area
    its number of respondents in a PSU, ``b = sum(n^2) / sum(n)``: ``deff = 1 + (b - 1) roh``.
    Where weights differ, or the whole has one respondent in each PSU, the whole's design effect
    is taken as it is, since b alone does not say what weights add.

    Args:
        linked: the totals.
        part: shape (c,): numbers of the areas.
        whole: shape (c,): numbers of what they are part of.
        of_whole: shape (c, m): the wholes' design effects, nan where there is none.

    Returns:
        Shape (c, m); nan where the whole has none. May be below 1.

    Source:
        Kish (1965), Survey Sampling, section 5.4; b for PSUs of unequal size as in Gabler, Häder
        and Lahiri (1999), Survey Methodology 25, 105-106 (both remembered).
    """
    n = domain_sums(linked, linked.totals.n)
    off = domain_sums(linked, np.abs(linked.totals.w - linked.totals.n))
    with np.errstate(divide="ignore", invalid="ignore"):
        b = domain_sums(linked, linked.totals.n**2) / n
    is_simple = (off[whole] == 0) & (b[whole] > 1)
    roh = (of_whole - 1) / np.where(is_simple, b[whole] - 1, np.nan)
    return np.where(is_simple, 1 + (b[part] - 1) * roh, of_whole)


def design_effects_of(
    ground: Ground, domains: pl.DataFrame, estimates: pl.DataFrame, area_id: str
) -> Floats:
    """Design effects that ``areas.estimate`` has of one area, in each domain's grade and gender.

    Args:
        ground: names the measures.
        domains: shape (c,), with wave, grade and gender.
        estimates: ``areas.estimate``.
        area_id: the area.

    Returns:
        Shape (c, m); nan where there is none.
    """
    keys = ["wave", "grade", "gender", "measure_id"]
    of_area = estimates.filter(area_id=area_id, statistic="share").select(*keys, "deff_wr")
    measures = pl.DataFrame({"measure_id": ground.measures}, schema={"measure_id": pl.String})
    found = (
        domains.select(keys[:3])
        .join(measures, how="cross", maintain_order="left_right")
        .join(of_area, on=keys, how="left", maintain_order="left")["deff_wr"]
    )
    return found.fill_null(np.nan).to_numpy().reshape(domains.height, len(ground.measures))
