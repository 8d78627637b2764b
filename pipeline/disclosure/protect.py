"""The working file's figures in, ``published.*`` and the internal account of them out."""

from pathlib import Path

import duckdb
import polars as pl

from pipeline import warehouse
from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.policy import PublicEdition
from pipeline.disclosure.cells import CELL, RESPONDENTS, collect_cells, domain_cells
from pipeline.disclosure.linked_tables import add_complementary
from pipeline.disclosure.narrow_lines import hide_narrow_lines
from pipeline.disclosure.overrides import override_rows
from pipeline.disclosure.own_norms import add_stated, withheld_norms
from pipeline.disclosure.primary import add_primary
from pipeline.disclosure.published import add_rounded, estimate_rows, exact_reliability
from pipeline.disclosure.published_comparison import comparison_rows, funnel_rows, norm_percents
from pipeline.disclosure.published_counts import (
    coverage_rows,
    domain_rows,
    left_out_rows,
    participation_rows,
    representativeness_rows,
)
from pipeline.disclosure.published_reference import area_rows, measure_rows, policy_rows, wave_rows

BREAKDOWN = ["wave", "measure_id", "part", "level", "has_grade", "has_gender"]
"""Cells that a reader looks at as one table: one level of areas by the same variables."""


def protect_site(
    connection: duckdb.DuckDBPyConnection, catalogue: Catalogue, cache: Path | None = None
) -> None:
    """Write ``published.*``, which is all that may leave, and ``disclosure.*``, which never does.

    Args:
        connection: a working file with estimates and comparisons.
        catalogue: the site's definitions.
        cache: file of earlier protections, which are not worked out again; null: no file.
    """
    public = catalogue.policy.public

    def read(relation: str, *order: str) -> pl.DataFrame:
        return warehouse.read(connection, relation, *order)

    is_published = _is_published(public)
    estimates = read("areas.estimate").filter(is_published)
    comparisons = read("areas.comparison", *COMPARISON).filter(is_published)
    cells = protected_cells(connection, catalogue, estimates, comparisons, cache)
    respondents = cells.filter(measure_id=RESPONDENTS)
    cells = cells.filter(pl.col("measure_id") != RESPONDENTS)
    expected = norm_percents(cells, read("ref.norm_share"))
    weighted = [wave.wave for wave in catalogue.waves if wave.is_weighted]
    rows = {
        "published.estimate": estimate_rows(cells),
        "published.comparison": comparison_rows(
            comparisons,
            cells,
            read("ref.comparable_wave"),
            expected,
            withheld_norms(cells),
            root_area=catalogue.site.root_area,
            weighted=weighted,
        ),
        "published.funnel": funnel_rows(comparisons, cells, catalogue.site.root_area),
        "published.domain": domain_rows(respondents),
        "published.coverage": coverage_rows(read("totals.coverage"), public),
        "published.left_out": left_out_rows(read("totals.left_out"), public),
        "published.participation": participation_rows(
            read("totals.participation").filter(is_published), public
        ),
        "published.representativeness": representativeness_rows(
            read("quality.representativeness"), public
        ),
        "published.area": area_rows(catalogue),
        "published.wave": wave_rows(
            read("totals.cell"),
            read("ref.area_ancestor"),
            public,
            catalogue.site.root_area,
            weighted,
        ),
        "published.measure": measure_rows(catalogue),
        "published.policy": policy_rows(catalogue.policy),
        "disclosure.cell": _account(cells, estimates),
        "disclosure.override": override_rows(catalogue.policy),
    }
    for relation, frame in rows.items():
        warehouse.write(connection, relation, frame)


CROWD = ("wave", "area_id", "cell_grade", "cell_gender", "stratum", "psu", "unit")
"""Key of ``totals.cell``."""

COMPARISON = ("wave", "area_id", "grade", "gender", "kind", "measure_id")
"""What is unique in ``areas.comparison``."""


