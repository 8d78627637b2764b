"""What may be said of two figures beside each other: from what may be said of each."""

from collections.abc import Collection, Sequence

import polars as pl

from pipeline.analysis.comparison.verdicts import funnel_limits
from pipeline.disclosure.cells import CELL
from pipeline.disclosure.published import SHARE
from pipeline.disclosure.rounding import outwards, percent_of_pair, published_effect

KEYS = ["wave", "area_id", "grade", "gender", "kind", "reference", "measure_id"]
SECOND = {name: f"second_{name}" for name in CELL}

VERDICTS = {
    "higher": "higher",
    "lower": "lower",
    "no_detectable_difference": "no_difference",
    "too_few": "unknown",
}
"""By the verdict of ``areas.comparison``. Enough stand behind a row that is shown: what it lacks
is a variance."""


MIN_REST = 200
"""Respondents that printed numbers must leave for a share of the rest to be worked out. Project
choice: of the sample's, 99 % are then off by a point or less, and none by three."""


def comparison_rows(
    comparisons: pl.DataFrame,
    cells: pl.DataFrame,
    comparable: pl.DataFrame,
    norm_percents: pl.DataFrame,
    withheld: Sequence[str] = (),
    *,
    root_area: str,
    weighted: Collection[int] = (),
) -> pl.DataFrame:
    """``published.comparison``: every difference of two figures that are both shown.

    Args:
        comparisons: ``areas.comparison``.
        cells: protected and rounded.
        comparable: ``ref.comparable_wave``.
        norm_percents: of ``norm_percents``.
        withheld: measures whose norm is not told, see ``withheld_norms``.
        root_area: the municipality.
        weighted: waves whose answers are weighted.

    Returns:
        ``KEYS``; status (``shown`` where both sides are shown or coded, else ``suppressed``);
        verdict (``too_few`` if suppressed); second_percent (of the other side, null if it is
        coded or suppressed; of the rest that of ``rest_percents``) and difference (percentage
        points between the printed per cents; null where one is; of a trend, between its last
        wave and its first).
    """
    sides = cells.filter(pl.col("n") > 0).select(*CELL, _is_open(), percent=_printed())
    first = sides.filter(part="area").drop("part")
    second = sides.rename(SECOND | {"is_open": "is_second_open", "percent": "second_percent"})
    found = (
        comparisons.select(*KEYS, "verdict", *_second_keys())
        .join(first, on=SHARE, how="left")
        .join(second, on=list(SECOND.values()), how="left")
        .join(norm_percents, on=SHARE, how="left")
        .join(rest_percents(cells, root_area, weighted), on=SHARE, how="left")
        .join(_broken_trends(comparisons, sides, comparable), on=KEYS, how="left")
    )
    is_norm = pl.col("kind") == "norm"
    is_told = ~pl.col("measure_id").is_in(list(withheld))
    is_second_open = pl.when(is_norm).then(is_told).otherwise("is_second_open")
    is_shown = (pl.col("is_open") & is_second_open).fill_null(value=False) & pl.col(
        "is_broken"
    ).is_null()
    other = (
        pl.when(is_norm)
        .then("norm_percent")
        .when(kind="rest")
        .then("rest_percent")
        .otherwise("second_percent")
    )
    return found.select(
        *KEYS,
        status=pl.when(is_shown).then(pl.lit("shown")).otherwise(pl.lit("suppressed")),
        verdict=pl.when(is_shown)
        .then(pl.col("verdict").replace_strict(VERDICTS))
        .otherwise(pl.lit("too_few")),
        second_percent=pl.when(is_shown).then(other),
        difference=pl.when(is_shown).then(pl.col("percent") - other),
    ).sort(KEYS)


def funnel_rows(comparisons: pl.DataFrame, cells: pl.DataFrame, root_area: str) -> pl.DataFrame:
    """``published.funnel``: areas beside the limits that chance keeps them within.

    Of shown shares of both the area and the municipality, from their printed numbers and the
    area's design effect, published as others are.

    Args:
        comparisons: ``areas.comparison``, for design effects.
        cells: protected and rounded.
        root_area: the municipality.

    Returns:
        ``SHARE``; percent (the municipality's); lower_95, upper_95, lower_998 and upper_998 (whole
        per cent, outwards); place (``within``, ``outside_95``, ``outside_998``; an area at a limit
        is within).
    """
    shown = cells.with_columns(percent=_printed()).filter(
        pl.col("percent").is_not_null(), part="area"
    )
    key = [name for name in SHARE if name != "area_id"]
    found = (
        comparisons.filter(pl.col("funnel").is_not_null(), kind="rest")
        .select(*SHARE, "funnel_design_effect")
        .join(shown.select(*SHARE, "n_rounded", own="percent"), on=SHARE)
        .join(shown.filter(area_id=root_area).select(*key, "percent"), on=key)
    )
    n = found["n_rounded"].cast(pl.Float64).to_numpy()
    effect = published_effect(n, n / found["funnel_design_effect"].to_numpy())
    target = found["percent"].to_numpy() / 100
    limits = funnel_limits(target, n, effect)._asdict()
    rows = found.with_columns(
        pl.Series(name, outwards(values, is_upper=name.startswith("upper"))).fill_nan(None)
        for name, values in limits.items()
    ).with_columns(pl.col(limits.keys()).cast(pl.Int64))
    own = pl.col("own")
    return (
        rows.filter(pl.col("lower_95").is_not_null())
        .with_columns(
            place=pl.when(~own.is_between("lower_998", "upper_998"))
            .then(pl.lit("outside_998"))
            .when(~own.is_between("lower_95", "upper_95"))
            .then(pl.lit("outside_95"))
            .otherwise(pl.lit("within"))
        )
        .select(*SHARE, "percent", *limits, "place")
        .sort(SHARE)
    )


