"""What the release's own tables say is shown, coded, hidden or without answers."""

from collections.abc import Mapping
from typing import NamedTuple

import polars as pl

from pipeline.attack.figures import KEY

SHARE = ("k", "percent", "lower", "upper", "design_effect")


class Statuses(NamedTuple):
    """Columns of ``KEY`` and status of each table; n (text, null if hidden) of estimates."""

    estimate: pl.DataFrame
    rest: pl.DataFrame
    domain: pl.DataFrame


def statuses(tables: Mapping[str, pl.DataFrame]) -> Statuses:
    """The statuses as the release states them; empty where it has no such table."""
    estimate = _keyed(tables.get("estimate"))
    comparison = tables.get("comparison")
    if comparison is not None:
        comparison = comparison.filter(kind="rest")
    return Statuses(estimate, _keyed(comparison), _keyed(tables.get("domain")))


def hidden_cells(status: Statuses) -> pl.DataFrame:
    """``KEY`` and what of every number that the tables hide; codes hide theirs too."""
    is_hidden = pl.col("status") == "suppressed"
    is_coded = pl.col("status").str.starts_with("coded")
    hidden = status.estimate.filter(is_hidden)
    frames = [
        *(_what(hidden, what) for what in SHARE),
        *(_what(status.estimate.filter(is_coded), what) for what in ("k", "percent")),
        _what(hidden.filter(pl.col("n").is_null()), "n"),
        *(_what(status.rest.filter(is_hidden), what) for what in ("rest", "difference")),
        _what(status.domain.filter(is_hidden), "respondents"),
    ]
    return pl.concat(frames)


def _what(rows: pl.DataFrame, what: str) -> pl.DataFrame:
    return rows.select(*KEY, what=pl.lit(what))


def _keyed(rows: pl.DataFrame | None) -> pl.DataFrame:
    columns = dict(zip(KEY, ("wave", "area_id", "grade", "gender", "measure_id"), strict=True))
    if rows is None:
        schema = dict.fromkeys((*KEY, "status", "n"), pl.String())
        return pl.DataFrame(schema=schema).with_columns(pl.col("wave").cast(pl.Int64))
    found = rows.select(
        *(
            (pl.col(name) if name in rows.columns else pl.lit("all")).alias(key)
            for key, name in columns.items()
        ),
        pl.col("status").fill_null(""),
        (pl.col("n") if "n" in rows.columns else pl.lit(None, pl.String)).alias("n"),
    )
    number = pl.col("n").cast(pl.Float64, strict=False)
    return found.with_columns(
        pl.col("wave").cast(pl.Int64), n=pl.when(number.is_not_null()).then("n")
    )
