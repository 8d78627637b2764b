"""What was read: figures with where they stand, and what was found wrong on the way."""

from collections.abc import Iterable
from typing import Literal, NamedTuple

import polars as pl

Kind = Literal[
    "shown though hidden",
    "raw figure",
    "exact",
    "narrow",
    "contradiction",
    "few candidates",
    "hidden row carries",
    "confused",
    "order",
    "name",
    "comment",
    "undeclared",
    "unread number",
]

KEY = ("wave", "area", "grade", "gender", "measure")
"""What a figure is about; ``all`` where it is about everyone, and for measure: respondents."""

COUNTS = ("n", "k", "respondents")
PERCENTS = ("percent", "lower", "upper", "rest", "difference", "other")

FIGURE = pl.Schema(
    {
        "wave": pl.Int64(),
        "area": pl.String(),
        "grade": pl.String(),
        "gender": pl.String(),
        "measure": pl.String(),
        # n and k in respondents, percent and its bounds in per cent, rest: per cent of the
        # municipality without the area, difference: points between the two, other: of another
        # comparison.
        "what": pl.String(),
        # What the print leaves possible for the published number: its last digit either way.
        "low": pl.Float64(),
        "high": pl.Float64(),
        # Decimals that were printed; a drawing's position has as many as its coordinate.
        "decimals": pl.Int64(),
        "form": pl.String(),
        "where": pl.String(),
    }
)


class Finding(NamedTuple):
    """One thing that a release should not tell."""

    kind: Kind
    says: str
    where: str


class Reading(NamedTuple):
    """Everything one file says."""

    figures: pl.DataFrame
    """Schema ``FIGURE``."""

    findings: tuple[Finding, ...]
    n_files: int = 1


def empty_figures() -> pl.DataFrame:
    """No figures, with the columns that all have."""
    return pl.DataFrame(schema=FIGURE)


def figures_of(rows: Iterable[tuple[object, ...]]) -> pl.DataFrame:
    """Rows in the order of ``FIGURE`` as a frame."""
    return pl.DataFrame(list(rows), schema=FIGURE, orient="row")


def together(readings: Iterable[Reading]) -> Reading:
    """Several files' content as one."""
    every = list(readings)
    frames = [each.figures for each in every] or [empty_figures()]
    found = tuple(finding for each in every for finding in each.findings)
    return Reading(pl.concat(frames), found, sum(each.n_files for each in every))
