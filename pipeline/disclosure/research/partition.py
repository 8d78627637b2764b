"""Classes of respondents who look alike: k-anonymity and l-diversity by generalisation.

Everyone begins in one class, in which nothing is shown. A class is divided by the next finer level
of one quasi-identifier as long as every part is large and diverse enough. Those who cannot be told
apart so far stay behind in a class of their own: for them the value is generalised, or, where
nothing coarser is left, suppressed.

Source:
    Sweeney (2002), Int. J. Uncertainty, Fuzziness and Knowledge-Based Systems 10(5), 557-570 and
    571-588: k-anonymity by generalisation and suppression (remembered). Machanavajjhala, Kifer,
    Gehrke and Venkitasubramaniam (2007), ACM TKDD 1(1): distinct l-diversity (remembered).
    LeFevre, DeWitt and Ramakrishnan (2006), ICDE: Mondrian, dividing from the top, greedily
    (remembered). Xu et al. (2006), KDD: the normalised certainty penalty, which chooses what to
    divide by (remembered). Who stays behind so that a small remainder is large enough follows from
    the order of pseudonyms alone, never from an answer: project_choice.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.disclosure.research.diversity import Demand, is_met, needed_from

Integers = npt.NDArray[np.int64]

ENDED = -1
"""In a path: nothing finer is known of the respondent."""


class _Class(NamedTuple):
    """Respondents who look alike so far."""

    rows: Integers
    """In the order of pseudonyms."""

    shown: tuple[int, ...]
    """Levels shown of each quasi-identifier."""

    closed: frozenset[int]
    """Quasi-identifiers that this class stayed behind in."""


class _Known(NamedTuple):
    """What is known of respondents by one quasi-identifier."""

    path: Integers
    penalties: npt.NDArray[np.float64]
    """By code of the path."""


class _Division(NamedTuple):
    """A class divided by one quasi-identifier."""

    by: int
    parts: list[Integers]
    behind: Integers
    gain: float
    """How much certainty penalty the division takes away, summed over respondents."""


def shown_levels(paths: Sequence[Integers], sensitive: Integers, demand: Demand) -> Integers:
    """How many levels of each quasi-identifier can be shown of each respondent.

    Args:
        paths: for each quasi-identifier respondents x levels, from the coarsest below "all" to the
            finest: codes from 0, unique over levels within a column; -1 from where nothing finer
            is known.
        sensitive: respondents x measures: codes from 0; -1 where there is no value.
        demand: what every class must have. Rows stand in the order of pseudonyms.

    Returns:
        Respondents x quasi-identifiers: 0 (nothing is shown) to the number of levels. Respondents
        with equal numbers and equal codes up to them are one class, and every class meets
        ``demand``, provided that all respondents together do.
    """
    n = sensitive.shape[0]
    levels = np.zeros((n, len(paths)), np.int64)
    known = [_Known(path, _penalties(path)) for path in paths]
    waiting = [_Class(np.arange(n), (0,) * len(paths), frozenset())]
    while waiting:
        divided = waiting.pop()
        divisions = [
            _divide(divided, by, known[by], sensitive, demand)
            for by in range(len(paths))
            if by not in divided.closed and divided.shown[by] < paths[by].shape[1]
        ]
        feasible = [each for each in divisions if each]
        if feasible:
            # Of equal gains the first named quasi-identifier's.
            best = max(feasible, key=lambda each: (each.gain, -each.by))
            waiting.extend(_after(divided, best))
        else:
            levels[divided.rows] = divided.shown
    return levels


def _after(divided: _Class, division: _Division) -> list[_Class]:
    """The classes that a division leaves."""
    by, shown = division.by, divided.shown
    finer = (*shown[:by], shown[by] + 1, *shown[by + 1 :])
    classes = [_Class(part, finer, divided.closed) for part in division.parts]
    if division.behind.size:
        classes.append(_Class(division.behind, shown, divided.closed | {by}))
    return classes


def _divide(
    divided: _Class, by: int, known: _Known, sensitive: Integers, demand: Demand
) -> _Division | None:
    """Divide a class by the next level of one quasi-identifier; null where nobody can be."""
    rows = divided.rows
    codes = known.path[rows, divided.shown[by]]
    parts = {int(code): rows[codes == code] for code in np.unique(codes) if code != ENDED}
    behind = rows[codes == ENDED]
    while True:
        failing = [code for code, part in parts.items() if not is_met(sensitive[part], demand)]
        behind = np.concatenate([behind, *(parts.pop(code) for code in failing)])
        if not parts:
            return None
        if not behind.size or is_met(sensitive[behind], demand):
            break
        # The order of pseudonyms decides who else stays behind, and says nothing of anybody.
        candidates = _spared(list(parts.values()), demand)
        moved = candidates[: needed_from(sensitive[behind], sensitive[candidates], demand)]
        behind = np.concatenate([behind, moved])
        parts = {code: part[~np.isin(part, moved)] for code, part in parts.items()}
    shown = divided.shown[by]
    before = known.penalties[known.path[rows[0], shown - 1]] if shown else 1.0
    gain = sum((before - known.penalties[code]) * part.size for code, part in parts.items())
    return _Division(by, list(parts.values()), np.sort(behind), float(gain))


def _spared(parts: list[Integers], demand: Demand) -> Integers:
    """Who may stay behind, in order: whom their part can spare, or everyone if none can."""
    spared = [part[: max(part.size - demand.k, 0)] for part in parts]
    return np.sort(np.concatenate(spared if any(each.size for each in spared) else parts))


def _penalties(path: Integers) -> npt.NDArray[np.float64]:
    """By code, the share of the finest values that lie below it; 0 of a finest value itself."""
    finest = np.full(path.shape[0], ENDED)
    for level in path.T:
        finest = np.where(level == ENDED, finest, level)
    n_values = np.unique(finest[finest != ENDED]).size
    penalties = np.zeros(int(path.max(initial=ENDED)) + 1)
    for level in path.T:
        for code in np.unique(level[level != ENDED]):
            below = np.unique(finest[level == code])
            penalties[code] = below.size / n_values if below.size > 1 else 0.0
    return penalties
