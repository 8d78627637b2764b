"""A .csv file in, its wanted columns out. Runs in the parser's child process only."""

import csv
import io
import re
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from pipeline.ingest.parsed_rows import UnreadableError, UnwritableError, write_rows

MAX_COLUMNS = 20_000
"""More columns than any questionnaire has; naming a million of them takes minutes."""

NAMES = {",": "comma", ";": "semicolon", "\t": "tab"}
"""Of separators."""


def parse_csv(
    path: Path, wanted: list[str], parquet: Path, separator: str, encoding: str
) -> dict[str, Any]:
    """Write the wanted columns of a .csv file as Parquet, every cell as text; report on the file.

    Raises:
        UnreadableError: it is not such a text, or a line does not fit the first one.
        UnwritableError: the disk has no room for what was read.
    """
    text = _decoded(path, encoding)
    is_ended = text.endswith(("\n", "\r"))
    columns = _header(text, separator)
    if len(columns) == 1 and not set(wanted) <= set(columns):
        raise UnreadableError(
            f"has one column only when separated by {NAMES.get(separator, separator)}; is that its "
            "separator? State separator: in the wave (comma, semicolon or tab)"
        )
    # Numbered, since DuckDB would take Q1 and q1 for one column.
    present = {f"c{columns.index(column)}": column for column in wanted if column in columns}
    utf8 = parquet.with_suffix(".csv")
    try:
        utf8.write_text(text, "utf-8", newline="")
    except OSError as error:
        raise UnwritableError from error
    with duckdb.connect(config={"threads": 1}) as connection:
        try:
            rows = connection.read_csv(
                str(utf8),
                header=True,
                columns={f"c{number}": "VARCHAR" for number in range(len(columns))},
                auto_detect=False,
                delimiter=separator,
                quotechar='"',
                escapechar='"',
                null_padding=False,
                strict_mode=True,
            )
            frame = pl.DataFrame(rows.project(", ".join(present) or "c0"))
        except duckdb.InvalidInputException as error:
            cut = "" if is_ended else "; it ends without a line break, so it may be cut short"
            raise UnreadableError(_misfit_line(error) + cut) from None
    write_rows(frame.select(*present).rename(present), parquet)
    return {
        "columns": columns,
        "rows": frame.height,
        # A text states no number of rows; its last line break says that it is whole.
        "rows_stated": frame.height if is_ended else None,
        "value_labels": {},
    }


def _misfit_line(error: Exception) -> str:
    # Of the message, only the line's number: the rest quotes the line.
    found = re.match(r"Invalid Input Error: CSV Error on Line: (\d+)", str(error))
    where = f"; look at line {found[1]}" if found else ""
    return (
        "has a line that does not fit its first one: more or fewer cells, a quotation mark that "
        f"does not close, a cell of megabytes, or another kind of line break{where}"
    )


def _decoded(path: Path, encoding: str) -> str:
    content = path.read_bytes()
    if not content:
        raise UnreadableError("is empty")
    if b"\0" in content:
        raise UnreadableError("holds zero bytes, so it is not a .csv file in UTF-8 or cp1252")
    try:
        text = content.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError:
        raise UnreadableError(
            f"is not {encoding} text; state its encoding in the wave (utf-8 or cp1252)"
        ) from None
    return text


def _header(text: str, separator: str) -> list[str]:
    csv.field_size_limit(1_000_000)
    columns = next(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True), [])
    if not columns or "" in columns:
        raise UnreadableError("has a column without a name in its first line")
    if len(columns) > MAX_COLUMNS:
        raise UnreadableError(f"has more than {MAX_COLUMNS} columns")
    if len(set(columns)) < len(columns):
        raise UnreadableError("has two columns with the same name")
    return columns
