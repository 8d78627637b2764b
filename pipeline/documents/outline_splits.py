"""Charts by gender or by grade, as parts of an outline. Positions are whole per cent."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Key:
    """A group's mark in a chart: the form of its number, and what it stands for."""

    mark: int
    label: str


@dataclass(frozen=True)
class Lane:
    """One group's line of a row; positions are null where nothing is drawn."""

    number: str
    """The share, or in short why it is not shown."""

    share: int | None
    lower: int | None
    upper: int | None


@dataclass(frozen=True)
class SplitRow:
    """One measure with a line for each group, in the order of the chart's keys."""

    label: str
    note: str
    """Below the label; may be empty."""

    lanes: tuple[Lane, ...]
    description: str
    """All of it in words."""


@dataclass(frozen=True)
class SplitChart:
    """Measures by gender or by grade, on one axis from 0 to 100 per cent."""

    title: str
    note: str
    kind: Literal["splits"]
    keys: tuple[Key, ...]
    hint: str
    """Which way is better."""

    unit: str
    whole: str
    """The end of the axis: 100 per cent as the language writes it."""

    rows: tuple[SplitRow, ...]
    description: str
    """The chart in words: what is drawn, row by row."""
