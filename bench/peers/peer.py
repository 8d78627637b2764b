"""What the peers written in Python share. Runs in their environment, which lacks the product."""

import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

FINEST = ("area_id", "grade", "gender")


def flags_of(table: str, n_factors: int) -> list[str]:
    """The columns of the first flags."""
    names = pl.read_parquet_schema(table)
    return [name for name in names if name.startswith("is_flagged_")][:n_factors]


def read_scored(table: str, flags: list[str]) -> pl.DataFrame:
    """The design and the flags; nothing else, since some tools carry every column along."""
    return pl.read_parquet(table, columns=[*FINEST, "stratum", "psu", "weight", *flags])


@contextmanager
def stopwatch() -> Iterator[list[float]]:
    """Fills the list with seconds of wall and of processor."""
    seconds: list[float] = []
    started, used = time.perf_counter(), _processor()
    yield seconds
    seconds += [time.perf_counter() - started, _processor() - used]


def say(seconds: list[float]) -> None:
    """Seconds of wall and of processor, and the peak of memory in KiB."""
    status = Path("/proc/self/status").read_text("utf-8").splitlines()
    peak = next(line.split()[1] for line in status if line.startswith("VmHWM"))
    sys.stdout.write(" ".join([*map(str, seconds), peak]) + "\n")


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
