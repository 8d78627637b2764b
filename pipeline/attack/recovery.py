"""Which hidden counts are nearly known: few optima prove most of them wide, the rest are solved."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from pipeline.attack.sums import Known, Optima, merged

Floats = NDArray[np.float64]

ROUNDS = 4
"""Optima over many targets at once before each is solved by itself."""

CAP = 100_000.0
"""More pupils than any unknown holds: keeps sums finite that nothing bounds."""

SLACK = 1e-6


@dataclass(frozen=True, eq=False)
class Tight:
    """Targets that can be worked out too well."""

    place: NDArray[np.int64]
    """Rows of the targets."""

    least: Floats
    greatest: Floats
    """Whole counts: the bounds of the linear relaxation, inwards."""

    n_solved: int
    """Optima that it took."""


def tight_targets(known: Known, targets: csr_array, width: int) -> Tight:
    """Targets whose feasible interval is narrower than ``width``.

    An optimum is a set of counts that fits all that is known; two of them that differ by
    ``width`` in a target prove it wide. Unknowns that always occur together may share their sum
    in any way, so that even one optimum leaves a sum over some of them a whole interval.

    Raises:
        InfeasibleError: no counts fit ``known``.
    """
    few, group = merged(known)
    sizes = np.bincount(group, minlength=few.matrix.shape[1])
    member = csr_array(
        (np.ones(len(group)), (np.arange(len(group)), group)), shape=(len(group), len(sizes))
    )
    covered = (targets @ member).toarray()
    shapes, same = np.unique(covered, axis=0, return_inverse=True)
    sought = Sought(
        full=csr_array((shapes == sizes) & (shapes > 0), dtype=np.float64),
        touched=csr_array(shapes > 0, dtype=np.float64),
        least=np.full(len(shapes), np.inf),
        greatest=np.full(len(shapes), -np.inf),
    )
    n_solved = _spread(Optima(_capped(few)), sought, width)
    least, greatest = np.ceil(sought.least - SLACK), np.floor(sought.greatest + SLACK)
    same = same.ravel()
    place = np.flatnonzero((greatest - least < width)[same])
    return Tight(place, least[same[place]], greatest[same[place]], n_solved)


@dataclass(eq=False)
class Sought:
    """Different targets, by the unknowns that they hold whole and those they hold a part of."""

    full: csr_array
    touched: csr_array
    least: Floats
    """The least seen so far in counts that fit."""

    greatest: Floats

    def see(self, counts: Floats) -> None:
        """Take note of one more set of counts that fits."""
        self.least = np.minimum(self.least, self.full @ counts)
        self.greatest = np.maximum(self.greatest, self.touched @ counts)

    def open_still(self, width: int) -> NDArray[np.bool_]:
        """Targets that have not been seen to be wide."""
        return _width(self.least, self.greatest) < width


def _spread(optima: Optima, sought: Sought, width: int) -> int:
    """See optima over many targets at once, then over each that is not proven wide."""
    chance = np.random.default_rng(20241122)
    n_solved = 0
    for _ in range(ROUNDS):
        signs = chance.choice([-1.0, 1.0], size=len(sought.least)) * sought.open_still(width)
        up, down = np.maximum(signs, 0), np.maximum(-signs, 0)
        sought.see(_at(optima, down @ sought.full - up @ sought.touched))
        n_solved += 1
        if not sought.open_still(width).any():
            return n_solved
    for row in np.flatnonzero(sought.open_still(width)):
        # Optima of earlier rows may have proven this one by now.
        for costs in (-sought.touched[[row]], sought.full[[row]]):
            if sought.open_still(width)[row]:
                sought.see(_at(optima, costs.toarray().ravel()))
                n_solved += 1
    return n_solved


def _at(optima: Optima, costs: Floats) -> Floats:
    found = optima.least(np.asarray(costs, dtype=np.float64))
    if found is None:
        raise RuntimeError("capped counts grow without end")
    return found


def _width(least: Floats, greatest: Floats) -> Floats:
    """Of the whole counts between: a reader knows that nobody is half a pupil."""
    with np.errstate(invalid="ignore"):
        return np.floor(greatest + SLACK) - np.ceil(least - SLACK)


def _capped(known: Known) -> Known:
    """The same with a sum of everyone that no survey reaches."""
    everyone = csr_array(np.ones((1, known.matrix.shape[1])))
    return Known(
        csr_array(vstack([known.matrix, everyone], format="csr")),
        np.append(known.lower, 0.0),
        np.append(known.upper, CAP),
    )
