"""Figures on few respondents are not shown. Complementary suppression is not part of this."""

import polars as pl

KEYS = ("wave", "area_id", "grade", "gender", "measure_id", "statistic")
"""What a row is about. Everything else is a figure, whatever is added later."""


def suppress_small_bases(estimates: pl.DataFrame, min_base: int) -> pl.DataFrame:
    """Null every figure of a row that rests on fewer respondents than the minimum base.

    Nobody at all (``n`` is 0) is not suppressed: there is no figure, and no person behind it.

    Args:
        estimates: ``areas.estimate``.
        min_base: respondents, at least.

    Returns:
        ``estimates`` with ``is_suppressed`` added.
    """
    is_suppressed = pl.col("n").is_between(1, min_base - 1)
    return estimates.with_columns(is_suppressed=is_suppressed).with_columns(
        pl.when(~pl.col("is_suppressed")).then(pl.exclude(*KEYS, "is_suppressed"))
    )


GROUP = ("wave", "school_id", "grade", "gender")
"""Which pupils a row of ``totals.participation`` is about."""


def suppress_small_groups(participation: pl.DataFrame, min_base: int) -> pl.DataFrame:
    """Null every figure of a group with fewer pupils or answers than the minimum base.

    Nobody at all is not suppressed: a school where no one answered should be seen.

    Args:
        participation: ``totals.participation``.
        min_base: respondents, at least.

    Returns:
        ``participation`` with ``is_suppressed`` added.
    """
    few = pl.col("n_enrolled", "n_opened", "n_valid").is_between(1, min_base - 1)
    is_suppressed = pl.any_horizontal(few.fill_null(value=False))
    return participation.with_columns(is_suppressed=is_suppressed).with_columns(
        pl.when(~pl.col("is_suppressed")).then(pl.exclude(*GROUP, "is_suppressed"))
    )


def suppress_small_comparisons(comparisons: pl.DataFrame, min_base: int) -> pl.DataFrame:
    """Null every figure of a comparison one side of which rests on too few.

    The rest of the municipality is a side like any other: a rest that is too small would give
    its pupils away as much as an area that is.

    Args:
        comparisons: ``areas.comparison``.
        min_base: respondents, at least.

    Returns:
        ``comparisons`` with ``is_suppressed`` added; the verdict of a suppressed row is
        ``too_few``.
    """
    is_small = pl.min_horizontal("n_first", "n_second") < min_base
    return comparisons.with_columns(is_suppressed=is_small).with_columns(
        pl.when(~pl.col("is_suppressed")).then(
            pl.exclude(*KEYS, "kind", "reference", "is_suppressed", "verdict")
        ),
        verdict=pl.when("is_suppressed").then(pl.lit("too_few")).otherwise("verdict"),
    )


def suppress_small_domains(domains: pl.DataFrame, min_base: int) -> pl.DataFrame:
    """Null the size of a domain smaller than the minimum base; add ``is_suppressed``.

    Args:
        domains: ``totals.domain``.
        min_base: respondents, at least.
    """
    is_suppressed = pl.col("n_respondents").is_between(1, min_base - 1)
    return domains.with_columns(is_suppressed=is_suppressed).with_columns(
        pl.when(~pl.col("is_suppressed")).then("n_respondents")
    )
