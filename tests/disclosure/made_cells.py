"""Cells drawn as text, with the default thresholds."""

import polars as pl

from pipeline.definitions.policy import PublicEdition
from tests.tables import table

PUBLIC = PublicEdition()

DEFAULTS = {
    "wave": 2025, "area_id": "town", "part": "area", "grade": "all", "gender": "all",
    "measure_id": "drank", "n_schools": None, "is_sensitive": False, "min_base": 30,
    "min_schools": 2, "min_count": 8, "is_hidden_by_override": False,
}  # fmt: skip
TYPES = {"wave": pl.Int16, "n_schools": pl.Int64}

ANCESTORS = pl.DataFrame(
    [(2025, "town", "town"), (2025, "here", "here"), (2025, "here", "town")],
    {"wave": pl.Int16, "area_id": pl.String, "ancestor_id": pl.String},
    orient="row",
)


def cells(text: str) -> pl.DataFrame:
    """Cells of one measure; what the text leaves out is of the municipality and everyone in it."""
    drawn = table(text, **TYPES)
    missing = [name for name in DEFAULTS if name not in drawn.columns]
    return drawn.with_columns(
        pl.lit(DEFAULTS[name], dtype=TYPES.get(name)).alias(name) for name in missing
    )
