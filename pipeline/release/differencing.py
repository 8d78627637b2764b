"""What a reader of two releases learns from their difference, as reasons to hold the new one.

A person who leaves, or whose answers are corrected, changes counts by a few. Whoever has both
releases sees by how much, and rounding does not prevent it.
"""

from collections.abc import Mapping
from typing import NamedTuple

import polars as pl

from pipeline.release.cells import HIDDEN, KEYS
from pipeline.release.counterparts import TABLE, renamed_tables, under_new_names

SEEN = ["n", "k", "rank", "is_n_shown", "figures"]
"""What a cell says. Where all of it stood in an earlier release, it says nothing new."""

MAX_NAMED = 3
"""Cells that a reason names; the number of the others is given."""


class Kind(NamedTuple):
    """One way in which two releases together say more than either."""

    column: str
    sentence: str


KINDS = (
    Kind("is_small", "would change by fewer than {min_changed} respondents"),
    Kind("is_behind", "are hidden, but would change by fewer than {min_changed} beside shown ones"),
    Kind("is_newly_shown", "were hidden and would be shown"),
    Kind("is_swapped", "would be new while others, shown before, would be hidden"),
    Kind("is_changed", "would change though the answers have not"),
)

OWN = ("is_newly_shown", "is_swapped", "is_changed")
"""Kinds that are about what is published of a cell: the rest of the whole never is."""


def hold_reasons(
    new: pl.DataFrame,
    earlier: Mapping[str, pl.DataFrame],
    *,
    min_changed: int,
    root_area: str,
) -> tuple[str, ...]:
    """Why the new release must not follow the earlier ones without a person's decision.

    Args:
        new: cells of the new release, see ``cells.read_cells``.
        earlier: cells of every release that has been seen, by its id.
        min_changed: respondents by which a count changes at least, if it changes.
        root_area: the area that holds all others.

    Returns:
        One sentence per earlier release, wave and kind, with cells and their number, never a
        count of respondents; empty if nothing speaks against the release.
    """
    if not earlier:
        return ()
    renamed = {
        each: under_new_names(cells, renamed_tables(new, cells, min_changed))
        for each, cells in earlier.items()
    }
    by_name = _marked_fresh(new, [*earlier.values()])
    by_content = _marked_fresh(new, [*earlier.values(), *renamed.values()])
    sentences = []
    for release_id, cells in earlier.items():
        compared = _compared(by_name, cells, min_changed, root_area)
        sentences += _sentences(compared, f"{release_id} has", min_changed)
        for (said,), table in renamed[release_id].group_by("said", maintain_order=True):
            compared = _compared(by_content, table.drop("said"), min_changed, root_area)
            where = f"{release_id} has under another name ({said})"
            sentences += _sentences(compared, where, min_changed)
    return tuple(sentences)


def _marked_fresh(new: pl.DataFrame, earlier: list[pl.DataFrame]) -> pl.DataFrame:
    """The new cells, with whether they say what no earlier release says."""
    known = pl.concat([each.select(*KEYS, *SEEN) for each in earlier]).unique()
    fresh = new.join(known, on=[*KEYS, *SEEN], how="anti").select(
        *KEYS, is_fresh=pl.lit(value=True)
    )
    return new.join(fresh, on=KEYS, how="left")


def _compared(
    new: pl.DataFrame, old: pl.DataFrame, min_changed: int, root_area: str
) -> pl.DataFrame:
    """Cells of the tables that both have, with what speaks against each."""
    tables = old.select(TABLE).unique().join(new.select(TABLE).unique(), on=TABLE)
    pairs = new.join(tables, on=TABLE).join(
        old.join(tables, on=TABLE), on=KEYS, how="full", coalesce=True, suffix="_old"
    )
    is_fresh = pl.col("is_fresh").fill_null(value=False)
    marked = _marked(pairs.with_columns(is_fresh), min_changed)
    rest = _marked(_rest(marked, root_area), min_changed)
    return pl.concat([marked, rest.with_columns(pl.lit(value=False).alias(each) for each in OWN)])


