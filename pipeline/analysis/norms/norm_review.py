"""A norm in, what its reader should know of each cut-off out. Needs no respondents."""

from typing import Any

import numpy as np

from pipeline.analysis.estimation.intervals import wilson_interval
from pipeline.analysis.norms.cutoff_steps import cutoff_steps
from pipeline.analysis.scoring.scores import flagged_side
from pipeline.definitions.catalogue import Catalogue, is_asked
from pipeline.definitions.norm import CutOff, Norm, Separation

CONFIDENCE = 0.95

Row = dict[str, Any]


def review_norm(norm: Norm, catalogue: Catalogue) -> list[Row]:
    """One row per cut-off, in the file's order.

    Returns:
        factor, grade, side, inclusive, cutoff, n, share_flagged, share_at_cutoff (null: not
        known); k_scores and k_flagged (scores that can be had, and are flagged),
        score_at_or_below and score_above (the next of them), is_at_score (null: the site or the
        norm's questionnaire does not have the factor); ``warnings``: ``at_score`` (the cut-off
        is a score that can be had, so that ``inclusive`` decides), ``nobody_flagged``,
        ``everyone_flagged``; ``against``: a row per outcome.
    """
    return [_row(cut, norm, catalogue) for cut in norm.cutoffs]


def _row(cut: CutOff, norm: Norm, catalogue: Catalogue) -> Row:
    factor = next((each for each in catalogue.factors if each.id == cut.factor), None)
    instrument = catalogue.instruments[norm.instrument]
    side = flagged_side(norm, factor) if factor else None
    row: Row = {
        "factor": cut.factor,
        "grade": cut.grade,
        "side": side.side if side else None,
        "inclusive": side.inclusive if side else None,
        **cut.model_dump(include={"cutoff", "n", "share_flagged", "share_at_cutoff"}),
    }
    known = factor is not None and is_asked(factor, instrument)
    steps = cutoff_steps(cut, factor, norm, instrument) if factor and known else None
    row |= {
        "k_scores": steps.k_scores if steps else None,
        "k_flagged": steps.k_flagged if steps else None,
        "score_at_or_below": steps.at_or_below if steps else None,
        "score_above": steps.above if steps else None,
        "is_at_score": steps.is_at_score if steps else None,
    }
    row["warnings"] = _warnings(row)
    row["against"] = [_separation(each, is_weighted=norm.weighted) for each in cut.against]
    return row


def _warnings(row: Row) -> list[str]:
    raised = {
        "at_score": bool(row["is_at_score"]),
        "nobody_flagged": row["share_flagged"] == 0,
        "everyone_flagged": row["share_flagged"] == 1,
    }
    return [warning for warning, is_raised in raised.items() if is_raised]


def _separation(separation: Separation, *, is_weighted: bool) -> Row:
    """Shares with Wilson's limits, as if each respondent had been drawn alone.

    Null limits: weighted, or a share of 0 or 1. Classes resemble each other, and a cut-off made
    to fit these respondents fits them best: the true uncertainty is larger.
    """
    row: Row = {
        "outcome": separation.outcome,
        "n_with": separation.n_with,
        "n_without": separation.n_without,
    }
    for name, share, n in (
        ("sensitivity", separation.sensitivity, separation.n_with),
        ("specificity", separation.specificity, separation.n_without),
    ):
        lower, upper = (None, None) if share is None or is_weighted else _wilson(share, n)
        row |= {name: share, f"{name}_lower": lower, f"{name}_upper": upper}
    return row | {"auc": separation.auc}


def _wilson(share: float, n: int) -> tuple[float | None, float | None]:
    if not 0 < share < 1:
        return None, None
    p = np.array(share)
    limits = wilson_interval(p, np.sqrt(p * (1 - p) / n), np.array(np.inf), confidence=CONFIDENCE)
    lower, upper = (float(limit) for limit in limits)
    return lower, upper
