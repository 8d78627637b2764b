"""Figures of a document that is no page: its tables by their shape, its charts by their words."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from pipeline.attack.document import Document, by_measure
from pipeline.attack.figures import Reading, figures_of
from pipeline.attack.group_blocks import group_descriptions, group_tables, told_marks
from pipeline.attack.groups import EVERYONE, Group, by_group, named_group
from pipeline.attack.html_cells import cells_of, interval
from pipeline.attack.html_charts import Mark
from pipeline.attack.html_tree import Element
from pipeline.attack.names import Names, plain
from pipeline.attack.page_blocks import (
    Block,
    Page,
    about,
    beside_blocks,
    change_blocks,
    figure_rows,
    measure_of,
    table_blocks,
)
from pipeline.attack.page_words import words
from pipeline.attack.printed import numbers_in

_NUMBER = r"(\d+(?:[.,]\d+)?)"
_SHARE = re.compile(rf": {_NUMBER}\s?%[^(.%]*\(\D*{_NUMBER}\s?[–-]\s?{_NUMBER}\s?%")
"""A share and its interval in parentheses."""

MIN_COLUMNS = 4
"""Of a table of all numbers: what it is, share, interval, number of answers."""


def page_of(
    document: Document, names: Names, where: str, form: str, groups: Mapping[str, Group]
) -> Page | None:
    """A document with what it is about; null if it does not say that.

    Args:
        document: as it was read.
        names: of the release.
        where: file.
        form: of file.
        groups: what its page calls genders and grades.
    """
    area, wave = about(document.root, document.title, names)
    if area is None or wave is None:
        return None
    return Page(document.root, names, area, wave, where, form, {}, groups)


def figures_in(page: Page, *, is_workbook: bool) -> Reading:
    """Figures of a document."""
    name_tables(page.root, page)
    readers = (
        table_blocks,
        change_blocks,
        beside_blocks,
        group_tables,
        group_descriptions,
        _descriptions,
    )
    blocks = [block for read in readers for block in read(page)]
    if is_workbook:
        blocks = list(_sheet_rows(page))
    return Reading(figures_of(row for block in blocks for row in figure_rows(block, page)), ())


def name_tables(root: Element, page: Page) -> None:
    """Say what each table holds, as pages do with their classes, and each row's measure."""
    names, groups = page.names, {words(label) for label in page.groups}
    for table in root.find("table"):
        rows = list(_named_rows(table, names))
        heads = [each.text().strip() for head in table.find("thead") for each in head.find("th")]
        if _is_beside(table, names):
            table.attributes["class"] = "beside"
        elif any(words(head) in groups for head in heads):
            table.attributes["class"] = "splits"
        elif any(head in map(str, names.waves) for head in heads):
            table.attributes["class"] = "change"
        elif len(heads) >= MIN_COLUMNS and _has_all_numbers([cells_of(row) for row in rows]):
            table.attributes["class"] = "measures"


def _has_all_numbers(rows: list[list[Element]]) -> bool:
    """Whether intervals stand second and numbers of answers third."""
    has_counts = not any("%" in cells[2].text() for cells in rows)
    return has_counts and any(interval(cells[1]) for cells in rows)


def _named_rows(table: Element, names: Names) -> Iterator[Element]:
    for row in table.find("tr"):
        heads = [each for each in row.find("th") if each.attributes.get("scope") == "row"]
        measure = measure_of(heads[0].text(), names) if heads else None
        if measure is not None:
            row.attributes["data-measure"] = measure
            yield row


def _is_beside(table: Element, names: Names) -> bool:
    """Whether rows are areas, and the caption begins with a measure."""
    captions = [measure_of(each.text(), names) for each in table.find("caption")]
    heads = [plain(each.text()) for row in table.find("tbody") for each in row.find("th")]
    return any(captions) and any(head in names.areas for head in heads)


def _descriptions(page: Page) -> Iterator[Block]:
    """Charts in words: a share and its interval after each measure's label."""
    for picture in page.root.walk():
        for measure, text in by_measure(picture.attributes.get("alt", ""), page.names):
            for group, said in by_group(text, page.groups) if measure else ():
                if group != EVERYONE:
                    yield Block(measure or "", picture, told_marks(said), (), "description",
                                group=group)  # fmt: skip
            found = _SHARE.search(next((said for _, said in by_group(text, page.groups)), ""))
            if measure is None or found is None:
                continue
            share, lower, upper = (numbers_in(each)[0] for each in found.groups())
            marks = (Mark("percent", share), Mark("lower", lower), Mark("upper", upper))
            yield Block(measure, picture, marks, (), "description")


def _sheet_rows(page: Page) -> Iterator[Block]:
    """Rows of sheets: a share between its limits, and the number of answers right after."""
    for row in page.root.find("tr"):
        cells = [each for each in row.children if isinstance(each, Element)]
        texts = [plain(each.text()) for each in cells]
        measure = page.names.measures.get(texts[0]) if texts else None
        if measure is None or any(text in page.names.areas for text in texts[1:]):
            continue
        kinds = [each.attributes.get("data-kind", "") for each in cells]
        for place in range(1, len(cells) - 2):
            if kinds[place : place + 3] == ["percent"] * 3:
                group = named_group(texts, page.names) or EVERYONE
                yield replace(_sheet_block(page, measure, row, place, kinds), group=group)
                break


def _sheet_block(page: Page, measure: str, row: Element, place: int, kinds: list[str]) -> Block:
    cells = [each for each in row.children if isinstance(each, Element)]
    numbers = [numbers_in(each.text()) for each in cells]
    years = [
        int(found[0].value)
        for found, kind in zip(numbers[:place], kinds, strict=False)
        if kind == "number" and int(found[0].value) in page.names.waves
    ]
    wave = years[0] if years else page.wave
    whats = ("percent", "lower", "upper")
    marks = [
        Mark(what, found[0], wave)
        for what, found in zip(whats, numbers[place : place + 3], strict=True)
    ]
    if not years and kinds[place + 3 : place + 4] == ["number"]:
        marks.append(Mark("n", numbers[place + 3][0], wave))
    return Block(measure, row, tuple(marks), (), "sheet")
