"""What stood behind a release: every published count, with the true one where it is known."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipeline import warehouse
from pipeline.errors import DisclosureError
from pipeline.release.cells import CODED, HIDDEN, KEYS, SHOWN, load_cells, read_cells, write_cells
from pipeline.release.layout import Layout, sole_writer
from tests.tables import table

WHOLE = {"wave": 2025, "grade": "all", "gender": "all", "measure_id": "drank"}
RELATIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "published.estimate": (
        """
        area_id | status      | n   | percent
        town    | shown       | 500 | 20
        high    | coded_above | 200 |
        low     | coded_below | 200 |
        here    | suppressed  | 40  |
        small   | suppressed  |     |
        none    | no_answers  |     |
        """,
        WHOLE,
    ),
    "disclosure.cell": (
        """
        area_id | part | n   | k   | reason
        town    | area | 501 | 99  |
        town    | rest | 1   | 1   |
        high    | area | 199 | 195 |
        low     | area | 201 | 3   |
        here    | area | 41  | 4   | count
        small   | area | 11  | 4   | base
        none    | area | 0   | 0   |
        nowhere | area | 7   | 2   | base
        """,
        WHOLE,
    ),
    "published.domain": (
        "area_id | status | n_respondents\ntown | shown | 505\nhere | suppressed | ", WHOLE
    ),
    "totals.domain": ("area_id | n_respondents\ntown | 503\nhere | 12", WHOLE),
    "published.coverage": ("wave | grade | n_opened | n_valid\n2025 | g8 | 600 | ", {}),
    "published.left_out": (
        "wave | stage | reason | n_respondents\n2025 | screened | honesty | 20", {}
    ),
    "published.participation": (
        "wave | grade | gender | n_valid | percent_valid\n2025 | g8 | girl | 300 | 90", {}
    ),
    "published.representativeness": (
        "wave | variables | n_valid | r\n2025 | grade | 500 | 0.91", {}
    ),
}  # fmt: skip


@pytest.fixture
def cells(tmp_path: Path) -> dict[tuple[str, ...], dict[str, Any]]:
    """By area, grade, gender and measure."""
    with warehouse.connect(tmp_path / "site.duckdb") as connection:
        for relation, (text, constants) in RELATIONS.items():
            rows = table("\n".join(line for line in text.splitlines() if line.strip()))
            added = {name: pl.lit(value) for name, value in constants.items()}
            warehouse.write(connection, relation, rows.with_columns(**added))
        found = read_cells(connection, 5)
    assert found.select(KEYS).is_unique().all()
    assert found.equals(found.sort(KEYS))
    assert set(found["wave"]) == {2025}
    return {tuple(row[name] for name in KEYS[1:]): row for row in found.to_dicts()}


def told(row: dict[str, Any], *names: str) -> tuple[Any, ...]:
    return tuple(row[name] for name in names)


@pytest.mark.parametrize(
    ("area", "expected"),
    [
        ("town", (501, 99, SHOWN, True, "shown 500 20", "")),
        ("high", (199, 195, CODED, True, "coded_above 200 ..", "")),
        ("low", (201, 3, CODED, True, "coded_below 200 ..", "")),
        ("here", (41, 4, HIDDEN, True, "suppressed 40 ..", "count")),
        ("small", (11, 4, HIDDEN, False, "suppressed .. ..", "base")),
        ("none", (0, 0, SHOWN, False, "no_answers .. ..", "")),
        # Published nowhere: hidden.
        ("nowhere", (7, 2, HIDDEN, False, "", "base")),
    ],
)
def test_shares_stand_with_their_true_counts(
    cells: dict[tuple[str, ...], dict[str, Any]], area: str, expected: tuple[Any, ...]
) -> None:
    row = cells[area, "all", "all", "drank"]
    assert told(row, "n", "k", "rank", "is_n_shown", "figures", "reason") == expected
    assert row["slack"] == 0


def test_so_do_numbers_of_respondents(cells: dict[tuple[str, ...], dict[str, Any]]) -> None:
    names = ("n", "k", "rank", "is_n_shown", "slack", "reason", "figures")
    town, here = (cells[each, "all", "all", "respondents"] for each in ("town", "here"))
    assert told(town, *names)[:6] == (503, 0, SHOWN, True, 0, "")
    assert told(here, *names)[:6] == (12, 0, HIDDEN, False, 0, "")
    assert "505" in town["figures"]
    assert ".." in here["figures"]


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        # What they are of is in the place of an area; each count by itself.
        (("g8", "coverage.n_opened"), (600, SHOWN, True, "600")),
        (("g8", "coverage.n_valid"), (0, HIDDEN, False, "")),
        (("screened honesty", "left_out.n_respondents"), (20, SHOWN, True, "20")),
        (("g8 girl", "participation.n_valid"), (300, SHOWN, True, "300")),
        (("grade", "representativeness.n_valid"), (500, SHOWN, True, "500")),
        # All other figures of a row are one.
        (("g8", "coverage.others"), (0, SHOWN, True, "")),
        (("g8 girl", "participation.others"), (0, SHOWN, True, "90")),
        (("grade", "representativeness.others"), (0, SHOWN, True, "0.91")),
    ],
)
def test_counts_of_whole_waves_are_known_as_published(
    cells: dict[tuple[str, ...], dict[str, Any]], key: tuple[str, str], expected: tuple[Any, ...]
) -> None:
    about, measure = key
    # Kept with every release: another spelling could not be compared with earlier ones.
    row = cells[f" {about}", "", "", measure]
    assert told(row, "n", "rank", "is_n_shown", "figures") == expected
    assert told(row, "k", "slack", "reason") == (0, 5, "")


def test_nothing_else_is_compared(cells: dict[tuple[str, ...], dict[str, Any]]) -> None:
    # Seven shares, two numbers of respondents, and of each whole-wave relation its counts and one.
    assert len(cells) == 7 + 2 + (2 + 1) + 3 * (1 + 1)


def test_they_are_kept_as_they_were(tmp_path: Path) -> None:
    layout, kept = Layout(tmp_path / "out"), pl.DataFrame({"n": [1, 2]})
    with sole_writer(layout):
        digest = write_cells(layout, "0" * 16, kept)
    path = layout.cells("0" * 16)
    assert path.stat().st_mode & 0o777 == 0o600
    assert load_cells(layout, "0" * 16, digest).equals(kept)
    path.write_bytes(path.read_bytes() + b"\0")
    with pytest.raises(DisclosureError, match="was changed"):
        load_cells(layout, "0" * 16, digest)
    path.unlink()
    with pytest.raises(DisclosureError, match="is missing"):
        load_cells(layout, "0" * 16, digest)
