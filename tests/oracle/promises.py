"""How closely ``docs/method.md`` says that the product and R agree: the tests hold it to that."""

import re
from functools import cache

from pipeline import REPOSITORY

METHOD = REPOSITORY / "docs" / "method.md"
HEADING = "| subject | numbers | beside | largest difference seen | never above |"


def promised(subject: str) -> float:
    """Relative difference that the method says is never exceeded; 0 for ``equal``."""
    return promises()[subject]


@cache
def promises() -> dict[str, float]:
    """The table of agreement, by subject."""
    text = METHOD.read_text("utf-8")
    assert text.count(HEADING) == 1, f"{METHOD.name} has not one table of agreement"
    _, _, below = text.partition(HEADING)
    table, _, _ = below.partition("\n\n")
    rows = re.findall(r"^\| ([a-z -]+) \|.*\| (\S+) \| (\S+) \|$", table, re.MULTILINE)
    found = {subject: (_number(seen), _number(limit)) for subject, seen, limit in rows}
    assert all(seen <= limit for seen, limit in found.values()), "seen above what is never exceeded"
    return {subject: limit for subject, (_, limit) in found.items()}


def _number(text: str) -> float:
    return 0.0 if text == "equal" else float(text)
