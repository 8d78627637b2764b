"""What is hidden so far, and what is proven of it."""

import numpy as np

from pipeline.disclosure.deviations import Deviations, Way
from pipeline.disclosure.feasible import Floats, Program, ceiling_of
from pipeline.disclosure.linked_table import Flags, Integers, LinkedTable
from pipeline.disclosure.proofs import Proofs, is_enough


class Pattern:
    """The hidden cells of a table, with the programs and the proofs that go with them."""

    def __init__(self, table: LinkedTable, min_interval: int) -> None:
        """Hide the primary cells."""
        self.table, self.min_interval = table, min_interval
        self.is_hidden = table.is_primary.copy()
        self.shown_at_first = np.flatnonzero(~table.is_primary)
        self._row = {int(cell): row for row, cell in enumerate(self.shown_at_first)}
        self.proofs = Proofs(table, min_interval)
        ceiling = ceiling_of(table, min_interval)
        self.program = Program(*table.system(self.shown_at_first), ceiling)
        self._deviations = Deviations(table, self.shown_at_first, ceiling)

    def complementary(self) -> Integers:
        """The hidden cells that are not primary."""
        return np.flatnonzero(self.is_hidden & ~self.table.is_primary)

    def unproven(self) -> Flags:
        """Hidden and coded cells that are not yet proven to be uncertain enough, (n_cells,)."""
        return (self.is_hidden | self.table.is_coded) & ~self.proofs.is_met()

    def parts(self, cell: int) -> Floats:
        """(n_atoms,), what one of each atom adds to a cell."""
        row: Floats = self.table.atoms[[cell]].toarray()[0].astype(float)
        return row

    def note(self, unknowns: Floats | None) -> None:
        """Take in a table that a program found, if it did and if it fits what is shown."""
        if unknowns is not None and self.program.fits(unknowns):
            self.proofs.add(unknowns)

    def prove(self, cell: int) -> bool:
        """Look for tables in which a hidden or coded cell is far enough from its true value."""
        for sign in (1.0, -1.0):
            if not self.unproven()[cell]:
                return True
            self.note(self.program.greatest(sign * self.parts(cell)))
        return not self.unproven()[cell]

    def hide(self, cells: Integers) -> None:
        """Hide cells that were shown, with what cannot be shown without them."""
        every = self.table.hidden_with(cells)
        new = every[~self.is_hidden[every]]
        self.is_hidden[new] = True
        for cell in new:
            self.program.bound(self._row[int(cell)], -np.inf, np.inf)
            self._deviations.hide(self._row[int(cell)])

    def show_if_proven(self, cell: int, is_given_up: Flags) -> None:
        """Show a complementary cell again if all but the given up stay proven without it."""
        cells = self.table.shown_with(cell)
        is_free = not self.is_hidden[self.table.bases_of(cell)].any()
        if not is_free or self.table.is_primary[cells].any() or not self.is_hidden[cell]:
            return
        before = self.proofs.copy()
        for each in cells:
            self._show(int(each))
        others = np.flatnonzero(self.unproven() & ~is_given_up)
        # The narrowest first: where one stays so, the rest need not be looked at.
        widths = (self.proofs.upper - self.proofs.lower)[others]
        if all(self.prove(int(other)) for other in others[np.argsort(widths, kind="stable")]):
            return
        self.proofs = before
        self.is_hidden[cells] = True
        for each in cells:
            self.program.bound(self._row[int(each)], -np.inf, np.inf)

    def _show(self, cell: int) -> None:
        self.is_hidden[cell] = False
        lower, upper = float(self.table.lower[cell]), float(self.table.upper[cell])
        self.program.bound(self._row[cell], lower, upper)
        self.proofs.show_again(cell)

    def ways_out(self, cell: int) -> list[Way]:
        """The cheapest ways to give a cell the room it lacks, upwards and downwards.

        Its range must be what a reader can work out, as it is after ``prove`` has failed. Empty
        where the cell stays exact or narrow whatever is hidden.
        """
        least, most = self._deviations.furthest(cell)
        if not self._would_do(cell, least, most):
            return []
        lower, upper = int(self.proofs.lower[cell]), int(self.proofs.upper[cell])
        value, width = int(self.table.value[cell]), self.min_interval
        up = max(lower + width, value + int(self.table.upper_protection[cell]))
        down = min(upper - width, value - int(self.table.lower_protection[cell]))
        # One side alone may not have the room: then as far as it goes, and the other one after.
        asked = [(float(min(up, most)), np.inf), (-np.inf, float(max(down, least)))]
        ways = [self._deviations.cheapest(cell, *ends) for ends in asked]
        return [way for way in ways if way is not None and len(way.cells)]

    def _would_do(self, cell: int, lower: int, upper: int) -> bool:
        lowers, uppers = self.proofs.lower.copy(), self.proofs.upper.copy()
        lowers[cell], uppers[cell] = lower, upper
        return bool(is_enough(self.table, self.min_interval, lowers, uppers)[cell])

    def settle_known(self) -> None:
        """Hide what would give a hidden cell away by itself.

        That is a code whose own interval is too narrow, and a cell that is the sum of exactly the
        atoms of a hidden one.
        """
        table = self.table
        narrow = ~is_enough(table, self.min_interval, table.lower, table.upper)
        given_away = (table.is_coded | self._has_hidden_twin()) & narrow
        self.hide(np.flatnonzero(given_away & table.may_hide & ~self.is_hidden))

    def _has_hidden_twin(self) -> Flags:
        atoms = self.table.atoms.sorted_indices()
        keys = [
            atoms.indices[start:end].tobytes()
            for start, end in zip(atoms.indptr[:-1], atoms.indptr[1:], strict=True)
        ]
        hidden = {key for key, is_hidden in zip(keys, self.is_hidden, strict=True) if is_hidden}
        return np.array([key in hidden for key in keys], dtype=bool)
