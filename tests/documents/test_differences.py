"""Verdicts as a document says them, from rows that may be shown."""

from typing import Any

import polars as pl
import pytest

from pipeline.definitions.catalogue import Catalogue
from pipeline.documents.comparison_view import Comparison, Trend
from pipeline.documents.differences import Differences
from pipeline.documents.view import Figure

SHOWN = Figure("shown", 0.4, 0.3, 0.5, 60)
ROW: dict[str, Any] = {
    "wave": 2025, "area_id": "norrsatra", "grade": "all", "gender": "all", "measure_id": "bond",
    "kind": "rest", "reference": "sandviken", "n_first": 60, "n_second": 900, "first": 0.404,
    "second": 0.375, "difference": 0.029, "p": 0.2, "smallest_detectable": 0.113,
    "verdict": "no_detectable_difference", "is_suppressed": False, "funnel": None, "basis": "own",
}  # fmt: skip


def differences(catalogue: Catalogue, **changed: Any) -> Differences:
    rows = pl.DataFrame([ROW | changed], infer_schema_length=None)
    return Differences(rows, catalogue, "norrsatra", catalogue.waves[-1])


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        # 40 and 38 as printed; 11.3 points are at most 12.
        ({}, Comparison("no_detectable_difference", "detectable", 2, 12)),
        ({"verdict": "higher"}, Comparison("higher", None, 2)),
        (
            {"verdict": "higher", "basis": "pooled"},
            Comparison("higher", None, 2, is_pooled=True),
        ),
        ({"verdict": "higher", "second": 0.396}, Comparison("higher", "below_rounding", 0)),
        ({"p": 0.05}, Comparison("no_detectable_difference", "many", 2)),
        ({"p": 0.051}, Comparison("no_detectable_difference", "detectable", 2, 12)),
        # 12 points are printed and were not found: nobody shall read that 12 would have shown.
        ({"second": 0.284}, Comparison("no_detectable_difference", "detectable", 12, 13)),
        ({"smallest_detectable": 1.2}, Comparison("no_detectable_difference", None, 2)),
        ({"verdict": "too_few", "p": None}, Comparison("untestable", None, 2)),
        ({"is_suppressed": True, "first": None, "second": None}, Comparison("too_few")),
        ({"second": None}, Comparison("not_compared")),
    ],
)
def test_a_verdict_and_what_is_said_beside_it(
    sample_catalogue: Catalogue, changed: dict[str, Any], expected: Comparison
) -> None:
    found = differences(sample_catalogue, **changed)
    assert found.against("rest", "bond", SHOWN) == expected


def test_what_has_no_row_says_why(sample_catalogue: Catalogue) -> None:
    found = differences(sample_catalogue)
    assert found.against("norm", "bond", SHOWN) == Comparison("not_compared")
    assert found.against("norm", "bond", Figure("too_few")) == Comparison("too_few")
    assert found.second("norm", "bond") is None
    assert found.second("rest", "bond") == Figure("shown", 0.375)


def test_a_change_names_the_wave_it_is_since(sample_catalogue: Catalogue) -> None:
    found = differences(sample_catalogue, kind="wave", reference="2021", verdict="lower")
    expected = Comparison("lower", None, 2, None, 2021)
    assert found.change("bond", SHOWN, SHOWN) == expected
    assert found.change("other", SHOWN, None) == Comparison("not_compared")
    assert found.change("other", SHOWN, Figure("too_few")) == Comparison("too_few")


def test_a_trend_is_in_points_per_year(sample_catalogue: Catalogue) -> None:
    row = {"kind": "trend", "reference": "2021", "second": None, "difference": -0.01262}
    trend = differences(sample_catalogue, **row).trend("bond")
    assert trend == Trend("no_detectable_difference", -1.3, 2021)
    assert differences(sample_catalogue).trend("bond") is None
    hidden = differences(sample_catalogue, **(row | {"difference": None}))
    assert hidden.trend("bond") is None
