"""The cheapest cells to hide so that a hidden cell can be farther from its true value."""

from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array, eye_array, hstack

from pipeline.disclosure.feasible import TOLERANCE, Floats, Program
from pipeline.disclosure.linked_table import Integers, LinkedTable


class Way(NamedTuple):
    """A table in which a cell has the value that was asked for."""

    cells: Integers
    """The cells that must be hidden for it to be possible."""

    cost: int
    """Of hiding them."""

    unknowns: Floats
    """(n_atoms,), the table."""


class Deviations:
    """Tables in which shown cells may leave their intervals, at a price.

    Kelly, Golden and Assad's (1992) program with the prices of Fischetti and Salazar's (2001)
    heuristic: a cell's cost for every unit that it leaves its interval by, though the true cost is
    for leaving at all. Adapting the prices to how far cells went was tried, and hid no less.
    """

    def __init__(self, table: LinkedTable, shown: Integers, ceiling: Floats) -> None:
        """Begin with the cells that are shown before anything complementary is hidden."""
        self._table, self._shown = table, shown
        self._elastic = np.flatnonzero(table.may_hide[shown])
        rows, lower, upper = table.system(shown)
        # Only cells leave their intervals: a balance is no figure.
        out = eye_array(rows.shape[0], format="csr")[:, self._elastic]
        n_elastic = len(self._elastic)
        self._program = Program(
            csr_array(hstack([rows, out, -out])),
            lower,
            upper,
            np.concatenate([ceiling, np.full(2 * n_elastic, np.inf)]),
        )
        self._fixed = Program(*table.system(shown[~table.may_hide[shown]]), ceiling)
        self._costs = table.cost[shown[self._elastic]].astype(float)
        # That no cell is free keeps the program from hiding what does not help.
        self._costs += max(self._costs.mean() if n_elastic else 0.0, 1.0) / 100

    def hide(self, row: int) -> None:
        """Let a cell go without a price from now on."""
        self._program.bound(row, -np.inf, np.inf)

    def furthest(self, cell: int) -> tuple[int, int]:
        """Least and greatest value of a cell if everything is hidden that may be.

        Returns:
            Whole numbers; the true value where the solver fails.
        """
        parts = self._table.atoms[[cell]].toarray()[0].astype(float)
        value = int(self._table.value[cell])
        low, high = (self._fixed.greatest(sign * parts) for sign in (-1.0, 1.0))
        least = value if low is None else int(np.ceil(parts @ low - TOLERANCE))
        most = value if high is None else int(np.floor(parts @ high + TOLERANCE))
        return least, most

    def cheapest(self, cell: int, least: float, greatest: float) -> Way | None:
        """Find the cheapest way for a hidden cell to have a value between two.

        Args:
            cell: index of the hidden cell.
            least: smallest value asked for; -inf: as small as you like.
            greatest: largest; inf alike.

        Returns:
            The way; None if no hiding helps, or the solver fails.
        """
        row = self._program.add(csr_array(self._table.atoms[[cell]]), least, greatest)
        n_atoms, n_elastic = self._table.atoms.shape[1], len(self._elastic)
        price = np.concatenate([np.zeros(n_atoms), self._costs, self._costs])
        found = self._program.greatest(-price)
        self.hide(row)
        if found is None:
            return None
        left_by = found[n_atoms : n_atoms + n_elastic] + found[n_atoms + n_elastic :]
        cells = self._shown[self._elastic[left_by > TOLERANCE]]
        return Way(cells, int(self._table.cost[cells].sum()), found[:n_atoms])
