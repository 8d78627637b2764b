"""Random linked tables: nothing hidden can be worked out, by a reader who shares no code."""

import os

import numpy as np
import pytest

from pipeline.disclosure.complementary import protect
from pipeline.disclosure.linked_table import LinkedTable, Protection
from tests.disclosure.brute_reader import work_out
from tests.disclosure.made_tables import random_table

N_TABLES = int(os.environ.get("RANDOM_TABLES", "200"))
MIN_INTERVAL = 8
CHUNK = 20


@pytest.mark.parametrize("is_weighted", [False, True])
@pytest.mark.parametrize("chunk", range(0, N_TABLES, CHUNK))
def test_no_hidden_or_coded_cell_is_exact_or_narrow(chunk: int, *, is_weighted: bool) -> None:
    for seed in range(chunk, min(chunk + CHUNK, N_TABLES)):
        table = random_table(seed, is_weighted=is_weighted)
        protection = protect(table, min_interval=MIN_INTERVAL)
        assert_protected(table, protection, MIN_INTERVAL, seed)


def assert_protected(
    table: LinkedTable, protection: Protection, min_interval: int, seed: int
) -> None:
    hidden = protection.is_hidden
    secret = hidden | table.is_coded
    assert hidden[table.is_primary].all(), seed
    assert not protection.is_unprotected.any(), seed
    ends = work_out(table.atoms.toarray(), table.lower, table.upper, hidden, secret)
    assert (ends[:, 1] - ends[:, 0]).min(initial=np.inf) >= min_interval - 1e-6, seed
    # What is said to be proven is no more than what a reader has to think possible.
    assert (ends[:, 0] <= protection.lower[secret] + 1e-6).all(), seed
    assert (ends[:, 1] >= protection.upper[secret] - 1e-6).all(), seed


def test_primary_cells_alone_would_be_worked_out() -> None:
    worked_out = 0
    for seed in range(20):
        table = random_table(seed)
        hidden = table.is_primary
        ends = work_out(table.atoms.toarray(), table.lower, table.upper, hidden, hidden)
        worked_out += int((ends[:, 1] - ends[:, 0] < MIN_INTERVAL - 1e-6).sum())
    assert worked_out > 100
