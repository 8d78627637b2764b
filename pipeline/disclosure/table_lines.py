"""The lines of a linked table: which counts are printed of a measure, and which are secret."""

import polars as pl

from pipeline.definitions.policy import PublicEdition
from pipeline.disclosure.cells import CELL, RESPONDENTS
from pipeline.disclosure.narrow_lines import FREE
from pipeline.disclosure.primary import KEEPS_N, coded_upper, least_uncoded
from pipeline.disclosure.rounding import rounding_reach

NOTHING = pl.lit(value=False)
NONE = pl.lit(0)


def table_lines(cells: pl.DataFrame, public: PublicEdition, root_area: str) -> pl.DataFrame:
    """What a reader is told of every count, or must not find out.

    Args:
        cells: of one wave and measure, after the rules, with the number of their domain.
        public: the edition's thresholds.
        root_area: the municipality.

    Returns:
        One row per count of a domain that is printed or secret: ``CELL`` and number; what (a count
        of ``COUNTS``); lower and upper (upper null: its rounded number is printed, and it is not
        below lower: who knows the rules knows that); is_primary (secret), is_coded, may_hide;
        cost, from what hiding it takes from the reader.
    """
    in_area, reason = pl.col("part") == "area", pl.col("reason")
    # Of an empty group it is not told that it is: it looks like a small one.
    some = cells.filter((pl.col("n") > 0) | (in_area & (reason != "")))
    is_shown, is_coded = reason == "", pl.col("code").is_not_null()
    is_secret = ~is_shown & ~reason.is_in(FREE)
    keeps_n = (is_shown | reason.is_in(KEEPS_N)) & ~pl.col("hides_n")
    found = [
        _lines(
            some,
            "n",
            is_printed=in_area & keeps_n,
            is_primary=is_secret & ~keeps_n,
            least=pl.col("min_base"),
        ),
        _lines(
            some,
            "k",
            is_printed=is_shown & ~is_coded,
            is_primary=is_secret,
            least=pl.col("min_count"),
        ),
        # Not printed: the difference of the two others.
        _lines(some, "others", is_printed=NOTHING, is_primary=is_secret),
        _enough_others(some.filter(is_shown & ~is_coded), public),
        *_coded(some, public),
        _empty(cells.filter(in_area, is_missing=True, area_id=root_area)),
    ]
    return _with_stated(pl.concat(found, how="diagonal"), some.filter(is_shown & ~is_coded))


def respondent_lines(respondents: pl.DataFrame, public: PublicEdition) -> pl.DataFrame:
    """The same of how many respondents areas hold, whatever they answered.

    Args:
        respondents: ``domain_cells`` of one wave, with the number of their domain.
        public: the edition's thresholds.

    Returns:
        As of ``table_lines``.
    """
    reason = pl.col("reason")
    return _lines(
        respondents,
        "respondents",
        is_printed=reason == "",
        is_primary=reason != "",
        # A grade that nobody was asked in is shown as empty.
        least=pl.when(pl.col("n") > 0).then(public.min_base).otherwise(0),
    )


def placed_lines(
    coverage: pl.DataFrame, domains: pl.DataFrame, root_area: str, public: PublicEdition
) -> pl.DataFrame:
    """How many of the municipality live in a known area: a step of the printed ladder.

    Args:
        coverage: ``totals.coverage`` of one wave.
        domains: of ``Crowd``.
        root_area: the municipality.
        public: the edition's thresholds.

    Returns:
        As of ``table_lines``; none of the lines may be hidden. Where the number is too small to
        be printed, that is what is known of it.
    """
    base, n = public.round_counts, pl.col("n_placed")
    below, above = rounding_reach(base)
    printed, is_few = (2 * n + base) // (2 * base) * base, n < public.min_base
    places = domains.filter(part="placed", area_id=root_area, gender="all")
    return coverage.join(places, on="grade").select(
        "wave",
        "area_id",
        "part",
        "grade",
        "gender",
        "number",
        measure_id=pl.lit(RESPONDENTS),
        what=pl.lit("respondents"),
        lower=pl.when(is_few).then(0).otherwise(printed - below).cast(pl.Int64),
        upper=pl.when(is_few).then(public.min_base - 1).otherwise(printed + above).cast(pl.Int64),
        is_primary=NOTHING,
        is_coded=NOTHING,
        may_hide=NOTHING,
        cost=pl.lit(0, pl.Int64),
    )


def _lines(
    cells: pl.DataFrame,
    what: str,
    *,
    is_printed: pl.Expr,
    is_primary: pl.Expr,
    least: pl.Expr = NONE,
) -> pl.DataFrame:
    return cells.filter(is_printed | is_primary).select(
        *CELL,
        "number",
        what=pl.lit(what),
        lower=least.cast(pl.Int64),
        upper=pl.lit(None, pl.Int64),
        is_primary=is_primary,
        is_coded=NOTHING,
        may_hide=is_printed,
        # Without its number of respondents a share is nothing either; groups count by size.
        cost=pl.col("n") * (2 if what == "n" else 1),
    )


def _with_stated(lines: pl.DataFrame, shown: pl.DataFrame) -> pl.DataFrame:
    """What a norm's definition states is known to the last respondent, and cannot be hidden."""
    if "is_stated" not in shown.columns:
        return lines
    stated = shown.filter("is_stated").select(*CELL, n_stated="n", k_stated="k")
    exact = pl.when(what="n").then("n_stated").when(what="k").then("k_stated").cast(pl.Int64)
    return (
        lines.join(stated, on=CELL, how="left", maintain_order="left")
        .with_columns(
            lower=pl.coalesce(exact, "lower"),
            upper=pl.coalesce(exact, "upper"),
            may_hide=pl.col("may_hide") & pl.col("n_stated").is_null(),
        )
        .select(lines.columns)
    )


def _enough_others(cells: pl.DataFrame, public: PublicEdition) -> pl.DataFrame:
    """That a shown figure has enough others, where its printed numbers do not say so already."""
    n, k, least = pl.col("n_rounded"), pl.col("k_rounded"), pl.col("min_count")
    below, above = rounding_reach(public.round_counts)
    says_more = cells.filter(n - below - k - above < least)
    lines = _lines(says_more, "others", is_printed=~NOTHING, is_primary=NOTHING, least=least)
    most = says_more.select(*CELL, upper=n + above)
    return lines.drop("upper").join(most, on=CELL, how="left").select(lines.columns)


def _coded(cells: pl.DataFrame, public: PublicEdition) -> list[pl.DataFrame]:
    """Codes: of how many the reader, who knows the printed n alone, must take them to stand."""
    base, extreme = public.round_counts, public.extreme_code
    most = (2 * pl.col("n") + base) // (2 * base) * base + rounding_reach(base)[1]
    least = least_uncoded(public)
    codes = {"below": ("k", extreme.below), "above": ("others", 100 - extreme.above)}
    return [
        _lines(cells.filter(code=code), what, is_printed=~NOTHING, is_primary=NOTHING)
        .join(cells.select(*CELL, most=coded_upper(most, percent, least)), on=CELL, how="left")
        .with_columns(is_coded=~NOTHING, lower=pl.lit(0, pl.Int64), upper=pl.col("most"))
        .drop("most")
        for code, (what, percent) in codes.items()
    ]


def _empty(cells: pl.DataFrame) -> pl.DataFrame:
    """Groups in which nobody has a value: that is said, and known exactly."""
    zero = pl.lit(0, pl.Int64)
    lines = _lines(cells, "n", is_printed=~NOTHING, is_primary=NOTHING)
    return lines.with_columns(lower=zero, upper=zero, may_hide=NOTHING)
