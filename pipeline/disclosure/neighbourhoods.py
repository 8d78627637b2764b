"""Proofs from a part of the table at a time: most cells need no more, and it is much faster."""

import numpy as np
from scipy.sparse import csr_array

from pipeline.disclosure.feasible import Floats, Program
from pipeline.disclosure.linked_table import Integers
from pipeline.disclosure.pattern import Pattern

ATOMS = 300
"""Least size of a part. Of 100, 300 and none, 300 took the least time for 60 areas of a
municipality with six districts, which have 450 atoms each."""

LARGEST = 0.8
"""A part that is nearly the whole gains nothing."""


def prove_nearby(pattern: Pattern, middle: Floats) -> None:
    """Prove cells by tables that differ from one table in a few atoms only.

    What is found is a table like any other: its proofs hold for the whole.

    Args:
        pattern: what is hidden; proofs are added to it.
        middle: (n_atoms,), a table that fits everything shown.
    """
    for atoms, cells in _parts(pattern):
        program = _part_of(pattern, middle, atoms)
        for cell in cells:
            for sign in (1.0, -1.0):
                if not pattern.unproven()[cell]:
                    break
                found = program.greatest(sign * pattern.parts(int(cell))[atoms])
                if found is not None:
                    table = middle.copy()
                    table[atoms] = found
                    pattern.note(table)


def _parts(pattern: Pattern) -> list[tuple[Integers, Integers]]:
    """Atoms of a part and the unproven cells in it: of each, the smallest shown cell around it."""
    atoms, shown = _ones(pattern.table.atoms), np.flatnonzero(~pattern.is_hidden)
    sizes = np.diff(atoms.indptr)
    wide = shown[(sizes[shown] >= ATOMS) & (sizes[shown] <= LARGEST * atoms.shape[1])]
    wide = wide[np.argsort(sizes[wide], kind="stable")]
    unproven = np.flatnonzero(pattern.unproven())
    holds = (atoms[unproven] @ atoms[wide].T).toarray() == sizes[unproven][:, None]
    first = np.where(holds, np.arange(len(wide)), len(wide)).min(axis=1, initial=len(wide))
    return [
        (
            _balanced(
                atoms.indices[atoms.indptr[wide[part]] : atoms.indptr[wide[part] + 1]],
                pattern.table.balances,
            ),
            unproven[first == part],
        )
        for part in np.unique(first[first < len(wide)])
    ]


def _ones(atoms: csr_array) -> csr_array:
    """1 where an atom is a part of a cell, whatever it adds to it."""
    return csr_array((np.ones_like(atoms.data), atoms.indices, atoms.indptr), shape=atoms.shape)


def _balanced(atoms: Integers, balances: csr_array | None) -> Integers:
    """Atoms, and those that must change with them for the balances to hold."""
    if balances is None:
        return atoms
    touched = np.flatnonzero(np.diff(balances[:, atoms].tocsr().indptr))
    return np.union1d(atoms, balances[touched].tocsr().indices)


def _part_of(pattern: Pattern, middle: Floats, atoms: Integers) -> Program:
    """The program of a few atoms, all others being what they are in ``middle``."""
    whole = pattern.program
    columns = csr_array(whole.rows[:, atoms])
    touched = np.flatnonzero(np.diff(columns.indptr))
    rows = columns[touched]
    elsewhere = whole.rows[touched] @ middle - rows @ middle[atoms]
    lower, upper = whole.lower[touched] - elsewhere, whole.upper[touched] - elsewhere
    return Program(rows, lower, upper, whole.ceiling[atoms])