def _marked(pairs: pl.DataFrame, min_changed: int) -> pl.DataFrame:
    """The pairs with one column for each kind."""
    is_in_both = pl.col("n").is_not_null() & pl.col("n_old").is_not_null()
    is_fresh, is_old_only = pl.col("is_fresh"), pl.col("n").is_null()
    was_shown, is_shown = pl.col("rank_old") > HIDDEN, pl.col("rank") > HIDDEN
    is_any_n_shown = pl.any_horizontal("is_n_shown", "is_n_shown_old")
    is_same = ~_differs("n", "k")
    return (
        pairs.with_columns(_moves_few(min_changed))
        .with_columns(
            is_moved=is_in_both
            & (
                ((is_any_n_shown | was_shown | is_shown) & _differs("n"))
                | ((was_shown | is_shown) & _differs("k"))
            ),
            is_small=is_in_both
            & is_fresh
            & (
                ((is_any_n_shown | was_shown | is_shown) & pl.col("n_moves_few"))
                | ((was_shown | is_shown) & pl.col("k_moves_few"))
            ),
            is_newly_shown=is_in_both & is_fresh & _is_more_seen(),
            is_lost=(is_in_both & (pl.col("rank") < pl.col("rank_old")))
            | (is_old_only & was_shown),
            is_added=pl.col("n_old").is_null() & is_fresh & is_shown,
            is_changed=is_in_both
            & is_fresh
            & is_same
            & (pl.col("rank") == pl.col("rank_old"))
            & _differs("figures"),
        )
        .with_columns(
            is_behind=is_in_both
            & is_fresh
            & ~pl.col("is_small")
            & pl.any_horizontal("n_moves_few", "k_moves_few")
            & pl.col("is_moved").any().over(TABLE),
            is_swapped=pl.col("is_added") & pl.col("is_lost").any().over(TABLE),
        )
        .with_columns(pl.col(kind.column for kind in KINDS).fill_null(value=False))
    )


def _is_more_seen() -> pl.Expr:
    return (pl.col("rank") > pl.col("rank_old")) | (
        pl.col("is_n_shown") & ~pl.col("is_n_shown_old")
    )


def _rest(pairs: pl.DataFrame, root_area: str) -> pl.DataFrame:
    """For each area the rest of the whole, seen by whoever sees both.

    Only where neither of the two moves by a few itself, which says it already.
    """
    place = ["wave", "grade", "gender", "measure_id"]
    counts, seen = (
        ["n", "k", "n_old", "k_old"],
        ["rank", "rank_old", "is_n_shown", "is_n_shown_old"],
    )
    quiet = pairs.filter(~pl.col("is_small"))
    whole = quiet.filter(area_id=root_area).select(
        *place, pl.col(*counts, *seen, "is_fresh").name.suffix("_whole")
    )
    return (
        quiet.filter(pl.col("area_id") != root_area)
        .join(whole, on=place)
        .with_columns(
            *((pl.col(f"{each}_whole") - pl.col(each)).alias(each) for each in counts),
            *(pl.min_horizontal(each, f"{each}_whole") for each in seen),
            area_id=pl.format("outside {}", "area_id"),
            is_fresh=pl.any_horizontal("is_fresh", "is_fresh_whole"),
        )
        .select(pairs.columns)
    )


def _differs(*columns: str) -> pl.Expr:
    return pl.any_horizontal(pl.col(each) != pl.col(f"{each}_old") for each in columns)


def _moves_few(min_changed: int) -> list[pl.Expr]:
    """Whether respondents, flagged or others change by at least one and fewer than the least."""
    moves_n = pl.col("n") - pl.col("n_old")
    moves_k = pl.col("k") - pl.col("k_old")
    few = min_changed + pl.max_horizontal("slack", "slack_old") - 1
    return [
        moves_n.abs().is_between(1, few).alias("n_moves_few"),
        pl.any_horizontal(
            moves_k.abs().is_between(1, few), (moves_n - moves_k).abs().is_between(1, few)
        ).alias("k_moves_few"),
    ]


def _sentences(compared: pl.DataFrame, where: str, min_changed: int) -> list[str]:
    sentences = []
    for kind in KINDS:
        against = compared.filter(kind.column).sort(KEYS)
        for (wave,), cells in against.group_by("wave", maintain_order=True):
            what = kind.sentence.format(min_changed=min_changed)
            figures = "figure" if cells.height == 1 else "figures"
            sentences.append(
                f"{wave}: {cells.height} {figures} that release {where} {what}: {_named(cells)}"
            )
    return sentences


def _named(cells: pl.DataFrame) -> str:
    shown = [
        " ".join(each for each in row if each)
        for row in cells.select(KEYS[1:]).head(MAX_NAMED).rows()
    ]
    more = cells.height - len(shown)
    return "; ".join(shown) + (f"; and {more} more" if more else "")
