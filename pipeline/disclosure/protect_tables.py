"""Many tables protected: those that are new, in as many processes as there are cores."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from pipeline.disclosure.complementary import protect
from pipeline.disclosure.linked_table import LinkedTable, Protection
from pipeline.disclosure.protection_cache import (
    code_fingerprint,
    key_of,
    read_cache,
    write_cache,
)
from pipeline.processes import in_processes, n_cores

WORTH_PROCESSES = 2_000
"""Cells, over all new tables, below which starting processes takes longer than it saves."""


def protect_tables(
    tables: Sequence[LinkedTable],
    *,
    min_interval: int,
    cache: Path | None = None,
    keeps_cache: bool = False,
    n_processes: int | None = None,
) -> list[Protection]:
    """Protect tables that have no cells in common, each as ``protect`` does.

    What is the same as in an earlier call is not solved again. Unless it is told to keep what it
    has, the file holds the tables of this call afterwards and no others, so that it does not grow.

    Args:
        tables: what to protect.
        min_interval: as in ``protect``.
        cache: file of earlier protections, read where it is there and whole; None: no file.
        keeps_cache: whether the file keeps the tables of earlier calls beside those of this one.
        n_processes: how many at a time; None: one for each core that may be used. Their number
            changes no protection.

    Returns:
        The protection of each table, in their order.

    Raises:
        ValueError: as ``protect`` does.
    """
    code = code_fingerprint()
    keys = [key_of(table, min_interval, code) for table in tables]
    known = read_cache(cache) if cache else {}
    new = {key: table for key, table in zip(keys, tables, strict=True) if key not in known}
    solved = _protect_new(list(new.values()), min_interval, n_processes or n_cores())
    known |= dict(zip(new, solved, strict=True))
    wanted = {key: known[key] for key in keys}
    if cache and new:
        write_cache(cache, known if keeps_cache else wanted)
    return [wanted[key] for key in keys]


def _protect_new(
    tables: list[LinkedTable], min_interval: int, n_processes: int
) -> list[Protection]:
    is_worth_it = sum(len(table.value) for table in tables) >= WORTH_PROCESSES
    solve = partial(protect, min_interval=min_interval)
    return in_processes(solve, tables, n_processes if is_worth_it else 1)
