"""Differences between domains, and between a domain and a number, all at once.

Numbers in, numbers out.
Shapes: c comparisons, m measures.

Whatever is compared, a difference has no standard error, and so no test and no interval, unless
the variance of each side can be seen by itself: two PSUs, degrees of freedom, values that
differ. R prints one all the same: an area of a single school, or in which nobody is flagged,
would add nothing to its variance and look exactly known.
"""

from typing import Literal, NamedTuple

import numpy as np

from pipeline.analysis.comparison.side_variance import (
    SideEstimates,
    degrees_of_freedom,
    estimate_sides,
    has_spread,
    linearise,
    variance,
)
from pipeline.analysis.estimation.sides import LinkedTotals, Sides, align_sides, blocks
from pipeline.analysis.estimation.variance import Floats, Integers

Scale = Literal["plain", "log_odds"]


class Contrasts(NamedTuple):
    """Comparisons, each of shape (c, m). nan: there is none."""

    n_first: Floats
    """Respondents with a value and a weight above 0."""

    n_second: Floats
    """The same on the other side; nan if that is a number."""

    first: Floats
    """Share or mean; nan if nobody has a value."""

    second: Floats
    difference: Floats
    """First less second; of log odds, the logarithm of the odds ratio."""

    se: Floats
    """Standard error of the difference; nan if it cannot be seen."""

    df: Floats
    least_df: Floats
    """PSUs with a value less their strata, on the side that has fewest."""


def compare_domains(
    linked: LinkedTotals,
    first: Integers,
    second: Integers,
    *,
    scale: Scale = "plain",
    design_df: Floats | None = None,
) -> Contrasts:
    """Compare domains with domains: groups, waves, or an area with a total it is part of.

    The two may share PSUs (boys and girls of a school), strata, or respondents: with an area's
    total, which holds the area, the standard error is that of p1 - p_all, where the area is in
    both. That difference is smaller than the one from the rest, by the rest's share of the
    weight; its t is near the rest's, not equal to it, since that share varies from sample to
    sample as well: prefer ``compare_with_rest`` where one is to be told apart.

    Waves: where the wave is part of the stratum's number they share no PSUs; where it is not,
    a school that comes back is one PSU and its waves are correlated.

    Args:
        linked: the totals.
        first: shape (c,): numbers of the domains; -1: a domain nobody is in.
        second: the same, of the other side.
        scale: ``plain``: difference of shares or means; ``log_odds``: of logits, for shares
            only, nan at 0 and 1.
        design_df: shape (c,): degrees of freedom of the full design; null: PSUs less strata in
            which either side has a value. One is taken off in either case, as two means are
            estimated.

    Raises:
        LonelyPsuError: a stratum with values has a single PSU and the design refuses that.

    Source:
        z_i = (B1 - p1 A1) / W1 - (B2 - p2 A2) / W2 with A, B a PSU's sums of weight and weight
        times value. R ``survey::svyttest(y ~ g)`` (difference, se, ``degf - 1``) and
        ``svyglm(y ~ g, quasibinomial())`` (log odds, z divided by p (1 - p)); ``tests/oracle``
        holds R's numbers.
    """
    return _in_blocks(linked, first, second, scale, design_df, second_holds_first=False)


def compare_with_rest(
    linked: LinkedTotals,
    part: Integers,
    whole: Integers,
    *,
    scale: Scale = "plain",
    design_df: Floats | None = None,
) -> Contrasts:
    """Compare domains with what is left of a domain that holds them.

    Args:
        linked: the totals.
        part: shape (c,): numbers of the domains; -1: a domain nobody is in.
        whole: shape (c,): the domain each lies in, e.g. the municipality.
        scale: as in ``compare_domains``.
        design_df: as in ``compare_domains``.

    Returns:
        The part first and the rest second. A part that is the whole has no rest: n_second is 0,
        second, difference and se are nan.

    Raises:
        ValueError: a part has respondents that its whole has not.
        LonelyPsuError: as in ``compare_domains``.

    Source:
        As ``compare_domains``; the rest's totals are the whole's less the part's.
    """
    return _in_blocks(linked, part, whole, scale, design_df, second_holds_first=True)


