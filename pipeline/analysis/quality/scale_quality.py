"""A wave's answers in, how well its scales and items measure out.

Everyone counts as one, except in ``alpha_weighted``: it is the questionnaire that is judged.
"""

from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import polars as pl
import polars.selectors as cs

from pipeline.analysis.quality import one_factor, reliability
from pipeline.analysis.quality.item_quality import ITEM_COLUMNS, item_rows
from pipeline.analysis.quality.one_factor import OneFactor
from pipeline.analysis.quality.polychoric import ordinal_alpha
from pipeline.analysis.quality.reliability import Floats
from pipeline.analysis.quality.scale_flags import scale_flags
from pipeline.analysis.quality.scale_points import AskedScale, asked_scale, attainable_scores
from pipeline.definitions.catalogue import is_asked
from pipeline.definitions.factor import Factor
from pipeline.definitions.instrument import Instrument

CONFIDENCE = 0.95

FACTOR_COLUMNS = {
    "wave": pl.Int32(),
    "factor_id": pl.String(),
    "item_ids": pl.List(pl.String),
    **dict.fromkeys(("k_items", "n", "n_complete"), pl.Int32()),
    **dict.fromkeys(("alpha", "alpha_lower", "alpha_upper", "alpha_weighted"), pl.Float64()),
    **dict.fromkeys(("alpha_ordinal", "spearman_brown"), pl.Float64()),
    **dict.fromkeys(("omega_cfa_model", "omega_cfa_obsvar"), pl.Float64()),
    "is_heywood": pl.Boolean(),
    **dict.fromkeys(("share_floor", "share_ceiling", "share_unscored"), pl.Float64()),
    "k_scores": pl.Int32(),
    "score_step": pl.Float64(),
    "flags": pl.List(pl.String),
}


class ScaleQuality(NamedTuple):
    """What is known of the scales of one wave. A null number: there is none."""

    factors: pl.DataFrame
    """One row per factor asked: wave, factor_id, item_ids and k_items (asked), n (respondents
    with a score), n_complete (who answered every item), alpha (pairwise) with its Feldt limits
    on n_complete, alpha_weighted and alpha_ordinal (complete answers), spearman_brown (of two
    items), omega_* and is_heywood (of three or more), share_floor and share_ceiling (of those
    with a score, their answers all at the lowest or highest), share_unscored (of all), k_scores
    (that can be had by who answers everything), score_step (least distance between two of
    them), flags."""

    items: pl.DataFrame
    """One row per factor and item: wave, factor_id, item_id, is_reversed, n (answers),
    n_complete (of the scale), n_off_mode (answers other than the commonest), mean (points after
    reversal), position (0 to 1: where the mean lies between the item's fewest and most points),
    item_total (correlation with the sum of the others), alpha_if_deleted, loading
    (standardised, one factor), component (correlation with the first principal component),
    unused_codes (options nobody chose), surprising_codes (those of them that should have been
    chosen, going by the options beside them)."""


def compute_scale_quality(
    answers: pl.DataFrame, factors: tuple[Factor, ...], instrument: Instrument, wave: int
) -> ScaleQuality:
    """Judge every scale that the wave asked.

    Args:
        answers: one row per analysed respondent of the wave: a column of codes per item, and
            ``weight`` (0 or more).
        factors: of the site.
        instrument: of the wave.
        wave: its year.
    """
    weights = answers["weight"].cast(pl.Float64).to_numpy()
    scales: list[dict[str, Any]] = []
    items: list[dict[str, Any]] = []
    for factor in factors:
        if is_asked(factor, instrument):
            scale = asked_scale(answers, factor, instrument)
            covariance = reliability.pairwise_covariance(scale.points)
            fit = one_factor.fit_one_factor(reliability.listwise_covariance(scale.points))
            keys = {"wave": wave, "factor_id": factor.id}
            row = _ends(scale) | _agreement(scale, covariance, weights) | _omega(fit)
            scales.append(keys | row | {"flags": scale_flags(row, np.diag(covariance))})
            items += [keys | row for row in item_rows(scale, covariance, fit, answers)]
    return ScaleQuality(_frame(scales, FACTOR_COLUMNS), _frame(items, ITEM_COLUMNS))


def _ends(scale: AskedScale) -> dict[str, Any]:
    """Who has a score, and how many have the lowest and highest."""
    scored = scale.points[scale.is_scored]
    scores = attainable_scores(scale)
    shares: dict[str, float | None] = {}
    for name, end in (("share_floor", 0), ("share_ceiling", -1)):
        extremes = np.array([float(item.attainable[end]) for item in scale.items])
        # Rescaled points are quotients: equal ones may differ in the last bit.
        at_end = np.isnan(scored) | (np.abs(scored - extremes) < 1e-9)
        shares[name] = float(at_end.all(axis=1).mean()) if len(scored) else None
    return shares | {
        "n": len(scored),
        "share_unscored": 1 - float(scale.is_scored.mean()) if len(scale.points) else None,
        "k_scores": len(scores),
        "score_step": float(min(later - score for score, later in pairwise(scores))),
    }


def _agreement(scale: AskedScale, covariance: Floats, weights: Floats) -> dict[str, Any]:
    k, n_complete = len(scale.items), scale.n_complete
    alpha = reliability.cronbach_alpha(covariance)
    lower, upper = reliability.feldt_interval(alpha, n_complete, k, confidence=CONFIDENCE)
    weighted = reliability.listwise_covariance(scale.points, weights)
    correlation = reliability.correlations(covariance)
    return {
        "item_ids": [item.id for item in scale.items],
        "k_items": k,
        "n_complete": n_complete,
        "alpha": alpha,
        "alpha_lower": lower,
        "alpha_upper": upper,
        "alpha_weighted": reliability.cronbach_alpha(weighted),
        "alpha_ordinal": ordinal_alpha(scale.points),
        "spearman_brown": reliability.spearman_brown(correlation[0, 1]) if k == 2 else None,
    }


def _omega(fit: OneFactor | None) -> dict[str, Any]:
    return {
        "omega_cfa_model": one_factor.omega_cfa_model(fit) if fit else None,
        "omega_cfa_obsvar": one_factor.omega_cfa_obsvar(fit) if fit else None,
        "is_heywood": fit.is_heywood if fit else None,
    }


def _frame(rows: list[dict[str, Any]], columns: dict[str, pl.DataType]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=columns).with_columns(cs.float().fill_nan(None))
