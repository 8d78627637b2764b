"""The one-factor model recovers what made the covariances. lavaan's numbers are in tests/oracle."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pipeline.analysis.quality.item_quality import first_component
from pipeline.analysis.quality.one_factor import fit_one_factor, omega_cfa_model, omega_cfa_obsvar
from pipeline.analysis.quality.reliability import Floats, correlations, cronbach_alpha

LOADINGS = np.array([0.9, 0.7, 0.5, 0.3])
UNIQUE = np.array([0.4, 0.6, 0.8, 1.0])
MADE = np.outer(LOADINGS, LOADINGS) + np.diag(UNIQUE)


def test_the_model_that_made_the_covariances_is_found() -> None:
    fit = fit_one_factor(MADE)
    assert fit is not None
    assert fit.loadings == pytest.approx(LOADINGS, rel=1e-8)
    assert fit.uniquenesses == pytest.approx(UNIQUE, rel=1e-8)
    assert not fit.is_heywood
    # (0.9 + 0.7 + 0.5 + 0.3)^2 = 5.76; the uniquenesses sum to 2.8.
    assert omega_cfa_model(fit) == pytest.approx(5.76 / 8.56, rel=1e-10)
    assert omega_cfa_obsvar(fit) == pytest.approx(5.76 / 8.56, rel=1e-10)
    expected = LOADINGS / np.sqrt(LOADINGS**2 + UNIQUE)
    assert fit.standardised_loadings == pytest.approx(expected, rel=1e-8)


def test_an_item_that_runs_against_the_others_gets_a_negative_loading() -> None:
    signs = np.array([1, 1, 1, -1])
    fit = fit_one_factor(MADE * np.outer(signs, signs))
    assert fit is not None
    assert fit.loadings == pytest.approx(LOADINGS * signs, rel=1e-8)


def test_equal_loadings_make_omega_alpha() -> None:
    equal = np.full((5, 5), 0.3) + np.diag([0.2, 0.4, 0.6, 0.8, 1.0])
    fit = fit_one_factor(equal)
    assert fit is not None
    assert omega_cfa_model(fit) == pytest.approx(cronbach_alpha(equal), rel=1e-9)


def test_three_items_fit_exactly_even_as_a_heywood_case() -> None:
    # loading of the first = sqrt(0.8 * 0.8 / 0.5) > 1.
    observed = np.array([[1.0, 0.8, 0.8], [0.8, 1.0, 0.5], [0.8, 0.5, 1.0]])
    fit = fit_one_factor(observed)
    assert fit is not None
    assert fit.loadings == pytest.approx([1.28**0.5, 0.5**0.5, 0.5**0.5], rel=1e-8)
    assert fit.uniquenesses[0] == pytest.approx(-0.28, rel=1e-7)
    assert fit.is_heywood


@pytest.mark.parametrize(
    "covariance",
    [
        np.array([[1.0, 0.5], [0.5, 1.0]]),
        np.array([[1.0, 0.5, 0.0], [0.5, 1.0, 0.0], [0.0, 0.0, 0.0]]),
        np.array([[1.0, 0.5, 1.5], [0.5, 1.0, 1.5], [1.5, 1.5, 3.0]]),
        np.full((3, 3), np.nan),
        # Three negative correlations: no factor makes them.
        np.full((3, 3), -0.2) + np.eye(3) * 1.2,
    ],
    ids=["two_items", "a_constant", "a_sum_of_others", "nobody_complete", "no_solution"],
)
def test_where_there_is_no_model_there_is_none(covariance: Floats) -> None:
    assert fit_one_factor(covariance) is None


@given(
    st.integers(3, 7).flatmap(
        lambda k: st.tuples(
            arrays(np.float64, k, elements=st.floats(0.4, 1.5)),
            arrays(np.float64, k, elements=st.floats(0.2, 2)),
        )
    )
)
def test_any_model_is_found_again(model: tuple[Floats, Floats]) -> None:
    loadings, unique = model
    fit = fit_one_factor(np.outer(loadings, loadings) + np.diag(unique))
    assert fit is not None
    assert fit.loadings == pytest.approx(loadings, rel=1e-5)
    assert fit.uniquenesses == pytest.approx(unique, rel=1e-5)


@given(st.integers(0, 10_000))
def test_nothing_nearby_is_more_likely(seed: int) -> None:
    random = np.random.default_rng(seed)
    points = random.normal(size=(200, 4)) + random.normal(size=(200, 1))
    covariance = np.cov(points.T)
    fit = fit_one_factor(covariance)
    assume(fit is not None and not fit.is_heywood)
    assert fit is not None

    def misfit(loadings: Floats, unique: Floats) -> float:
        modelled = np.outer(loadings, loadings) + np.diag(unique)
        fitted = np.trace(np.linalg.solve(modelled, covariance))
        return float(np.linalg.slogdet(modelled)[1] + fitted)

    least = misfit(fit.loadings, fit.uniquenesses)
    for _ in range(20):
        step = random.normal(size=(2, 4)) * 1e-3
        assert misfit(fit.loadings + step[0], fit.uniquenesses + step[1]) > least


def test_first_component_is_signed_by_the_majority_and_skips_constants() -> None:
    signs = np.array([1, -1, 1, 1])
    component = first_component(correlations(MADE * np.outer(signs, signs)))
    assert (np.sign(component) == signs).all()
    constant = np.zeros((4, 4))
    constant[:3, :3] = MADE[:3, :3]
    component = first_component(correlations(constant))
    assert (component[:3] > 0).all()
    assert np.isnan(component[3])
