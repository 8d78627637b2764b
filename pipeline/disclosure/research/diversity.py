"""What a class of respondents who look alike must have: enough of them, who answer differently."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]


class Demand(NamedTuple):
    """What every class must have."""

    k: int
    """Respondents at least."""

    l: int  # noqa: E741 - the name it has in the literature
    """Distinct values at least of each sensitive measure of which anyone in the class has one."""


def is_met(sensitive: Integers, demand: Demand) -> bool:
    """Whether a class is large and diverse enough.

    Args:
        sensitive: respondents of the class x measures; codes from 0, -1 where there is no value.
        demand: what it must have.
    """
    if sensitive.shape[0] < demand.k:
        return False
    distinct = distinct_values(sensitive)
    return bool(((distinct == 0) | (distinct >= demand.l)).all())


def distinct_values(sensitive: Integers) -> Integers:
    """Number of distinct values of each measure, by column; no value is not one."""
    if not sensitive.size:
        return np.zeros(sensitive.shape[1], np.int64)
    ordered = np.sort(sensitive, axis=0)
    is_new = np.vstack([ordered[:1] >= 0, np.diff(ordered, axis=0) > 0])
    counts: Integers = is_new.sum(axis=0)
    return counts


def needed_from(behind: Integers, candidates: Integers, demand: Demand) -> int:
    """How many of the candidates, taken in order, make a class that is large and diverse enough.

    Args:
        behind: respondents of the class x measures.
        candidates: respondents who may join x measures, in the order in which they would.
        demand: what the class must have.

    Returns:
        The fewest that are enough whoever comes after; all of them where no number is.
    """
    needed: list[int] = [demand.k - behind.shape[0], 1]
    for measure, joining in zip(behind.T, candidates.T, strict=True):
        present = np.unique(measure[measure >= 0])
        values, first = np.unique(joining, return_index=True)
        new = np.sort(first[(values >= 0) & ~np.isin(values, present)])
        lacking = demand.l - present.size
        if lacking > 0 and new.size + present.size:
            needed.append(int(new[lacking - 1]) + 1 if new.size >= lacking else len(candidates))
    return min(max(needed), len(candidates))
