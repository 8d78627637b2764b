"""Where an area lies, ready to be drawn and said."""

from dataclasses import dataclass
from typing import Literal

Ring = tuple[tuple[int, int], ...]
"""Corners, each once; x to the right and y downwards, in units of the drawing."""

Part = Literal[
    "middle", "north", "northeast", "east", "southeast", "south", "southwest", "west", "northwest"
]


@dataclass(frozen=True)
class MapShape:
    """One area."""

    label: str
    rings: tuple[Ring, ...]
    """Never empty; a ring inside another is a hole."""

    is_here: bool
    """Whether it is the area that the document is about."""


@dataclass(frozen=True)
class AreaMap:
    """The areas of a municipality, with one of them told from the others."""

    width: int
    height: int
    shapes: tuple[MapShape, ...]
    """Each area once, the one that the document is about last."""

    sign: tuple[int, int, int] | None
    """A circle (x, y, radius) around an area that would be hard to see; null if it is not."""

    part: Part
    """Of the municipality, in which the area's middle lies."""

    neighbours: tuple[str, ...]
    """Labels of areas that the area has a border with, the longest border first; at most
    ``MAX_NEIGHBOURS``."""

    has_more_neighbours: bool


def path_of(rings: tuple[Ring, ...]) -> str:
    """Rings as the data of an SVG path: ``M0,0 9,0 9,9Z``."""
    return "".join(f"M{' '.join(f'{x},{y}' for x, y in ring)}Z" for ring in rings)
