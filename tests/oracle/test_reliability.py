"""Reliability beside R's: psych 2.2.9 for alpha and its like, lavaan 0.6-14 for omega."""

import csv
import math
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from pipeline.analysis.quality.one_factor import fit_one_factor, omega_cfa_model, omega_cfa_obsvar
from pipeline.analysis.quality.polychoric import ordinal_alpha
from pipeline.analysis.quality.reliability import (
    Floats,
    alpha_if_deleted,
    correlations,
    cronbach_alpha,
    feldt_interval,
    item_total_correlations,
    listwise_covariance,
    pairwise_covariance,
    spearman_brown,
)
from tests.oracle.promises import promised

Row = dict[str, str]
FOLDER = Path(__file__).parent / "cases"

WITHOUT_WEIGHTS = {"c01_srs"}
"""Its first design, which R took the weights from, has none."""

TOLERANCE = promised("alpha and items")
"""Relative: what sums in another order may differ by."""

LAVAAN = promised("omega")
"""Relative: where lavaan stops. The two differ by 2.1e-6 at most (c10_missing s04); the product's
slope is below 1e-9 everywhere, or it gives no omega."""


LAVCOR = promised("ordinal alpha")
"""Relative: where the two searches for a polychoric correlation stop; they differ by 2e-8."""

COPIED = "c12_reverse-s04-all"
"""One item is another turned round: R's correlation is the limit its search is given."""


class Scale(NamedTuple):
    """One scale of a case in one group of respondents, and what R says of it."""

    name: str
    items: list[str]
    points: Floats
    """After reversal."""

    weights: Floats
    expected: Row
    expected_items: list[Row]
    """One per item, for the group ``all``; R has none where psych gave up."""


def rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def number(text: str) -> float:
    return float(text) if text else math.nan


def load_scales() -> Iterator[Scale]:
    for path in sorted(FOLDER.glob("*/expected_reliability.csv")):
        respondents = rows(path.parent / "data.csv")
        scales = {row["scale"]: row for row in rows(path.parent / "scales.csv")}
        items = rows(path.parent / "expected_items.csv")
        for expected in rows(path):
            scale = scales[expected["scale"]]
            column, _, value = expected["group"].partition("=")
            group = [row for row in respondents if column == "all" or row[column] == value]
            is_weighted = path.parent.name not in WITHOUT_WEIGHTS
            yield Scale(
                name=f"{path.parent.name}-{expected['scale']}-{expected['group']}",
                items=scale["items"].split(),
                points=points_of(scale, group),
                weights=np.array([float(row["weight"]) if is_weighted else 1.0 for row in group]),
                expected=expected,
                expected_items=[
                    row
                    for row in items
                    if row["scale"] == expected["scale"] and expected["group"] == "all"
                ],
            )


def points_of(scale: Row, group: list[Row]) -> Floats:
    turned = int(scale["item_min"]) + int(scale["item_max"])
    is_reversed = np.isin(scale["items"].split(), scale["reversed"].split())
    codes = np.array([[number(row[item]) for item in scale["items"].split()] for row in group])
    return np.where(is_reversed, turned - codes, codes)


SCALES = list(load_scales())
each_scale = pytest.mark.parametrize("scale", SCALES, ids=lambda scale: scale.name)


def agree(found: float, expected: str, tolerance: float = TOLERANCE) -> bool:
    """Equal within the tolerance, or both not there."""
    wanted = number(expected)
    if math.isnan(wanted):
        return math.isnan(found)
    return math.isclose(found, wanted, rel_tol=tolerance, abs_tol=1e-12)


def as_psych(scale: Scale) -> tuple[Floats, list[str]]:
    """Covariance and ids of the items that psych keeps: it drops those that do not vary."""
    covariance = pairwise_covariance(scale.points)
    varies = np.diag(covariance) > 0
    kept = [item for item, is_kept in zip(scale.items, varies, strict=True) if is_kept]
    return covariance[np.ix_(varies, varies)], kept


def test_every_scale_of_every_case_is_here() -> None:
    assert len(SCALES) == 61
    assert sum(len(scale.expected_items) for scale in SCALES) == 123


