"""Whether what is timed beside each other gives the same figures."""

import polars as pl

DOMAIN = ["wave", "area_id", "grade", "gender"]

SAME = 1e-11
"""Relative: with no mean scores to add, whole numbers have another scale, and so a last digit."""


def floor_differs(sums: pl.DataFrame, estimates: pl.DataFrame) -> float:
    """The largest difference between a share of the floor's sums and the product's estimate."""
    domains = sums.rename({"area_code": "area_id"}).group_by(DOMAIN).agg(pl.col("^wy?_.*$").sum())
    factors = [name.removeprefix("wy_") for name in domains.columns if name.startswith("wy_")]
    shares = domains.select(
        *DOMAIN,
        *(
            (pl.col(f"wy_{name}").cast(pl.Float64) / pl.col(f"w_{name}").cast(pl.Float64)).alias(
                name
            )
            for name in factors
        ),
    ).unpivot(index=DOMAIN, variable_name="measure_id", value_name="share")
    ours = estimates.filter(pl.col("statistic") == "share")
    both = shares.join(ours, on=[*DOMAIN, "measure_id"], validate="1:1")
    if both.height < shares.height:
        return float("inf")
    # Nobody with a score: no share, in both.
    share = pl.col("share").fill_nan(None)
    if not both.select((share.is_null() == pl.col("estimate").is_null()).all()).item():
        return float("inf")
    return float(both.select((share - pl.col("estimate")).abs().max()).item())


def shares_differ(shares: pl.DataFrame, estimates: pl.DataFrame) -> int:
    """How many shares computed alone are not the build's, or are not in it.

    Args:
        shares: of ``speed_steps.shares``.
        estimates: of ``speed_steps.product``.
    """
    keys = [*DOMAIN, "measure_id", "statistic"]
    both = shares.join(estimates, on=keys, how="left", suffix="_built", validate="1:1")
    figures = ("n", "estimate", "se", "df", "logit_lower", "logit_upper", "kg_lower", "kg_upper")
    same = [_is_same(pl.col(name), pl.col(f"{name}_built")) for name in figures]
    return both.filter(~pl.all_horizontal(same)).height


def _is_same(one: pl.Expr, other: pl.Expr) -> pl.Expr:
    is_near = ((one - other).abs() <= SAME * other.abs()).fill_null(value=False)
    return is_near | (one.is_null() & other.is_null())
