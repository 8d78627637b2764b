"""What is published of an area, beside the figure that it is made of."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipeline import warehouse
from pipeline.release.own_count import Figure
from pipeline.release.recount_published import PublishedRow, published_rows
from tests.tables import table


@pytest.mark.parametrize(
    ("row", "counts", "is_ok"),
    [
        # Half are neither few nor many.
        ({"status": "coded_below", "n_flagged": None, "percent": None}, (50, 25), True),
        ({"status": "coded_above", "n_flagged": None, "percent": None}, (50, 25), True),
        ({"status": "coded_above", "n_flagged": None, "percent": None}, (50, 26), True),
        ({"status": "coded_below", "n_flagged": None, "percent": None}, (50, 26), False),
        # As near as half of what is rounded to, on either side.
        ({"rounded_to": 4, "n": 48, "n_flagged": 12, "percent": 25}, (46, 10), True),
        ({"rounded_to": 4, "n": 44, "n_flagged": 12, "percent": 27}, (46, 10), True),
        ({"rounded_to": 4, "n": 40, "n_flagged": 12, "percent": 30}, (46, 10), False),
        # 15 of 200 are 7.5 per cent: either whole one.
        ({"n": 200, "n_flagged": 15, "percent": 7}, (200, 15), True),
        ({"n": 200, "n_flagged": 15, "percent": 8}, (200, 15), True),
        ({"n": 200, "n_flagged": 15, "percent": 6}, (200, 15), False),
        ({"status": "no_answers", "n": None, "n_flagged": None, "percent": None}, (0, 0), True),
        ({"n": 0, "n_flagged": 0, "percent": None}, (0, 0), False),
        ({"status": "suppressed", "n": None, "n_flagged": None, "percent": None}, (0, 0), True),
    ],
)
def test_what_it_becomes_at_the_edges(
    row: dict[str, Any], counts: tuple[int, int], is_ok: bool
) -> None:
    published = PublishedRow("a table", 2025, "mill", "scale", "shown", 50, 10, 20)._replace(**row)
    n, flagged = counts
    assert published.can_be(Figure(n, Fraction(n), Fraction(flagged))) is is_ok


def test_rows_over_all_grades_and_genders_are_looked_at(tmp_path: Path) -> None:
    text = """
        wave | area_id | grade | gender | measure_id | status     | n   | n_flagged | percent
        2025 | mill    | all   | all    | scale      | shown      | 120 | 30        | 25
        2025 | mill    | g7    | all    | scale      | shown      | 60  | 15        | 25
        2025 | mill    | all   | girl   | scale      | shown      | 60  | 15        | 25
        2025 | hill    | all   | all    | scale      | suppressed |     |           |
        """
    rows = table(text)
    policy = table("parameter | value\npublic.min_base | 30\npublic.round_counts | 10")
    (tmp_path / "tables").mkdir()
    rows.with_columns(n=pl.lit("..")).write_csv(tmp_path / "tables" / "estimate.csv")
    mill, hill = ("mill", "scale", "shown"), ("hill", "scale", "suppressed")
    with warehouse.connect(tmp_path / "site.duckdb") as connection:
        assert published_rows(connection, tmp_path / "nowhere") == []
        warehouse.write(connection, "published.estimate", rows)
        source = "published.estimate"
        expected = [
            PublishedRow(source, 2025, *hill, None, None, None, 5),
            PublishedRow(source, 2025, *mill, 120, 30, 25, 5),
        ]
        assert published_rows(connection, None) == expected
        warehouse.write(connection, "published.policy", policy)
        expected = [each._replace(rounded_to=10) for each in expected]
        # And what stands in the release's table, where a symbol is no number.
        file = "tables/estimate.csv"
        expected += [
            PublishedRow(file, 2025, *mill, None, 30, 25, 10),
            PublishedRow(file, 2025, *hill, None, None, None, 10),
        ]
        assert published_rows(connection, tmp_path) == expected
