"""totals.domain: how many each domain holds."""

from collections.abc import Callable

from tests.sql.conftest import Rows
from tests.unit.test_roll_up import ANCESTORS

# Every n is a power of two, so that a sum tells which cells are in it.
CELLS = """
    wave | area_id   | cell_grade | cell_gender | psu | n_respondents
    2025 | norrsatra | g8         | girl        | 8A  | 1
    2025 | norrsatra | g8         | girl        | 8B  | 2
    2025 | norrsatra | g8         | boy         | 8A  | 4
    2025 | storvik   | g9         | girl        | 9A  | 8
    2025 | norrsatra | ""         | girl        | 8A  | 16
    2025 | sandviken | g8         | ""          | 8A  | 32
    2023 | storvik   | g8         | girl        | 8A  | 64
"""


def test_a_domain_counts_all_of_its_cells(run_model: Callable[..., Rows]) -> None:
    rows = run_model("totals.domain", totals__cell=CELLS, ref__area_ancestor=ANCESTORS)
    n = {
        tuple(row[key] for key in ("wave", "area_id", "grade", "gender")): row["n_respondents"]
        for row in rows
    }
    assert len(n) == len(rows)
    assert n[2025, "norrsatra", "g8", "girl"] == 1 + 2
    assert n[2025, "norrsatra", "g8", "all"] == 1 + 2 + 4
    assert n[2025, "norrsatra", "all", "girl"] == 1 + 2 + 16
    assert n[2025, "sandviken", "g8", "all"] == 1 + 2 + 4 + 32
    assert n[2025, "sandviken", "all", "all"] == 1 + 2 + 4 + 8 + 16 + 32
    assert n[2023, "omrade_1", "all", "all"] == 64
    assert {key[2] for key in n} == {"g8", "g9", "all"}
    assert {key[3] for key in n} == {"girl", "boy", "all"}
