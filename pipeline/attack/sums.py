"""Sums of unknown counts: which values each can have, given what is known of the others.

Source: the attacker's problem of cell suppression, e.g. Fischetti and Salazar (2001),
"Solving the cell suppression problem on tabular data with linear constraints", Management
Science 47(7), 1008-1027, equations 1 and 2; solved by HiGHS.
"""

from dataclasses import dataclass

import highspy
import numpy as np
from highspy import HighsModelStatus as Status
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array, eye_array, hstack

Floats = NDArray[np.float64]

FEASIBILITY = 1e-7
"""How far HiGHS lets a row lie outside its bounds."""


class InfeasibleError(Exception):
    """No counts at all fit what is known: the figures deny each other."""


@dataclass(frozen=True, eq=False)
class Known:
    """Rows of sums with their bounds; the unknowns are 0 or more.

    ``matrix`` (n_rows, n_unknowns), ``lower`` and ``upper`` (n_rows,), infinite where open.
    """

    matrix: csr_array
    lower: Floats
    upper: Floats


class Optima:
    """Counts that fit all that is known and make one sum after the other as small as can be.

    The solver goes on from its last optimum, which is 20 times as fast as from nothing.
    """

    def __init__(self, known: Known) -> None:
        """Hand the rows to HiGHS, once."""
        columns = csc_array(known.matrix, dtype=np.float64)
        program = highspy.HighsLp()
        program.num_row_, program.num_col_ = columns.shape
        program.row_lower_, program.row_upper_ = known.lower, known.upper
        program.col_cost_ = np.zeros(program.num_col_)
        program.col_lower_ = np.zeros(program.num_col_)
        program.col_upper_ = np.full(program.num_col_, highspy.kHighsInf)
        program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        program.a_matrix_.start_ = columns.indptr
        program.a_matrix_.index_ = columns.indices
        program.a_matrix_.value_ = columns.data
        self._places = np.arange(program.num_col_, dtype=np.int32)
        self._solver = highspy.Highs()  # type: ignore[no-untyped-call]
        for option, value in (("output_flag", False), ("threads", 1)):
            self._solver.setOptionValue(option, value)
        self._solver.passModel(program)

    def least(self, costs: Floats) -> Floats | None:
        """Counts with the lowest costs, shape (n_unknowns,); None if they can fall without end.

        Raises:
            InfeasibleError: no counts fit what is known.
            RuntimeError: HiGHS gave up.
        """
        self._solver.changeColsCost(len(self._places), self._places, costs)
        self._solver.run()
        status = self._solver.getModelStatus()
        if status == Status.kInfeasible:
            raise InfeasibleError
        if status in (Status.kUnbounded, Status.kUnboundedOrInfeasible):
            self._refuse_nothing(costs)
            return None
        if status != Status.kOptimal:
            raise RuntimeError(f"HiGHS ended with status {status.name}")
        return np.array(self._solver.getSolution().col_value)

    def _refuse_nothing(self, costs: Floats) -> None:
        """Tell costs without end from counts that do not exist.

        Raises:
            InfeasibleError: no counts fit what is known.
        """
        if np.any(costs):
            self._solver.clearSolver()
            self.least(np.zeros(len(costs)))
            self._solver.clearSolver()


def feasible_intervals(known: Known, targets: csr_array) -> Floats:
    """The least and the greatest value of every target, shape (n_targets, 2).

    Args:
        known: what is printed, and how it adds up.
        targets: (n_targets, n_unknowns), the sums asked for.

    Returns:
        Bounds of the linear relaxation; infinite where nothing bounds the target.

    Raises:
        InfeasibleError: no counts fit ``known``.
    """
    optima = Optima(known)
    rows = targets.toarray().astype(np.float64)
    ends = [(_extreme(optima, row, 1.0), _extreme(optima, row, -1.0)) for row in rows]
    return np.array(ends).reshape(len(rows), 2)


def _extreme(optima: Optima, target: Floats, sign: float) -> float:
    found = optima.least(sign * target)
    return -sign * np.inf if found is None else float(target @ found)


def is_feasible(known: Known) -> bool:
    """Whether any counts at all fit what is known."""
    try:
        Optima(known).least(np.zeros(known.matrix.shape[1]))
    except InfeasibleError:
        return False
    return True


def broken_rows(known: Known) -> NDArray[np.int64]:
    """Rows that must give way for any counts to fit, with the least given way in all."""
    denied = np.flatnonzero(known.lower > known.upper)
    if len(denied):
        return denied
    n_rows = known.matrix.shape[0]
    give = eye_array(n_rows, format="csr")
    wider = Known(
        csr_array(hstack([known.matrix, give, -give], format="csr")), known.lower, known.upper
    )
    costs = np.concatenate([np.zeros(known.matrix.shape[1]), np.ones(2 * n_rows)])
    found = Optima(wider).least(costs)
    if found is None:
        return np.empty(0, dtype=np.int64)
    given = found[known.matrix.shape[1] :].reshape(2, n_rows).sum(axis=0)
    return np.flatnonzero(given > FEASIBILITY * 10)


def merged(known: Known) -> tuple[Known, NDArray[np.int64]]:
    """The same rows with unknowns that always occur together made one, and whose each became.

    Unknowns with the same coefficient in every row cannot be told apart, so only their sum
    matters. Exact up to a random projection that would have to collide to 1e-9.
    """
    columns = csc_array(known.matrix)
    if columns.shape[0] == 0:
        return Known(csr_array((0, 1)), known.lower, known.upper), np.zeros(
            columns.shape[1], dtype=np.int64
        )
    projection = np.random.default_rng(20241122).random((2, columns.shape[0]))
    prints = np.round((projection @ columns).T, 9)
    _, first, group = np.unique(prints, axis=0, return_index=True, return_inverse=True)
    matrix = csr_array(columns[:, first])
    return Known(matrix, known.lower, known.upper), np.asarray(group, dtype=np.int64).ravel()
