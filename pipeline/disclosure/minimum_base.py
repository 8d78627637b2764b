"""Figures on few respondents are not shown. Complementary suppression is not part of this."""

import polars as pl

from pipeline.definitions.site import Policy

KEYS = ("wave", "area_id", "grade", "gender", "measure_id", "statistic")
"""What a row is about. Everything else is a figure, whatever is added later."""


def suppress_small_bases(estimates: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """Null every figure of a row that rests on fewer respondents than the policy's minimum.

    Nobody at all (``n`` is 0) is not suppressed: there is no figure, and no person behind it.

    Args:
        estimates: ``areas.estimate``.
        policy: the site's.

    Returns:
        ``estimates`` with ``is_suppressed`` added.
    """
    is_suppressed = pl.col("n").is_between(1, policy.min_base - 1)
    return estimates.with_columns(is_suppressed=is_suppressed).with_columns(
        pl.when(~pl.col("is_suppressed")).then(pl.exclude(*KEYS, "is_suppressed"))
    )


def suppress_small_domains(domains: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """Null the size of a domain smaller than the policy's minimum; add ``is_suppressed``.

    Args:
        domains: ``totals.domain``.
        policy: the site's.
    """
    is_suppressed = pl.col("n_respondents").is_between(1, policy.min_base - 1)
    return domains.with_columns(is_suppressed=is_suppressed).with_columns(
        pl.when(~pl.col("is_suppressed")).then("n_respondents")
    )