def protected_cells(
    connection: duckdb.DuckDBPyConnection,
    catalogue: Catalogue,
    estimates: pl.DataFrame,
    comparisons: pl.DataFrame,
    cache: Path | None = None,
) -> pl.DataFrame:
    """Every cell with its counts, what could be printed of it, and why it is not, if so.

    Returns:
        Columns of ``collect_cells``, ``add_stated``, ``add_rounded`` and ``add_primary``, whose
        reason may be ``complementary``, ``unreliable`` or ``rest`` as well; hides_n: whether the
        number of respondents is hidden too; and status, as published.
    """
    policy = catalogue.policy
    ancestors = warehouse.read(connection, "ref.area_ancestor")
    schools = warehouse.read(connection, "totals.domain_school")
    is_published = _is_published(policy.public)
    # Groups without anybody have no estimate, but are told as such.
    cells = collect_cells(estimates, comparisons, schools, catalogue).filter(is_published)
    cells = add_stated(cells, catalogue.norms, catalogue.site.root_area)
    primary = add_primary(add_rounded(cells, estimates, catalogue), ancestors, policy.public)
    if policy.public.unreliable == "hide":
        primary = _hide(primary, pl.col("is_unreliable") & (pl.col("part") == "area"), "unreliable")
    domains = warehouse.read(connection, "totals.domain")
    respondents = domain_cells(domains, catalogue.site, policy.public).filter(is_published)
    both = pl.concat([primary, respondents], how="diagonal")
    both = both.with_columns(
        pl.col("is_stated").fill_null(value=False), hides_n=pl.lit(value=False)
    )
    found = _withdraw_breakdowns(both, catalogue)
    parents = area_rows(catalogue).drop_nulls("parent_id").select("wave", "area_id", "parent_id")
    alone = _without_lone_rests(hide_narrow_lines(found, parents, policy.public))
    crowd = warehouse.read(connection, "totals.cell", *CROWD)
    coverage = warehouse.read(connection, "totals.coverage")
    root, is_first = catalogue.site.root_area, True
    while True:
        protected = add_complementary(
            alone,
            crowd,
            ancestors,
            policy.public,
            root,
            coverage=coverage,
            cache=cache,
            keeps_cache=not is_first,
        )
        is_withdrawn = pl.lit(_is_withdrawn(protected, catalogue))
        if protected.filter(is_withdrawn, pl.col("n") > 0, reason="").is_empty():
            return _without_lone_rests(protected)
        # What protects others left too little of a breakdown to read: all of it goes, and what is
        # hidden by that must be protected in turn.
        alone, is_first = _hide(alone, is_withdrawn, "complementary"), False


def _is_published(public: PublicEdition) -> pl.Expr:
    """Groups that the edition has figures of at all."""
    gender = pl.col("gender")
    is_one_way = (pl.col("grade") == "all") | (gender == "all")
    is_crossing = pl.lit(public.crossed_breakdowns)
    is_of_these = pl.lit(value=True) if public.genders is None else gender.is_in(public.genders)
    return (is_one_way | is_crossing) & ((gender == "all") | is_of_these)


def _without_lone_rests(cells: pl.DataFrame) -> pl.DataFrame:
    """Hide the rest of the municipality beside an area that is hidden: nobody prints it alone."""
    size = [name for name in CELL if name != "part"]
    hidden = cells.filter(pl.col("reason") != "", part="area").select(
        *size, pl.lit("rest").alias("part"), is_alone=pl.lit(value=True)
    )
    found = cells.join(hidden, on=CELL, how="left", maintain_order="left")
    return _hide(found, pl.col("is_alone").fill_null(value=False), "rest").drop("is_alone")


def _is_withdrawn(cells: pl.DataFrame, catalogue: Catalogue) -> pl.Series:
    """Cells of breakdowns by grade or gender of which too much is hidden to be read."""
    levels = {area.id: area.level for area in catalogue.areas.areas}
    has_any = pl.col("n") > 0
    share_hidden = (has_any & (pl.col("reason") != "")).sum() / has_any.sum()
    # A rest is shown or hidden with its area, which a reader could subtract anyway.
    is_breakdown = (pl.col("has_grade") | pl.col("has_gender")) & (pl.col("part") == "area")
    return (
        cells.with_columns(
            level=pl.col("area_id").replace_strict(levels),
            has_grade=pl.col("grade") != "all",
            has_gender=pl.col("gender") != "all",
        )
        .with_columns(share_hidden=share_hidden.over(BREAKDOWN))
        .select(is_breakdown & (pl.col("share_hidden") > catalogue.policy.public.max_hidden_share))
        .to_series()
    )


def _withdraw_breakdowns(cells: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Hide the whole of a breakdown of which too much is hidden."""
    return _hide(cells, pl.lit(_is_withdrawn(cells, catalogue)), "complementary")


def _hide(cells: pl.DataFrame, is_hidden: pl.Expr, reason: str) -> pl.DataFrame:
    """Give ``reason`` to cells with respondents that have none yet."""
    is_meant = is_hidden & (pl.col("reason") == "") & (pl.col("n") > 0)
    return cells.with_columns(
        reason=pl.when(is_meant).then(pl.lit(reason)).otherwise("reason")
    ).with_columns(code=pl.when(reason="").then("code"))


def _account(cells: pl.DataFrame, estimates: pl.DataFrame) -> pl.DataFrame:
    """``disclosure.cell``: why each cell is shown or not. With true counts: never leaves."""
    reliability = exact_reliability(estimates).with_columns(part=pl.lit("area"))
    return (
        cells.drop("is_unreliable")
        .join(reliability, on=CELL, how="left")
        .select(
            *CELL,
            "n",
            "k",
            "code",
            is_suppressed=pl.col("reason") != "",
            reason="reason",
            is_unreliable="is_unreliable",
        )
        .sort(CELL)
    )
