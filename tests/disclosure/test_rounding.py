"""What is printed of a count says little enough of it: found by trying every pair."""

import math
from collections import defaultdict
from statistics import median

import numpy as np
import pytest

from pipeline.disclosure.rounding import (
    outwards,
    percent_interval,
    percent_of_pair,
    published_effect,
    rounded,
    rounding_reach,
)

PAIRS = [(k, n) for n in range(30, 401) for k in range(8, n - 7)]


def test_counts_go_to_the_nearest_multiple() -> None:
    counts = np.arange(0, 13)
    assert rounded(counts, 5).tolist() == [0, 0, 0, 5, 5, 5, 5, 5, 10, 10, 10, 10, 10]


@pytest.mark.parametrize("base", [5, 6, 10])
def test_the_reach_is_what_rounding_leaves_open(base: int) -> None:
    below, above = rounding_reach(base)
    counts = np.arange(1000)
    printed = rounded(counts, base)
    assert ((printed - below <= counts) & (counts <= printed + above)).all()
    assert (counts[printed == 60 * base].min(), counts[printed == 60 * base].max()) == (
        60 * base - below,
        60 * base + above,
    )


@pytest.mark.parametrize(
    ("k", "n", "percent"), [(10, 80, 13), (5, 40, 13), (5, 30, 17), (95, 100, 95)]
)
def test_per_cents_are_of_the_rounded_pair_halves_upwards(k: int, n: int, percent: int) -> None:
    assert percent_of_pair(np.array([k]), np.array([n])).tolist() == [percent]


@pytest.mark.parametrize("method", ["logit", "wilson", "korn_graubard"])
def test_intervals_hold_their_share_and_reach_outwards(method: str) -> None:
    n = np.repeat(np.arange(30, 500, 5), 19)
    k = rounded((n * np.tile(np.arange(1, 20), n.size // 19) / 20).astype(np.int64), 5)
    lower, upper = percent_interval(k, n, np.full(n.shape, 1.5), method, confidence=0.95)  # type: ignore[arg-type]
    percent = percent_of_pair(k, n)
    assert ((lower <= percent) & (percent <= upper)).all()
    assert (
        (lower == np.floor(lower)) & (upper == np.ceil(upper)) & (lower >= 0) & (upper <= 100)
    ).all()


@pytest.mark.parametrize(("method", "limits"), [("logit", (5, 40)), ("wilson", (6, 38))])
def test_intervals_are_of_the_method_that_is_asked_for(
    method: str, limits: tuple[int, int]
) -> None:
    # A sixth of 20 respondents: by hand 5.8 to 39.4, and by Wilson's formula 6.1 to 37.9 per cent.
    k, n, effect = np.array([5]), np.array([30]), np.array([1.5])
    found = percent_interval(k, n, effect, method, confidence=0.95)  # type: ignore[arg-type]
    assert tuple(int(limit[0]) for limit in found) == limits


def test_whole_limits_stay_where_they_are() -> None:
    assert outwards(np.array([0.29]), is_upper=False) == 29
    assert outwards(np.array([0.29]), is_upper=True) == 29
    assert math.isnan(outwards(np.array([np.nan]), is_upper=True)[0])


@pytest.mark.parametrize(
    ("n", "size", "effect"),
    [(100, 100, 1.0), (100, 99, 1.5), (100, 66.6666667, 1.5), (100, 60, 2.0), (100, 200, 1.0)],
)
def test_effects_go_up_to_a_half_and_never_below_one(n: float, size: float, effect: float) -> None:
    assert published_effect(np.array([n]), np.array([size])).tolist() == [effect]


def test_an_unknown_effect_is_unknown() -> None:
    assert np.isnan(published_effect(np.array([50.0, 50.0]), np.array([np.nan, 0.0]))).all()


def printed(k: np.ndarray, n: np.ndarray) -> list[tuple[float, ...]]:
    """Everything that is printed of each pair, through the product's own formulas."""
    n_rounded, k_rounded = rounded(n, 5), rounded(k, 5)
    effect = np.full(n.shape, 1.5)
    limits = percent_interval(k_rounded, n_rounded, effect, "logit", confidence=0.95)
    columns = (n_rounded, k_rounded, percent_of_pair(k_rounded, n_rounded), *limits)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def test_behind_every_printed_tuple_stand_at_least_three_pairs() -> None:
    k, n = (np.array(each) for each in zip(*PAIRS, strict=True))
    behind: dict[tuple[float, ...], int] = defaultdict(int)
    for each in printed(k, n):
        behind[each] += 1
    assert min(behind.values()) >= 3
    assert median(behind.values()) >= 10


def test_exact_numbers_would_not_do() -> None:
    # The test above can fail: a whole per cent beside the exact n gives the count away.
    k, n = (np.array(each) for each in zip(*PAIRS, strict=True))
    pairs = list(zip(percent_of_pair(k, n).tolist(), n.tolist(), strict=True))
    alone = sum(pairs.count(each) == 1 for each in pairs[:500])
    assert alone == 500
