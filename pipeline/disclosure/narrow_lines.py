"""Sums of which too little is hidden: a total and its parts, along one variable at a time.

Most of what complementary suppression has to hide is found here, for all tables at once. What
takes more than one sum to work out is left to the linear programs of ``linked_tables``.
"""

import polars as pl

from pipeline.definitions.policy import PublicEdition
from pipeline.disclosure.primary import KEEPS_N
from pipeline.disclosure.rounding import rounding_reach

FREE = ("rest",)
"""Reasons of cells that nobody prints, hidden or not: there is nothing to work out."""

LINE = ["wave", "measure_id", "whole_area", "whole_grade", "whole_gender", "along"]
"""What is unique of a line: the whole, and the variable that its parts differ in."""

CELL = ["wave", "area_id", "grade", "gender", "measure_id"]

COUNTS = ("n", "k", "others")

MAX_ROUNDS = 20
"""Each round hides a part of every line that is too narrow; what is then left goes to the linear
programs."""


def hide_narrow_lines(
    cells: pl.DataFrame, parents: pl.DataFrame, public: PublicEdition
) -> pl.DataFrame:
    """Hide the smallest shown part of every line from which a secret one follows too closely.

    With a printed total T and printed parts, all rounded, what is left for the parts that are
    hidden is between ``T - Σ parts - s`` and ``T - Σ parts + s``, and not below 0; ``s`` is what
    rounding leaves open of all these numbers together.

    Args:
        cells: after the rules and rounded, with hides_n.
        parents: wave, area_id and parent_id, where there is one.
        public: the edition's thresholds.

    Returns:
        ``cells`` with more of them ``complementary``.
    """
    for _ in range(MAX_ROUNDS):
        narrow = _narrow(_lines(cells, parents), public)
        if narrow.is_empty():
            break
        cells = _hidden(cells, narrow)
    return cells


def _lines(cells: pl.DataFrame, parents: pl.DataFrame) -> pl.DataFrame:
    """One row per part of a line, with the whole's numbers beside it."""
    keeps_n = ((pl.col("reason") == "") | pl.col("reason").is_in(KEEPS_N)) & ~pl.col("hides_n")
    areas = cells.filter(part="area").select(
        *CELL,
        "n",
        "n_rounded",
        "k_rounded",
        shows_n=keeps_n & (pl.col("n") > 0),
        shows_k=(pl.col("reason") == "") & pl.col("code").is_null() & (pl.col("n") > 0),
        is_secret=(pl.col("reason") != "") & ~pl.col("reason").is_in(FREE),
    )
    own = {f"whole_{name}": pl.col(name) for name in ("grade", "gender")}
    own["whole_area"] = pl.col("area_id")
    parts = pl.concat(
        [
            areas.filter(pl.col(along) != "all").with_columns(
                **(own | {f"whole_{along}": pl.lit("all")}), along=pl.lit(along)
            )
            for along in ("grade", "gender")
        ]
        + [
            areas.join(parents, on=["wave", "area_id"])
            .with_columns(**(own | {"whole_area": pl.col("parent_id")}), along=pl.lit("area"))
            .drop("parent_id")
        ],
        how="diagonal",
    )
    whole = areas.select(
        *CELL,
        total_n=pl.when("shows_n").then("n_rounded"),
        total_k=pl.when("shows_k").then("k_rounded"),
    ).rename({"area_id": "whole_area", "grade": "whole_grade", "gender": "whole_gender"})
    return parts.join(whole, on=[name for name in LINE if name != "along"])


def _narrow(lines: pl.DataFrame, public: PublicEdition) -> pl.DataFrame:
    """The part to hide of every line that is too narrow, and whether its n is to be hidden."""
    # The shorter side: a line may be wider than that, never narrower.
    reach = min(rounding_reach(public.round_counts))
    shows_n, shows_k, secret = pl.col("shows_n"), pl.col("shows_k"), pl.col("is_secret")
    of_line = lines.group_by(LINE).agg(
        left_n=pl.col("total_n").first() - pl.col("n_rounded").filter(shows_n).sum(),
        left_k=pl.col("total_k").first() - pl.col("k_rounded").filter(shows_k).sum(),
        # Those whose share is hidden, shown their number or not.
        left_unshared=pl.col("total_n").first() - pl.col("n_rounded").filter(shows_k).sum(),
        open_n=reach * (1 + shows_n.sum()),
        open_k=reach * (1 + shows_k.sum()),
        is_n_secret=(secret & ~shows_n).any(),
        is_k_secret=secret.any(),
    )
    widths = of_line.with_columns(
        left_others=pl.col("left_unshared") - pl.col("left_k"),
        open_others=2 * pl.col("open_k"),
    ).with_columns(
        (
            pl.col(f"left_{count}")
            + pl.col(f"open_{count}")
            - pl.max_horizontal(pl.lit(0), pl.col(f"left_{count}") - pl.col(f"open_{count}"))
        ).alias(f"width_{count}")
        for count in COUNTS
    )
    is_narrow = {count: pl.col(f"width_{count}") < public.min_interval for count in COUNTS}
    found = widths.with_columns(
        is_n_narrow=(is_narrow["n"] & pl.col("is_n_secret")).fill_null(value=False),
        is_k_narrow=((is_narrow["k"] | is_narrow["others"]) & pl.col("is_k_secret")).fill_null(
            value=False
        ),
    ).filter(pl.col("is_n_narrow") | pl.col("is_k_narrow"))
    candidates = lines.filter(pl.col("shows_n") | pl.col("shows_k")).join(
        found.select(*LINE, "is_n_narrow", "is_k_narrow"), on=LINE
    )
    usable = (pl.col("is_n_narrow") & shows_n) | (pl.col("is_k_narrow") & shows_k)
    return (
        candidates.filter(usable)
        .sort(*LINE, "n", *CELL)
        .unique(LINE, keep="first", maintain_order=True)
        .group_by(CELL)
        .agg(also_n=pl.col("is_n_narrow").any())
    )


def _hidden(cells: pl.DataFrame, narrow: pl.DataFrame) -> pl.DataFrame:
    found = cells.join(
        narrow.with_columns(part=pl.lit("area")), on=[*CELL, "part"], how="left",
        maintain_order="left",
    )  # fmt: skip
    is_meant = pl.col("also_n").is_not_null() & (pl.col("reason") == "")
    return (
        found.with_columns(
            reason=pl.when(is_meant).then(pl.lit("complementary")).otherwise("reason"),
            hides_n=pl.col("hides_n") | pl.col("also_n").fill_null(value=False),
        )
        .with_columns(code=pl.when(reason="").then("code"))
        .drop("also_n")
    )
