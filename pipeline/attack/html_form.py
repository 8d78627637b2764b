"""Pages: every number, drawn, printed or said, as figures."""

from collections.abc import Callable, Iterator
from pathlib import Path

from pipeline.attack.figures import Finding, Reading, figures_of
from pipeline.attack.group_blocks import group_charts, group_tables
from pipeline.attack.groups import EVERYONE, groups_on, numbers_in_heads
from pipeline.attack.html_behind import OPENING, behind_blocks, behind_findings
from pipeline.attack.html_cells import numbered
from pipeline.attack.html_charts import Mark, read_funnel, read_strip
from pipeline.attack.html_residue import Repeated, residue
from pipeline.attack.html_said import EVERY_PAGE, Said
from pipeline.attack.html_tree import Element, parse
from pipeline.attack.names import Names, plain
from pipeline.attack.page_blocks import (
    Block,
    Page,
    about,
    beside_blocks,
    change_blocks,
    figure_rows,
    measure_rows,
    table_blocks,
)
from pipeline.attack.page_words import PageWords, page_words
from pipeline.attack.policy import Policy
from pipeline.attack.printed import numbers_in


def read_page(path: Path, names: Names, policy: Policy, said: Said) -> tuple[Reading, PageWords]:
    """Figures of one page and what it says beside them; and all its words.

    Args:
        path: of the page.
        names: of the release.
        policy: of the release.
        said: what sentences and drawings may repeat.
    """
    root, comments = parse(path.read_text("utf-8"))
    where = path.name
    findings = [Finding("comment", "the page holds a comment", where) for _ in comments]
    area, wave = about(root, "".join(each.text() for each in root.find("title")[:1]), names)
    groups = groups_on(root, names)
    blocks: list[Block] = []
    rows: list[tuple[object, ...]] = []
    repeated: list[Repeated] = []
    if area is not None and wave is not None:
        page = Page(root, names, area, wave, where, "html", _norms(root), groups)
        blocks = [block for read in BLOCKS for block in read(page)]
        rows = [row for block in blocks for row in figure_rows(block, page)]
        repeated = [
            Repeated(each.measure, each.element, _allowed(each, page, said), each.place)
            for each in blocks
        ]
    else:
        says = "the page does not say which area and wave it is about"
        findings.append(Finding("undeclared", says, where))
    if numbers_in_heads(root, names):
        says = "the head of a group holds a number that is no part of its name"
        findings.append(Finding("unread number", says, where))
    for block in blocks:
        findings += [
            Finding("unread number", f"{block.measure}: {each}", f"{where}, {block.place}")
            for each in block.unknown
        ]
    findings += residue(root, repeated, names, policy, where)
    findings += behind_findings(root, names, policy, where)
    return Reading(figures_of(rows), tuple(findings)), page_words(root, area or "", groups)


def _allowed(block: Block, page: Page, said: Said) -> frozenset[float]:
    """Numbers that a part of a page may repeat: of its own area and wave, or of those it shows."""
    areas = page.names.area_ids if block.place == "areas" else (block.area or page.area,)
    waves = page.names.waves if block.place == "change" else (page.wave,)
    norms = page.norms.get(block.measure, frozenset()) if block.group == EVERYONE else frozenset()
    return norms.union(
        frozenset() if block.n_areas is None else {block.n_areas},
        said.get((EVERY_PAGE, block.measure, 0, EVERYONE), frozenset()),
        _made(block, page, said),
        *(
            said.get((area, block.measure, wave, block.group), frozenset())
            for area in areas
            for wave in waves
        ),
    )


def _made(block: Block, page: Page, said: Said) -> frozenset[float]:
    """Numbers of the measure's definition, where a page opens it."""
    if block.place != OPENING:
        return frozenset()
    return said.get((EVERY_PAGE, block.measure, page.wave, EVERYONE), frozenset())


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
        if "data-measure" in row.attributes and row.find("svg", "strip")
    }


def _charts(page: Page) -> Iterator[Block]:
    """Rows of charts: a name, a drawing with its own description, and a number."""
    for row in page.root.find("div", "row"):
        measure = row.attributes.get("data-measure")
        if measure is None:
            continue
        for drawing in row.find("svg", "strip"):
            marks, unknown = read_strip(drawing)
            yield Block(measure, row, marks, unknown, "chart")


def _funnels(page: Page) -> Iterator[Block]:
    """Tables of areas beside each other: dots without names, and names with shares."""
    for table in page.root.find("table", "areas"):
        for measure, row in measure_rows(table, page.names):
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
    table_blocks,
    change_blocks,
    beside_blocks,
    _funnels,
    _sentences,
    behind_blocks,
    group_charts,
    group_tables,
)
