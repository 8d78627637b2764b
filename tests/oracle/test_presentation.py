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
