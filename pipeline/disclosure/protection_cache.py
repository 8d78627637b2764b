"""Protections of tables that were protected before: one file, told apart by content."""

import hashlib
import json
from pathlib import Path
from typing import Any

import highspy
import numpy as np

from pipeline.disclosure import (
    complementary,
    deviations,
    feasible,
    linked_table,
    neighbourhoods,
    pattern,
    proofs,
)
from pipeline.disclosure.linked_table import OF_CELLS, LinkedTable, Protection
from pipeline.files import write_whole

CODE = (complementary, deviations, feasible, linked_table, neighbourhoods, pattern, proofs)
"""What decides a protection, apart from the table and the solver."""


def code_fingerprint() -> bytes:
    """SHA-256 of the code and of the solver's version: another choice is another protection."""
    known = hashlib.sha256(highspy.Highs().version().encode())  # type: ignore[no-untyped-call]
    for module in CODE:
        known.update(Path(str(module.__file__)).read_bytes())
    return known.digest()


def key_of(table: LinkedTable, min_interval: int, code: bytes) -> str:
    """SHA-256 of everything that a protection follows from, in hexadecimal digits.

    Args:
        table: cells and what a reader knows of each.
        min_interval: as in ``protect``.
        code: ``code_fingerprint()``.
    """
    atoms = table.atoms.sorted_indices()
    content = hashlib.sha256(code)
    content.update(np.array([min_interval, *atoms.shape], dtype="<i8").tobytes())
    held = [atoms.data, atoms.indices, atoms.indptr, *(getattr(table, name) for name in OF_CELLS)]
    if table.balances is not None:
        balances = table.balances.sorted_indices()
        held += [balances.data, balances.indices, balances.indptr]
    held += [part for part in (table.figure, table.is_base, table.unknowns) if part is not None]
    for numbers in held:
        # Weights are no whole numbers; whole ones are exact as these.
        content.update(np.asarray(numbers, dtype="<f8").tobytes())
    return content.hexdigest()


def read_cache(path: Path) -> dict[str, Protection]:
    """The protections of a file by key; none where there is no file or it is damaged.

    The first line is the SHA-256 of the rest: a file that was cut or altered is never half true.
    """
    try:
        digest, _, rest = path.read_text("utf-8").partition("\n")
    except (OSError, UnicodeDecodeError):
        return {}
    if digest != hashlib.sha256(rest.encode()).hexdigest():
        return {}
    return {key: _protection(stored) for key, stored in json.loads(rest).items()}


def write_cache(path: Path, protections: dict[str, Protection]) -> None:
    """Write protections by key; whoever reads meanwhile sees the old file or the new one."""
    rest = json.dumps({key: _stored(each) for key, each in sorted(protections.items())})
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, f"{hashlib.sha256(rest.encode()).hexdigest()}\n{rest}")


def _stored(protection: Protection) -> dict[str, Any]:
    return {
        "is_hidden": np.flatnonzero(protection.is_hidden).tolist(),
        "lower": protection.lower.tolist(),
        "upper": protection.upper.tolist(),
        "is_unprotected": np.flatnonzero(protection.is_unprotected).tolist(),
        "n_rounds": protection.n_rounds,
    }


def _protection(stored: dict[str, Any]) -> Protection:
    cells = np.arange(len(stored["lower"]))
    return Protection(
        is_hidden=np.isin(cells, stored["is_hidden"]),
        lower=np.array(stored["lower"], dtype=np.int64),
        upper=np.array(stored["upper"], dtype=np.int64),
        is_unprotected=np.isin(cells, stored["is_unprotected"]),
        n_rounds=stored["n_rounds"],
    )
