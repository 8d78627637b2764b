"""How well single items of a scale measure out in a wave."""

from typing import Any

import numpy as np
import polars as pl

from pipeline.analysis.quality import reliability
from pipeline.analysis.quality.one_factor import OneFactor
from pipeline.analysis.quality.reliability import Floats
from pipeline.analysis.quality.scale_flags import surprising_gaps
from pipeline.analysis.quality.scale_points import AskedScale

ITEM_COLUMNS = {
    "wave": pl.Int32(),
    **dict.fromkeys(("factor_id", "item_id"), pl.String()),
    "is_reversed": pl.Boolean(),
    **dict.fromkeys(("n", "n_complete", "n_off_mode"), pl.Int32()),
    **dict.fromkeys(("mean", "position", "item_total", "alpha_if_deleted"), pl.Float64()),
    **dict.fromkeys(("loading", "component"), pl.Float64()),
    **dict.fromkeys(("unused_codes", "surprising_codes"), pl.List(pl.Int32)),
}


def item_rows(
    scale: AskedScale, covariance: Floats, fit: OneFactor | None, answers: pl.DataFrame
) -> list[dict[str, Any]]:
    """One row per item of a scale, as ``ITEM_COLUMNS`` says, without wave and factor.

    Args:
        scale: with the points of its items.
        covariance: shape (k, k): of the points, pairwise.
        fit: of the complete answers; null: none.
        answers: one row per respondent, a column of codes per item.
    """
    k = len(scale.items)
    columns = {
        "item_total": reliability.item_total_correlations(covariance),
        "alpha_if_deleted": reliability.alpha_if_deleted(covariance),
        "component": first_component(reliability.correlations(covariance)),
        "loading": fit.standardised_loadings if fit else np.full(k, np.nan),
    }
    rows = []
    for j, item in enumerate(scale.items):
        given = scale.points[:, j][~np.isnan(scale.points[:, j])]
        lowest, highest = float(item.attainable[0]), float(item.attainable[-1])
        mean = float(given.mean()) if given.size else np.nan
        n_chosen = np.array([(answers[item.id] == code).sum() for code in item.codes])
        row = {
            "item_id": item.id,
            "is_reversed": item.is_reversed,
            "n": given.size,
            "n_complete": scale.n_complete,
            "n_off_mode": int(n_chosen.sum() - n_chosen.max()),
            "mean": mean,
            "position": (mean - lowest) / (highest - lowest),
            "unused_codes": [code for code, n in zip(item.codes, n_chosen, strict=True) if n == 0],
            "surprising_codes": [item.codes[gap] for gap in surprising_gaps(n_chosen)],
        }
        rows.append(row | {name: float(column[j]) for name, column in columns.items()})
    return rows


def first_component(correlation: Floats) -> Floats:
    """Shape (k,): correlation of each item with the first principal component.

    Signed so that most of it is positive: an item below 0 runs against the scale.

    Args:
        correlation: shape (k, k); an item without spread has nan, and gets nan. The others get
            nan too if any correlation between them is missing.
    """
    component = np.full(len(correlation), np.nan)
    varies = np.isfinite(np.diag(correlation))
    kept = correlation[np.ix_(varies, varies)]
    if kept.size and np.isfinite(kept).all():
        values, vectors = np.linalg.eigh(kept)
        sign = -1.0 if vectors[:, -1].sum() < 0 else 1.0
        component[varies] = sign * vectors[:, -1] * np.sqrt(values[-1])
    return component
