"""A reader with a solver: every hidden cell by two dense linear programs, from nothing.

Shares no code with the product; it takes a table's columns and what is hidden, that is all.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

Numbers = NDArray[Any]


def work_out(
    atoms: Numbers, lower: Numbers, upper: Numbers, is_hidden: Numbers, wanted: Numbers
) -> Numbers:
    """Least and greatest value of each wanted cell, (n_wanted, 2).

    Args:
        atoms: (n_cells, n_atoms), dense.
        lower: (n_cells,), what is known of a cell that is shown.
        upper: (n_cells,).
        is_hidden: (n_cells,), of which nothing is known.
        wanted: (n_cells,), cells to work out.
    """
    shown = ~is_hidden
    is_exact = shown & (lower == upper)
    is_between = shown & (lower < upper)
    known = {
        "A_eq": atoms[is_exact],
        "b_eq": lower[is_exact],
        "A_ub": np.concatenate([atoms[is_between], -atoms[is_between]]),
        "b_ub": np.concatenate([upper[is_between], -lower[is_between]]),
        "bounds": (0, None),
        "method": "highs",
    }
    ends = [(_end(cell, 1, known), _end(cell, -1, known)) for cell in atoms[wanted]]
    return np.array(ends).reshape(-1, 2)


def _end(cell: Numbers, sign: int, known: dict[str, Any]) -> float:
    solved = linprog(sign * cell, **known)
    if solved.status == 3:  # unbounded
        return -sign * np.inf
    assert solved.status == 0, solved.message
    return float(sign * solved.fun)
