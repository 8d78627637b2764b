"""Which hidden cells are proven to be uncertain enough, by tables that a reader cannot exclude."""

from copy import copy

import numpy as np

from pipeline.disclosure.feasible import TOLERANCE, Floats
from pipeline.disclosure.linked_table import Flags, Integers, LinkedTable


class Proofs:
    """The range that every cell has over the tables found so far.

    Whoever can find two tables that fit what is shown cannot be told which is true: each table
    found for the sake of one cell widens the range of all of them. More hiding leaves every table
    possible; showing a cell again may not, so tables that a shown cell would exclude are kept.
    """

    def __init__(self, table: LinkedTable, min_interval: int) -> None:
        """Begin with the true table alone."""
        self._table, self._min_interval = table, min_interval
        self.lower, self.upper = table.value, table.value
        if table.unknowns is not None:
            # Weighted counts lie between two whole ones.
            self.lower, self.upper = _inside(table.atoms @ table.unknowns)
        # Over the tables that keep to every cell which is not primary: possible in any case.
        self._always = (self.lower, self.upper)
        # The others, as the values of all cells.
        self._sometimes: list[Floats] = []

    def add(self, unknowns: Floats) -> None:
        """Take in a table that a program found: its unknowns, (n_atoms,)."""
        values = self._table.atoms @ unknowns
        self.lower, self.upper = _widened(self.lower, self.upper, values)
        if _fits(values, self._table, ~self._table.is_primary):
            self._always = _widened(*self._always, values)
        else:
            self._sometimes.append(values)

    def show_again(self, cell: int) -> None:
        """Give up the tables in which a cell has a value that its reader can exclude."""
        self._sometimes = [values for values in self._sometimes if _fits(values, self._table, cell)]
        self.lower, self.upper = self._always
        for values in self._sometimes:
            self.lower, self.upper = _widened(self.lower, self.upper, values)

    def is_met(self) -> Flags:
        """Whether each cell is as uncertain as it has to be where it is not shown, (n_cells,)."""
        return is_enough(self._table, self._min_interval, self.lower, self.upper)

    def copy(self) -> "Proofs":
        """The same, to go on from on trial: arrays are never changed in place."""
        other = copy(self)
        other._sometimes = list(self._sometimes)
        return other


def _fits(values: Floats, table: LinkedTable, cells: Flags | int) -> bool:
    above = values[cells] >= table.lower[cells] - TOLERANCE
    below = values[cells] <= table.upper[cells] + TOLERANCE
    return bool(np.all(above & below))


def _widened(lower: Integers, upper: Integers, values: Floats) -> tuple[Integers, Integers]:
    least, greatest = _inside(values)
    return np.minimum(lower, least), np.maximum(upper, greatest)


def _inside(values: Floats) -> tuple[Integers, Integers]:
    """The least and the greatest whole count of an interval that ends here, towards its inside."""
    # A count is whole, and a reader knows that.
    least = np.ceil(values - TOLERANCE).astype(np.int64)
    return least, np.floor(values + TOLERANCE).astype(np.int64)


def is_enough(table: LinkedTable, min_interval: int, lower: Integers, upper: Integers) -> Flags:
    """Whether intervals are as wide as the policy asks, and reach as far from the true values.

    Args:
        table: cells.
        min_interval: least width.
        lower: (n_cells,), least value that a reader thinks possible.
        upper: (n_cells,), greatest.

    Returns:
        (n_cells,).
    """
    reaches_down = lower <= np.maximum(table.value - table.lower_protection, 0)
    reaches_up = upper >= table.value + table.upper_protection
    met: Flags = (upper - lower >= min_interval) & reaches_down & reaches_up
    return met
