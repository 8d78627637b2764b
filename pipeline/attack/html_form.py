"""Area profiles: every number of the page, drawn, printed or said, as figures."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.attack.figures import Finding, Reading, figures_of
from pipeline.attack.html_cells import cells_of, interval, numbered, of_wave
from pipeline.attack.html_charts import Drawing, Mark, read_funnel, read_series, read_strip
from pipeline.attack.html_residue import Repeated, residue
from pipeline.attack.html_said import EVERY_PAGE, Said
from pipeline.attack.html_tree import Element, parse
from pipeline.attack.names import Names, plain
from pipeline.attack.policy import Policy
from pipeline.attack.printed import numbers_in


@dataclass(frozen=True, eq=False)
class Page:
    """A page and what it is about."""

    root: Element
    names: Names
    area: str
    wave: int
    where: str
    norms: Mapping[str, frozenset[float]]
    """Measure to its norm's share: another survey's, so in no system of sums."""

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


def read_page(path: Path, names: Names, policy: Policy, said: Said) -> Reading:
    """Figures of one page, and what it says beside them.

    Args:
        path: of the page.
        names: of the release.
        policy: of the release.
        said: what sentences and drawings may repeat.
    """
    root, comments = parse(path.read_text("utf-8"))
    where = path.name
    findings = [Finding("comment", "the page holds a comment", where) for _ in comments]
    area, wave = _about(root, names)
    blocks: list[Block] = []
    rows: list[tuple[object, ...]] = []
    repeated: list[Repeated] = []
    if area is not None and wave is not None:
        page = Page(root, names, area, wave, where, _norms(root))
        blocks = [block for read in BLOCKS for block in read(page)]
        rows = [row for block in blocks for row in _rows(block, page)]
        repeated = [
            Repeated(each.measure, each.element, _allowed(each, page, said), each.place)
            for each in blocks
        ]
    for block in blocks:
        findings += [
            Finding("unread number", f"{block.measure}: {each}", f"{where}, {block.place}")
            for each in block.unknown
        ]
    findings += residue(root, repeated, names, policy, where)
    return Reading(figures_of(rows), tuple(findings))


def _allowed(block: Block, page: Page, said: Said) -> frozenset[float]:
    """Numbers that a part of a page may repeat: of its own area and wave, or of those it shows."""
    areas = page.names.area_ids if block.place == "areas" else (page.area,)
    waves = page.names.waves if block.place == "change" else (page.wave,)
    return page.norms.get(block.measure, frozenset()).union(
        frozenset() if block.n_areas is None else {block.n_areas},
        said.get((EVERY_PAGE, block.measure, 0), frozenset()),
        *(said.get((area, block.measure, wave), frozenset()) for area in areas for wave in waves),
    )


def _norms(root: Element) -> dict[str, frozenset[float]]:
    """Where upright lines stand for norms, by measure; whole per cent alone."""
    return {
        row.attributes["data-measure"]: frozenset(
            number.value
            for line in row.find("line", "norm")
            for number in numbers_in(line.attributes.get("x1", ""))
            if number.decimals == 0
        )
        for row in root.find("div", "row")
        if "data-measure" in row.attributes
    }


def _about(root: Element, names: Names) -> tuple[str | None, int | None]:
    """Area by the page's heading, wave by the last of its title's numbers."""
    headings = root.find("h1")
    area = names.areas.get(plain(headings[0].text())) if headings else None
    titles = root.find("title")
    years = numbers_in(titles[0].text()) if titles else []
    wave = int(years[-1].value) if years else None
    return area, wave if wave in names.waves else None


def _rows(block: Block, page: Page) -> Iterator[tuple[object, ...]]:
    for mark in block.marks:
        if not mark.what:
            continue
        yield (
            mark.wave or page.wave,
            page.area,
            "all",
            "all",
            block.measure,
            mark.what,
            mark.printed.low,
            mark.printed.high,
            mark.printed.decimals,
            "html",
            f"{page.where}, {block.place}",
        )


def _charts(page: Page) -> Iterator[Block]:
    """Rows of charts: a name, a drawing with its own description, and a number."""
    for row in page.root.find("div", "row"):
        measure = row.attributes.get("data-measure")
        if measure is None:
            continue
        for drawing in row.find("svg", "strip"):
            marks, unknown = read_strip(drawing)
            yield Block(measure, row, marks, unknown, "chart")


def _tables(page: Page) -> Iterator[Block]:
    """Tables of all numbers: share, interval, number of answers, the rest's share."""
    for table in page.root.find("table", "measures"):
        n_columns = len(table.find("thead")[0].find("th")) if table.find("thead") else 0
        has_rest = not page.is_root and n_columns >= 6
        for measure, row in _measure_rows(table, page.names):
            cells = cells_of(row)
            marks = list(numbered("percent", cells[0]))
            marks += interval(cells[1])
            marks += numbered("n", cells[2])
            if has_rest:
                marks += numbered("rest", cells[3])
            yield Block(measure, row, tuple(marks), (), "table")


def _changes(page: Page) -> Iterator[Block]:
    """Tables over the waves, with a small drawing."""
    for table in page.root.find("table", "change"):
        heads = [numbers_in(each.text()) for each in table.find("thead")[0].find("th")]
        waves = tuple(int(years[0].value) for years in heads if years)
        for measure, row in _measure_rows(table, page.names):
            marks: list[Mark] = []
            for wave, cell in zip(waves, cells_of(row), strict=False):
                marks += of_wave(cell, wave)
            drawn = [read_series(each, waves) for each in row.find("svg", "series")]
            yield _with_drawings(measure, row, marks, drawn, "change")


def _funnels(page: Page) -> Iterator[Block]:
    """Tables of areas beside each other: dots without names, and names with shares."""
    for table in page.root.find("table", "areas"):
        for measure, row in _measure_rows(table, page.names):
            drawn = [read_funnel(each) for each in row.find("svg", "funnel")]
            decimals = [Mark("", each.printed) for drawing in drawn for each in drawing.marks]
            unknown = tuple(
                "a dot between two whole per cent" for each in decimals if each.printed.decimals
            )
            others = tuple(each for drawing in drawn for each in drawing.unknown)
            named = sum(1 for outside in row.find("ul", "outside") for _ in outside.find("li"))
            yield Block(measure, row, (), unknown + others, "areas", float(len(decimals) - named))


def _sentences(page: Page) -> Iterator[Block]:
    """Highlights: a title, a number and a sentence that says it again."""
    for item in page.root.find("li"):
        titles = item.find("p", "title")
        measure = page.names.measures.get(plain(titles[0].text())) if titles else None
        if measure is None:
            continue
        big = item.find("p", "big")
        marks = tuple(mark for each in big for mark in numbered("percent", each))
        yield Block(measure, item, marks, (), "highlights")


BLOCKS: tuple[Callable[[Page], Iterator[Block]], ...] = (
    _charts,
    _tables,
    _changes,
    _funnels,
    _sentences,
)


def _measure_rows(table: Element, names: Names) -> Iterator[tuple[str, Element]]:
    """Rows of a table with the measure that their heading names."""
    for row in table.find("tr"):
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
