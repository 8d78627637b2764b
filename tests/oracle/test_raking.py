"""Raked weights and R-indicators beside R's: made-up pupils of ``raking/``, by ``raking.R``."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from pipeline.analysis.estimation.variance import Floats
from pipeline.analysis.response.raking import Raked, rake, scaled_targets, trim
from pipeline.analysis.response.representativeness import partial_indicators, representativeness

FOLDER = Path(__file__).parent / "raking"
CLASSES = pl.read_csv(FOLDER / "classes.csv")
RESPONDENTS = pl.read_csv(FOLDER / "respondents.csv")
PARTIALS = pl.read_csv(FOLDER / "partials.csv", schema_overrides={"category": pl.String})
AGREEMENT = 1e-9


def enrolled(margin: str) -> Floats:
    sums = CLASSES.group_by(margin).agg(pl.col("n_enrolled").sum()).sort(margin)
    return sums["n_enrolled"].cast(pl.Float64).to_numpy()


def raked(base: Floats, *margins: str) -> Raked:
    """The margins' categories are numbered from 1 in the files."""
    categories = RESPONDENTS.select(margins).to_numpy() - 1
    targets = scaled_targets(categories, [enrolled(margin) for margin in margins])
    return rake(base, categories, targets, tolerance=1e-14, max_iterations=10_000)


def test_raked_weights_are_those_of_survey() -> None:
    two = raked(np.ones(RESPONDENTS.height), "grade", "gender")
    three = raked(RESPONDENTS["base"].to_numpy(), "school", "grade", "gender")
    for mine, column in ((two, "grade_gender"), (three, "all_margins")):
        assert mine.weights == pytest.approx(RESPONDENTS[column].to_numpy(), rel=AGREEMENT)


@pytest.mark.parametrize(
    ("ratio", "column"), [(2, "all_margins_trimmed"), (1.25, "all_margins_trimmed_hard")]
)
def test_trimmed_weights_are_those_of_survey(ratio: float, column: str) -> None:
    weights = RESPONDENTS["all_margins"].to_numpy()
    trimmed = trim(weights, ratio * float(weights.mean()))
    assert trimmed == pytest.approx(RESPONDENTS[column].to_numpy(), rel=AGREEMENT)


def test_the_indicators_are_those_of_a_saturated_logistic_regression() -> None:
    mine = representativeness(
        CLASSES["n_enrolled"].cast(pl.Float64).to_numpy(),
        CLASSES["n_answered"].cast(pl.Float64).to_numpy(),
    )
    expected = dict(pl.read_csv(FOLDER / "indicators.csv").rows())
    assert mine._asdict() == pytest.approx(expected, rel=AGREEMENT)


@pytest.mark.parametrize("variable", ["school", "grade", "gender"])
def test_partial_indicators_are_those_of_the_fitted_propensities(variable: str) -> None:
    sums = CLASSES.group_by(variable).agg(pl.col("n_enrolled", "n_answered").sum()).sort(variable)
    n_enrolled, n_answered = (sums[each].cast(pl.Float64).to_numpy() for each in sums.columns[1:])
    expected = PARTIALS.filter(variable=variable)["partial"].to_numpy()
    assert partial_indicators(n_enrolled, n_answered) == pytest.approx(expected, rel=AGREEMENT)
