"""Pairs of true counts behind every printed share.

Source: facts of the design: a percentage with n is a count, and so is an interval. Each is
undone by trying all pairs.
"""

from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import betaincinv

from pipeline.attack.agreement import cell_words
from pipeline.attack.figures import KEY, Finding
from pipeline.attack.policy import Policy

Floats = NDArray[np.float64]

NORMAL = 1.959963984540054
"""The 97.5 % quantile of the normal distribution."""

SLACK = 1e-6


class Candidates(NamedTuple):
    """How many pairs every printed share leaves possible."""

    least: int | None
    """None where no share is printed."""

    median: float | None
    findings: tuple[Finding, ...]


def candidates(cells: pl.DataFrame, policy: Policy) -> Candidates:
    """Count the pairs (k, n) behind each share: rounded as the policy says, or else raw.

    Args:
        cells: of ``agreed``.
        policy: of the release.
    """
    wanted = ("n", "k", "percent", "lower", "upper", "design_effect")
    shares = (
        cells.filter(pl.col("what").is_in(wanted))
        .pivot("what", index=KEY, values=["value", "decimals"], sort_columns=False)
        .rename(lambda name: name.replace("value_", ""))
    )
    missing = [name for name in wanted if name not in shares.columns]
    shares = shares.with_columns(pl.lit(None, pl.Float64).alias(name) for name in missing)
    shares = shares.filter(pl.any_horizontal(pl.col("percent", "k", "lower").is_not_null()))
    counted: dict[tuple[object, ...], int] = {}
    findings, found = [], []
    for row in shares.sort(KEY).iter_rows(named=True):
        key = (*tuple(row[name] for name in wanted), row.get("decimals_percent"))
        if key not in counted:
            counted[key] = _pairs(row, policy)
        found.append(counted[key])
        if counted[key] < policy.min_candidates:
            says = f"{cell_words(row | {'what': 'share'})}: {counted[key]} pairs of counts fit"
            findings.append(Finding("few candidates", says, "all forms together"))
    if not found:
        return Candidates(None, None, ())
    return Candidates(min(found), float(np.median(found)), tuple(findings))


def _pairs(row: dict[str, object], policy: Policy) -> int:
    """How many true pairs give what is printed of one share."""
    n_pairs = 0
    for n, k in _rounded_pairs(row, policy):
        n_pairs += _n_behind(n, policy) * _n_behind(k, policy) if _fits(row, n, k) else 0
    return n_pairs or _raw_pairs(row)


def _rounded_pairs(row: dict[str, object], policy: Policy) -> list[tuple[int, int]]:
    base = policy.round_counts
    n, k = row["n"], row["k"]
    sizes = [int(n)] if isinstance(n, float) else range(policy.min_base, 5000, base)
    return [
        (size, count)
        for size in sizes
        if size % base == 0
        for count in ([int(k)] if isinstance(k, float) else range(0, size + 1, base))
        if count % base == 0
    ]


def _n_behind(count: int, policy: Policy) -> int:
    """How many counts are rounded to this one."""
    return min(count, policy.rounding) + (policy.round_counts - 1) // 2 + 1


def _fits(row: dict[str, object], n: int, k: int) -> bool:
    """Whether the percentage and the interval are those of a rounded pair."""
    if not 0 <= k <= n or n == 0:
        return False
    percent = row["percent"]
    if isinstance(percent, float) and percent != (200 * k + n) // (2 * n):
        return False
    effect, lower, upper = row["design_effect"], row["lower"], row["upper"]
    if not (isinstance(effect, float) and isinstance(lower, float) and isinstance(upper, float)):
        return True
    return any((lower, upper) == each for each in intervals(k, n, effect))


def _raw_pairs(row: dict[str, object]) -> int:
    """Pairs of plain counts that give the printed percentage, where no rounded pair does."""
    percent = row["percent"]
    if not isinstance(percent, float):
        return 1
    decimals = row.get("decimals_percent") or 0
    n, k = row["n"], row["k"]
    sizes = np.array([int(n)]) if isinstance(n, float) else np.arange(10, 1000)
    step = 0.5 * 10.0 ** -int(str(decimals))
    least = np.ceil((percent - step) * sizes / 100 - SLACK)
    most = np.floor((percent + step) * sizes / 100 + SLACK)
    if isinstance(k, float):
        return int(((least <= k) & (k <= most)).sum())
    return int(np.maximum(most - least + 1, 0).sum())


def intervals(k: int, n: int, effect: float) -> list[tuple[float, float]]:
    """The 95 % interval of a rounded pair in whole per cent, outwards, by each known method.

    Source:
        Korn and Graubard (1998), Clopper-Pearson on the effective size; logit and Wilson on
        the same size with the normal quantile. At 0 and 100 % all are the first.
    """
    size, share = n / effect, k / n
    ends = [_exact(share, size)]
    if 0 < k < n:
        ends += [_logit(share, size), _wilson(share, size)]
    return [
        (float(np.floor(100 * low + SLACK)), float(np.ceil(100 * high - SLACK)))
        for low, high in ends
    ]


def _exact(share: float, size: float) -> tuple[float, float]:
    events = share * size
    lower = 0.0 if share == 0 else float(betaincinv(events, size - events + 1, 0.025))
    upper = 1.0 if share == 1 else float(betaincinv(events + 1, size - events, 0.975))
    return lower, upper


def _logit(share: float, size: float) -> tuple[float, float]:
    middle = np.log(share / (1 - share))
    reach = NORMAL / np.sqrt(size * share * (1 - share))
    ends = 1 / (1 + np.exp(-np.array([middle - reach, middle + reach])))
    return float(ends[0]), float(ends[1])


def _wilson(share: float, size: float) -> tuple[float, float]:
    square = NORMAL**2
    middle = share + square / (2 * size)
    reach = NORMAL / (2 * size) * np.sqrt(4 * size * share * (1 - share) + square)
    return float((middle - reach) / (1 + square / size)), float(
        (middle + reach) / (1 + square / size)
    )
