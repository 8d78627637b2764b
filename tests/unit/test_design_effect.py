"""Design effects: of textbook samples, and as they behave. R's own numbers are in tests/oracle."""

import numpy as np
import pytest

from pipeline.analysis.estimation.design_effect import design_effects


def effects(n: float, w: float, spread: float, se: float) -> tuple[float, float, float]:
    """deff, deff_wr, n_effective."""
    found = design_effects(*(np.array([each], dtype=np.float64) for each in (n, w, spread, se)))
    return found.deff.item(), found.deff_wr.item(), found.n_effective.item()


def test_a_simple_random_sample_has_the_design_effect_1() -> None:
    # Of 5 values with replacement: spread 2.56, s2 = 3.2, se**2 = 3.2 / 5; of 20, 3/4 of that.
    assert effects(5, 20, 2.56, (3.2 / 5) ** 0.5)[1:] == pytest.approx((1, 5), rel=1e-14)
    assert effects(5, 20, 2.56, (3.2 / 5 * 3 / 4) ** 0.5)[0] == pytest.approx(1, rel=1e-14)


def test_twice_the_variance_is_half_the_respondents() -> None:
    deff, deff_wr, n_effective = effects(5, 20, 2.56, (2 * 3.2 / 5) ** 0.5)
    assert (deff_wr, n_effective) == pytest.approx((2, 2.5), rel=1e-14)
    assert deff == pytest.approx(2 / (3 / 4), rel=1e-14)


@pytest.mark.parametrize("w", [4, 5])
def test_weights_that_are_no_population(w: float) -> None:
    deff, deff_wr, n_effective = effects(5, w, 2.56, 0.8)
    assert np.isnan(deff)
    assert np.isfinite([deff_wr, n_effective]).all()


@pytest.mark.parametrize(("n", "spread", "se"), [(1, 0.2, 0.1), (5, 0, 0.1), (5, 0.2, np.nan)])
def test_what_cannot_be_compared_has_no_design_effect(n: float, spread: float, se: float) -> None:
    assert np.isnan(effects(n, 20, spread, se)).all()


def test_a_census_has_no_effective_size() -> None:
    deff, deff_wr, n_effective = effects(5, 20, 2.56, 0)
    assert (deff, deff_wr) == (0, 0)
    assert np.isnan(n_effective)
