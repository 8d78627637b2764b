"""Who answered, school by school: for those who plan the fieldwork, never for a document."""

from typing import NamedTuple

import duckdb
import polars as pl

from pipeline import warehouse
from pipeline.definitions.policy import Policy
from pipeline.disclosure.minimum_base import suppress_small_groups

GROUPINGS = {
    "school_id": ("grade", "gender"),
    "grade": ("school_id", "gender"),
    "gender": ("school_id", "grade"),
}
"""Variables that pupils are grouped by, each with the others."""


class SchoolParticipation(NamedTuple):
    """Who answered, school by school: for internal use, since it names schools."""

    groups: pl.DataFrame
    """``totals.participation`` with ``is_suppressed``; figures of suppressed rows are null."""

    representativeness: pl.DataFrame
    """``quality.representativeness``."""

    partials: pl.DataFrame
    """``quality.partial_indicator`` with ``is_suppressed``; null where the group's figures are."""

    raking: pl.DataFrame
    """``quality.raking``."""

    raking_margins: pl.DataFrame
    """``quality.raking_margin`` with ``is_suppressed``; figures of small groups are null."""


def read_school_participation(
    connection: duckdb.DuckDBPyConnection, policy: Policy
) -> SchoolParticipation:
    """Read who answered from a site's working file, with the policy's minimum base applied."""
    groups = suppress_small_groups(
        warehouse.read(connection, "totals.participation"), policy.internal.min_base
    )
    categories = [
        groups.filter(*(pl.col(other) == "all" for other in others)).select(
            "wave", "is_suppressed", variable=pl.lit(each), category=each
        )
        for each, others in GROUPINGS.items()
    ]
    small = pl.concat(categories)

    def hidden(relation: str) -> pl.DataFrame:
        rows = warehouse.read(connection, relation)
        keys = ["wave", "variable", "category"]
        return (
            rows.join(small, on=keys, how="left", maintain_order="left")
            .with_columns(pl.col("is_suppressed").fill_null(value=False))
            .with_columns(
                pl.when(~pl.col("is_suppressed")).then(pl.exclude(*keys, "is_suppressed"))
            )
        )

    return SchoolParticipation(
        groups=groups,
        representativeness=warehouse.read(connection, "quality.representativeness"),
        partials=hidden("quality.partial_indicator"),
        raking=warehouse.read(connection, "quality.raking"),
        raking_margins=hidden("quality.raking_margin"),
    )
