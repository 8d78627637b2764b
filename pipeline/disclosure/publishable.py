"""The only door from the working file to documents and tables, one edition at a time."""

from typing import NamedTuple

import duckdb
import polars as pl

from pipeline import warehouse
from pipeline.definitions.policy import DocumentEdition, Policy
from pipeline.disclosure.minimum_base import (
    suppress_small_bases,
    suppress_small_comparisons,
    suppress_small_domains,
    suppress_small_groups,
)

COMPARISON = ("wave", "area_id", "grade", "gender", "kind", "measure_id")
"""What is unique in ``areas.comparison``."""

SHARE = ["wave", "area_id", "grade", "gender", "measure_id"]


class Publishable(NamedTuple):
    """What may leave in one edition: the policy has been applied to every row."""

    edition: DocumentEdition

    min_base: int
    """Respondents that every shown figure rests on, at least."""

    round_counts: int
    """Counts are rounded to a multiple of this; 1: they are exact."""

    code_limits: tuple[int, int]
    """Per cent below and above which shares may be coded."""

    estimates: pl.DataFrame
    """Shares and, in the internal edition, means by wave, area_id, grade, gender, measure_id and
    statistic: n, estimate, lower, upper (0 to 1), interval_basis, is_suppressed, is_unreliable
    and code (``below``, ``above`` or null); numbers of suppressed and coded rows are null."""

    comparisons: pl.DataFrame
    """``areas.comparison`` with ``is_suppressed``, whose figures are null where it is true; in the
    public edition without what is not published, which is null."""

    domains: pl.DataFrame
    """Sizes of domains with ``is_suppressed``; n_respondents of suppressed rows is null."""

    coverage: pl.DataFrame
    """``totals.coverage``: of whole waves and grades, never of an area."""

    left_out: pl.DataFrame
    """``totals.left_out``: of whole waves; null where they are too few."""

    participation: pl.DataFrame
    """``totals.participation`` with ``is_suppressed``, over all schools: small schools can be
    recognised. Figures of suppressed rows are null."""

    representativeness: pl.DataFrame
    """Of whole waves: wave, variables (a list) and max_bias, a share."""

    told_norms: frozenset[str] | None
    """Measures of which a comparison with a norm is shown somewhere: the norm's share is told of
    no others. Null: of all."""

    build_id: str
    """First twelve characters of the build's fingerprint."""


def read_publishable(
    connection: duckdb.DuckDBPyConnection, policy: Policy, edition: DocumentEdition
) -> Publishable:
    """Read what documents and tables of an edition may show from a site's working file."""
    build = warehouse.read(connection, "ref.build")
    build_id = str(build["fingerprint"].item())[:12]
    if edition == "internal":
        return _internal(connection, policy, build_id)
    return _public(connection, policy, build_id)


def read_rows(
    connection: duckdb.DuckDBPyConnection, policy: Policy, edition: DocumentEdition, what: str
) -> pl.DataFrame:
    """Every row of ``estimates`` or ``comparisons`` of an edition, as tables are written.

    Args:
        connection: a working file.
        policy: the site's.
        edition: of the table.
        what: ``estimates`` or ``comparisons``.
    """
    if edition == "public":
        return warehouse.read(connection, f"published.{what.removesuffix('s')}")
    rows: pl.DataFrame = getattr(_internal(connection, policy, ""), what)
    return rows


def _internal(connection: duckdb.DuckDBPyConnection, policy: Policy, build_id: str) -> Publishable:
    """Exact figures on at least the edition's minimum base."""
    min_base = policy.internal.min_base
    groups = warehouse.read(connection, "totals.participation").filter(school_id="all")
    reliability = (
        warehouse.read(connection, "disclosure.cell")
        .filter(part="area")
        .select(*SHARE, "is_unreliable", statistic=pl.lit("share"))
    )
    estimates = warehouse.read(connection, "areas.estimate").join(
        reliability, on=[*SHARE, "statistic"], how="left", maintain_order="left"
    )
    return Publishable(
        edition="internal",
        min_base=min_base,
        round_counts=1,
        code_limits=(0, 100),
        estimates=suppress_small_bases(estimates, min_base).with_columns(
            code=pl.lit(None, pl.String)
        ),
        # Nothing is tested on fewer than the public edition shows, so that verdicts are the same.
        comparisons=suppress_small_comparisons(
            warehouse.read(connection, "areas.comparison", *COMPARISON),
            max(min_base, policy.public.min_base),
        ),
        domains=suppress_small_domains(warehouse.read(connection, "totals.domain"), min_base),
        coverage=warehouse.read(connection, "totals.coverage"),
        left_out=warehouse.read(connection, "totals.left_out"),
        participation=suppress_small_groups(groups, min_base),
        representativeness=warehouse.read(connection, "quality.representativeness"),
        told_norms=None,
        build_id=build_id,
    )


