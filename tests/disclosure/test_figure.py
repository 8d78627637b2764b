"""Figures that documents are made of: a number where it may be shown, and how it is printed."""

from dataclasses import FrozenInstanceError, fields

import pytest

from pipeline.disclosure.figure import (
    Count,
    Points,
    Published,
    Share,
    count_between,
    count_of,
    detectable_points,
    points_between,
    points_of,
    published,
    share_of,
    whole_percent,
)
from pipeline.disclosure.linked_table import LinkedTable, Protection

ROW = {
    "code": None, "estimate": 0.25, "lower": 0.2, "upper": 0.31, "n": 120,
    "interval_basis": "own", "is_unreliable": False,
}  # fmt: skip


def test_a_shown_figure_has_all_its_numbers() -> None:
    shown = Published("shown", Share(0.25), Share(0.2), Share(0.31), Count(120))
    assert published(ROW, (5, 95)) == shown
    marked = published(ROW | {"interval_basis": "pooled", "is_unreliable": True}, (5, 95))
    assert (marked.is_pooled, marked.is_unreliable) == (True, True)
    assert (marked.code, marked.limit) == (None, None)


@pytest.mark.parametrize("kind", [Published, LinkedTable, Protection])
def test_nobody_writes_into_what_was_protected(kind: type[Published]) -> None:
    found = object.__new__(kind)
    for field in fields(kind):
        with pytest.raises(FrozenInstanceError):
            setattr(found, field.name, None)


@pytest.mark.parametrize(("code", "limit"), [("below", 0.04), ("above", 0.97)])
def test_a_coded_figure_says_its_side_of_the_limit_and_no_more(code: str, limit: float) -> None:
    found = published(ROW | {"code": code}, (4, 97))
    assert (found.state, found.code, found.limit, found.n) == ("coded", code, limit, 120)
    assert (found.share, found.lower, found.upper) == (None, None, None)
    assert (found.is_pooled, found.is_unreliable) == (False, False)


def test_what_is_not_known_is_null() -> None:
    assert share_of({"estimate": None}, "estimate") is None
    assert count_of({"n": None}, "n") is None
    assert count_of({}, "n") is None
    assert points_of({"difference": None}, "difference", decimals=0) is None
    assert count_between(None, Count(1)) is None
    assert count_between(Count(1), None) is None
    assert count_between(Count(7), Count(5)) == 2


@pytest.mark.parametrize(
    ("share", "percent"),
    # 0.285 is a little less in binary.
    [(0.285, 29), (0.2849, 28), (0.005, 1), (0.0, 0), (1.0, 100), (0.145, 15), (0.995, 100)],
)
def test_per_cent_are_rounded_as_they_are_written(share: float, percent: int) -> None:
    assert whole_percent(share) == percent


def test_points_are_between_printed_per_cents() -> None:
    # 29 - 14, where the shares differ by 14.1.
    assert points_between(Share(0.285), Share(0.144)) == Points(15)
    assert points_between(Share(0.144), Share(0.285)) == Points(-15)
    assert points_of({"difference": 0.12345}, "difference", decimals=1) == 12.3
    # Nothing is printed as minus nothing.
    assert str(points_of({"difference": -0.001}, "difference", decimals=0)) == "0.0"


@pytest.mark.parametrize(
    ("detectable", "found", "printed"),
    # Upwards, and beyond what was found: or the page would say that the difference could be seen.
    [(0.031, 2.0, 4), (0.03, 2.0, 3), (0.031, 4.0, 5), (0.031, -6.0, 7), (None, 2.0, None)],
)
def test_what_would_have_been_found_is_more_than_what_was(
    detectable: float | None, found: float, printed: float | None
) -> None:
    assert detectable_points({"smallest_detectable": detectable}, Points(found)) == printed
