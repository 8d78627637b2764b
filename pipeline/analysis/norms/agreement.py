"""Two norms on the same respondents: whom both flag, whom one flags, and what moves.

A share under one norm is never compared with a share under another as if they were of one kind:
what moves between the two columns is the norm, not the respondents.
"""

from typing import Any

import polars as pl

from pipeline.analysis.norms.cutoff_steps import scores_apart
from pipeline.analysis.scoring.scores import DECIMALS, is_flagged
from pipeline.definitions.catalogue import Catalogue, is_asked
from pipeline.definitions.comparability import measure_break
from pipeline.definitions.factor import Factor
from pipeline.definitions.norm import CutOff, Norm
from pipeline.definitions.wave import Wave

COLUMNS = {
    **dict.fromkeys(("factor_id", "grade"), pl.String()),
    **dict.fromkeys(("cutoff_first", "cutoff_second", "points_apart"), pl.Float64()),
    **dict.fromkeys(("scores_apart", "n"), pl.Int32()),
    **dict.fromkeys(("share_flagged_first", "share_flagged_second", "moved"), pl.Float64()),
    **dict.fromkeys(("share_alike", "kappa"), pl.Float64()),
    "reason": pl.String(),
}

ALL = "all"
"""Every grade in which both norms have a cut-off."""


def compare_norms(
    respondents: pl.DataFrame, norms: tuple[Norm, Norm], catalogue: Catalogue, wave: Wave
) -> pl.DataFrame:
    """Cut-offs of two norms side by side, and how they classify the respondents of a wave.

    Args:
        respondents: of the wave: is_analysed, grade, weight and ``score_<factor>`` each.
        norms: first and second.
        catalogue: the site's definitions.
        wave: the respondents'.

    Returns:
        One row per factor of the site and grade with a cut-off in either norm, and one for all
        grades with one in both. ``points_apart`` is second less first, in points;
        ``scores_apart`` the attainable scores that one norm flags and the other does not;
        ``n`` the respondents of the wave whom both classify; the shares are weighted, 0 to 1;
        ``moved`` is the share flagged under the second less that under the first;
        ``share_alike`` and ``kappa`` (Cohen's) say how often the two agree. ``reason`` says why
        there are no figures: ``not_asked_alike`` (one of the norm samples and the wave was asked
        otherwise), ``one_norm_only``, ``few_respondents`` (fewer than the policy's minimum
        base). Null kappa: each norm flags everyone, or nobody, and both do the same.
    """
    counted = respondents.filter(pl.col("is_analysed") & (pl.col("weight") > 0))
    rows = [
        row
        for factor in catalogue.factors
        for row in _rows(counted, factor, norms, catalogue, wave)
    ]
    return pl.DataFrame(rows, schema=COLUMNS)


def cohen_kappa(alike: float, first: float, second: float) -> float | None:
    """Agreement of two classifications beyond chance; null where chance alone gives all of it.

    Args:
        alike: share that both classify the same.
        first: share that the first flags.
        second: share that the second flags.

    Source:
        Cohen (1960), Educational and Psychological Measurement 20(1), 37-46.
    """
    expected = first * second + (1 - first) * (1 - second)
    return None if expected >= 1 else (alike - expected) / (1 - expected)


def _rows(
    counted: pl.DataFrame,
    factor: Factor,
    norms: tuple[Norm, Norm],
    catalogue: Catalogue,
    wave: Wave,
) -> list[dict[str, Any]]:
    cuts = [{cut.grade: cut for cut in norm.cutoffs if cut.factor == factor.id} for norm in norms]
    is_comparable = _is_asked_alike(factor, norms, catalogue, wave)
    classified = counted.select(
        "grade", "weight", *(is_flagged(factor, (norm,)).alias(norm.id) for norm in norms)
    ).drop_nulls()
    rows = []
    for grade in (each.id for each in catalogue.site.grades):
        first, second = (each.get(grade) for each in cuts)
        if first is None and second is None:
            continue
        row = _cutoffs(factor.id, grade, first, second)
        if not is_comparable:
            row["reason"] = "not_asked_alike"
        elif first is None or second is None:
            row["reason"] = "one_norm_only"
        else:
            instrument = catalogue.instrument_of(wave)
            row["scores_apart"] = scores_apart((first, second), factor, norms, instrument)
            row |= _agreement(
                classified.filter(grade=grade), norms, catalogue.policy.public.min_base
            )
        rows.append(row)
    if any("scores_apart" in row for row in rows):
        everyone = _agreement(classified, norms, catalogue.policy.public.min_base)
        rows.append({"factor_id": factor.id, "grade": ALL} | everyone)
    return rows


def _cutoffs(
    factor_id: str, grade: str, first: CutOff | None, second: CutOff | None
) -> dict[str, Any]:
    return {
        "factor_id": factor_id,
        "grade": grade,
        "cutoff_first": first.cutoff if first else None,
        "cutoff_second": second.cutoff if second else None,
        "points_apart": round(second.cutoff - first.cutoff, DECIMALS) if first and second else None,
    }


def _is_asked_alike(
    factor: Factor, norms: tuple[Norm, Norm], catalogue: Catalogue, wave: Wave
) -> bool:
    """Whether both norm samples and the wave were asked the same."""
    asked = catalogue.instrument_of(wave)
    of_norms = [catalogue.instruments[norm.instrument] for norm in norms]
    return all(
        is_asked(factor, instrument) and measure_break(factor, instrument, asked) is None
        for instrument in (*of_norms, asked)
    )


def _agreement(classified: pl.DataFrame, norms: tuple[Norm, Norm], min_base: int) -> dict[str, Any]:
    if len(classified) < min_base:
        return {"reason": "few_respondents"}
    first, second = (pl.col(norm.id) == 1 for norm in norms)
    groups = {"first": first, "second": second, "alike": first == second, "all": pl.lit(value=True)}
    weights = classified.select(
        pl.col("weight").filter(chosen).sum().cast(pl.Float64).alias(name)
        for name, chosen in groups.items()
    ).row(0, named=True)
    shares = {name: weight / weights["all"] for name, weight in weights.items()}
    return {
        "n": len(classified),
        "share_flagged_first": shares["first"],
        "share_flagged_second": shares["second"],
        "moved": shares["second"] - shares["first"],
        "share_alike": shares["alike"],
        "kappa": cohen_kappa(shares["alike"], shares["first"], shares["second"]),
    }
