"""The only door from the working file to documents and tables."""

from typing import NamedTuple

import duckdb
import polars as pl

from pipeline import warehouse
from pipeline.definitions.site import Policy
from pipeline.disclosure.minimum_base import suppress_small_bases, suppress_small_domains


class Publishable(NamedTuple):
    """What may leave: the policy has been applied to every row."""

    estimates: pl.DataFrame
    """``areas.estimate`` with ``is_suppressed``; figures of suppressed rows are null."""

    domains: pl.DataFrame
    """``totals.domain`` with ``is_suppressed``; n_respondents of suppressed rows is null."""

    coverage: pl.DataFrame
    """``totals.coverage``: of whole waves and grades, never of an area."""

    left_out: pl.DataFrame
    """``totals.left_out``: of whole waves."""

    build_id: str
    """First twelve characters of the build's fingerprint."""


def read_publishable(connection: duckdb.DuckDBPyConnection, policy: Policy) -> Publishable:
    """Read what documents and tables may show from a site's working file."""
    build = warehouse.read(connection, "ref.build")
    return Publishable(
        estimates=suppress_small_bases(warehouse.read(connection, "areas.estimate"), policy),
        domains=suppress_small_domains(warehouse.read(connection, "totals.domain"), policy),
        coverage=warehouse.read(connection, "totals.coverage"),
        left_out=warehouse.read(connection, "totals.left_out"),
        build_id=str(build["fingerprint"].item())[:12],
    )
