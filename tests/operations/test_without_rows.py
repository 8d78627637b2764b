"""Rows leave a delivered text, and no other byte does."""

import pytest

from pipeline.operations.without_rows import text_without, wave_with_rows

ROWS = [
    "id;text;answer",
    "1;plain;3",
    '2;"two\r\nlines; and ""quotation marks""";4',
    "3;åäö;5",
    "",
    "4;;6",
]


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
@pytest.mark.parametrize("dropped", [{0}, {1}, {2}, {3}, {0, 3}, {0, 1, 2, 3}, set()])
def test_rows_leave_and_nothing_else(mark: str, end: str, encoding: str, dropped: set[int]) -> None:
    if mark and encoding == "cp1252":
        return
    # The empty line is no row.
    places = [None, 0, 1, 2, None, 3]
    kept = [row for row, place in zip(ROWS, places, strict=True) if place not in dropped]
    before = mark + "".join(row + end for row in ROWS)
    after = mark + "".join(row + end for row in kept)
    assert text_without(before.encode(encoding), encoding, ";", dropped) == after.encode(encoding)


def test_a_last_row_without_a_line_break() -> None:
    assert text_without(b"id\ta\n1\t2\n3\t4", "utf-8", "\t", {0}) == b"id\ta\n3\t4"
    assert text_without(b"id\ta\n1\t2\n3\t4", "utf-8", "\t", {1}) == b"id\ta\n1\t2\n"


WAVE = """\
# A comment. rows: 1
wave: 2025
exports:
  - file: a.csv   # rows: 2
  - {file: b.csv, rows: 120}
  - file: c.csv
    # How many:
    rows:   340  # as the supplier said
columns: {rows: 9}
"""


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_wave_states_the_rows_that_are_left(mark: str) -> None:
    assert wave_with_rows(mark + WAVE, 1, 119) == mark + WAVE.replace("120", "119")
    assert wave_with_rows(mark + WAVE, 2, 339) == mark + WAVE.replace("340", "339")
