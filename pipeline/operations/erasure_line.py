"""The ledger's line about an erasure."""

from pathlib import Path

from pipeline.release.layout import Layout, sole_writer
from pipeline.release.ledger import Entry, append_line, mend_ledger, read_ledger


def record_erasure(folder: Path, token: str, *, role: str, reason: str) -> None:
    """Add the line, unless it is there already: an erasure may be finished by a later run.

    Args:
        folder: whose ledger it is.
        token: of the erasure, drawn by chance.
        role: who decided; never a name.
        reason: why, with the wave.

    Raises:
        DisclosureError: the ledger is not as it was written, or can be read by others.
        BusyError: another run is releasing.
    """
    layout = Layout(folder)
    with sole_writer(layout):
        mend_ledger(layout)
        if not is_recorded(folder, token):
            entry = Entry("erased", "erase", role, reason=reason, hashes={"erasure": token})
            append_line(layout, entry)


def is_recorded(folder: Path, token: str) -> bool:
    """Whether the line is there; the ledger must be as it was written.

    Raises:
        DisclosureError: it is not.
    """
    return any(line.entry.hashes.get("erasure") == token for line in read_ledger(Layout(folder)))
