"""What stood behind every figure of a release: true counts, kept for comparing releases."""

import hashlib
import io

import duckdb
import polars as pl

from pipeline import warehouse
from pipeline.errors import DisclosureError
from pipeline.release.durable import replace_file
from pipeline.release.layout import Layout

KEYS = ("wave", "area_id", "grade", "gender", "measure_id")
"""What is unique among the cells of a release."""

HIDDEN, CODED, SHOWN = 0, 1, 2
"""How much of a cell is seen: nothing, that it is below or above a limit, or its figures."""

RANKS = {"suppressed": HIDDEN, "coded_below": CODED, "coded_above": CODED} | dict.fromkeys(
    ("shown", "no_answers"), SHOWN
)

WHOLE_WAVE = ("coverage", "left_out", "participation", "representativeness")
"""Relations of ``published`` about whole waves; their counts are known as published only."""


def read_cells(connection: duckdb.DuckDBPyConnection, round_counts: int) -> pl.DataFrame:
    """Every cell of the working file's release, with its true counts where they are known.

    Args:
        connection: a working file.
        round_counts: what published counts are rounded to.

    Returns:
        One row per cell, unique and sorted by ``KEYS``: ``n``, ``k`` (respondents; k is 0 where
        there is only one count), ``rank`` (how much is seen), ``is_n_shown``, ``slack`` (how far
        n may be from the truth, together with that of another release), ``figures`` (everything
        published of the cell, as text; null if nothing is), ``reason`` (of the suppression).
    """
    parts = [_estimated(connection), _counted(connection)]
    parts += [_of_whole_waves(connection, relation, round_counts) for relation in WHOLE_WAVE]
    return pl.concat(parts).sort(KEYS)


def write_cells(layout: Layout, release_id: str, cells: pl.DataFrame) -> str:
    """Keep the cells of a release for nobody else to read; their file's SHA-256."""
    content = io.BytesIO()
    cells.write_parquet(content)
    replace_file(layout.cells(release_id), content.getvalue())
    return hashlib.sha256(content.getvalue()).hexdigest()


def load_cells(layout: Layout, release_id: str, digest: str) -> pl.DataFrame:
    """The cells of a release, as they were kept.

    Raises:
        DisclosureError: the file is not there or was changed.
    """
    path = layout.cells(release_id)
    if not path.is_file():
        raise DisclosureError(f"{path}: is missing; releases cannot be compared without it.")
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != digest:
        raise DisclosureError(f"{path}: was changed; expected what the ledger has its hash of.")
    return pl.read_parquet(content)


def _estimated(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    published = warehouse.read(connection, "published.estimate", *KEYS)
    # The rest of the whole is worked out anew where releases are compared.
    true = warehouse.read(connection, "disclosure.cell", *KEYS).filter(part="area")
    seen = published.select(
        *KEYS,
        rank=pl.col("status").replace_strict(RANKS, return_dtype=pl.Int8),
        is_n_shown=pl.col("n").is_not_null(),
        figures=_figures(published, KEYS),
    )
    return _tidy(true.join(seen, on=KEYS, how="left"), slack=0)


def _counted(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Respondents of each area, grade and gender, whatever they answered."""
    keys = KEYS[:4]
    published = warehouse.read(connection, "published.domain", *keys)
    true = warehouse.read(connection, "totals.domain", *keys).select(*keys, n="n_respondents")
    seen = published.select(
        *keys,
        rank=pl.col("status").replace_strict(RANKS, return_dtype=pl.Int8),
        is_n_shown=pl.col("n_respondents").is_not_null(),
        figures=_figures(published, keys),
    )
    rows = true.join(seen, on=keys, how="left").with_columns(
        measure_id=pl.lit("respondents"), k=pl.lit(0), reason=pl.lit("")
    )
    return _tidy(rows, slack=0)


def _of_whole_waves(
    connection: duckdb.DuckDBPyConnection, relation: str, round_counts: int
) -> pl.DataFrame:
    """One row per count of a relation, and one for all its other figures."""
    published = warehouse.read(connection, f"published.{relation}")
    counts = [each for each in published.columns if each.startswith("n_")]
    names = [
        each
        for each, kind in published.schema.items()
        if each != "wave" and (kind == pl.String or each in ("grade", "gender"))
    ]
    others = [each for each in published.columns if each not in ("wave", *names, *counts)]
    about = {
        "wave": pl.col("wave"),
        "area_id": pl.concat_str(pl.lit(""), *names, separator=" ", ignore_nulls=True),
        "grade": pl.lit(""),
        "gender": pl.lit(""),
        "k": pl.lit(0),
        "reason": pl.lit(""),
    }
    rows = [
        published.select(
            **about,
            measure_id=pl.lit(f"{relation}.{count}"),
            n=pl.col(count).fill_null(0),
            rank=pl.when(pl.col(count).is_null()).then(HIDDEN).otherwise(SHOWN),
            is_n_shown=pl.col(count).is_not_null(),
            figures=pl.col(count).cast(pl.String),
        )
        for count in counts
    ]
    rows.append(
        published.select(
            **about,
            measure_id=pl.lit(f"{relation}.others"),
            n=pl.lit(0),
            rank=pl.lit(SHOWN),
            is_n_shown=pl.lit(value=True),
            figures=_figures(published.select(others), ()),
        )
    )
    return pl.concat([_tidy(each, slack=round_counts) for each in rows])


def _figures(published: pl.DataFrame, keys: tuple[str, ...]) -> pl.Expr:
    values = [each for each in published.columns if each not in keys]
    if not values:
        return pl.lit("")
    return pl.concat_str(
        [pl.col(each).cast(pl.String).fill_null("..") for each in values], separator=" "
    )


def _tidy(rows: pl.DataFrame, slack: int) -> pl.DataFrame:
    return rows.select(
        pl.col("wave").cast(pl.Int64),
        *(pl.col(each).cast(pl.String) for each in KEYS[1:]),
        pl.col("n", "k").cast(pl.Int64),
        # A cell that is nowhere published is hidden.
        pl.col("rank").cast(pl.Int8).fill_null(HIDDEN),
        pl.col("is_n_shown").fill_null(value=False),
        pl.lit(slack).cast(pl.Int64).alias("slack"),
        pl.col("figures").fill_null(""),
        pl.col("reason").cast(pl.String).fill_null(""),
    )
