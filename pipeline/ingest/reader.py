"""A delivered file in, a raw frame out, whatever the file does to its parser."""

import errno
import json
import os
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from pipeline.errors import ExportError

BASE_MEMORY = 4 * 1024**3
"""Address space a parser may use for an empty file: libraries and their threads."""

MEMORY_PER_BYTE = 40
"""Further address space for each byte of the file."""

BASE_SECONDS = 30
SECONDS_PER_MEGABYTE = 2


class RawExport(NamedTuple):
    """A parsed file, nothing interpreted."""

    rows: pl.DataFrame
    """One row per row of the file; of the wanted columns, those that are there. Numbers of
    .sav files as Float64, everything of .csv files as String."""

    columns: list[str]
    """All columns of the file."""

    value_labels: dict[str, list[tuple[int, str]]]
    """Code and label, by column, as the file states them."""


def read_export(
    path: Path,
    wanted: list[str],
    *,
    separator: str = ",",
    encoding: str = "utf-8",
    expected_rows: int | None = None,
) -> RawExport:
    """Parse a file in a child process with limits on memory, time and network.

    Args:
        path: .sav, .zsav or .csv.
        wanted: columns to read; those the file lacks are left out.
        separator: of a .csv file.
        encoding: of a .csv file.
        expected_rows: rows the supplier says the file holds; null if nothing was said.

    Raises:
        ExportError: the file is not there, is damaged, makes its parser fail, or does not hold
            the rows it should.
        OSError: there is no room for what was read.
    """
    if not path.is_file():
        raise ExportError(f"{path}: is not there, or is not a file.")
    if not os.access(path, os.R_OK):
        raise ExportError(f"{path}: cannot be opened: its permissions forbid it.")
    with tempfile.TemporaryDirectory(prefix="uppvaxt-") as folder:
        parquet = Path(folder) / "rows.parquet"
        report = _parse_in_child(
            path,
            {
                "path": str(path.resolve()),
                "wanted": wanted,
                "parquet": str(parquet),
                "separator": "\t" if separator == "tab" else separator,
                "encoding": encoding,
            },
        )
        rows = pl.read_parquet(parquet)
    n_rows = int(report["rows"])
    # Without columns a frame has no rows either.
    if rows.width and rows.height != n_rows:
        raise ExportError(f"{path}: cannot be read: its parser lost rows.")
    _check_rows(path, n_rows, expected_rows, report["rows_stated"])
    labels = {
        column: [(int(code), str(label)) for code, label in codes]
        for column, codes in report["value_labels"].items()
    }
    return RawExport(rows, report["columns"], labels)


def _check_rows(path: Path, n_rows: int, expected: int | None, stated: int | None) -> None:
    if expected is not None:
        if n_rows != expected:
            raise ExportError(
                f"{path}: holds {n_rows} rows, expected {expected} as the wave states."
            )
    elif stated is None:
        # Of a .csv file, the last line break is missing; of others, the number in the header.
        is_text = path.suffix.lower() == ".csv"
        raise ExportError(
            f"{path}: does not end with a line break, so it may be cut short; state rows: in the "
            "wave, or end the file with a line break."
            if is_text
            else f"{path}: its header does not say how many rows it holds, so a file cut short "
            "could not be told from a whole one; state rows: in the wave."
        )
    elif stated != n_rows:
        raise ExportError(
            f"{path}: holds {n_rows} rows, expected {stated} as its header states; it is cut "
            "short or damaged."
        )


def _parse_in_child(path: Path, order: dict[str, Any]) -> dict[str, Any]:
    size = path.stat().st_size
    seconds = BASE_SECONDS + SECONDS_PER_MEGABYTE * size // 1_000_000
    order |= {"memory_bytes": BASE_MEMORY + MEMORY_PER_BYTE * size, "cpu_seconds": seconds}
    try:
        child = subprocess.run(
            [sys.executable, "-P", "-m", "pipeline.ingest.parser"],
            input=json.dumps(order).encode(),
            stdout=subprocess.PIPE,
            # A library may quote the file there, at any length.
            stderr=subprocess.DEVNULL,
            timeout=2 * seconds,
            check=False,
            # One thread: a parser needs no more, and each thread reserves address space.
            env={"POLARS_MAX_THREADS": "1", "PATH": "", "LC_ALL": "C.UTF-8"},
        )
    except subprocess.TimeoutExpired:
        raise ExportError(f"{path}: cannot be read: took over {2 * seconds} seconds.") from None
    report = _report(child)
    if "unwritable" in report:
        where = str(Path(order["parquet"]).parent)
        raise OSError(errno.ENOSPC, "has no room for what a parser read; is the disk full?", where)
    if "error" in report:
        raise ExportError(f"{path}: cannot be read: it {report['error']}.")
    return report


def _report(child: "subprocess.CompletedProcess[bytes]") -> dict[str, Any]:
    if child.returncode == 0:
        with suppress(IndexError, ValueError):
            report: dict[str, Any] = json.loads(child.stdout.splitlines()[-1])
            return report
    return {"error": "made its parser crash; it is damaged, or made to"}
