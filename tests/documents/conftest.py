"""The handmade profile, and its HTML read back as tables."""

from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from pipeline.documents.view import Profile
from tests.documents.sample_map import SAMPLE_MAP
from tests.documents.sample_profile import PROFILE
from tests.documents.variants import (
    in_english,
    of_municipality,
    public,
    too_small,
    without_highlights,
    without_norm,
)

VARIANTS = {
    "area": PROFILE,
    "municipality": of_municipality(PROFILE),
    "public": public(PROFILE),
    "too_small": replace(too_small(PROFILE), map=replace(SAMPLE_MAP, neighbours=())),
    "without_norm": without_norm(PROFILE),
    "with_map": replace(PROFILE, map=SAMPLE_MAP),
    "with_many_neighbours": replace(PROFILE, map=replace(SAMPLE_MAP, has_more_neighbours=True)),
    "without_highlights": without_highlights(PROFILE),
}
ENGLISH = {name: in_english(profile) for name, profile in VARIANTS.items()}


class _Rows(HTMLParser):
    """Rows of all tables as texts of their cells; characters references are resolved."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str]] = []
        self._in_cell = False

    def handle_starttag(self, tag: str, _: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self._in_cell = True
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._in_cell = False

    def handle_data(self, data: str) -> None:
        if self._in_cell:
            self.rows[-1][-1] += data


def rows_of(html: str) -> list[list[str]]:
    """Cells of every table row in the document, white space squeezed but no-break spaces kept."""
    parser = _Rows()
    parser.feed(html)
    return [[" ".join(cell.split(" ")).strip() for cell in row] for row in parser.rows]


@pytest.fixture
def profile() -> Profile:
    """The handmade profile."""
    return PROFILE


@pytest.fixture
def table_row() -> Callable[[str, str], list[str]]:
    """The first row of the factor and outcome tables that begins with a label."""

    def find(html: str, label: str) -> list[str]:
        found = [row for row in rows_of(html) if row and row[0].startswith(label + "\n")]
        assert found, f"no row for {label}"
        return found[0]

    return find
