"""A made-up municipality whose tables are protected: areas in districts, and one factor a table."""

from dataclasses import replace
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from pipeline.disclosure.linked_table import LinkedTable

N_AREAS, N_DISTRICTS, N_GRADES, N_FACTORS = 60, 6, 5, 38
PUPILS = (40, 150)
"""Of an area who answered, from and to."""

NOWHERE = 60
"""Pupils of the municipality who live in no known area."""

GENDERS = (0.485, 0.485, 0.03)
"""Girls, boys, and others who are shown in totals only."""

SHARES = (0.02, 0.50)
"""Flagged of a factor, from and to."""

UNANSWERED = 0.04
SPREAD = 0.3
"""Standard deviation of the logarithm of weights, which areas' grades differ in."""

MIN_BASE, MIN_COUNT = 30, 8
CODED_BELOW, CODED_FROM = 0.05, 160
"""Coded ``< 5 %`` instead of hidden, from a base at which 5 % is as wide as the least interval."""

Integers = NDArray[np.int64]


class Cell(NamedTuple):
    """One figure: its atoms, and how the policy judges it."""

    atoms: Integers
    value: int
    is_primary: bool
    is_coded: bool


def factor_table(seed: int, factor: int, *, is_rounded: bool) -> LinkedTable:
    """The linked table of one factor: respondents, valid answers, flagged and not flagged.

    Args:
        seed: of the municipality.
        factor: 0, 1, ...; the pupils are the same in all.
        is_rounded: whether counts are shown rounded to 5, or exactly.
    """
    counts = _counts(seed, factor)
    number = np.arange(counts.size).reshape(counts.shape)
    groups = list(product(_places(), _choices(N_GRADES, N_GRADES), _choices(len(GENDERS), 2)))
    cells = [
        cell for group in groups for cell in _cells(number[np.ix_(*group)], counts[np.ix_(*group)])
    ]
    return _table(cells, counts.size, is_rounded=is_rounded)


def weighted_table(seed: int, factor: int) -> LinkedTable:
    """The same, rounded, where the printed flagged and others are weighted shares."""
    table, counts = factor_table(seed, factor, is_rounded=True), _counts(seed, factor)
    spread = np.random.default_rng([seed, 1]).normal(0, SPREAD, counts.shape[:2])
    weight = np.broadcast_to(np.exp(spread)[:, :, None, None], counts.shape).ravel()
    unknowns = counts.ravel().astype(float)
    atoms = table.atoms.copy()
    bases = atoms[1::4]
    n, weighed = bases @ unknowns, bases @ (weight * unknowns)
    mean = np.repeat(np.divide(weighed, n, out=np.ones_like(n), where=n > 0), 4)
    row = np.repeat(np.arange(atoms.shape[0]), np.diff(atoms.indptr))
    is_share = row % 4 >= 2
    atoms.data = np.where(is_share, weight[atoms.indices] / mean[row], atoms.data)
    true = atoms @ unknowns
    value = np.rint(true).astype(np.int64)
    printed = _rounded(value)
    lower, upper = (
        np.where(table.is_coded, coded, shown)
        for coded, shown in zip((table.lower, table.upper), printed, strict=True)
    )
    return replace(
        table,
        atoms=atoms,
        value=value,
        # Weighted counts are not whole: the interval is drawn to hold them.
        lower=np.minimum(lower, np.floor(true + 1e-6)).astype(np.int64),
        upper=np.maximum(upper, np.ceil(true - 1e-6)).astype(np.int64),
        unknowns=unknowns,
    )


def _counts(seed: int, factor: int) -> Integers:
    """(areas and nowhere, grades, genders, flagged or not or no answer)."""
    draw = np.random.default_rng([seed])
    sizes = np.append(draw.integers(PUPILS[0], PUPILS[1] + 1, N_AREAS), NOWHERE)
    grades = draw.dirichlet([20.0] * N_GRADES, N_AREAS + 1)
    people = np.stack(
        [
            draw.multinomial(size, np.outer(of_grade, GENDERS).ravel()).reshape(N_GRADES, -1)
            for size, of_grade in zip(sizes, grades, strict=True)
        ]
    )
    draw = np.random.default_rng([seed, factor])
    share = draw.uniform(*SHARES)
    # Areas differ more than grades and genders do.
    logit = np.log(share / (1 - share)) + draw.normal(0, 0.3, (N_AREAS + 1, 1, 1))
    logit = logit + draw.normal(0, 0.1, (1, N_GRADES, 1)) + draw.normal(0, 0.1, (1, 1, 3))
    unanswered = draw.binomial(people, UNANSWERED)
    flagged = draw.binomial(people - unanswered, 1 / (1 + np.exp(-logit)))
    return np.stack([flagged, people - unanswered - flagged, unanswered], axis=-1)


def _places() -> list[list[int]]:
    """Municipality, districts, areas."""
    areas = list(range(N_AREAS))
    per_district = N_AREAS // N_DISTRICTS
    districts = [areas[start : start + per_district] for start in range(0, N_AREAS, per_district)]
    return [[*areas, N_AREAS], *districts, *([area] for area in areas)]


def _choices(n_all: int, n_shown: int) -> list[list[int]]:
    return [list(range(n_all)), *([each] for each in range(n_shown))]


def _cells(number: Integers, counts: Integers) -> list[Cell]:
    """Respondents, valid answers, flagged, not flagged, of one group."""
    flagged, not_flagged, unanswered = (int(each) for each in counts.sum(axis=(0, 1, 2)))
    n = flagged + not_flagged
    is_small = n < MIN_BASE
    is_coded = n >= CODED_FROM and flagged < CODED_BELOW * n
    is_primary = is_small or (min(flagged, not_flagged) < MIN_COUNT and not is_coded)
    everyone = n + unanswered
    return [
        Cell(number.ravel(), everyone, everyone < MIN_BASE, is_coded=False),
        Cell(number[..., :2].ravel(), n, is_small, is_coded=False),
        Cell(number[..., 0].ravel(), flagged, is_primary, is_coded),
        Cell(number[..., 1].ravel(), not_flagged, is_primary, is_coded),
    ]


def _table(cells: list[Cell], n_atoms: int, *, is_rounded: bool) -> LinkedTable:
    value = np.array([cell.value for cell in cells], dtype=np.int64)
    coded = np.array([cell.is_coded for cell in cells])
    lower, upper = _rounded(value) if is_rounded else (value, value)
    # Of four cells of a group the last two are coded together: flagged 0 to 5 % of the base.
    base = np.repeat(value.reshape(-1, 4)[:, 1], 4)
    most = np.ceil(CODED_BELOW * base).astype(np.int64)
    is_flagged = np.arange(len(cells)) % 4 == 2
    lower = np.where(coded, np.where(is_flagged, 0, base - most), lower)
    upper = np.where(coded, np.where(is_flagged, most, base), upper)
    starts = np.cumsum([0, *(len(cell.atoms) for cell in cells)])
    atoms = np.concatenate([cell.atoms for cell in cells])
    return LinkedTable(
        atoms=csr_array((np.ones(len(atoms)), atoms, starts), shape=(len(cells), n_atoms)),
        value=value,
        lower=lower,
        upper=upper,
        is_primary=np.array([cell.is_primary for cell in cells]),
        cost=value,
        may_hide=np.ones(len(cells), dtype=bool),
        is_coded=coded,
        lower_protection=np.zeros_like(value),
        upper_protection=np.zeros_like(value),
    )


def _rounded(value: Integers) -> tuple[Integers, Integers]:
    nearest = (value + 2) // 5 * 5
    return np.maximum(nearest - 2, 0), nearest + 2
