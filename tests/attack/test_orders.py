"""Orders of rows that say nothing, and orders that do."""

import polars as pl
import pytest

from pipeline.attack.names import Names
from pipeline.attack.orders import order_findings
from tests.tables import table

ROLES: dict[str, str | None] = {"area_id": "key", "grade": "key", "percent": "percent"}


def findings(text: str) -> list[str]:
    rows = table(text).with_columns(pl.all().cast(pl.String))
    return [each.kind for each in order_findings(rows, ROLES, Names(), "table")]


@pytest.mark.parametrize(
    "rows",
    [
        # Where the first area has no row of all, it is first in the others none the less.
        "a | g7 | 20\n b | all | 25\n b | g7 | 30\n b | g8 | 5",
        "a | g7 | 20\n b | g7 | 25\n b | g8 | 30\n b | all | 5",
        # By what is printed.
        "a | g8 | 10\n a | all | 20\n a | g7 | 30\n b | g7 | 5",
    ],
)
def test_an_order_of_keys_or_figures_is_none(rows: str) -> None:
    assert findings(f"area_id | grade | percent\n{rows}") == []


def test_an_order_of_neither_is_found() -> None:
    rows = "a | g8 | 10\n a | all | 30\n a | g7 | 20\n b | g7 | 5"
    assert findings(f"area_id | grade | percent\n{rows}") == ["order"]
