"""Who answered, as it may be published: rounded, without schools and without small groups."""

import polars as pl

from pipeline.definitions.policy import PublicEdition


def domain_rows(cells: pl.DataFrame) -> pl.DataFrame:
    """``published.domain``: how many each area and group holds; an empty one is a small one.

    Args:
        cells: of ``domain_cells``, protected.
    """
    keys = ["wave", "area_id", "grade", "gender"]
    is_shown = pl.col("reason") == ""
    return cells.select(
        *keys,
        status=pl.when(is_shown).then(pl.lit("shown")).otherwise(pl.lit("suppressed")),
        n_respondents=pl.when(is_shown).then("n_rounded"),
    ).sort(keys)


def coverage_rows(coverage: pl.DataFrame, public: PublicEdition) -> pl.DataFrame:
    """``published.coverage``: the ladder from enrolled pupils to scored ones."""
    steps = [name for name in coverage.columns if name.startswith("n_")]
    return coverage.with_columns(
        pl.when(pl.col(step) >= public.min_base).then(_rounded(step, public)).alias(step)
        for step in steps
    ).sort("wave", "grade")


def left_out_rows(left_out: pl.DataFrame, public: PublicEdition) -> pl.DataFrame:
    """``published.left_out``: respondents in no figure, by reason; null where they are few.

    How many a reason applies to, whatever came first, is not published: the two together tell
    combinations of answers apart.
    """
    n = pl.col("n_respondents")
    is_few = n.is_between(1, public.min_count - 1)
    return left_out.select(
        "wave",
        "stage",
        "reason",
        n_respondents=pl.when(~is_few).then(_rounded("n_respondents", public)),
        is_suppressed=is_few,
    ).sort("wave", "stage", "reason")


def participation_rows(participation: pl.DataFrame, public: PublicEdition) -> pl.DataFrame:
    """``published.participation``: by grade and gender, of all schools together.

    Groups with fewer pupils or answers than the minimum base are hidden, but not those in which
    nobody answered.
    """
    counts = ("n_enrolled", "n_opened", "n_valid", "n_analysed")
    few = pl.col("n_enrolled", "n_opened", "n_valid").is_between(1, public.min_base - 1)
    is_suppressed = pl.any_horizontal(few.fill_null(value=False))
    rows = participation.filter(school_id="all").with_columns(is_suppressed=is_suppressed)
    return (
        rows.with_columns(
            pl.when(~pl.col("is_suppressed")).then(_rounded(each, public)).alias(each)
            for each in (*counts, "n_enrolled_lowest", "n_enrolled_highest")
        )
        .with_columns(
            percent_valid=pl.when(pl.col("n_enrolled") > 0).then(
                (200 * pl.col("n_valid") + pl.col("n_enrolled")) // (2 * pl.col("n_enrolled"))
            )
        )
        .select(
            "wave",
            "grade",
            "gender",
            *counts,
            "n_enrolled_lowest",
            "n_enrolled_highest",
            "percent_valid",
            "is_suppressed",
        )
        .sort("wave", "grade", "gender")
    )


def representativeness_rows(waves: pl.DataFrame, public: PublicEdition) -> pl.DataFrame:
    """``published.representativeness``: of whole waves, with two decimals."""
    return waves.select(
        "wave",
        pl.col("variables").list.join(", "),
        _rounded("n_enrolled", public),
        _rounded("n_valid", public),
        pl.col("r").round(2),
        max_bias=(pl.col("max_bias") * 100).ceil() / 100,
    ).sort("wave")


def _rounded(name: str, public: PublicEdition) -> pl.Expr:
    base = public.round_counts
    return ((2 * pl.col(name) + base) // (2 * base) * base).cast(pl.Int64).alias(name)
