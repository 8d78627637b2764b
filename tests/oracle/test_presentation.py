"""The presentation standard on 200 rows that another implementation answered, in R."""

from pathlib import Path

import numpy as np
import polars as pl

from pipeline.disclosure.reliability import presentation

EXPECTED = pl.read_csv(Path(__file__).parent / "presentation" / "expected.csv")


def test_every_row_is_answered_as_the_other_implementation_does() -> None:
    assert EXPECTED.height == 200
    k, n, effect, df = (
        EXPECTED[name].to_numpy().astype(float) for name in ("k", "n", "deff", "df")
    )
    found = presentation(k, n, effect, df)
    expected = {
        "is_unreliable": EXPECTED["answer"] == "suppress",
        "is_complement_unreliable": EXPECTED["complement"],
        "is_for_review": EXPECTED["review"],
    }
    for name, answers in expected.items():
        differs = np.flatnonzero(getattr(found, name) != answers.to_numpy())
        assert EXPECTED[differs].rows() == [], name


def test_what_cannot_be_judged_is_unreliable() -> None:
    nan = np.nan
    found = presentation(
        np.array([0.0, 20.0, 20.0]), np.array([0.0, 60.0, 60.0]), np.array([1.0, nan, 1.0]),
        np.array([40.0, 40.0, 0.0]),
    )  # fmt: skip
    assert found.is_unreliable.tolist() == [True, True, True]


def test_a_narrow_interval_is_enough_for_a_tiny_complement() -> None:
    # 5 of 5,000 are left: limits 0.03 and 0.23 %, twice as wide as the complement is large.
    k, n = np.array([4995.0, 120.0]), np.array([5000.0, 122.0])
    found = presentation(k, n, np.ones(2), np.full(2, np.inf))
    assert found.is_unreliable.tolist() == [False, False]
    assert found.is_complement_unreliable.tolist() == [False, True]
