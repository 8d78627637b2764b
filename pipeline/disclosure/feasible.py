"""What a reader can work out: the tables that fit everything shown, as a linear program."""

import highspy
import numpy as np
from highspy import HighsModelStatus
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array, vstack

from pipeline.disclosure.linked_table import Flags, Integers, LinkedTable

Floats = NDArray[np.float64]

TOLERANCE = 1e-6
"""By how much a solution may miss a bound and count as a table: ten times HiGHS's own."""

PRIMAL_SIMPLEX = 4
"""HiGHS's number of it. With a new objective the last solution is still feasible, so that the
primal simplex goes on from it: 20 to 40 times as fast as from nothing, measured on a table of 60
areas."""


class Program:
    """Maximises one sum of the unknowns after the other over the same tables."""

    def __init__(
        self,
        rows: csr_array,
        lower: Floats | Integers,
        upper: Floats | Integers,
        ceiling: Floats,
    ) -> None:
        """Take in what is known.

        Args:
            rows: (n_rows, n_columns), the sums that are known.
            lower: (n_rows,), the least of each; -inf where nothing is known.
            upper: (n_rows,), the greatest; inf where nothing is known.
            ceiling: (n_columns,), the greatest that an unknown can be; the least is 0.
        """
        self.rows, self.ceiling = rows, ceiling
        self.lower, self.upper = lower.astype(float), upper.astype(float)
        self._columns = np.arange(rows.shape[1], dtype=np.int32)
        self._solver = highspy.Highs()  # type: ignore[no-untyped-call]
        self._solver.setOptionValue("output_flag", False)
        self._solver.setOptionValue("threads", 1)
        self._solver.passModel(self._model())

    def _model(self) -> highspy.HighsLp:
        columns = csc_array(self.rows, dtype=float)
        model = highspy.HighsLp()
        model.num_row_, model.num_col_ = columns.shape
        model.row_lower_, model.row_upper_ = self.lower, self.upper
        model.col_cost_ = np.zeros(model.num_col_)
        model.col_lower_, model.col_upper_ = np.zeros(model.num_col_), self.ceiling
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_ = columns.indptr
        model.a_matrix_.index_ = columns.indices
        model.a_matrix_.value_ = columns.data
        return model

    def greatest(self, objective: Floats) -> Floats | None:
        """Find a table in which a sum of the unknowns is as great as it can be.

        Args:
            objective: (n_columns,), the weight of each unknown in the sum.

        Returns:
            (n_columns,) the unknowns; None where the solver does not call its solution optimal, or
            the solution does not fit: nothing is proven then.
        """
        self._solver.changeColsCost(len(self._columns), self._columns, -objective)
        self._solver.run()
        if self._solver.getModelStatus() != HighsModelStatus.kOptimal:
            self._solver.clearSolver()
            return None
        self._solver.setOptionValue("simplex_strategy", PRIMAL_SIMPLEX)
        found = np.array(self._solver.getSolution().col_value)
        return found if self.fits(found) else None

    def fits(self, found: Floats) -> bool:
        """Whether a solution keeps to everything known, by sums of our own."""
        sums = self.rows @ found
        return bool(
            (found >= -TOLERANCE).all()
            and (sums >= self.lower - TOLERANCE).all()
            and (sums <= self.upper + TOLERANCE).all()
        )

    def add(self, parts: csr_array, lower: float, upper: float) -> int:
        """Let one more sum be known, of the first columns, (1, n); its number is returned."""
        number, columns, values = len(self.lower), parts.indices, parts.data.astype(float)
        added = csr_array((values, columns, parts.indptr), shape=(1, self.rows.shape[1]))
        self.rows = csr_array(vstack([self.rows, added]))
        self.lower, self.upper = np.append(self.lower, lower), np.append(self.upper, upper)
        self._solver.addRow(lower, upper, len(columns), columns.astype(np.int32), values)
        return number

    def bound(self, row: int, lower: float, upper: float) -> None:
        """Let a sum be known to be ``lower`` to ``upper`` from now on."""
        self.lower[row], self.upper[row] = lower, upper
        self._solver.changeRowBounds(row, lower, upper)


def ceiling_of(table: LinkedTable, min_interval: int) -> Floats:
    """(n_atoms,), a bound for the unknowns, so that every program has an end.

    It lies so high that it keeps no cell from being wide enough.
    """
    asked = max(min_interval, int(table.upper_protection.max(initial=0)))
    return np.full(table.atoms.shape[1], float(table.upper.max(initial=0) + asked))


def feasible_intervals(table: LinkedTable, is_hidden: Flags) -> tuple[Floats, Floats]:
    """Work out every hidden or coded cell as far as a reader can, from nothing.

    Args:
        table: cells and what a reader knows of each if it is shown.
        is_hidden: (n_cells,), which cells are not shown.

    Returns:
        Least and greatest value of every cell, (n_cells,); NaN of cells shown without a code.
        Where nothing bounds a cell, its greatest value is the program's bound of its unknowns.

    Raises:
        ValueError: no table fits what is shown.
    """
    shown = np.flatnonzero(~is_hidden)
    program = Program(*table.system(shown), ceiling_of(table, 1))
    ends = np.full((2, len(table.value)), np.nan)
    for cell in np.flatnonzero(is_hidden | table.is_coded):
        parts = table.atoms[[cell]].toarray()[0].astype(float)
        for end, sign in enumerate((-1.0, 1.0)):
            found = program.greatest(sign * parts)
            if found is None:
                raise ValueError("no table fits what is shown")
            ends[end, cell] = parts @ found
    return ends[0], ends[1]
