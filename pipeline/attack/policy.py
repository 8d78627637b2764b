"""What a release says of its own rules."""

from typing import NamedTuple

import polars as pl


class Policy(NamedTuple):
    """The rules an attacker reads in ``published.policy``; defaults where a rule is not stated."""

    round_counts: int = 5
    """Counts are multiples of this, and everything else is computed from those."""

    min_interval: int = 8
    """Counts that a hidden one must leave possible: the greatest less the least, at least."""

    min_base: int = 30
    """Respondents of a shown figure, at least."""

    min_count: int = 8
    """Flagged respondents behind a shown figure, and others, at least."""

    min_count_sensitive: int = 10
    """The same for measures marked as sensitive."""

    below: int = 5
    """Per cent under which a share is a code."""

    above: int = 95
    """Per cent over which a share is a code."""

    percent_decimals: int = 0
    """Decimals of shares, their intervals and differences."""

    min_candidates: int = 3
    """Pairs of counts that every printed figure must leave possible."""

    @property
    def rounding(self) -> int:
        """How far a count may lie from its rounded one."""
        return self.round_counts // 2


def read_policy(stated: pl.DataFrame) -> Policy:
    """The rules in a frame of names and values, whatever stands before a name's last point.

    Args:
        stated: ``published.policy``: the first text column holds names such as
            ``public.round_counts``, one named ``value`` their values.
    """
    if "value" not in stated.columns or stated.is_empty():
        return Policy()
    names = next(column for column in stated.columns if column != "value")
    rules = {}
    for name, value in stated.select(names, "value").iter_rows():
        edition, _, rest = str(name).partition(".")
        key = (rest or edition).rpartition(".")[2]
        if edition in {"internal", "research"} or key not in Policy._fields:
            continue
        # The base of coded shares is another rule with the same last name.
        if key == "min_base" and "extreme" in str(name):
            continue
        rules[key] = int(float(value))
    return Policy(**rules)
