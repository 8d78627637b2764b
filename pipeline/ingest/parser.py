"""The child process that parses an untrusted file: ``python -m pipeline.ingest.parser``.

It reads its order (JSON) from standard input, limits itself, parses, and writes the wanted
columns as Parquet. Whatever happens to it, the parent lives. It answers with one JSON line;
an error in it is one of a fixed set of sentences, never text from the file.
"""

import ctypes
import json
import resource
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from pipeline.ingest.parsed_rows import UnreadableError, UnwritableError

CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000


def main() -> None:
    """Carry out one order and report it on standard output."""
    order = json.load(sys.stdin)
    _limit(order["memory_bytes"], order["cpu_seconds"])
    try:
        report = _parse(order)
    except UnreadableError as error:
        report = {"error": str(error)}
    except UnwritableError:
        report = {"unwritable": "True"}
    except MemoryError:
        report = {"error": "needs more memory than a survey export should"}
    except Exception as error:  # noqa: BLE001 - its message may quote the file, so it is dropped
        kind = type(error).__name__
        report = {"error": f"is damaged, or is not what its ending says ({kind})"}
    print(json.dumps(report))  # noqa: T201 - the answer to the parent


def _limit(memory_bytes: int, cpu_seconds: int) -> None:
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_CPU, cpu_seconds)
    _lower(resource.RLIMIT_AS, memory_bytes)
    # A network of its own, with nothing in it. Not every kernel allows it; a parser has no
    # reason to connect anywhere, so this is a second wall, not the first. Users of its own only
    # if it must: root would lose the right to read what others own.
    with suppress(OSError, AttributeError):
        libc = ctypes.CDLL(None)
        if libc.unshare(CLONE_NEWNET) != 0:
            libc.unshare(CLONE_NEWUSER | CLONE_NEWNET)


def _lower(what: int, limit: int) -> None:
    _, hard = resource.getrlimit(what)
    lower = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
    resource.setrlimit(what, (lower, lower))


def _parse(order: dict[str, Any]) -> dict[str, Any]:
    path, wanted, parquet = Path(order["path"]), list(order["wanted"]), Path(order["parquet"])
    # The libraries are loaded here, after the limits are set.
    match path.suffix.lower():
        case ".sav" | ".zsav":
            from pipeline.ingest.spss import parse_sav  # noqa: PLC0415

            return parse_sav(path, wanted, parquet)
        case ".csv":
            from pipeline.ingest.separated import parse_csv  # noqa: PLC0415

            return parse_csv(path, wanted, parquet, order["separator"], order["encoding"])
    raise UnreadableError("has an ending that cannot be read; supply .sav, .zsav or .csv")


if __name__ == "__main__":
    main()
