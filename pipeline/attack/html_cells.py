"""Cells of tables as marks: numbers, and why there are none."""

from collections.abc import Iterator

from pipeline.attack.html_charts import Mark
from pipeline.attack.html_tree import Element
from pipeline.attack.printed import Printed, numbers_in


def cells_of(row: Element) -> list[Element]:
    """Cells in their columns; a cell over several stands in each, empty after the first."""
    found = []
    for cell in row.find("td"):
        found.append(cell)
        found += [Element("td", {})] * (int(cell.attributes.get("colspan", "1")) - 1)
    return found + [Element("td", {})] * max(0, 4 - len(found))


def numbered(what: str, cell: Element) -> Iterator[Mark]:
    """The one number of a cell that says why it has none, if it has none."""
    text = cell.text(without=("sup",))
    numbers = [] if cell.has("missing") or _is_code(text) else numbers_in(text)
    if numbers:
        yield Mark(what, numbers[0])


def interval(cell: Element) -> list[Mark]:
    """Both limits of a cell that has two numbers."""
    numbers = [] if cell.has("missing") else numbers_in(cell.text(without=("sup",)))
    if len(numbers) != 2:
        return []
    return [Mark("lower", numbers[0]), Mark("upper", _positive(numbers[1]))]


def of_wave(cell: Element, wave: int) -> list[Mark]:
    """A share and its limits in the column of a wave."""
    text = cell.text(without=("sup",))
    numbers = [] if cell.has("missing") or _is_code(text) else numbers_in(text)
    whats = ("percent", "lower", "upper")
    return [
        Mark(what, _positive(number), wave) for what, number in zip(whats, numbers, strict=False)
    ]


def _is_code(text: str) -> bool:
    """Whether a share is only said to be below or above a limit."""
    return text.startswith(("<", ">"))


def _positive(number: Printed) -> Printed:
    """A dash before the second number of an interval is no minus."""
    return Printed(abs(number.value), number.decimals)
