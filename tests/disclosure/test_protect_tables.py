"""Many tables: those protected before are not solved again, and processes change nothing."""

import os
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep

import numpy as np
import pytest
from scipy.sparse import csr_array

from pipeline import REPOSITORY
from pipeline.disclosure import protect_tables as module
from pipeline.disclosure.complementary import protect
from pipeline.disclosure.linked_table import LinkedTable, Protection
from pipeline.disclosure.protect_tables import protect_tables
from pipeline.disclosure.protection_cache import code_fingerprint, key_of, read_cache, write_cache
from tests.disclosure.made_tables import made_table_from, random_table

TABLES = [random_table(seed) for seed in (2, 8, 14)]
CODE = code_fingerprint()


@pytest.fixture
def solved(monkeypatch: pytest.MonkeyPatch) -> list[LinkedTable]:
    """Tables that were solved, in their order."""
    tables: list[LinkedTable] = []

    def noted(table: LinkedTable, *, min_interval: int) -> Protection:
        tables.append(table)
        return protect(table, min_interval=min_interval)

    monkeypatch.setattr(module, "protect", noted)
    return tables


def same(first: list[Protection], second: list[Protection]) -> bool:
    return len(first) == len(second) and all(
        np.array_equal(column, vars(other)[name])
        for one, other in zip(first, second, strict=True)
        for name, column in vars(one).items()
    )


def test_without_a_file_every_table_is_solved(solved: list[LinkedTable]) -> None:
    found = protect_tables(TABLES, min_interval=8)
    assert same(found, [protect(table, min_interval=8) for table in TABLES])
    assert len(solved) == 3


def test_a_table_that_was_solved_is_taken_from_the_file(
    tmp_path: Path, solved: list[LinkedTable]
) -> None:
    cache = tmp_path / "build" / "protections"
    first = protect_tables(TABLES, min_interval=8, cache=cache)
    written = cache.stat().st_mtime_ns
    assert same(protect_tables(TABLES, min_interval=8, cache=cache), first)
    assert len(solved) == 3
    assert cache.stat().st_mtime_ns == written


def test_only_a_table_that_changed_is_solved_again(
    tmp_path: Path, solved: list[LinkedTable]
) -> None:
    cache = tmp_path / "protections"
    protect_tables(TABLES, min_interval=8, cache=cache)
    dearer = made_table_from(TABLES[1], cost=TABLES[1].cost + 1)
    protect_tables([TABLES[0], dearer, TABLES[2]], min_interval=8, cache=cache)
    assert solved[3:] == [dearer]
    # What is no longer asked for is not kept.
    assert len(read_cache(cache)) == 3


def test_two_tables_of_the_same_content_are_solved_once(solved: list[LinkedTable]) -> None:
    twice = [TABLES[0], made_table_from(TABLES[0])]
    first, second = protect_tables(twice, min_interval=8)
    assert first is second
    assert len(solved) == 1


def test_everything_that_decides_is_part_of_the_key() -> None:
    table = TABLES[0]
    columns = {
        "value": table.value + 1,
        "lower": np.maximum(table.lower - 1, 0),
        "upper": table.upper + 1,
        "is_primary": ~table.is_primary,
        "cost": table.cost + 1,
        "may_hide": ~table.may_hide,
        "is_coded": ~table.is_coded,
        "lower_protection": table.lower_protection + 1,
        "upper_protection": table.upper_protection + 1,
        "atoms": table.atoms[:, ::-1],
    }
    wide = {"upper": table.upper + 9}
    others = [made_table_from(table, **(wide | {name: column})) for name, column in columns.items()]
    keys = {key_of(other, 8, CODE) for other in others}
    keys |= {key_of(table, 8, CODE), key_of(table, 9, CODE), key_of(table, 8, b"other code")}
    assert len(keys) == len(others) + 3
    assert {len(key) for key in keys} == {64}


def test_what_a_table_may_lack_is_part_of_the_key_too() -> None:
    table = TABLES[0]
    n_cells, n_atoms = table.atoms.shape
    one = csr_array(np.eye(1, n_atoms))
    figures = {"figure": np.arange(n_cells), "is_base": np.zeros(n_cells, dtype=bool)}
    others = [
        figures,
        figures | {"figure": np.zeros(n_cells, dtype=np.int64)},
        figures | {"is_base": np.ones(n_cells, dtype=bool)},
        {"atoms": table.atoms * 1.2},
        {"atoms": table.atoms * 1.4},
        {"balances": one},
        {"balances": -one},
        {"balances": csr_array(np.eye(1, n_atoms, 1))},
        {"value": table.atoms @ np.ones(n_atoms), "unknowns": np.ones(n_atoms)},
        {"value": table.atoms @ np.ones(n_atoms)},
    ]
    wide = {"lower": np.zeros_like(table.value), "upper": table.upper + n_atoms}
    keys = {key_of(made_table_from(table, **(wide | each)), 8, CODE) for each in others}
    assert len(keys | {key_of(made_table_from(table, **wide), 8, CODE)}) == len(others) + 1