def rest_percents(cells: pl.DataFrame, root_area: str, weighted: Collection[int]) -> pl.DataFrame:
    """The share of the rest of the municipality in whole per cent, beside each area.

    Worked out of what is printed of the municipality less what is printed of the area: a share
    of the rest's own counts would tie these to each other more closely than printed numbers do.
    Weighted counts are no sums, so there it is of the rest's own rounded pair.

    Args:
        cells: protected and rounded.
        root_area: the municipality.
        weighted: waves whose answers are weighted.

    Returns:
        ``SHARE`` and rest_percent; null where the rest is coded, the area or the municipality is
        coded or hidden, or fewer than ``MIN_REST`` are left. Of weighted waves, where the rest is.
    """
    shown = cells.filter(pl.col("code").is_null(), pl.col("n") > 0, reason="")
    rests = shown.filter(part="rest").select(*SHARE, own="percent")
    pairs = shown.filter(part="area").select(*SHARE, "n_rounded", "k_rounded")
    key = [name for name in SHARE if name != "area_id"]
    whole = pairs.filter(area_id=root_area).drop("area_id")
    n, k = (pl.col(f"{count}_rounded_whole") - pl.col(f"{count}_rounded") for count in ("n", "k"))
    left = pairs.join(whole, on=key, suffix="_whole").select(*SHARE, n=n, k=k.clip(0, n))
    left = left.filter(pl.col("n") >= MIN_REST)
    counts = (left[name].to_numpy() for name in ("k", "n"))
    percent = pl.Series("percent", percent_of_pair(*counts), pl.Int64)
    found = rests.join(left.with_columns(percent), on=SHARE, how="left")
    is_weighted = pl.col("wave").is_in(list(weighted))
    return found.select(*SHARE, rest_percent=pl.when(is_weighted).then("own").otherwise("percent"))


def norm_percents(cells: pl.DataFrame, norm_shares: pl.DataFrame) -> pl.DataFrame:
    """The norm samples' share in whole per cent, their grades weighted as the area's are printed.

    Where no grade of the area is printed, they weigh as the municipality's answers to the norm do:
    alike.

    Args:
        cells: protected and rounded.
        norm_shares: ``ref.norm_share``.

    Returns:
        ``SHARE`` and norm_percent.
    """
    of_grade = norm_shares.group_by("measure_id", "wave", "grade").agg(
        pl.col("share_flagged").mean()
    )
    every = cells.filter(part="area").select(SHARE)
    per_grade = (
        cells.filter(part="area")
        .with_columns(weight=pl.when(~pl.col("hides_n")).then("n_rounded").otherwise(0))
        .join(of_grade, on=["measure_id", "wave", "grade"])
    )
    key = ["wave", "area_id", "gender", "measure_id"]
    weights = pl.when(pl.col("weight").sum() > 0).then("weight").otherwise(pl.lit(1))
    over_grades = per_grade.group_by(key).agg(
        share=(pl.col("share_flagged") * weights).sum() / weights.sum()
    )
    of_one = per_grade.select(*SHARE, share="share_flagged")
    of_all = every.filter(grade="all").join(over_grades, on=key).select(*SHARE, "share")
    return pl.concat([of_all, of_one]).select(
        *SHARE, norm_percent=(100 * pl.col("share") + 0.5).floor().cast(pl.Int64)
    )


def _is_open() -> pl.Expr:
    return (pl.col("reason") == "").alias("is_open")


def _printed() -> pl.Expr:
    return pl.when((pl.col("reason") == "") & pl.col("code").is_null()).then("percent")


def _second_keys() -> list[pl.Expr]:
    """Where the other side of each comparison is found among the cells."""
    kind, reference = pl.col("kind"), pl.col("reference")
    is_over_waves = kind.is_in(["wave", "trend"])
    year = reference.cast(pl.Int16, strict=False)
    own = {name: pl.col(name) for name in CELL if name != "part"}
    found = own | {
        "wave": pl.when(is_over_waves).then(year).otherwise("wave"),
        "part": pl.when(kind == "rest").then(pl.lit("rest")).otherwise(pl.lit("area")),
        "gender": pl.when(kind == "gender").then(reference).otherwise("gender"),
    }
    return [found[name].alias(second) for name, second in SECOND.items()]


def _broken_trends(
    comparisons: pl.DataFrame, sides: pl.DataFrame, comparable: pl.DataFrame
) -> pl.DataFrame:
    """Trends that rest on a wave whose own figure is hidden."""
    hidden = sides.filter(~pl.col("is_open"), part="area").select(
        *(pl.col(name) for name in SHARE if name != "wave"), earlier="wave"
    )
    return (
        comparisons.filter(kind="trend")
        .select(KEYS)
        .join(comparable, on=["measure_id", "wave"])
        .filter(pl.col("earlier") >= pl.col("reference").cast(pl.Int16))
        .join(hidden, on=["area_id", "grade", "gender", "measure_id", "earlier"])
        .select(KEYS)
        .unique()
        .with_columns(is_broken=pl.lit(value=True))
    )
