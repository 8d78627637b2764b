"""A document as what it is made of: headings, paragraphs, tables, charts, in the order of reading.

The page that Jinja made says everything once; PDF, Word and slides are made from this, so that no
form can say anything else. Positions in charts are whole per cent of the width or the height.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from pipeline.documents.outline_splits import SplitChart
from pipeline.documents.view import MeasureKind

RunStyle = Literal["plain", "strong", "note", "mark", "tag", "worse", "better", "quiet"]
ParagraphStyle = Literal["plain", "lead", "caution", "banner", "note", "kicker"]


@dataclass(frozen=True)
class Run:
    """Text in one style. ``mark`` stands raised, as the sign of a note."""

    text: str
    style: RunStyle = "plain"


Line = tuple[Run, ...]
"""Never empty of text."""


def text_of(line: Line) -> str:
    """All text of a line."""
    return "".join(run.text for run in line)


@dataclass(frozen=True)
class Heading:
    """A heading; 1 is the document's own."""

    line: Line
    level: int
    starts_page: bool = False
    """Whether it begins a page on paper."""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph."""

    line: Line
    style: ParagraphStyle = "plain"


@dataclass(frozen=True)
class Bullets:
    """Items of equal rank; notes below a table begin with their mark and have no bullet."""

    items: tuple[Line, ...]
    are_notes: bool = False


@dataclass(frozen=True)
class Terms:
    """Terms with their explanation, or facts with their value."""

    pairs: tuple[tuple[Line, Line], ...]
    are_facts: bool = False


@dataclass(frozen=True)
class Finding:
    """A strength or a concern: its number, its name and a sentence."""

    title: str
    sort: str
    """Risk or protective factor, and how it stands; empty where the sentence says it."""

    number: str
    """Empty where nothing is shown."""

    sentence: Line
    side: Literal["better", "worse"]


@dataclass(frozen=True)
class Findings:
    """Strengths, or concerns."""

    items: tuple[Finding, ...]


@dataclass(frozen=True)
class Shape:
    """One mark of a small drawing: ``grid``, ``break``, ``join``, ``dot``, ``band`` ..."""

    kind: str
    x: float
    y: float
    x2: float
    y2: float


@dataclass(frozen=True)
class Drawing:
    """A small drawing in a table's cell that repeats its row's numbers."""

    kind: Literal["series", "funnel", "rung", "span"]
    shapes: tuple[Shape, ...]


@dataclass(frozen=True)
class Cell:
    """A cell of a table; empty lines where it has no text."""

    lines: tuple[Line, ...]
    is_heading: bool = False
    is_number: bool = False
    span: int = 1
    drawing: Drawing | None = None

    @property
    def text(self) -> str:
        """All its lines, as one."""
        return " ".join(text_of(line) for line in self.lines)


@dataclass(frozen=True)
class Table:
    """A table; every row begins with its heading."""

    caption: str
    kind: str
    """What it holds: ``measures``, ``overview``, ``change``, ``areas``, ``links`` ..."""

    head: tuple[Cell, ...]
    groups: tuple[tuple[tuple[Cell, ...], ...], ...]
    """Rows, in groups that belong together."""

    @property
    def rows(self) -> Iterator[tuple[Cell, ...]]:
        """All rows."""
        return (row for group in self.groups for row in group)


@dataclass(frozen=True)
class ChartRow:
    """One measure of a chart; positions are null where nothing is drawn."""

    measure_id: str
    label: str
    note: str
    """Beside the label; mostly empty."""

    number: str
    """Empty where nothing is shown."""

    said: str
    """Interval, or why nothing is shown."""

    description: str
    """All of it in words."""

    share: int | None
    lower: int | None
    upper: int | None
    rest: int | None
    norm: int | None


@dataclass(frozen=True)
class Chart:
    """Measures of one kind below each other, on one axis from 0 to 100 per cent."""

    title: str
    note: str
    kind: MeasureKind
    hint: str
    """Which way is better."""

    unit: str
    whole: str
    """The end of the axis: 100 per cent as the language writes it."""

    rows: tuple[ChartRow, ...]
    description: str
    """The chart in words: what is drawn, row by row."""


@dataclass(frozen=True)
class MapShape:
    """One area of a map."""

    rings: tuple[tuple[tuple[int, int], ...], ...]
    """Corners, in units of the map; a ring inside another is a hole."""

    is_here: bool


@dataclass(frozen=True)
class Map:
    """Where the area of the document lies among others."""

    title: str
    said: str
    """Where it lies, in words."""

    description: str
    """The drawing in words."""

    width: int
    height: int
    shapes: tuple[MapShape, ...]
    """In the order of drawing."""

    sign: tuple[int, int, int] | None
    """A circle (x, y, radius) around an area that would be hard to see."""


@dataclass(frozen=True)
class Legend:
    """What the marks of the charts below mean; null where a mark is not drawn."""

    area: str
    rest: str | None
    norm: str | None


@dataclass(frozen=True)
class Box:
    """Blocks that stand apart, e.g. how to read a chart."""

    blocks: tuple["Block", ...]


Drawn = Chart | SplitChart
Block = Heading | Paragraph | Bullets | Terms | Findings | Table | Drawn | Map | Legend | Box


@dataclass(frozen=True)
class Outline:
    """A whole document."""

    lang: Literal["sv", "en"]
    title: str
    """As in the window: kind, area, wave and edition."""

    running: str
    """Stands on every page; empty if nothing need be said on each."""

    is_short: bool
    """Whether it must fit on a page or two, so that it is set tighter."""

    last_day: str
    """Of the fieldwork, as ``2025-10-24``: the date of the document, which never changes."""

    blocks: tuple[Block, ...]
    footer: tuple[Block, ...]
