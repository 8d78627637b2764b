"""A .sav or .zsav file in, its wanted columns out. Runs in the parser's child process only."""

import struct
from pathlib import Path
from typing import Any

import polars as pl
import pyreadstat

from pipeline.ingest.parsed_rows import UnreadableError, write_rows


def parse_sav(path: Path, wanted: list[str], parquet: Path) -> dict[str, Any]:
    """Write the wanted columns of a .sav or .zsav file as Parquet; report on the file.

    Raises:
        UnreadableError: it is no such file. A damaged one raises, or crashes, as it likes.
    """
    uncounted = parquet.with_suffix(path.suffix.lower())
    n_stated = _copy_without_count(path, uncounted)
    _, header = pyreadstat.read_sav(uncounted, metadataonly=True, output_format="polars")
    present = [column for column in wanted if column in header.column_names]
    # user_missing keeps codes such as 9 = don't know: the instrument says what they mean.
    # Dates stay numbers: no answer is a date, and those out of range would stop the reading.
    frame, metadata = pyreadstat.read_sav(
        uncounted,
        usecols=present or header.column_names[:1],
        user_missing=True,
        disable_datetime_conversion=True,
        output_format="polars",
    )
    types = {
        column: pl.String if header.readstat_variable_types[column] == "string" else pl.Float64
        for column in present
    }
    # Cast, since a column with nothing in it comes without a type.
    write_rows(frame.select(pl.col(column).cast(dtype) for column, dtype in types.items()), parquet)
    return {
        "columns": header.column_names,
        "rows": frame.height,
        "rows_stated": n_stated,
        "value_labels": {
            column: [[code, label] for code, label in labels.items() if _is_whole(code)]
            for column, labels in metadata.variable_value_labels.items()
            if column in present
        },
    }


def _copy_without_count(path: Path, copy: Path) -> int | None:
    """Copy a .sav file and strike out its number of cases; return that number.

    A parser told the number stops there, so a number too low would halve the file unseen. Told
    nothing, it reads on to the end. Null: the file does not state it.
    """
    content = path.read_bytes()
    if content[:4] not in (b"$FL2", b"$FL3") or len(content) < 84:
        raise UnreadableError("is damaged, or is not what its ending says")
    # Byte 80, in the byte order of the layout code (2 or 3) at byte 64.
    order = "<" if content[64] in (2, 3) else ">"
    copy.write_bytes(content[:80] + struct.pack("<i", -1) + content[84:])
    n_stated = int(struct.unpack(f"{order}i", content[80:84])[0])
    return None if n_stated == -1 else n_stated


def _is_whole(code: object) -> bool:
    return isinstance(code, (int, float)) and abs(code) < 1e9 and code == int(code)