@each_scale
def test_alpha(scale: Scale) -> None:
    expected = scale.expected
    complete = listwise_covariance(scale.points)
    weighted = listwise_covariance(scale.points, scale.weights)
    assert agree(cronbach_alpha(pairwise_covariance(scale.points)), expected["alpha_pairwise"])
    assert agree(cronbach_alpha(complete), expected["alpha_listwise"])
    assert agree(cronbach_alpha(correlations(complete)), expected["alpha_std_listwise"])
    assert agree(cronbach_alpha(weighted), expected["alpha_weighted_listwise"])


@each_scale
def test_psych_on_the_items_that_it_keeps(scale: Scale) -> None:
    covariance, kept = as_psych(scale)
    expected = scale.expected
    alpha = cronbach_alpha(covariance)
    # psych's n is every row it was given, those without any answer included.
    lower, upper = feldt_interval(alpha, len(scale.points), len(kept), confidence=0.95)
    assert agree(alpha, expected["psych_raw_alpha"])
    assert agree(cronbach_alpha(correlations(covariance)), expected["psych_std_alpha"])
    assert agree(lower, expected["psych_feldt_lo"])
    assert agree(upper, expected["psych_feldt_hi"])


@pytest.mark.parametrize(
    "scale", [each for each in SCALES if len(each.items) == 2], ids=lambda scale: scale.name
)
def test_spearman_brown(scale: Scale) -> None:
    correlation = correlations(listwise_covariance(scale.points))[0, 1]
    assert agree(spearman_brown(correlation), scale.expected["split_half_sb_2item"])


@each_scale
def test_items(scale: Scale) -> None:
    complete = listwise_covariance(scale.points)
    covariance, kept = as_psych(scale)
    listwise = dict(
        zip(
            scale.items,
            zip(item_total_correlations(complete), alpha_if_deleted(complete), strict=True),
            strict=True,
        )
    )
    pairwise = dict(
        zip(
            kept,
            zip(item_total_correlations(covariance), alpha_if_deleted(covariance), strict=True),
            strict=True,
        )
    )
    for row in scale.expected_items:
        total, without = listwise[row["item"]]
        assert agree(total, row["item_rest_r_listwise"])
        assert agree(without, row["alpha_if_dropped_listwise"])
        total, without = pairwise.get(row["item"], (math.nan, math.nan))
        assert agree(total, row["psych_r_drop"])
        assert agree(without, row["psych_alpha_if_dropped"])


@each_scale
def test_omega(scale: Scale) -> None:
    complete = listwise_covariance(scale.points)
    fit = fit_one_factor(complete)
    if not scale.expected["omega_cfa_model"]:
        # Two items, items that are sums of others or constant, nobody complete.
        assert fit is None
        return
    assert fit is not None
    least = number(scale.expected["cfa_min_theta"])
    n = np.count_nonzero(~np.isnan(scale.points).any(axis=1))
    assert agree(omega_cfa_model(fit), scale.expected["omega_cfa_model"], LAVAAN)
    assert agree(omega_cfa_obsvar(fit), scale.expected["omega_cfa_obsvar"], LAVAAN)
    # lavaan divides by n.
    assert fit.uniquenesses.min() * (n - 1) / n == pytest.approx(least, rel=LAVAAN)
    assert fit.is_heywood == (least < 0)


def test_a_heywood_case_is_among_them() -> None:
    heywood = [each.name for each in SCALES if number(each.expected["cfa_min_theta"]) < 0]
    assert heywood == ["c12_reverse-s02-gender=F"]


@pytest.mark.parametrize(
    "scale",
    [each for each in SCALES if each.expected["group"] == "all" and each.name != COPIED],
    ids=lambda scale: scale.name,
)
def test_ordinal_alpha(scale: Scale) -> None:
    assert agree(ordinal_alpha(scale.points), scale.expected["alpha_ordinal"], LAVCOR)


def test_an_item_that_is_another_turned_round_leaves_no_ordinal_alpha() -> None:
    [copied] = [each for each in SCALES if each.name == COPIED]
    assert math.isnan(ordinal_alpha(copied.points))