def compare_with_number(
    linked: LinkedTotals,
    domains: Integers,
    number: Floats,
    *,
    design_df: Floats | None = None,
) -> Contrasts:
    """Compare domains with fixed numbers, such as the share that a norm states.

    The number is taken as known: its own uncertainty, if it has one, is not in the result.

    Args:
        linked: the totals.
        domains: shape (c,): numbers of the domains; -1: a domain nobody is in.
        number: shape (c, m), or what stretches to it; nan: nothing to compare with.
        design_df: shape (c,): degrees of freedom of the full design; null: PSUs less strata in
            which the domain has a value. One mean is estimated and nothing is taken off.

    Raises:
        LonelyPsuError: as in ``compare_domains``.

    Source:
        One-sample t test with the standard error of R ``survey::svymean`` and ``degf``.
    """
    number = np.broadcast_to(number, (len(domains), linked.totals.n.shape[1]))
    sides = domains[:, np.newaxis]
    found = [
        _against_number(linked, sides[block], number[block], _part_of(design_df, block))
        for block in blocks(linked, sides)
    ]
    return Contrasts(*(np.concatenate(columns) for columns in zip(*found, strict=True)))


def _in_blocks(
    linked: LinkedTotals,
    first: Integers,
    second: Integers,
    scale: Scale,
    design_df: Floats | None,
    *,
    second_holds_first: bool,
) -> Contrasts:
    domains = np.stack([first, second], axis=1)
    found = []
    for block in blocks(linked, domains):
        sides = align_sides(linked, domains[block])
        if second_holds_first:
            sides = _second_less_first(sides)
        found.append(_between_sides(sides, linked, scale, _part_of(design_df, block)))
    return Contrasts(*(np.concatenate(columns) for columns in zip(*found, strict=True)))


def _second_less_first(sides: Sides) -> Sides:
    def rest(values: Floats) -> Floats:
        return np.stack([values[:, 0], values[:, 1] - values[:, 0]], axis=1)

    n = rest(sides.n)
    if (n < 0).any():
        raise ValueError("a part has respondents that its whole has not")
    # Nobody is left where nobody is counted, whatever the rounding of the weights' sums says.
    return sides._replace(
        n=n, w=np.where(n > 0, rest(sides.w), 0.0), wy=np.where(n > 0, rest(sides.wy), 0.0)
    )


def _between_sides(
    sides: Sides, linked: LinkedTotals, scale: Scale, design_df: Floats | None
) -> Contrasts:
    found = estimate_sides(sides, linked, design_df=design_df)
    place, slope = _on_scale(found.estimate, scale)
    with np.errstate(divide="ignore"):
        z = linearise(sides, found.estimate, slope / found.weight)
    difference = place[:, 0] - place[:, 1]
    return Contrasts(
        n_first=found.n[:, 0],
        n_second=found.n[:, 1],
        first=found.estimate[:, 0],
        second=found.estimate[:, 1],
        difference=difference,
        se=_visible_se(z[:, 0] - z[:, 1], difference, found, sides, linked),
        df=degrees_of_freedom(sides, design_df) - 1,
        least_df=found.own_df.min(axis=1),
    )


def _on_scale(estimate: Floats, scale: Scale) -> tuple[Floats, Floats]:
    """The estimate on the scale of comparison, and how steep that scale is there."""
    if scale == "plain":
        return estimate, np.ones_like(estimate)
    share = np.where((estimate > 0) & (estimate < 1), estimate, np.nan)
    return np.log(share / (1 - share)), 1 / (share * (1 - share))


def _against_number(
    linked: LinkedTotals, domains: Integers, number: Floats, design_df: Floats | None
) -> Contrasts:
    sides = align_sides(linked, domains)
    found = estimate_sides(sides, linked, design_df=design_df)
    with np.errstate(divide="ignore"):
        z = linearise(sides, found.estimate, 1 / found.weight)
    difference = found.estimate[:, 0] - number
    return Contrasts(
        n_first=found.n[:, 0],
        n_second=np.full_like(number, np.nan),
        first=found.estimate[:, 0],
        second=number,
        difference=difference,
        se=_visible_se(z[:, 0], difference, found, sides, linked),
        df=degrees_of_freedom(sides, design_df),
        least_df=found.own_df[:, 0],
    )


def _visible_se(
    z: Floats, difference: Floats, found: SideEstimates, sides: Sides, linked: LinkedTotals
) -> Floats:
    se = np.sqrt(variance(z, np.any(sides.n > 0, axis=1), sides, linked))
    is_visible = found.is_estimable.all(axis=1) & has_spread(se, difference)
    return np.where(is_visible, se, np.nan)


def _part_of(design_df: Floats | None, block: slice) -> Floats | None:
    return None if design_df is None else design_df[block]
