"""Scale quality of waves in, alarms about single items out: something to look at, not a verdict.

Thresholds are project choices, set so that the sample site, where nothing is wrong, is silent.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal

import polars as pl

from pipeline.analysis.quality.alarm_wording import reason
from pipeline.analysis.quality.scale_flags import MIN_COMPLETE
from pipeline.analysis.quality.scale_quality import ScaleQuality

AlarmId = Literal["runs_against_scale", "option_never_chosen", "options_turned", "meaning_moved"]

RUNS_AGAINST = 0.1
"""Correlation with the rest, below minus this: more than chance in ``MIN_COMPLETE`` answers."""

COMPONENT_AGAINST = 0.3
"""Correlation with the first component, below minus this."""

TURNED_SHIFT = 0.2
"""Least move of an item's mean between waves, as a share of its range, that is not believed to
be a change of the pupils. The sample's largest is 0.03."""

TURNED_FIT = 0.05
"""How near, as a share of the range, the mean must come to its mirror image."""

MOVED = 0.2
"""Least move of a loading (of the correlation with the rest where there is none) between
waves. The sample's largest is 0.13, on a scale where five of six have the lowest score."""

CHANCE = 3.0
"""The move must also be this many standard errors of a difference of two correlations, as if
only those counted who did not give the commonest answer: on skewed items they alone decide.
Without that, samples of a few hundred drawn from the sample site raised false alarms on its
skewed scales; with it three did of a hundred, all of 300 respondents or fewer."""

COLUMNS = {
    "wave": pl.Int32,
    **dict.fromkeys(("factor_id", "item_id", "alarm_id", "reason_sv", "reason_en"), pl.String),
}

Row = dict[str, Any]


def find_item_alarms(qualities: Sequence[ScaleQuality]) -> pl.DataFrame:
    """Look for items that do not measure what their scale measures.

    Each wave is compared with the latest earlier one that asked the item. Scales with fewer
    than ``MIN_COMPLETE`` complete answers are not judged.

    Args:
        qualities: of the site's waves, oldest first.

    Returns:
        One row per alarm: wave, factor_id, item_id, alarm_id, reason_sv, reason_en. Reasons
        name no answers. Of the last three alarms an item has at most one:
        ``option_never_chosen``: an option has no answers although its neighbours have.
        ``options_turned``: the item looks like its own mirror image of the earlier wave.
        ``runs_against_scale``: more of it goes with less of the others; reversal is missing or
        wrong.
        ``meaning_moved``: it hangs together with the others much less, or much more, than
        before.
    """
    seen: dict[tuple[str, str], Row] = {}
    alarms: list[Row] = []
    for quality in qualities:
        asked = {row["factor_id"]: row["item_ids"] for row in quality.factors.to_dicts()}
        for factor_id, items in _by_factor(quality.items.to_dicts()):
            now = [item | {"item_ids": asked[factor_id]} for item in items]
            alarms += _scale_alarms(now, [seen.get((factor_id, row["item_id"])) for row in now])
            judged = [row for row in now if row["n_complete"] >= MIN_COMPLETE]
            seen |= {(factor_id, row["item_id"]): row for row in judged}
    return pl.DataFrame(alarms, schema=COLUMNS)


def _scale_alarms(items: list[Row], before: list[Row | None]) -> Iterator[Row]:
    """Alarms of one scale in one wave; ``before`` holds each item's earlier row, if any."""
    if items[0]["n_complete"] < MIN_COMPLETE:
        return
    against = _against(items)
    for item, earlier in zip(items, before, strict=True):
        if item["surprising_codes"]:
            yield _alarm("option_never_chosen", item, earlier)
        if earlier and _is_turned(item, earlier, against):
            yield _alarm("options_turned", item, earlier)
        elif item["item_id"] in against:
            yield _alarm("runs_against_scale", item, earlier)
        elif earlier and not against and _is_moved(item, earlier):
            # An item that runs against the others moves theirs as well: only it is named.
            yield _alarm("meaning_moved", item, earlier)


def _against(items: list[Row]) -> set[str]:
    """Items that run against the rest of their scale."""
    if len(items) > 2 and (
        opposed := {
            item["item_id"] for item in items if _at_most(item["component"], -COMPONENT_AGAINST)
        }
    ):
        return opposed
    return {item["item_id"] for item in items if _at_most(item["item_total"], -RUNS_AGAINST)}


def _is_turned(item: Row, earlier: Row, against: set[str]) -> bool:
    now, then = item["position"], earlier["position"]
    if now is None or then is None:
        return False
    if abs(now - then) >= TURNED_SHIFT and abs(now - (1 - then)) <= TURNED_FIT:
        return True
    # Of two items both run against the other: only a mirrored mean tells which was turned.
    ran_with = earlier["item_total"] is not None and earlier["item_total"] >= RUNS_AGAINST
    return len(item["item_ids"]) > 2 and item["item_id"] in against and ran_with


def _is_moved(item: Row, earlier: Row) -> bool:
    if set(item["item_ids"]) != set(earlier["item_ids"]):
        return False
    if not (item["n_off_mode"] and earlier["n_off_mode"]):
        return False
    chance = CHANCE * (1 / item["n_off_mode"] + 1 / earlier["n_off_mode"]) ** 0.5
    for measure in ("loading", "item_total"):
        now, then = item[measure], earlier[measure]
        if now is not None and then is not None:
            return bool(abs(now - then) >= max(MOVED, chance))
    return False


def _alarm(alarm_id: AlarmId, item: Row, earlier: Row | None) -> Row:
    text = reason(
        alarm_id, k_items=len(item["item_ids"]), earlier_wave=earlier["wave"] if earlier else None
    )
    keys = {key: item[key] for key in ("wave", "factor_id", "item_id")}
    return keys | {"alarm_id": alarm_id, "reason_sv": text.sv, "reason_en": text.en}


def _at_most(number: float | None, limit: float) -> bool:
    return number is not None and number <= limit


def _by_factor(items: Iterable[Row]) -> Iterator[tuple[str, list[Row]]]:
    scales: dict[str, list[Row]] = {}
    for item in items:
        scales.setdefault(item["factor_id"], []).append(item)
    yield from scales.items()
