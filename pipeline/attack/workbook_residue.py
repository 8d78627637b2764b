"""Rows of workbooks: their numbers must stand on the page beside the same words, or in tables."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from pipeline.attack.document import Document, Part
from pipeline.attack.document_residue import Sayings, says
from pipeline.attack.groups import EVERYONE, named_group
from pipeline.attack.html_residue import is_rule
from pipeline.attack.html_said import EVERY_PAGE, Said
from pipeline.attack.html_tree import Element
from pipeline.attack.names import plain
from pipeline.attack.page_words import has_number, words
from pipeline.attack.policy import Policy
from pipeline.attack.printed import numbers_in


@dataclass(eq=False)
class Known:
    """What the rows of a workbook may say."""

    sayings: Sayings
    said: Said
    policy: Policy
    area: str
    """That the workbook is about."""

    by_heading: dict[str, frozenset[float]] = field(default_factory=dict)
    """Numbers of the page's rows with a heading, once it was asked for."""

    def numbers(self, texts: list[str]) -> frozenset[float]:
        """Numbers that a row may hold: of its heading on the page, of its measure in the tables.

        Args:
            texts: its cells.
        """
        names = self.sayings.names
        found = set(self._on_page(texts[0])) | set(map(float, names.waves))
        group = named_group(texts[1:], names) or EVERYONE
        areas = {names.areas[text] for text in texts[1:] if text in names.areas} or {self.area}
        for measure in {names.measures[text] for text in texts[:1] if text in names.measures}:
            found |= self.said.get((EVERY_PAGE, measure, 0, EVERYONE), frozenset())
            for wave in names.waves:
                found = found.union(
                    *(self.said.get((each, measure, wave, group), frozenset()) for each in areas)
                )
        return frozenset(found)

    @cached_property
    def of_respondents(self) -> frozenset[float]:
        """Numbers in rows of the page that are about no measure: of respondents, and facts."""
        labels = tuple(words(label) for label in self.sayings.names.measures)
        return frozenset(
            abs(number.value)
            for row in self.sayings.page.rows
            if row and not row[0].startswith(labels)
            for cell in row[1:]
            for number in numbers_in(cell.replace("|", " "))
        )

    def _on_page(self, heading: str) -> frozenset[float]:
        if heading not in self.by_heading:
            wanted = words(heading)
            rows = [row for row in self.sayings.page.rows if row and row[0].startswith(wanted)]
            self.by_heading[heading] = frozenset(
                abs(number.value)
                for row in rows
                if wanted
                for cell in row
                for number in numbers_in(cell.replace("|", " "))
            )
        return self.by_heading[heading]


def strange_rows(document: Document, known: Known) -> Iterator[Part]:
    """Cells of a workbook that neither the page nor the release's tables say.

    Args:
        document: with one table for each sheet.
        known: what may be said.
    """
    for row in document.root.find("tr"):
        cells = [each for each in row.children if isinstance(each, Element)]
        if not any(has_number(each.text()) for each in cells):
            continue
        numbers = known.numbers([plain(each.text()) for each in cells])
        for cell in cells:
            if not _is_said(cell, numbers, known):
                yield Part(cell.text(), "cell of a sheet")


def _is_said(cell: Element, known: frozenset[float], of: Known) -> bool:
    text = cell.text()
    found = numbers_in(text)
    if not has_number(text):
        return True
    if "data-kind" in cell.attributes:
        return all(abs(number.value) in known for number in found)
    if says(text, of.sayings):
        return True
    rest = numbers_in(of.sayings.names.without(text))
    return all(is_rule(number, of.policy) or abs(number.value) in known for number in rest)
