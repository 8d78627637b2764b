"""Feasible intervals of published tables with hidden cells, against those of another program."""

import csv
import json
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_array

from pipeline.attack.sums import InfeasibleError, Known, feasible_intervals, merged

TABLES = Path(__file__).parents[1] / "oracle" / "tables"

Cell = tuple[tuple[str, str], ...]


def versions() -> list[tuple[str, str]]:
    return [
        (case.name, version)
        for case in sorted(TABLES.iterdir())
        for version in json.loads((case / "expected.json").read_text("utf-8"))["examined"]
    ]


def read_published(case: Path, version: str) -> list[dict[str, str]]:
    """Rows of all tables of one version; only what a reader sees of them."""
    rows = []
    for path in sorted(case.glob(f"published_{version}*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            rows += [
                {name: cell for name, cell in row.items() if name not in {"true", "lpl", "upl"}}
                for row in csv.DictReader(stream)
            ]
    return rows


def cell_of(row: dict[str, str]) -> Cell:
    """A cell by what it is about; a total is about everyone, so its dimension is left out."""
    return tuple(
        sorted(
            (name, code)
            for name, code in row.items()
            if name not in {"value", "flag"} and code != "Total"
        )
    )


def children(name: str, hierarchies: dict[str, Any], codes: dict[str, set[str]]) -> dict[str, Any]:
    if name in hierarchies:
        return {parent: list(parts) for parent, parts in hierarchies[name].items()}
    return {"Total": sorted(codes[name] - {"Total"})}


def additivity(
    rows: list[dict[str, str]], hierarchies: dict[str, Any]
) -> tuple[dict[Cell, int], Known]:
    """Cells as unknowns; each total less its parts is 0, each shown cell is its value."""
    place = {cell: number for number, cell in enumerate(dict.fromkeys(map(cell_of, rows)))}
    equations, bounds = [], []
    tables = {tuple(sorted(set(row) - {"value", "flag"})) for row in rows}
    for names in tables:
        of_table = [row for row in rows if set(names) <= set(row)]
        codes = {name: {row[name] for row in of_table} for name in names}
        for row, name in product(of_table, names):
            parts = children(name, hierarchies, codes).get(row[name])
            if parts:
                line = np.zeros(len(place))
                line[place[cell_of(row)]] = 1
                for part in parts:
                    line[place[cell_of(row | {name: part})]] -= 1
                equations.append(line)
                bounds.append(0.0)
    for row in rows:
        if row["value"]:
            line = np.zeros(len(place))
            line[place[cell_of(row)]] = 1
            equations.append(line)
            bounds.append(float(row["value"]))
    values = np.array(bounds)
    return place, Known(csr_array(np.array(equations)), values, values)


@pytest.mark.parametrize(("case", "version"), versions())
def test_every_interval_of_every_published_version(case: str, version: str) -> None:
    expected = json.loads((TABLES / case / "expected.json").read_text("utf-8"))
    hierarchies = json.loads((TABLES / case / "spec.json").read_text("utf-8"))["hierarchies"]
    rows = read_published(TABLES / case, version)
    place, known = additivity(rows, hierarchies)
    wanted = expected["examined"][version]["intervals"]
    # A linked table may show what another hides.
    shown = {cell_of(row) for row in rows if row["value"]}
    asked = sorted({cell_of(row) for row in rows} - shown)
    assert {name(cell) for cell in asked} == set(wanted)

    one_each = csr_array(np.eye(len(place))[[place[cell] for cell in asked]])
    found = feasible_intervals(known, one_each)

    np.testing.assert_allclose(found, [wanted[name(cell)] for cell in asked], atol=1e-6)


def name(cell: Cell) -> str:
    return "|".join(["n", *(f"{dimension}={code}" for dimension, code in cell)])


def test_unknowns_that_always_occur_together_become_one() -> None:
    matrix = csr_array(np.array([[1.0, 1.0, 1.0, 0.0], [0.0, 0.0, 1.0, 1.0]]))
    few, group = merged(Known(matrix, np.array([3.0, 1.0]), np.array([3.0, 2.0])))
    assert few.matrix.shape == (2, 3)
    assert group[0] == group[1]
    assert len({int(each) for each in group[1:]}) == 3


def test_figures_that_deny_each_other() -> None:
    rows = csr_array(np.array([[1.0], [1.0]]))
    known = Known(rows, np.array([3.0, 5.0]), np.array([4.0, 6.0]))
    with pytest.raises(InfeasibleError):
        feasible_intervals(known, csr_array(np.array([[1.0]])))


def test_a_sum_that_nothing_bounds() -> None:
    known = Known(csr_array(np.array([[1.0, 0.0]])), np.array([2.0]), np.array([4.0]))
    intervals = feasible_intervals(known, csr_array(np.eye(2)))
    assert intervals.tolist() == [[2.0, 4.0], [0.0, np.inf]]
