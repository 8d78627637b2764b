"""Thresholds of each cell: the policy's, and the decisions that differ from it."""

import polars as pl

from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.policy import Override, Policy


def with_overrides(cells: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Add is_sensitive, the thresholds and is_hidden_by_override to ``cells``.

    An area's own thresholds hold for the rest of the municipality beside it as well.
    """
    public = catalogue.policy.public
    sensitive = sensitive_measures(catalogue)
    cells = cells.with_columns(is_sensitive=pl.col("measure_id").is_in(sensitive)).with_columns(
        min_base=pl.lit(public.min_base),
        min_schools=pl.lit(public.min_schools),
        min_count=pl.when("is_sensitive")
        .then(pl.lit(public.min_count_sensitive))
        .otherwise(pl.lit(public.min_count)),
        is_hidden_by_override=pl.lit(value=False),
    )
    for override in catalogue.policy.overrides:
        cells = cells.with_columns(_applied(override))
    return cells


def sensitive_measures(catalogue: Catalogue) -> list[str]:
    """Ids of the site's measures with a tag that the public edition is stricter about."""
    tags = set(catalogue.policy.public.sensitive_tags)
    return [measure.id for measure in catalogue.measures if tags & set(measure.tags)]


def override_rows(policy: Policy) -> pl.DataFrame:
    """The audit lines: one row per override, in the order in which they hold."""
    rows = [
        (
            number,
            each.rule,
            each.area,
            each.measure,
            default,
            each.value,
            _direction(default, each.value),
            each.reason,
            each.decided_by,
            each.decided_on,
        )
        for number, each in enumerate(policy.overrides, 1)
        for default in [None if each.rule == "hide" else getattr(policy.public, each.rule)]
    ]
    schema = {
        "number": pl.Int32,
        "rule": pl.String,
        "area_id": pl.String,
        "measure_id": pl.String,
        "default": pl.Int64,
        "value": pl.Int64,
        "direction": pl.String,
        "reason": pl.String,
        "decided_by": pl.String,
        "decided_on": pl.Date,
    }
    return pl.DataFrame(rows, schema, orient="row")


def _direction(default: int | None, value: int | None) -> str:
    if default is None or value is None or value > default:
        return "tightened"
    return "relaxed" if value < default else "unchanged"


def _applied(override: Override) -> pl.Expr:
    """The column that the override changes, in the cells it is about."""
    is_meant = pl.lit(value=True)
    if override.area is not None:
        is_meant &= pl.col("area_id") == override.area
    if override.measure is not None:
        is_meant &= pl.col("measure_id") == override.measure
    if override.rule == "hide":
        return (pl.col("is_hidden_by_override") | is_meant).alias("is_hidden_by_override")
    column = override.rule.removesuffix("_sensitive")
    if column == "min_count":
        is_meant &= pl.col("is_sensitive") == (override.rule == "min_count_sensitive")
    return pl.when(is_meant).then(pl.lit(override.value)).otherwise(column).alias(column)
