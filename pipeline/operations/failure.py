"""What may be said about an error that stopped a run: by whom to act, never what was answered."""

import re
import traceback
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from pipeline import REPOSITORY
from pipeline.definitions.catalogue import Catalogue
from pipeline.errors import UppvaxtError

IO_ERROR = 74
BUG = 70


class Failure(NamedTuple):
    """An error as it stands in a record, on the status page and on standard error."""

    kind: str
    """Name of its class."""

    message: str
    exit_code: int


def describe(error: Exception, names: Mapping[str, str]) -> Failure:
    """What a person must know of ``error``.

    Args:
        error: whatever stopped the run.
        names: what not to say, with what to say instead: see ``private_names``.

    Returns:
        The message of an error that was written for people; of any other, which may quote an
        answer, the class and the place alone.
    """
    kind = type(error).__name__
    if isinstance(error, UppvaxtError):
        return Failure(kind, _without(str(error), names), error.exit_code)
    if isinstance(error, OSError) and error.strerror:
        what = f"{error.filename}: {error.strerror}" if error.filename else error.strerror
        return Failure(kind, f"{_without(what, names)}.", IO_ERROR)
    if isinstance(error, OSError) or _is_full_disk(error):
        return Failure(kind, "a file could not be read or written; the disk may be full.", IO_ERROR)
    return Failure(kind, f"this is a bug: {kind} in {_place(error)}.", BUG)


def private_names(site: Path, catalogue: Catalogue | None) -> dict[str, str]:
    """Names of delivered files, which their supplier chose, and what to call them instead.

    Args:
        site: the site's folder, searched for files that are no definitions.
        catalogue: of the site; null if it could not be read.
    """
    said: dict[str, str] = {}
    for path in _files_of_suppliers(site):
        said |= _names_of(path, site, "a delivered file")
    for wave in catalogue.waves if catalogue else ():
        for place, export in enumerate(wave.exports, start=1):
            of_export = f"export {place} of wave {wave.wave}"
            said |= _names_of(site / export.file, site, of_export) | {export.file: of_export}
        if wave.enrolled:
            said |= _names_of(site / wave.enrolled, site, f"enrolment of wave {wave.wave}")
    return said


def _without(message: str, names: Mapping[str, str]) -> str:
    if not names:
        return message
    # The longest first: a path holds the file's name.
    anyone = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.sub(rf"(?<!\w)(?:{anyone})(?!\w)", lambda found: names[found[0]], message)


def _names_of(path: Path, site: Path, instead: str) -> dict[str, str]:
    within = path.relative_to(site) if path.is_relative_to(site) else path
    named = (path.resolve(), path, within, path.name)
    return dict.fromkeys(map(str, named), instead)


def _files_of_suppliers(site: Path) -> Iterable[Path]:
    ours = {"build", "releases", "research", "ledger", "runs"}
    for top in site.iterdir() if site.is_dir() else ():
        if top.is_dir() and top.name not in ours:
            yield from (path for path in top.rglob("*") if path.is_file() and path.suffix != ".yml")


def _is_full_disk(error: Exception) -> bool:
    """DuckDB has a class for none of it; Polars says it in words of the system."""
    words = ("Could not write", "No space left", "File too large", "Input/output error")
    return type(error).__module__.partition(".")[0] in (
        "duckdb",
        "_duckdb",
        "polars",
    ) and any(word in str(error) for word in words)


def _place(error: Exception) -> str:
    """File and line of our code that the error went through last."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        path = Path(frame.filename)
        if path.is_relative_to(REPOSITORY / "pipeline"):
            return f"{path.relative_to(REPOSITORY)}, line {frame.lineno}"
    return "an unknown place"
