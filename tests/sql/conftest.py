"""One model of sql/ on tables drawn as text."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.datatypes import DataType, DataTypeClass

from pipeline import warehouse
from tests.tables import table

MODELS = {model.relation: model for model in warehouse.load_models()}
DTYPES: dict[str, DataType | DataTypeClass] = {
    "wave": pl.Int16,
    "area_code": pl.String,
    "area_id": pl.String,
    "code": pl.String,
    "grade": pl.String,
    "gender": pl.String,
    "cell_grade": pl.String,
    "cell_gender": pl.String,
    "refused_reason": pl.String,
    "screened_by": pl.String,
    "is_analysed": pl.Boolean,
    "is_scored": pl.Boolean,
    "weight": pl.Decimal(18, 12),
    "unit": pl.String,
    "psus_in_stratum": pl.Float64,
    "units_in_psu": pl.Float64,
    "is_flagged_lna": pl.Int8,
    "score_lna": pl.Decimal(18, 12),
    "outcome_drank": pl.Int8,
    "school_id": pl.String,
    "n_enrolled": pl.Int64,
    "n_enrolled_lowest": pl.Int64,
    "n_enrolled_highest": pl.Int64,
}
"""Of columns that a small table may leave empty throughout."""

Rows = list[dict[str, Any]]


@pytest.fixture
def run_model() -> Callable[..., Rows]:
    """Run one file of sql/ on tables given as text; return its rows, ordered.

    ``staging__respondent="..."`` is the table ``staging.respondent``.
    """

    def run(relation: str, **inputs: str) -> Rows:
        with warehouse.connect(Path(":memory:")) as connection:
            for name, text in inputs.items():
                warehouse.write(connection, name.replace("__", ".", 1), drawn(text))
            warehouse.build(connection, [MODELS[relation]])
            return warehouse.read(connection, relation).to_dicts()

    return run


def drawn(text: str) -> pl.DataFrame:
    """The table, with the types that the pipeline gives its columns."""
    columns = [cell.strip() for cell in text.strip().splitlines()[0].split("|")]
    return table(text, **{name: dtype for name, dtype in DTYPES.items() if name in columns})
