"""Verdicts as a document says them, from rows that may be shown."""

from typing import Any

import polars as pl
import pytest

from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.policy import DocumentEdition
from pipeline.disclosure.figure import Count, Points, Published, Share
from pipeline.disclosure.publishable import Publishable
from pipeline.documents.comparison_view import Comparison, Trend
from pipeline.documents.differences import Differences

SHOWN = Published("shown", Share(0.4), Share(0.3), Share(0.5), Count(60))
ROW: dict[str, Any] = {
    "wave": 2025, "area_id": "norrsatra", "grade": "all", "gender": "all", "measure_id": "bond",
    "kind": "rest", "reference": "sandviken", "n_first": 60, "n_second": 900, "first": 0.404,
    "second": 0.375, "difference": 0.029, "p": 0.2, "smallest_detectable": 0.113,
    "verdict": "no_detectable_difference", "is_suppressed": False, "funnel": None, "basis": "own",
}  # fmt: skip


def differences(
    catalogue: Catalogue, edition: DocumentEdition = "internal", **changed: Any
) -> Differences:
    rows = pl.DataFrame([ROW | changed], infer_schema_length=None)
    nothing = pl.DataFrame()
    shown = Publishable(
        edition, 30, 1, (5, 95), nothing, rows, nothing, nothing, nothing, nothing, nothing,
        frozenset(), "1",
    )  # fmt: skip
    return Differences(shown, catalogue, "norrsatra", catalogue.waves[-1])


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        # 40 and 38 as printed; 11.3 points are at most 12.
        ({}, Comparison("no_detectable_difference", "detectable", Points(2), Points(12))),
        ({"verdict": "higher"}, Comparison("higher", None, Points(2))),
        (
            {"verdict": "higher", "basis": "pooled"},
            Comparison("higher", None, Points(2), is_pooled=True),
        ),
        ({"verdict": "higher", "second": 0.396}, Comparison("higher", "below_rounding", Points(0))),
        ({"p": 0.05}, Comparison("no_detectable_difference", "many", Points(2))),
        ({"p": 0.051}, Comparison("no_detectable_difference", "detectable", Points(2), Points(12))),
        # 12 points are printed and were not found: nobody shall read that 12 would have shown.
        (
            {"second": 0.284},
            Comparison("no_detectable_difference", "detectable", Points(12), Points(13)),
        ),
        ({"smallest_detectable": 1.2}, Comparison("no_detectable_difference", None, Points(2))),
        ({"verdict": "too_few", "p": None}, Comparison("untestable", None, Points(2))),
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
    assert found.against("norm", "bond", Published("too_few")) == Comparison("too_few")
    assert found.second("norm", "bond") is None
    assert found.second("rest", "bond") == Published("shown", Share(0.375))


def test_a_change_names_the_wave_it_is_since(sample_catalogue: Catalogue) -> None:
    found = differences(sample_catalogue, kind="wave", reference="2021", verdict="higher")
    expected = Comparison("higher", None, Points(2), None, 2021)
    assert found.change("bond", SHOWN, SHOWN) == expected
    assert found.change("other", SHOWN, None) == Comparison("not_compared")
    assert found.change("other", SHOWN, Published("too_few")) == Comparison("too_few")


def test_a_trend_is_in_points_per_year(sample_catalogue: Catalogue) -> None:
    row: dict[str, Any] = {
        "kind": "trend",
        "reference": "2021",
        "second": None,
        "difference": -0.01262,
    }
    trend = differences(sample_catalogue, **row).trend("bond")
    assert trend == Trend("no_detectable_difference", Points(-1.3), 2021)
    assert differences(sample_catalogue).trend("bond") is None
    hidden = differences(sample_catalogue, **(row | {"difference": None}))
    assert hidden.trend("bond") is None


def test_few_behind_a_shown_figure_are_too_few_to_test(sample_catalogue: Catalogue) -> None:
    few = Published("shown", Share(0.4), Share(0.2), Share(0.7), Count(20))
    assert differences(sample_catalogue).against("norm", "bond", few) == Comparison("too_few")


PUBLIC: dict[str, Any] = {"p": None, "smallest_detectable": None, "basis": None}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, Comparison("no_detectable_difference", None, Points(2))),
        ({"is_suppressed": True, "first": None}, Comparison("suppressed")),
        # A coded side has no number, but the verdict is known.
        ({"verdict": "lower", "first": None}, Comparison("lower")),
        # Rounded counts can turn a small difference round: nobody shall read both.
        ({"verdict": "lower"}, Comparison("lower", "below_rounding", Points(2))),
    ],
)
def test_the_public_edition_says_verdicts_and_rounded_points(
    sample_catalogue: Catalogue, changed: dict[str, Any], expected: Comparison
) -> None:
    found = differences(sample_catalogue, "public", **(PUBLIC | changed))
    assert found.against("rest", "bond", SHOWN) == expected


def test_a_public_trend_is_the_change_between_printed_numbers(sample_catalogue: Catalogue) -> None:
    row = PUBLIC | {"kind": "trend", "reference": "2021", "difference": -0.07}
    trend = differences(sample_catalogue, "public", **row).trend("bond")
    assert trend == Trend("no_detectable_difference", None, 2021, Points(-7))
    hidden = differences(sample_catalogue, "public", **(row | {"is_suppressed": True}))
    assert hidden.trend("bond") is None


def test_beside_a_hidden_figure_nothing_is_said(sample_catalogue: Catalogue) -> None:
    found = differences(sample_catalogue, "public", **PUBLIC)
    assert found.against("norm", "bond", Published("suppressed")) == Comparison("suppressed")
