"""The only door from the working file to documents and tables."""

from typing import NamedTuple

import duckdb
import polars as pl

from pipeline import warehouse
from pipeline.definitions.site import Policy
from pipeline.disclosure.minimum_base import (
    suppress_small_bases,
    suppress_small_comparisons,
    suppress_small_domains,
    suppress_small_groups,
)

COMPARISON = ("wave", "area_id", "grade", "gender", "kind", "measure_id")
"""What is unique in ``areas.comparison``."""


class Publishable(NamedTuple):
    """What may leave: the policy has been applied to every row."""

    estimates: pl.DataFrame
    """``areas.estimate`` with ``is_suppressed``; figures of suppressed rows are null."""

    comparisons: pl.DataFrame
    """``areas.comparison`` with ``is_suppressed``; figures of suppressed rows are null."""

    domains: pl.DataFrame
    """``totals.domain`` with ``is_suppressed``; n_respondents of suppressed rows is null."""

    coverage: pl.DataFrame
    """``totals.coverage``: of whole waves and grades, never of an area."""

    left_out: pl.DataFrame
    """``totals.left_out``: of whole waves."""

    participation: pl.DataFrame
    """``totals.participation`` with ``is_suppressed``, over all schools: small schools can be
    recognised. Figures of suppressed rows are null."""

    representativeness: pl.DataFrame
    """``quality.representativeness``: of whole waves."""

    build_id: str
    """First twelve characters of the build's fingerprint."""


def read_publishable(connection: duckdb.DuckDBPyConnection, policy: Policy) -> Publishable:
    """Read what documents and tables may show from a site's working file."""
    build = warehouse.read(connection, "ref.build")
    groups = warehouse.read(connection, "totals.participation").filter(school_id="all")
    return Publishable(
        estimates=suppress_small_bases(warehouse.read(connection, "areas.estimate"), policy),
        comparisons=suppress_small_comparisons(
            warehouse.read(connection, "areas.comparison", *COMPARISON), policy
        ),
        domains=suppress_small_domains(warehouse.read(connection, "totals.domain"), policy),
        coverage=warehouse.read(connection, "totals.coverage"),
        left_out=warehouse.read(connection, "totals.left_out"),
        participation=suppress_small_groups(groups, policy),
        representativeness=warehouse.read(connection, "quality.representativeness"),
        build_id=str(build["fingerprint"].item())[:12],
    )
