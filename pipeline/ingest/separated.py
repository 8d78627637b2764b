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
        UnreadableError: it is not such a text, it is UTF-8 though another encoding is stated, or
            a line does not fit the first one.
        UnwritableError: the disk has no room for what was read.
    """
    text, is_misstated = _decoded(path, encoding)
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
    frame = frame.select(*present).rename(present)
    if is_misstated:
        raise UnreadableError(_misstated(frame, encoding))
    write_rows(frame, parquet)
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


def _misstated(rows: pl.DataFrame, encoding: str) -> str:
    """That a file is UTF-8 instead, and in which of its columns letters would be others."""
    lines = []
    for column in rows.columns:
        others = rows[column].str.contains(r"[^\x00-\x7F]").fill_null(value=False)
        if n := int(others.sum()):
            cells = "cell" if n == 1 else "cells"
            first = others.to_list().index(True) + 1
            lines.append(f"; column {column}: {n} {cells} with some, the first in row {first}")
    return (
        f"looks like UTF-8 in all its letters outside ASCII; the wave says {encoding}: state "
        f"encoding: utf-8 there{''.join(lines)}"
    )


def _decoded(path: Path, encoding: str) -> tuple[str, bool]:
    """The text, and whether it is UTF-8 though the wave says otherwise."""
    content = path.read_bytes()
    if not content:
        raise UnreadableError("is empty")
    if b"\0" in content:
        raise UnreadableError("holds zero bytes, so it is not a .csv file in UTF-8 or cp1252")
    # A cp1252 file is never UTF-8 by chance: there a letter such as å stands alone, and here not.
    is_misstated = encoding != "utf-8" and not content.isascii() and _is_utf8(content)
    try:
        text = content.decode("utf-8-sig" if encoding == "utf-8" or is_misstated else encoding)
    except UnicodeDecodeError:
        raise UnreadableError(
            f"is not {encoding} text; state its encoding in the wave (utf-8 or cp1252)"
        ) from None
    return text, is_misstated


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


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