def _public(connection: duckdb.DuckDBPyConnection, policy: Policy, build_id: str) -> Publishable:
    """What ``published.*`` holds, in the columns that documents look up."""

    def read(name: str) -> pl.DataFrame:
        return warehouse.read(connection, f"published.{name}")

    public, estimates, comparisons = policy.public, read("estimate"), read("comparison")
    is_suppressed = (pl.col("status") == "suppressed").alias("is_suppressed")
    waves = read("representativeness")
    return Publishable(
        edition="public",
        min_base=public.min_base,
        round_counts=public.round_counts,
        code_limits=(public.extreme_code.below, public.extreme_code.above),
        estimates=_estimates(estimates),
        comparisons=_comparisons(comparisons, estimates, read("funnel")),
        domains=read("domain").with_columns(is_suppressed),
        coverage=read("coverage"),
        left_out=read("left_out"),
        participation=read("participation").with_columns(
            share_valid=pl.col("percent_valid") / 100,
            is_above_enrolled=pl.col("n_valid") > pl.col("n_enrolled"),
        ),
        representativeness=waves.with_columns(pl.col("variables").str.split(", ")),
        told_norms=frozenset(comparisons.filter(kind="norm", status="shown")["measure_id"]),
        build_id=build_id,
    )


def _estimates(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select(
        *SHARE,
        pl.lit("share").alias("statistic"),
        n=pl.when(status="no_answers").then(pl.lit(0)).otherwise("n"),
        estimate=pl.col("percent") / 100,
        lower=pl.col("percent_lower") / 100,
        upper=pl.col("percent_upper") / 100,
        interval_basis=pl.lit(None, pl.String),
        is_suppressed="is_suppressed",
        is_unreliable="is_unreliable",
        code=pl.when(pl.col("status").str.starts_with("coded_")).then(
            pl.col("status").str.strip_prefix("coded_")
        ),
    )


VERDICTS = {"no_difference": "no_detectable_difference", "unknown": "too_few"}
"""By published verdict, where ``areas.comparison`` calls it otherwise."""

NOT_PUBLISHED = ("p", "smallest_detectable", "basis")
"""p-values and detectable differences are functions of exact counts."""


def _comparisons(
    rows: pl.DataFrame, estimates: pl.DataFrame, funnels: pl.DataFrame
) -> pl.DataFrame:
    first = estimates.select(*SHARE, first=pl.col("percent") / 100, n_first="n")
    return (
        rows.join(first, on=SHARE, how="left", maintain_order="left")
        .join(_funnels(funnels), on=[*SHARE, "kind"], how="left", maintain_order="left")
        .select(
            *SHARE,
            "kind",
            "reference",
            "n_first",
            pl.lit("share").alias("statistic"),
            pl.when(status="shown").then("first"),
            *(pl.lit(None).alias(name) for name in NOT_PUBLISHED),
            pl.col("^funnel.*$"),
            is_suppressed=pl.col("status") == "suppressed",
            second=pl.col("second_percent") / 100,
            # Of a trend, a slope in the internal edition; here the change over all of it.
            difference=pl.col("difference") / 100,
            verdict=pl.col("verdict").replace(VERDICTS),
        )
    )


def _funnels(rows: pl.DataFrame) -> pl.DataFrame:
    limits = ("lower_95", "upper_95", "lower_998", "upper_998")
    return rows.select(
        *SHARE,
        pl.lit("rest").alias("kind"),
        *((pl.col(limit) / 100).alias(f"funnel_{limit}") for limit in limits),
        funnel_target=pl.col("percent") / 100,
        funnel="place",
    )
