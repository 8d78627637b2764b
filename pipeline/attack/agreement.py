"""All forms set beside each other: what they leave possible together, and where they disagree."""

import polars as pl

from pipeline.attack.figures import COUNTS, KEY, PERCENTS, Finding
from pipeline.attack.policy import Policy

CELL = [*KEY, "what"]
SLACK = 1e-9


def agreed(figures: pl.DataFrame) -> pl.DataFrame:
    """One row per cell and ``what``: the intersection of what all forms say.

    Returns:
        ``CELL``, low and high of the published number, value (in the middle of its most precise
        print), decimals (most), n_forms, where (the most precise).
    """
    return (
        figures.sort("decimals", descending=True, maintain_order=True)
        .group_by(CELL, maintain_order=True)
        .agg(
            pl.col("low").max(),
            pl.col("high").min(),
            value=(pl.col("low").first() + pl.col("high").first()) / 2,
            decimals=pl.col("decimals").first(),
            n_forms=pl.col("form").n_unique(),
            where=pl.col("where").first(),
        )
    )


def disagreements(figures: pl.DataFrame) -> list[Finding]:
    """Cells of which two places print numbers that cannot both be the published one."""
    # One row may stand beside several others, so their numbers are not about the same thing.
    cells = (
        figures.filter(pl.col("what") != "other")
        .group_by(CELL)
        .agg(
            pl.col("low").max(),
            pl.col("high").min(),
            least=pl.col("where").sort_by("low").first(),
            most=pl.col("where").sort_by("low").last(),
        )
    )
    # Two prints that only touch, 41 and 42, are not the same number.
    against = cells.filter(pl.col("low") > pl.col("high") - SLACK).sort(CELL)
    return [
        Finding(
            "contradiction", f"{cell_words(row)}: two numbers", f"{row['least']}; {row['most']}"
        )
        for row in against.iter_rows(named=True)
    ]


def leaks(figures: pl.DataFrame, hidden: pl.DataFrame) -> list[Finding]:
    """Figures printed somewhere of cells that the release's own tables hide.

    Args:
        figures: of all forms.
        hidden: ``CELL`` of every number that is hidden.
    """
    found = (
        figures.join(hidden, on=CELL, how="semi")
        .group_by([*CELL, "where"])
        .len()
        .sort([*CELL, "where"])
    )
    return [
        Finding("shown though hidden", cell_words(row), row["where"])
        for row in found.iter_rows(named=True)
    ]


def raw_figures(figures: pl.DataFrame, policy: Policy) -> list[Finding]:
    """Figures that say more than the rules allow: decimals, and counts off the grid."""
    base = policy.round_counts
    is_count = pl.col("what").is_in(COUNTS)
    value = (pl.col("low") + pl.col("high")) / 2
    off_grid = is_count & (((value / base) - (value / base).round()).abs() > SLACK)
    too_precise = pl.col("what").is_in(PERCENTS) & (pl.col("decimals") > policy.percent_decimals)
    effect = pl.col("what") == "design_effect"
    off_step = effect & (((2 * value) - (2 * value).round()).abs() > SLACK)
    rows = figures.filter(off_grid | too_precise | off_step).unique([*CELL, "where"]).sort(CELL)
    return [
        Finding("raw figure", f"{cell_words(row)}: is printed too precisely", row["where"])
        for row in rows.iter_rows(named=True)
    ]


def cell_words(row: dict[str, object]) -> str:
    """A cell in words, without its number."""
    group = [str(row[name]) for name in ("grade", "gender") if row[name] != "all"]
    about = [str(row["wave"]), str(row["area"]), *group, str(row["measure"])]
    return f"{row['what']} of {' / '.join(about)}"
