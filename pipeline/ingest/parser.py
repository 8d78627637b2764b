"""The child process that parses an untrusted file: ``python -m pipeline.ingest.parser``.

It reads its order (JSON) from standard input, limits itself, parses, and writes the wanted
columns as Parquet. Whatever happens to it, the parent lives. It answers with one JSON line;
an error in it is one of a fixed set of sentences, never text from the file.
"""

import csv
import ctypes
import json
import resource
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000


class _UnreadableError(Exception):
    """Why a file cannot be read, as a sentence without anything from the file."""


def main() -> None:
    """Carry out one order and report it on standard output."""
    order = json.load(sys.stdin)
    _limit(order["memory_bytes"], order["cpu_seconds"])
    try:
        report = _parse(order)
    except _UnreadableError as error:
        report = {"error": str(error)}
    except MemoryError:
        report = {"error": "needs more memory than a survey export should"}
    except Exception:  # noqa: BLE001 - a library's message may quote the file, so it is dropped
        report = {"error": "is damaged, or is not what its ending says"}
    print(json.dumps(report))  # noqa: T201 - the answer to the parent


def _limit(memory_bytes: int, cpu_seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    # A network of its own, with nothing in it. Not every kernel allows it; a parser has no
    # reason to connect anywhere, so this is a second wall, not the first.
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).unshare(CLONE_NEWUSER | CLONE_NEWNET)


def _parse(order: dict[str, Any]) -> dict[str, Any]:
    path, wanted, parquet = Path(order["path"]), list(order["wanted"]), Path(order["parquet"])
    match path.suffix.lower():
        case ".sav" | ".zsav":
            return _parse_sav(path, wanted, parquet)
        case ".csv":
            return _parse_csv(path, wanted, parquet, order["separator"], order["encoding"])
    raise _UnreadableError("has an ending that cannot be read; supply .sav, .zsav or .csv")


def _parse_sav(path: Path, wanted: list[str], parquet: Path) -> dict[str, Any]:
    import pyreadstat  # noqa: PLC0415 - imported after the limits are set

    _, header = pyreadstat.read_sav(path, metadataonly=True, output_format="polars")
    present = [column for column in wanted if column in header.column_names]
    # user_missing keeps codes such as 9 = don't know: the instrument says what they mean.
    frame, metadata = pyreadstat.read_sav(
        path, usecols=present or header.column_names[:1], user_missing=True, output_format="polars"
    )
    frame.select(present).write_parquet(parquet)
    return {
        "columns": header.column_names,
        "rows": frame.height,
        "states_rows": _states_rows(path),
        "value_labels": {
            column: [[code, label] for code, label in labels.items() if _is_whole(code)]
            for column, labels in metadata.variable_value_labels.items()
            if column in present
        },
    }


def _is_whole(code: object) -> bool:
    return isinstance(code, (int, float)) and code == int(code)


def _states_rows(path: Path) -> bool:
    # The header's number of cases is at byte 80, in the byte order of the layout code at 64;
    # -1 means "not stated", and then a file cut short cannot be told from a whole one.
    with path.open("rb") as file:
        head = file.read(84)
    return len(head) == 84 and head[80:84] != b"\xff\xff\xff\xff"


def _parse_csv(
    path: Path, wanted: list[str], parquet: Path, separator: str, encoding: str
) -> dict[str, Any]:
    import duckdb  # noqa: PLC0415 - imported after the limits are set
    import polars as pl  # noqa: PLC0415

    text = _decoded(path, encoding)
    columns = _header(text, separator)
    present = [column for column in wanted if column in columns]
    utf8 = parquet.with_suffix(".csv")
    utf8.write_text(text, "utf-8", newline="")
    with duckdb.connect(config={"threads": 1}) as connection:
        rows = connection.read_csv(
            str(utf8),
            header=True,
            columns=dict.fromkeys(columns, "VARCHAR"),
            auto_detect=False,
            delimiter=separator,
            quotechar='"',
            escapechar='"',
            null_padding=False,
            strict_mode=True,
        )
        frame = pl.DataFrame(rows).select(present)
    frame.write_parquet(parquet)
    return {"columns": columns, "rows": frame.height, "states_rows": True, "value_labels": {}}


def _decoded(path: Path, encoding: str) -> str:
    content = path.read_bytes()
    if b"\0" in content:
        raise _UnreadableError("holds zero bytes, so it is not a .csv file")
    try:
        text = content.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError:
        raise _UnreadableError(
            f"is not {encoding} text; state its encoding in the wave (utf-8 or cp1252)"
        ) from None
    if not text.endswith(("\n", "\r")):
        raise _UnreadableError("does not end with a line break, so it may be cut short")
    return text


def _header(text: str, separator: str) -> list[str]:
    csv.field_size_limit(1_000_000)
    first_line = text[: text.find("\n") + 1] or text
    columns = next(csv.reader([first_line], delimiter=separator, strict=True), [])
    if not columns or "" in columns:
        raise _UnreadableError("has a column without a name in its first line")
    if len(set(columns)) < len(columns):
        raise _UnreadableError("has two columns with the same name")
    return columns


if __name__ == "__main__":
    main()
