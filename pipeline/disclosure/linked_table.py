"""Cells that add up the same unknowns, and what a reader knows of each of them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


OF_CELLS = (
    "value",
    "lower",
    "upper",
    "is_primary",
    "cost",
    "may_hide",
    "is_coded",
    "lower_protection",
    "upper_protection",
)
"""Arrays of a linked table with one value for each cell."""


@dataclass(frozen=True, eq=False)
class LinkedTable:
    """Everything that is published of the same people, as one system of sums.

    Arrays are of shape (n_cells,) unless said otherwise. The unknowns, called atoms, are counts of
    pupils, 0 or more, that the reader is after; no reader needs to know them as numbers.
    """

    atoms: csr_array
    """(n_cells, n_atoms), 0 or more: what one of an atom adds to a cell. 1 where everyone counts
    once; with weights, the mean weight of the atom's pupils over that of the cell's."""

    value: Integers
    """The true count of every cell, 0 or more: the sum of its atoms' true counts, as a whole
    number."""

    lower: Integers
    """The least count that a reader thinks possible where the cell is shown; at most ``value``."""

    upper: Integers
    """The greatest, at least ``value``. Equal to ``lower`` where the exact count is shown."""

    is_primary: Flags
    """Hidden whatever happens: the rules say so."""

    cost: Integers
    """What is lost by hiding the cell, 0 or more; only the proportions matter."""

    may_hide: Flags
    """Whether the cell may be hidden to protect others. Primary cells are hidden in any case."""

    is_coded: Flags
    """Shown as a code (``< 5 %``), so that it must be as uncertain as a hidden cell; the code's
    interval is in ``lower`` and ``upper``. A code that does not do is hidden, if it may be."""

    lower_protection: Integers
    """How far below ``value`` a reader must think a primary cell possible; 0 where nothing is
    asked beyond the minimum interval."""

    upper_protection: Integers
    """How far above."""

    figure: Integers | None = None
    """The number of the figure that a cell is part of: what is printed of one group. Its cells are
    hidden together, but its base may stay when the others go. Null: every cell by itself."""

    is_base: Flags | None = None
    """Whether the cell is its figure's base: the number of respondents that a share is of."""

    balances: csr_array | None = None
    """(n_balances, n_atoms): sums that everyone knows to be 0, since the same pupils are counted
    in two ways: once as more, once as less than 0, each by the atom's mean weight."""

    unknowns: Floats | None = None
    """(n_atoms,), the true counts of the atoms where they are known; null: any will do that add up
    to ``value``."""

    def __post_init__(self) -> None:
        """Refuse what is no linked table.

        Raises:
            ValueError: arrays of different lengths, a value outside of its own interval, negative
                atoms, counts, costs or protections.
        """
        n_cells = self.atoms.shape[0]
        for name in OF_CELLS:
            shape = getattr(self, name).shape
            if shape != (n_cells,):
                raise ValueError(f"{name} has shape {shape}, expected ({n_cells},)")
        if not (self.atoms.data >= 0).all():
            raise ValueError("atoms holds numbers below 0")
        if (self.figure is None) != (self.is_base is None):
            raise ValueError("figure and is_base are stated together or not at all")
        if self.unknowns is not None and (np.rint(self.atoms @ self.unknowns) != self.value).any():
            raise ValueError("value is not the sum of the atoms' counts")
        if ((self.lower > self.value) | (self.value > self.upper)).any():
            raise ValueError("a cell's value lies outside of its lower and upper")
        for name in ("lower", "cost", "lower_protection", "upper_protection"):
            if (getattr(self, name) < 0).any():
                raise ValueError(f"{name} is negative")

    def system(self, shown: Integers) -> tuple[csr_array, Floats, Floats]:
        """What is known where ``shown`` cells are: sums of atoms, the least and the greatest.

        The cells' own come first, in their order.
        """
        rows = csr_array(self.atoms[shown])
        lower, upper = self.lower[shown].astype(float), self.upper[shown].astype(float)
        if self.balances is None:
            return rows, lower, upper
        nothing = np.zeros(self.balances.shape[0])
        every = csr_array(vstack([rows, self.balances], format="csr"))
        return every, np.append(lower, nothing), np.append(upper, nothing)

    def hidden_with(self, cells: Integers) -> Integers:
        """``cells`` and what cannot be shown without them: all that is printed on a base."""
        if self.figure is None or self.is_base is None:
            return cells
        is_asked = np.zeros(len(self.value), dtype=bool)
        is_asked[cells] = True
        without_base = np.isin(self.figure, self.figure[is_asked & self.is_base])
        same = np.isin(self.figure, self.figure[is_asked & ~self.is_base]) & ~self.is_base
        return np.flatnonzero(without_base | same)

    def shown_with(self, cell: int) -> Integers:
        """A cell and what goes with it when it is shown again: a base comes alone."""
        if self.figure is None or self.is_base is None or self.is_base[cell]:
            return np.array([cell])
        return np.flatnonzero((self.figure == self.figure[cell]) & ~self.is_base)

    def bases_of(self, cell: int) -> Integers:
        """What must be shown for a cell to be: its figure's base, if it is no base itself."""
        if self.figure is None or self.is_base is None or self.is_base[cell]:
            return np.array([], dtype=np.int64)
        return np.flatnonzero((self.figure == self.figure[cell]) & self.is_base)


@dataclass(frozen=True, eq=False)
class Protection:
    """Which cells are hidden, and what a reader can find out about those. Shape (n_cells,)."""

    is_hidden: Flags
    """Primary and complementary cells, and codes that had to go."""

    lower: Integers
    """A count that the cell has in a table which a reader cannot tell from the true one, the
    least that was proven: the interval that a reader can work out reaches at least as far down.
    Of hidden and coded cells; ``LinkedTable.lower`` of those that are shown."""

    upper: Integers
    """The greatest, alike."""

    is_unprotected: Flags
    """Hidden or coded cells that stay exact or narrow though everything that may be hidden is:
    if there is any, nothing of the table may be shown."""

    n_rounds: int
    """How many times more was hidden after the primary cells."""
