"""What other forms are made from says what the page says: no more, no less."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass, replace
from html.parser import HTMLParser
from itertools import pairwise
from typing import get_args

import pytest

from pipeline.disclosure.figure import whole_percent
from pipeline.documents.outline import Block, Box, Chart, Heading, Line, Outline, Table, text_of
from pipeline.documents.outlining import outline_of
from pipeline.documents.render import Kind, render_profile
from pipeline.documents.view import Profile
from tests.documents.conftest import ENGLISH, VARIANTS, rows_of
from tests.documents.sample_profile import PROFILE

EVERY = [*VARIANTS.values(), *ENGLISH.values()]
VOID = {"meta", "link", "br", "line", "rect", "circle", "path"}


class Seen(HTMLParser):
    """Words that a reader sees: nothing that is only drawn, only spoken or for screens alone."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._path: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        classes = (dict(attrs).get("class") or "").split()
        # What can be opened is for screens; its ids stand in the table of names as well.
        left_out = tag in ("head", "nav", "svg", "details") or bool(
            {"sr", "skip", "scale"} & set(classes)
        )
        # A table's caption and head are read even where only a screen reader says them.
        if tag in ("caption", "thead"):
            left_out = False
        if tag not in VOID:
            self._path.append(left_out)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self._path.pop()

    def handle_data(self, data: str) -> None:
        if not any(self._path):
            self.words += re.findall(r"\w+", data)


# Said to those who hear, drawn or used to tell things apart: not printed as text.
UNPRINTED = {"description", "measure_id", "kind", "side", "style", "whole", "drawing"}


def lines_of(value: object) -> Iterator[str]:
    """All texts of blocks, run by run."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (tuple, list)):
        for each in value:
            yield from lines_of(each)
    elif is_dataclass(value):
        for field in fields(value):
            if field.name not in UNPRINTED:
                yield from lines_of(getattr(value, field.name))


def all_blocks(outline: Outline) -> tuple[Block, ...]:
    return (*outline.blocks, *outline.footer)


@pytest.mark.parametrize("profile", EVERY)
@pytest.mark.parametrize("kind", get_args(Kind))
def test_every_word_of_the_page_is_there_as_often(profile: Profile, kind: Kind) -> None:
    html = render_profile(profile, kind)
    page = Seen()
    page.feed(html)
    found = [
        word for line in lines_of(all_blocks(outline_of(html))) for word in re.findall(r"\w+", line)
    ]
    assert Counter(found) == Counter(page.words)
    assert len(found) > 100


@pytest.mark.parametrize("profile", EVERY)
def test_tables_have_the_cells_of_the_page(profile: Profile) -> None:
    html = render_profile(profile)
    outline = outline_of(html)
    tables = [block for block in outline.blocks if isinstance(block, Table)]
    found = [[cell.text for cell in row] for table in tables for row in (table.head, *table.rows)]
    squeezed = [[squeeze(cell) for cell in row] for row in rows_of(html)]
    # What is only spoken stands in the page as well: "..", a dot, above and below.
    spoken = re.compile(
        "visasinte|notshown|^[●○](ja|yes),|^intebeskriven$|^notdescribed$|över:|under:|above:|below:"
    )
    differ = [
        (mine, page)
        for mine_row, page_row in zip(found, squeezed, strict=True)
        for mine, page in zip(mine_row, page_row, strict=True)
        if squeeze(mine) != page and not spoken.search(page)
    ]
    assert differ == []


def squeeze(text: str) -> str:
    """Without white space, which a browser lays out."""
    return re.sub(r"[ \n\u00a0]+", "", text)


def test_marks_of_charts_stand_where_the_shares_are() -> None:
    charts = [
        block for block in outline_of(render_profile(PROFILE)).blocks if isinstance(block, Chart)
    ]
    rows = {row.measure_id: row for chart in charts for row in chart.rows}
    measures = PROFILE.measures
    assert set(rows) == {measure.id for measure in measures}
    for measure in measures:
        row, area, rest = rows[measure.id], measure.area, measure.rest
        rest_share = None if rest is None else rest.share
        expected = (area.share, area.lower, area.upper, rest_share, measure.norm_share)
        found = (row.share, row.lower, row.upper, row.rest, row.norm)
        assert found == tuple(None if each is None else whole_percent(each) for each in expected)


def test_headings_never_skip_a_level() -> None:
    for profile in EVERY:
        for kind in get_args(Kind):
            blocks = outline_of(render_profile(profile, kind)).blocks
            levels = [1, *(each.level for each in headings(blocks))]
            assert levels.count(1) == 2
            steps = pairwise(levels)
            assert all(after <= before + 1 for before, after in steps)


def headings(blocks: Iterable[Block]) -> Iterator[Heading]:
    for block in blocks:
        if isinstance(block, Heading):
            yield block
        elif isinstance(block, Box):
            yield from headings(block.blocks)


def test_text_that_looks_like_markup_stays_text() -> None:
    name = '<b>Norr</b> & #eval("1") {{ 7 * 7 }} $x$ *y* `z` \\u{41}'
    outline = outline_of(render_profile(replace(PROFILE, area_label=name)))
    title: Line = next(each for each in outline.blocks if isinstance(each, Heading)).line
    assert text_of(title) == name
