"""Stated enrolment in, the enrolment of every margin out, with how far its sources differ."""

from itertools import combinations

import polars as pl

from pipeline.ingest.enrolment import ALL, KEYS, levels_of

PREFERENCE = (
    (),
    ("grade",),
    ("gender",),
    ("school_id",),
    ("school_id", "grade"),
    ("grade", "gender"),
    ("school_id", "gender"),
    KEYS,
)
"""Levels of detail in the order in which a margin is taken from them: the fewest numbers are
added up, and so the least noise."""

SCHEMA = {
    "wave": pl.Int16,
    **dict.fromkeys(KEYS, pl.String),
    "n_enrolled": pl.Int64,
    "n_enrolled_lowest": pl.Int64,
    "n_enrolled_highest": pl.Int64,
}


def enrolled_margins(enrolled: pl.DataFrame) -> pl.DataFrame:
    """Pupils by school, grade and gender and by every margin of them, as far as stated.

    A margin has the number that is stated for it, or else the sum of the coarsest level of
    detail that has it. Numbers protected by noise (as SCB's from 2025) do not add up to the
    same; how far they differ is kept, and nothing is forced.

    Args:
        enrolled: ``load_enrolled``.

    Returns:
        One row per wave and school_id, grade and gender, each ``all`` or one of them:
        n_enrolled, and the lowest and highest number that stated levels give for it.
    """
    levels = levels_of(enrolled)
    sums = [
        _summed(levels[level], margin).with_columns(preferred=pl.lit(place, pl.Int8))
        for place, level in enumerate(PREFERENCE)
        if level in levels
        for size in range(len(level) + 1)
        for margin in combinations(level, size)
    ]
    if not sums:
        return pl.DataFrame(schema=SCHEMA)
    given = pl.col("n_enrolled")
    return (
        pl.concat(sums)
        .group_by("wave", *KEYS)
        .agg(
            given.sort_by("preferred").first(),
            given.min().alias("n_enrolled_lowest"),
            given.max().alias("n_enrolled_highest"),
        )
        .select(*SCHEMA)
        .sort("wave", *KEYS)
    )


def _summed(rows: pl.DataFrame, margin: tuple[str, ...]) -> pl.DataFrame:
    over_all = [pl.lit(ALL).alias(key) for key in KEYS if key not in margin]
    return (
        rows.with_columns(over_all)
        .group_by("wave", *KEYS)
        .agg(pl.col("n_enrolled").cast(pl.Int64).sum())
    )
