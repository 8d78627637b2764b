"""Tables drawn as text."""

from io import StringIO

import polars as pl
from polars.datatypes import DataType, DataTypeClass


def table(text: str, **dtypes: DataType | DataTypeClass) -> pl.DataFrame:
    """A frame from aligned text: columns split by ``|``, an empty cell is null.

    Args:
        text: a line of column names, then a line per row. Spaces are not part of the cells.
        dtypes: of the columns whose values do not show it.
    """
    rows = (line.replace(" ", "") for line in text.strip().splitlines())
    return pl.read_csv(StringIO("\n".join(rows)), separator="|", schema_overrides=dtypes)
