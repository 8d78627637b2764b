"""totals.domain_unit: units sampled within PSUs, rolled up as PSUs are."""

from collections.abc import Callable

from tests.sql.conftest import Rows
from tests.sql.test_domain_psu import ANCESTORS

# Every n is a power of two, so that a sum tells which cells are in it.
CELLS = """
    wave | area_id   | cell_grade | cell_gender | stratum | psu | unit | n_respondents | w_a | wy_a
    2025 | norrsatra | g8         | girl        | all     | A   | 7a   | 1             | 10  | 1.5
    2025 | norrsatra | g8         | boy         | all     | A   | 7a   | 2             | 20  | 2.5
    2025 | norrsatra | g8         | girl        | all     | A   | 7b   | 4             | 40  | 4.5
    2025 | storvik   | g9         | girl        | all     | A   | 7a   | 8             | 80  | 8.5
    2025 | norrsatra |            | girl        | all     | A   | 7a   | 16            | 160 | 16.5
    2025 | norrsatra | g8         | girl        | all     | B   | 7a   | 32            | 320 | 32.5
    2025 | norrsatra | g8         | girl        | south   | A   | 7a   | 64            | 640 | 64.5
    2023 | storvik   | g8         | girl        | all     | A   |      | 128           | 1   | 0.5
"""


def units(run_model: Callable[..., Rows]) -> Rows:
    # An empty cell of the table is null; a cell without a unit says so with an empty text.
    return run_model(
        "totals.domain_unit",
        totals__cell=CELLS.replace("A   |      |", 'A   | ""   |'),
        ref__area_ancestor=ANCESTORS,
    )


def test_margins_are_the_sums_of_their_cells(run_model: Callable[..., Rows]) -> None:
    keys = ("area_id", "grade", "gender", "stratum", "psu", "unit")
    rows = units(run_model)
    n = {tuple(row[key] for key in keys): row["n_respondents"] for row in rows}
    assert len(n) == len(rows)
    assert n["norrsatra", "g8", "girl", "all", "A", "7a"] == 1
    assert n["norrsatra", "g8", "all", "all", "A", "7a"] == 1 + 2
    assert n["norrsatra", "g8", "all", "all", "A", "7b"] == 4
    assert n["norrsatra", "g8", "all", "all", "B", "7a"] == 32
    assert n["norrsatra", "g8", "all", "south", "A", "7a"] == 64
    assert n["sandviken", "all", "all", "all", "A", "7a"] == 1 + 2 + 8 + 16
    assert {key[1] for key in n} == {"g8", "g9", "all"}


def test_weights_and_values_are_added_as_counts_are(run_model: Callable[..., Rows]) -> None:
    [row] = [
        row
        for row in units(run_model)
        if (row["area_id"], row["grade"], row["gender"]) == ("sandviken", "all", "all")
        and (row["stratum"], row["psu"], row["unit"]) == ("all", "A", "7a")
    ]
    assert (row["w_a"], row["wy_a"]) == (10 + 20 + 80 + 160, 1.5 + 2.5 + 8.5 + 16.5)


def test_waves_without_a_second_stage_are_not_there(run_model: Callable[..., Rows]) -> None:
    assert {row["wave"] for row in units(run_model)} == {2025}
