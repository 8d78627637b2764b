"""What is worth knowing about a scale before its figures are trusted. Limits and their reasons."""

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from pipeline.analysis.quality.reliability import NO_SPREAD, Floats

ScaleFlag = Literal[
    "one_item",
    "two_items",
    "few_complete",
    "item_without_answers",
    "item_without_spread",
    "low_alpha",
    "no_omega",
    "heywood",
    "mostly_floor",
    "mostly_ceiling",
]

MIN_COMPLETE = 100
"""Project choice: complete answers below which a scale is described but not judged."""

LOW_ALPHA = 0.6
"""Project choice, lower than the usual 0.7 (remembered): many scales have three questions."""

MANY_AT_AN_END = 0.5
"""Project choice: share of scores at the floor or ceiling at which a cut-off and a mean say
little about those who are there."""

MIN_EXPECTED = 20
"""Project choice: respondents expected at an option for its being unused to be a surprise."""


def scale_flags(row: Mapping[str, Any], variance: Floats) -> list[ScaleFlag]:
    """What stands out about a scale in a wave.

    Args:
        row: of the scale: k_items, n_complete, alpha (nan: none), omega_cfa_model (null: none),
            is_heywood, share_floor, share_ceiling.
        variance: shape (k,): of each item's points; nan for fewer than two answers.
    """
    is_judged = row["n_complete"] >= MIN_COMPLETE
    raised: dict[ScaleFlag, bool] = {
        "one_item": row["k_items"] == 1,
        "two_items": row["k_items"] == 2,
        "few_complete": not is_judged,
        "item_without_answers": bool(np.isnan(variance).any()),
        "item_without_spread": bool((variance <= NO_SPREAD).any()),
        "low_alpha": is_judged and row["alpha"] < LOW_ALPHA,
        "no_omega": is_judged and row["k_items"] > 2 and row["omega_cfa_model"] is None,
        "heywood": bool(row["is_heywood"]),
        "mostly_floor": (row["share_floor"] or 0) > MANY_AT_AN_END,
        "mostly_ceiling": (row["share_ceiling"] or 0) > MANY_AT_AN_END,
    }
    return [flag for flag, is_raised in raised.items() if is_raised]


def surprising_gaps(n_chosen: NDArray[np.int64]) -> list[int]:
    """Options that nobody chose although the options beside them make one expect it.

    A rare option at the end of a skewed item is no surprise: that nobody began at ten is not
    an error of the questionnaire.

    Args:
        n_chosen: shape (options,): respondents at each, in the order of the options' points.

    Returns:
        Positions of unused options where at least ``MIN_EXPECTED`` were expected: between two
        used options as many as at the rarer; beyond the last used one as many as its numbers
        suggest if they go on falling as they fell, and never more than it has.
    """
    used = np.flatnonzero(n_chosen)
    gaps = []
    for gap in np.flatnonzero(n_chosen == 0):
        below, above = used[used < gap], used[used > gap]
        if below.size and above.size:
            expected = float(min(n_chosen[below[-1]], n_chosen[above[0]]))
        elif used.size > 1:
            last, next_to_last = (below[-1], below[-2]) if below.size else (above[0], above[1])
            expected = float(n_chosen[last]) * min(1.0, n_chosen[last] / n_chosen[next_to_last])
        else:
            # Everyone gave the same answer, or nobody answered: flagged as such.
            expected = 0.0
        if expected >= MIN_EXPECTED:
            gaps.append(int(gap))
    return gaps
