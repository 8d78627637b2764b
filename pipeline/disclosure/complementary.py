"""Complementary suppression: hide until no hidden cell can be worked out.

Cells are proven safe by tables that a reader cannot tell from the true one. Where there is no
such proof, more is hidden; the method page has the formulas and their sources.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from pipeline.disclosure.feasible import Floats, Program, ceiling_of
from pipeline.disclosure.linked_table import Flags, Integers, LinkedTable, Protection
from pipeline.disclosure.neighbourhoods import prove_nearby
from pipeline.disclosure.pattern import Pattern

SMALL = 500
"""Cells of a table that is protected in several orders, of which the cheapest is taken."""

SEED = 20261122
MIN_PROVEN = 3
"""Cells that two programs over all cells have to prove for two more to be worth their time. Of 3, 6
and 12, 3 took the least on the sample."""

Order = Callable[[Integers, LinkedTable], Integers]

ORDERS: tuple[Order, ...] = (
    lambda cells, _: cells,
    lambda cells, table: cells[np.argsort(table.value[cells], kind="stable")],
    lambda cells, table: cells[np.argsort(-table.value[cells], kind="stable")],
)
"""As they stand; from the smallest value; from the greatest."""


def protect(table: LinkedTable, *, min_interval: int) -> Protection:
    """Hide as little more as is needed for no hidden or coded cell to be exact or narrow.

    The same table gives the same protection, in any process. It always ends: every step hides a
    cell more or gives a cell up, and what was given up is named.

    Args:
        table: cells and what a reader knows of each.
        min_interval: the width that the interval a reader can work out of a hidden or coded cell
            must have at least, 1 or more.

    Returns:
        What is hidden, and the proven interval of every hidden or coded cell.

    Raises:
        ValueError: the values are not sums of any atoms, or ``min_interval`` is less than 1.
    """
    if min_interval < 1:
        raise ValueError(f"min_interval is {min_interval}, expected 1 or more")
    true = table.unknowns
    if true is None:
        true = _true_unknowns(table, min_interval)
    orders = ORDERS if len(table.value) <= SMALL else ORDERS[:1]
    tried = [_protected(Pattern(table, min_interval), true, order) for order in orders]
    return min(tried, key=lambda each: _loss(table, each))


def _loss(table: LinkedTable, protection: Protection) -> tuple[int, int, int]:
    hidden = protection.is_hidden
    return int(protection.is_unprotected.sum()), int(table.cost[hidden].sum()), int(hidden.sum())


def _true_unknowns(table: LinkedTable, min_interval: int) -> Floats:
    ceiling = ceiling_of(table, min_interval)
    exact = replace(table, lower=table.value, upper=table.value)
    every = np.arange(len(table.value))
    found = Program(*exact.system(every), ceiling).greatest(np.zeros(len(ceiling)))
    if found is None:
        raise ValueError("the cells' values are not sums of any counts of atoms")
    return found


def _protected(pattern: Pattern, true: Floats, order: Order) -> Protection:
    table = pattern.table
    pattern.settle_known()
    _prove_together(pattern, true)
    is_given_up, n_rounds = np.zeros(len(table.value), dtype=bool), 0
    while (waiting := np.flatnonzero(pattern.unproven() & ~is_given_up)).size:
        n_rounds += 1
        for cell in order(waiting, table):
            is_given_up[cell] = not _hide_until_proven(pattern, int(cell))
    _show_again(pattern, is_given_up)
    matters = pattern.is_hidden | table.is_coded
    return Protection(
        is_hidden=pattern.is_hidden,
        lower=np.where(matters, pattern.proofs.lower, table.lower),
        upper=np.where(matters, pattern.proofs.upper, table.upper),
        is_unprotected=pattern.unproven(),
        n_rounds=n_rounds,
    )


def _prove_together(pattern: Pattern, true: Floats) -> None:
    """Prove as many cells as possible at a time, before they are taken one by one."""
    # The same draws every time: the same table has the same protection.
    draws = np.random.default_rng(SEED)
    found, n_before = [true], pattern.unproven().sum() + MIN_PROVEN
    signs = np.ones(len(pattern.table.value))
    while n_before - (n_unproven := pattern.unproven().sum()) >= MIN_PROVEN:
        n_before = n_unproven
        for direction in (signs, -signs):
            spread = pattern.program.greatest(
                pattern.table.atoms.T @ (direction * pattern.unproven())
            )
            if spread is not None:
                pattern.note(spread)
                found.append(spread)
        # Some as great as can be and others as small, as it happens.
        signs = draws.choice([-1.0, 1.0], size=len(signs))
    prove_nearby(pattern, np.mean(found, axis=0))


def _hide_until_proven(pattern: Pattern, cell: int) -> bool:
    """Hide more until a cell is proven; False if it is not and nothing more would help."""
    while not pattern.prove(cell):
        if not _hide_more(pattern, cell):
            return False
    return True


def _hide_more(pattern: Pattern, cell: int) -> bool:
    """Hide at least one cell more for the sake of one; False if none would help."""
    table = pattern.table
    if not pattern.is_hidden[cell] and table.may_hide[cell]:
        pattern.hide(np.array([cell]))
    elif ways := pattern.ways_out(cell):
        best = min(ways, key=lambda way: (way.cost, len(way.cells)))
        pattern.hide(best.cells)
        pattern.note(best.unknowns)
    else:
        return False
    return True


def _show_again(pattern: Pattern, is_given_up: Flags) -> None:
    """Show what need not be hidden, the dearest first."""
    cells = pattern.complementary()
    for cell in cells[np.argsort(-pattern.table.cost[cells], kind="stable")]:
        pattern.show_if_proven(int(cell), is_given_up)
