"""Parts of a page, or of a document that is made like one, about one measure each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from pipeline.attack.groups import EVERYONE, Group
from pipeline.attack.html_cells import cells_of, interval, numbered, of_wave
from pipeline.attack.html_charts import Drawing, Mark, read_series, read_strip
from pipeline.attack.html_tree import Element
from pipeline.attack.names import Names, plain
from pipeline.attack.page_words import words
from pipeline.attack.printed import numbers_in


@dataclass(frozen=True, eq=False)
class Page:
    """A page and what it is about."""

    root: Element
    names: Names
    area: str
    wave: int
    where: str
    form: str
    norms: Mapping[str, frozenset[float]]
    """Measure to its norm's share: another survey's, so in no system of sums."""

    groups: Mapping[str, Group] = field(default_factory=dict)
    """What it calls genders and grades."""

    @property
    def is_root(self) -> bool:
        """Whether the area lies in no other, so that it has no rest."""
        return not self.names.parents.get(self.wave, {}).get(self.area)


@dataclass(frozen=True, eq=False)
class Block:
    """A part of a page about one measure, with the figures that were read of it."""

    measure: str
    element: Element
    marks: tuple[Mark, ...]
    unknown: tuple[str, ...]
    place: str
    n_areas: float | None = None
    """How many areas it has inside the limits of chance: a number that it may say."""

    area: str = ""
    """That it is about; empty: the page's."""

    group: Group = EVERYONE


def figure_rows(block: Block, page: Page) -> Iterator[tuple[object, ...]]:
    """Figures of a part, in the columns of ``FIGURE``."""
    for mark in block.marks:
        if not mark.what:
            continue
        yield (
            mark.wave or page.wave,
            block.area or page.area,
            *block.group,
            block.measure,
            mark.what,
            mark.printed.low,
            mark.printed.high,
            mark.printed.decimals,
            page.form,
            f"{page.where}, {block.place}",
        )


def about(root: Element, title: str, names: Names) -> tuple[str | None, int | None]:
    """Area by the page's heading or else its title, wave by the last of its title's numbers.

    Of several areas that are named, the one with the longest name.
    """
    heading = "".join(plain(each.text()) for each in root.find("h1")[:1]) or plain(title)
    spaced = f" {heading.replace(',', ' ')} "
    named = [label for label in names.areas if f" {label} " in spaced]
    area = names.areas.get(max(named, key=len, default=""))
    years = numbers_in(title)
    wave = int(years[-1].value) if years else None
    return area, wave if wave in names.waves else None


def table_blocks(page: Page) -> Iterator[Block]:
    """Tables of all numbers: share, interval, number of answers, the rest's share."""
    for table in page.root.find("table", "measures"):
        n_columns = len(table.find("thead")[0].find("th")) if table.find("thead") else 0
        has_rest = not page.is_root and n_columns >= 6
        for measure, row in measure_rows(table, page.names):
            cells = cells_of(row)
            marks = list(numbered("percent", cells[0]))
            marks += interval(cells[1])
            marks += numbered("n", cells[2])
            if has_rest:
                marks += numbered("rest", cells[3])
            yield Block(measure, row, tuple(marks), (), "table")


def change_blocks(page: Page) -> Iterator[Block]:
    """Tables over the waves, with a small drawing."""
    for table in page.root.find("table", "change"):
        heads = [numbers_in(each.text()) for each in table.find("thead")[0].find("th")]
        waves = tuple(int(years[0].value) for years in heads if years)
        for measure, row in measure_rows(table, page.names):
            marks: list[Mark] = []
            for wave, cell in zip(waves, cells_of(row), strict=False):
                marks += of_wave(cell, wave)
            drawn = [read_series(each, waves) for each in row.find("svg", "series")]
            yield _with_drawings(measure, row, marks, drawn, "change")


def beside_blocks(page: Page) -> Iterator[Block]:
    """Tables of one measure, which the caption begins with, and a row for each area."""
    for table in page.root.find("table", "beside"):
        captions = [plain(each.text()) for each in table.find("caption")]
        measure = measure_of("".join(captions), page.names)
        for row in table.find("tr"):
            heads = [each for each in row.find("th") if each.attributes.get("scope") == "row"]
            area = page.names.areas.get(plain(heads[0].text(without=("sup",)))) if heads else None
            if measure is None or area is None:
                continue
            cells = cells_of(row)
            marks = [*numbered("percent", cells[1]), *interval(cells[2]), *numbered("n", cells[3])]
            drawn = [read_strip(each) for each in row.find("svg", "span")]
            block = _with_drawings(measure, row, marks, drawn, "beside")
            yield replace(block, area=area)


def measure_of(text: str, names: Names) -> str | None:
    """The measure with the longest label that a text begins with."""
    said, labels = words(text), _labels(tuple(names.measures.items()))
    found = [label for label in labels if said.startswith(label)]
    return labels[max(found, key=len)] if found else None


@lru_cache(maxsize=8)
def _labels(measures: tuple[tuple[str, str], ...]) -> dict[str, str]:
    return {words(label): measure for label, measure in measures}


def measure_rows(table: Element, names: Names) -> Iterator[tuple[str, Element]]:
    """Rows of a table with the measure that their heading names."""
    for row in table.find("tr"):
        if "data-measure" in row.attributes:
            yield row.attributes["data-measure"], row
            continue
        heads = [each for each in row.find("th") if each.attributes.get("scope") == "row"]
        if heads:
            measure = names.measures.get(plain(heads[0].text(without=("span", "sup"))))
            if measure is not None:
                yield measure, row


def _with_drawings(
    measure: str, row: Element, marks: list[Mark], drawings: list[Drawing], place: str
) -> Block:
    drawn = [mark for drawing in drawings for mark in drawing.marks]
    unknown = tuple(each for drawing in drawings for each in drawing.unknown)
    return Block(measure, row, (*marks, *drawn), unknown, place)
