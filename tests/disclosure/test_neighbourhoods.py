"""Proofs from a part of a table at a time hold for the whole."""

import numpy as np
import pytest

from pipeline.disclosure import neighbourhoods
from pipeline.disclosure.complementary import protect
from pipeline.disclosure.neighbourhoods import prove_nearby
from pipeline.disclosure.pattern import Pattern
from tests.disclosure.brute_reader import work_out
from tests.disclosure.made_tables import made_table, random_table
from tests.disclosure.test_random_tables import assert_protected


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of two atoms and more, as tables of tests are small."""
    monkeypatch.setattr(neighbourhoods, "ATOMS", 2)


def districts() -> Pattern:
    """Two districts of three areas; four areas are hidden, two of each district."""
    sums = [[0], [1], [2], [3], [4], [5], [0, 1, 2], [3, 4, 5], [0, 1, 2, 3, 4, 5]]
    return Pattern(made_table(sums, [5, 20, 30, 40, 6, 50], primary=[0, 1, 4, 5]), 8)


@pytest.mark.usefixtures("small_parts")
def test_cells_of_a_part_are_proven_by_it() -> None:
    pattern = districts()
    prove_nearby(pattern, np.array([5.0, 20, 30, 40, 6, 50]))
    assert not pattern.unproven().any()
    # What is shown, also of the rest of the municipality, is as it was.
    assert pattern.proofs.lower[[2, 3, 6, 7, 8]].tolist() == [30, 40, 55, 96, 151]
    assert pattern.proofs.upper[[2, 3, 6, 7, 8]].tolist() == [30, 40, 55, 96, 151]
    assert (pattern.proofs.upper - pattern.proofs.lower)[[0, 1, 4, 5]].min() >= 8


def test_small_tables_have_no_parts() -> None:
    pattern = districts()
    prove_nearby(pattern, np.array([5.0, 20, 30, 40, 6, 50]))
    assert pattern.unproven().tolist() == pattern.is_hidden.tolist()


@pytest.mark.usefixtures("small_parts")
def test_nothing_is_proven_that_a_reader_can_exclude() -> None:
    for seed in range(8):
        table = random_table(seed)
        pattern = Pattern(table, 8)
        atoms = table.atoms.toarray()
        true = np.linalg.lstsq(atoms, table.value, rcond=None)[0]
        prove_nearby(pattern, np.maximum(true, 0))
        ends = work_out(atoms, table.lower, table.upper, table.is_primary, table.is_primary)
        assert (ends[:, 0] <= pattern.proofs.lower[table.is_primary] + 1e-6).all()
        assert (ends[:, 1] >= pattern.proofs.upper[table.is_primary] - 1e-6).all()


@pytest.mark.usefixtures("small_parts")
def test_tables_are_as_well_protected() -> None:
    for seed in range(8):
        table = random_table(seed)
        assert_protected(table, protect(table, min_interval=8), 8, seed)
