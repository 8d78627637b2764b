"""What a parser hands back, and what it may say when it cannot."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

MAX_FRAME_BYTES = 1024**3
"""The wanted columns, unpacked. The parent has no limit of its own, so a small file that
unpacks to more must not reach it."""


class UnreadableError(Exception):
    """Why a file cannot be read, as a sentence without anything from the file."""


class UnwritableError(Exception):
    """What was read has nowhere to go: nothing is wrong with the file."""


def write_rows(rows: "pl.DataFrame", parquet: Path) -> None:
    """Hand rows to the parent.

    Raises:
        MemoryError: they take more memory than a survey export should.
        UnwritableError: the disk has no room for them.
    """
    if rows.estimated_size() > MAX_FRAME_BYTES:
        raise MemoryError
    try:
        rows.write_parquet(parquet)
    except Exception as error:
        # Polars has no class for a full disk.
        raise UnwritableError from error
