"""Linked tables to protect: small ones by hand, random ones like a survey's."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from pipeline.disclosure.linked_table import Flags, Integers, LinkedTable

MIN_BASE = 30
MIN_COUNT = 8


def made_table(
    sums: Iterable[Sequence[int]], counts: Sequence[int], primary: Iterable[int] = (), **other: Any
) -> LinkedTable:
    """A table of exact counts, of which all may be hidden.

    Args:
        sums: the atoms of each cell.
        counts: true count of each atom.
        primary: cells that are hidden whatever happens.
        other: columns of the table that are not as said.
    """
    cells = [list(cell) for cell in sums]
    atoms = np.zeros((len(cells), len(counts)), dtype=np.int64)
    for row, cell in zip(atoms, cells, strict=True):
        row[cell] = 1
    value = atoms @ np.array(counts, dtype=np.int64)
    columns = {
        "value": value,
        "lower": value,
        "upper": value,
        "is_primary": np.isin(np.arange(len(cells)), list(primary)),
        "cost": value,
        "may_hide": np.ones(len(cells), dtype=bool),
        "is_coded": np.zeros(len(cells), dtype=bool),
        "lower_protection": np.zeros_like(value),
        "upper_protection": np.zeros_like(value),
    }
    return LinkedTable(csr_array(atoms), **(columns | other))


def two_way(counts: Sequence[Sequence[int]]) -> tuple[list[list[int]], list[int]]:
    """Atoms of a table of rows and columns: inner cells, totals of rows, of columns, of all."""
    n_rows, n_columns = np.shape(counts)
    number = np.arange(n_rows * n_columns).reshape(n_rows, n_columns)
    sums = [[int(each)] for each in number.ravel()]
    sums += [row.tolist() for row in number] + [column.tolist() for column in number.T]
    return [*sums, number.ravel().tolist()], np.ravel(counts).tolist()


def rounded(value: Integers) -> tuple[Integers, Integers]:
    """What a reader knows of counts that are rounded to 5."""
    nearest = (value + 2) // 5 * 5
    return np.maximum(nearest - 2, 0), nearest + 2


def random_table(seed: int, *, is_weighted: bool = False) -> LinkedTable:
    """A survey of a small municipality: areas by grade by gender, flagged or not or no answer.

    Some have districts, some areas that overlap the others, some pupils who live in no area, some
    a gender that is not shown. Odd seeds are rounded to 5, even ones exact; a few have codes.
    With weights, what is printed are weighted shares of those with an answer.
    """
    draw = np.random.default_rng([20261122, seed])
    areas = _areas(draw)
    n_places = max(max(area) for area in areas) + 1
    n_genders, has_grades = int(draw.integers(2, 4)), draw.random() < 0.4
    people = draw.poisson(draw.uniform(4, 25), (n_places, 2, n_genders))
    answered = draw.binomial(people, 0.95)
    flagged = draw.binomial(answered, draw.uniform(0.02, 0.6))
    counts = np.stack([flagged, answered - flagged, people - answered], axis=-1)
    number = np.arange(counts.size).reshape(counts.shape)
    groups = [
        number[np.ix_(area, grades, genders)]
        for area in areas
        for grades in ([0, 1], [0], [1])[: 1 + 2 * int(has_grades)]
        for genders in (list(range(n_genders)), [0], [1])
    ]
    sums = [part.ravel().tolist() for group in groups for part in _parts(group)]
    table = made_table(sums, counts.ravel().tolist())
    if is_weighted:
        table = _weighted(table, counts.ravel(), np.random.default_rng([20261123, seed]))
    return _as_published(table, is_rounded=seed % 2 == 1)


def _weighted(table: LinkedTable, counts: Integers, draw: np.random.Generator) -> LinkedTable:
    """The same with a mean weight for the pupils of each place, grade and gender."""
    weight = np.repeat(np.exp(draw.normal(0, 0.4, len(counts) // 3)), 3)
    atoms = table.atoms.toarray().astype(float)
    n, weighed = atoms[::3] @ counts, atoms[::3] @ (weight * counts)
    mean = np.where(n > 0, weighed / np.maximum(n, 1), 1)[:, None]
    atoms[1::3] *= weight / mean
    atoms[2::3] *= weight / mean
    true = atoms @ counts
    value = np.rint(true).astype(np.int64)
    between = {"lower": np.floor(true + 1e-9), "upper": np.ceil(true - 1e-9)}
    known = {name: limit.astype(np.int64) for name, limit in between.items()}
    unknowns = counts.astype(float)
    return made_table_from(table, atoms=csr_array(atoms), value=value, unknowns=unknowns, **known)


def _parts(group: Integers) -> list[Integers]:
    """Valid answers, flagged, not flagged."""
    return [group[..., :2], group[..., 0], group[..., 1]]


def _areas(draw: np.random.Generator) -> list[list[int]]:
    """The municipality, then its areas, as places where pupils live."""
    n_places = int(draw.integers(2, 6))
    places = list(range(n_places))
    shown = places[: n_places - int(draw.integers(0, 2))]
    others = [[places[0], places[1]], places[1:]] if draw.random() < 0.5 else []
    return [places, *([place] for place in shown), *others]


def _as_published(table: LinkedTable, *, is_rounded: bool) -> LinkedTable:
    n, flagged, not_flagged = table.value.reshape(-1, 3).T
    is_small = n < MIN_BASE
    is_rare = (flagged < MIN_COUNT) | (not_flagged < MIN_COUNT)
    is_code = ~is_small & is_rare & (flagged >= 1) & (flagged <= n * 0.2) & (n % 3 == 0)
    few = is_small | (is_rare & ~is_code)
    lower, upper = rounded(table.value) if is_rounded else (table.value, table.value)
    # Of weighted counts, which are not whole, both hold the true one.
    lower, upper = np.minimum(lower, table.lower), np.maximum(upper, table.upper)
    coded = _by_cell(np.zeros_like(few), is_code, np.zeros_like(few))
    highest_code = np.repeat(n // 5, 3)
    return made_table_from(
        table,
        lower=np.where(coded, 0, lower),
        upper=np.where(coded, np.maximum(highest_code, table.upper), upper),
        is_primary=_by_cell(is_small, few, few | is_code),
        is_coded=coded,
    )


def _by_cell(n: Flags, flagged: Flags, not_flagged: Flags) -> Flags:
    return np.stack([n, flagged, not_flagged], axis=1).ravel()


def made_table_from(table: LinkedTable, **changed: Any) -> LinkedTable:
    """The same table with other columns."""
    return LinkedTable(**(vars(table) | changed))
