"""A delivered text without some of its rows, and a wave that says how many are left."""

import csv
import io
from collections.abc import Collection, Iterator

import yaml

MAX_CELL = 1_000_000
"""Characters of a cell. The csv module stops at fewer unless told."""

BYTE_ORDER_MARK = "\ufeff"
"""Some programs write it ahead of a text."""


class _Lines:
    """Lines of a text, and those that were taken since last asked: a cell may hold line breaks."""

    def __init__(self, text: str) -> None:
        self._lines = io.StringIO(text, newline="")
        self._taken: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self._taken.append(line)
        return line

    def taken(self) -> str:
        taken, self._taken = "".join(self._taken), []
        return taken


def text_without(content: bytes, encoding: str, separator: str, dropped: Collection[int]) -> bytes:
    """A .csv file without some rows; every other byte as it was.

    Args:
        content: of the file.
        encoding: as the wave states it.
        separator: one character.
        dropped: places of the rows to leave out; the first row below the header is 0.

    Raises:
        UnicodeError, csv.Error: the content is not what is stated.
    """
    csv.field_size_limit(MAX_CELL)
    text = content.decode(encoding)
    mark = BYTE_ORDER_MARK if text.startswith(BYTE_ORDER_MARK) else ""
    lines = _Lines(text.removeprefix(mark))
    kept, place = [mark], -1
    for cells in csv.reader(lines, delimiter=separator, strict=True):
        line = lines.taken()
        if place not in dropped or not cells:
            kept.append(line)
        # An empty line is no row, here as in the reader of exports.
        place += bool(cells)
    return "".join(kept).encode(encoding)


def wave_with_rows(text: str, export: int, n_rows: int) -> str:
    """A wave's definition with another number of ``rows`` for one export, comments kept.

    Args:
        text: of ``waves/<year>.yml``; its export states ``rows``.
        export: place of the export in the list.
        n_rows: what it states afterwards.
    """
    wave = yaml.compose(text, Loader=yaml.SafeLoader)
    rows = _value(_value(wave, "exports").value[export], "rows")
    begin, end = rows.start_mark.index, rows.end_mark.index
    return f"{text[:begin]}{n_rows}{text[end:]}"


def _value(mapping: yaml.Node | None, name: str) -> yaml.Node:
    assert isinstance(mapping, yaml.MappingNode)  # noqa: S101 - the file was read as a wave
    found: yaml.Node = next(value for key, value in mapping.value if key.value == name)
    return found