def test_the_order_in_which_atoms_are_stored_decides_nothing() -> None:
    table = TABLES[0]
    mixed = table.atoms.copy()
    for start, end in zip(mixed.indptr[:-1], mixed.indptr[1:], strict=True):
        mixed.indices[start:end] = mixed.indices[start:end][::-1]
    mixed.has_sorted_indices = False
    assert key_of(made_table_from(table, atoms=mixed), 8, CODE) == key_of(table, 8, CODE)


def test_the_key_is_the_same_in_every_process() -> None:
    assert code_fingerprint() == CODE
    assert len(CODE) == 32
    assert key_of(random_table(2), 8, CODE) == key_of(TABLES[0], 8, CODE)


@pytest.mark.parametrize("damage", ["cut", "altered", "empty", "not text", "no file", "folder"])
def test_a_damaged_file_is_made_anew(
    tmp_path: Path, damage: str, solved: list[LinkedTable]
) -> None:
    cache = tmp_path / "protections"
    first = protect_tables(TABLES, min_interval=8, cache=cache)
    whole = cache.read_bytes()
    if damage in ("no file", "folder"):
        cache.unlink()
    else:
        altered = whole.replace(b'"n_rounds": ', b'"n_rounds": 1')
        bad = {"cut": whole[:-1], "altered": altered, "empty": b"", "not text": b"\xff" + whole}
        cache.write_bytes(bad[damage])
    where = tmp_path / "deeper" / "protections" if damage == "folder" else cache

    assert read_cache(where) == {}
    assert same(protect_tables(TABLES, min_interval=8, cache=where), first)
    assert len(solved) == 6
    assert where.read_bytes() == whole


def test_a_file_holds_what_was_written(tmp_path: Path) -> None:
    protections = {f"key {n}": protect(table, min_interval=8) for n, table in enumerate(TABLES)}
    write_cache(tmp_path / "protections", protections)
    found = read_cache(tmp_path / "protections")
    assert found.keys() == protections.keys()
    assert same(list(found.values()), list(protections.values()))
    for protection in found.values():
        assert protection.is_hidden.dtype == bool
        assert protection.lower.dtype == protection.upper.dtype == np.int64
    assert list(tmp_path.iterdir()) == [tmp_path / "protections"]


def test_processes_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WORTH_PROCESSES", 0)
    alone = protect_tables(TABLES, min_interval=8, n_processes=1)
    assert same(protect_tables(TABLES, min_interval=8, n_processes=2), alone)


def test_few_cells_are_not_worth_a_process(solved: list[LinkedTable]) -> None:
    # What another process solves is not noted here.
    protect_tables(TABLES, min_interval=8, n_processes=2)
    assert len(solved) == 3


def test_no_tables_are_no_protections() -> None:
    assert protect_tables([], min_interval=8) == []


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_no_process_is_left_when_the_one_that_asked_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "ask.py"
    script.write_text(ASK, "utf-8")
    path = {"PYTHONPATH": str(REPOSITORY)}
    with subprocess.Popen(  # noqa: S603 - this repository
        [sys.executable, str(script)], env=os.environ | path, stdout=subprocess.PIPE, text=True
    ) as asking:
        assert asking.stdout is not None
        workers = [int(asking.stdout.readline()) for _ in range(2)]
        asking.kill()
    until = monotonic() + 60
    while running(workers) and monotonic() < until:
        sleep(0.05)
    assert running(workers) == []


ASK = """
import os, time
from pipeline.disclosure import protect_tables as module

def work(table, *, min_interval):
    os.write(1, f"{os.getpid()}\\n".encode())
    time.sleep(600)

module.protect = work
module.WORTH_PROCESSES = 0
if __name__ == "__main__":
    from tests.disclosure.made_tables import random_table
    tables = [random_table(2), random_table(8)]
    module.protect_tables(tables, min_interval=8, n_processes=2)
"""


def running(processes: list[int]) -> list[int]:
    """Those that have not ended; one that nobody asked for its end has."""
    status = [Path(f"/proc/{each}/status") for each in processes]
    return [
        each
        for each, path in zip(processes, status, strict=True)
        if path.exists() and "State:\tZ" not in path.read_text("utf-8")
    ]
