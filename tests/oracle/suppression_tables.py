"""The oracle's true tables and published versions as linked tables."""

import csv
import json
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import csr_array

from pipeline.disclosure.linked_table import LinkedTable

FOLDER = Path(__file__).parent / "tables"
CASES = ("t1_area_by_gradegender", "t2_hierarchical_3d", "t3_linked")
FIGURES = ("value", "flag", "true", "lpl", "upl")
Cell = frozenset[tuple[str, str]]


class Oracle(NamedTuple):
    """A case: one linked table, its cells' names, and what is known of its versions."""

    table: LinkedTable
    cells: list[Cell]
    expected: dict[str, Any]


def read_oracle(case: str) -> Oracle:
    """One table of all ``true*.csv``; cells that several files have are one cell."""
    rows: dict[Cell, dict[str, str]] = {}
    for path in sorted((FOLDER / case).glob("true*.csv")):
        rows |= dict(_rows(path))
    hierarchies = json.loads((FOLDER / case / "spec.json").read_text("utf-8"))["hierarchies"]
    cells, figures = list(rows), list(rows.values())

    def column(name: str) -> np.ndarray[Any, np.dtype[np.int64]]:
        return np.array([int(row[name]) for row in figures], dtype=np.int64)

    value, lpl, upl = column("true"), column("lpl"), column("upl")
    table = LinkedTable(
        atoms=_atoms(cells, hierarchies),
        value=value,
        lower=value,
        upper=value,
        is_primary=lpl > 0,
        cost=value,
        may_hide=value > 0,
        is_coded=np.zeros(len(cells), dtype=bool),
        lower_protection=lpl,
        upper_protection=upl,
    )
    expected = json.loads((FOLDER / case / "expected.json").read_text("utf-8"))
    return Oracle(table, cells, expected)


def hidden_in(case: str, version: str, cells: list[Cell]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Which cells a published version hides in every file that has them."""
    rows = [
        row for path in (FOLDER / case).glob(f"published_{version}*.csv") for row in _rows(path)
    ]
    shown = {cell for cell, row in rows if not row["flag"]}
    return np.array([cell not in shown for cell in cells])


def _rows(path: Path) -> Iterator[tuple[Cell, dict[str, str]]]:
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            # A total is the cell without that variable, the same in every file.
            yield (
                frozenset(
                    (name, code)
                    for name, code in row.items()
                    if name not in FIGURES and code != "Total"
                ),
                row,
            )


def _atoms(cells: list[Cell], hierarchies: dict[str, dict[str, list[str]]]) -> csr_array:
    names = sorted({name for cell in cells for name, _ in cell})
    leaves = {}
    for name in names:
        inner = set(hierarchies.get(name, {}))
        leaves[name] = sorted({code for cell in cells for n, code in cell if n == name} - inner)

    def under(name: str, code: str) -> set[str]:
        return set(hierarchies.get(name, {}).get(code, [code]))

    atoms = list(product(*(leaves[name] for name in names)))
    matrix = [
        [
            all(dict(zip(names, atom, strict=True))[name] in under(name, code) for name, code in c)
            for atom in atoms
        ]
        for c in cells
    ]
    return csr_array(np.array(matrix, dtype=np.int64))
