"""Whether two waves asked the same: if not, their figures are not compared."""

from typing import Literal, NamedTuple

from pipeline.definitions.catalogue import asked_factors, asked_items, is_asked
from pipeline.definitions.factor import Factor, Outcome
from pipeline.definitions.flag_count import FlagCount, MeasureDefinition
from pipeline.definitions.instrument import Instrument, Item
from pipeline.definitions.wave import Wave

Reason = Literal[
    "items_missing",
    "wording_changed",
    "options_changed",
    "order_changed",
    "factors_missing",
    "factors_changed",
]

MAX_MONTHS_APART = 1
"""Project choice. Nord-Trøndelag refused to compare waves half a year apart."""


class Break(NamedTuple):
    """Why a measure cannot be compared between two waves."""

    reason: Reason
    n: int
    """Items of the measure that differ; factors, where the reason is of factors."""


def measure_break(
    measure: MeasureDefinition, earlier: Instrument, later: Instrument
) -> Break | None:
    """The first reason why the measure differs between two questionnaire versions, or null.

    Nothing is said of a measure that one of them does not ask at all: it has no figure there.
    """
    if earlier.id == later.id or not (is_asked(measure, earlier) and is_asked(measure, later)):
        return None
    if isinstance(measure, FlagCount):
        return _break_of_count(measure, earlier, later)
    return _break_of_items(measure, earlier, later)


def _break_of_items(
    measure: Factor | Outcome, earlier: Instrument, later: Instrument
) -> Break | None:
    in_earlier, in_later = asked_items(measure, earlier), asked_items(measure, later)
    if changed := set(in_earlier) ^ set(in_later):
        return Break("items_missing", len(changed))
    pairs = [(_item(earlier, item), _item(later, item)) for item in in_later]
    if n := sum(before.text != after.text for before, after in pairs):
        return Break("wording_changed", n)
    if n := sum(
        earlier.format_of(before).codes != later.format_of(after).codes for before, after in pairs
    ):
        return Break("options_changed", n)
    orders = (_in_order(in_earlier, earlier), _in_order(in_later, later))
    if n := sum(before != after for before, after in zip(*orders, strict=True)):
        return Break("order_changed", n)
    return None


def _break_of_count(measure: FlagCount, earlier: Instrument, later: Instrument) -> Break | None:
    """Counts are compared where both count the same factors, each of them asked the same way."""
    in_earlier, in_later = (
        {factor.id: factor for factor in asked_factors(measure, each)} for each in (earlier, later)
    )
    if missing := in_earlier.keys() ^ in_later.keys():
        return Break("factors_missing", len(missing))
    found = (measure_break(factor, earlier, later) for factor in in_later.values())
    changed = sum(each is not None for each in found)
    return Break("factors_changed", changed) if changed else None


def is_comparable(
    measure: MeasureDefinition, earlier: Wave, later: Wave, instruments: dict[str, Instrument]
) -> bool:
    """Whether both waves asked the measure, the same way and in the same season."""
    before, after = instruments[earlier.instrument], instruments[later.instrument]
    return (
        is_asked(measure, before)
        and is_asked(measure, after)
        and not fieldwork_moved(earlier, later)
        and measure_break(measure, before, after) is None
    )


def _in_order(items: tuple[str, ...], instrument: Instrument) -> list[str]:
    """Items as they follow on each other in the questionnaire."""
    return [item.id for item in instrument.items if item.id in items]


def _item(instrument: Instrument, item_id: str) -> Item:
    return next(item for item in instrument.items if item.id == item_id)


def fieldwork_moved(earlier: Wave, later: Wave) -> bool:
    """Whether the fieldwork began in another season, so that pupils were older or younger."""
    apart = abs(earlier.fieldwork_from.month - later.fieldwork_from.month)
    return min(apart, 12 - apart) > MAX_MONTHS_APART
