"""One respondent's flag, outcome or count of flags from the cells of a raw row, in fractions.

A second implementation of the rules of scoring, for the recount: it shares their definitions
with the first one, and no code.
"""

from collections.abc import Callable
from fractions import Fraction

from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.factor import Factor, Outcome
from pipeline.definitions.flag_count import FlagCount, FlagCountRule, MeasureDefinition
from pipeline.definitions.instrument import Instrument

Cells = dict[str, str]
Value = Callable[[Cells, str], int | None]
"""Cells of a row and the respondent's grade (empty if not known) in; 1, 0 or none out."""

SCORE_DECIMALS = 12
"""Scores and cut-offs are compared as they are stored: a third, cut there, reaches a third."""


class Items:
    """The items of one questionnaire: what a cell says."""

    def __init__(self, instrument: Instrument) -> None:
        """Of the wave that is read."""
        formats = {each.id: each for each in instrument.formats}
        self.columns = {item.id: item.column for item in instrument.items}
        self._points = {
            item.id: {
                option.code: option.code if option.points is None else option.points
                for option in formats[item.format].codes
            }
            for item in instrument.items
        }
        self._codes: dict[str, int | None] = {}

    def code(self, item: str, cells: Cells) -> int | None:
        """The code of an answer; none where the cell is blank or says why there is no answer."""
        text = cells[self.columns[item]]
        if text not in self._codes:
            self._codes[text] = _whole(text)
        code = self._codes[text]
        return code if code in self._points[item] else None

    def n_answered(self, cells: Cells) -> int:
        """Items with an answer."""
        return sum(self.code(item, cells) is not None for item in self.columns)

    def keyed(self, item: str, cells: Cells, *, is_turned: bool, is_rescaled: bool) -> Fraction:
        """Points of an answered item, after turning and rescaling."""
        points = self._points[item]
        low, high = min(points.values()), max(points.values())
        code = self.code(item, cells)
        assert code is not None  # noqa: S101 - asked of answered items only
        given = low + high - points[code] if is_turned else points[code]
        return Fraction(given - low, high - low) if is_rescaled else Fraction(given)


def value_of(measure: MeasureDefinition, catalogue: Catalogue, items: Items) -> Value | None:
    """How a measure's value is read off a row; none if the questionnaire asks too little of it."""
    if isinstance(measure, FlagCount):
        return _count(measure.rule, catalogue, items)
    if sum(item.id in items.columns for item in measure.items) < measure.min_answered:
        return None
    return (
        _outcome(measure, items)
        if isinstance(measure, Outcome)
        else _flag(measure, catalogue, items)
    )


def _outcome(outcome: Outcome, items: Items) -> Value:
    asked = [item for item in outcome.items if item.id in items.columns]

    def value(cells: Cells, _: str) -> int | None:
        given = [(items.code(item.id, cells), item.codes) for item in asked]
        if sum(code in counted for code, counted in given) >= outcome.min_reached:
            return 1
        n_answered = sum(code is not None for code, _ in given)
        return 0 if n_answered >= outcome.min_answered else None

    return value


def _flag(factor: Factor, catalogue: Catalogue, items: Items) -> Value | None:
    cuts = {}
    for norm in reversed(catalogue.norms):
        flags = norm.risk if factor.direction == "risk" else norm.protective
        for cut in norm.cutoffs:
            if cut.factor == factor.id:
                cuts[cut.grade] = (_stored(Fraction(repr(cut.cutoff))), flags)
    if not cuts:
        return None
    asked = [item for item in factor.items if item.id in items.columns]
    is_rescaled = factor.rescale == "minmax"

    def value(cells: Cells, grade: str) -> int | None:
        answered = [item for item in asked if items.code(item.id, cells) is not None]
        if grade not in cuts or len(answered) < factor.min_answered:
            return None
        points = [
            items.keyed(item.id, cells, is_turned=item.reversed, is_rescaled=is_rescaled)
            for item in answered
        ]
        score = _stored(sum(points, Fraction(0)) / len(points))
        cutoff, flags = cuts[grade]
        is_beyond = score > cutoff if flags.side == "upper" else score < cutoff
        return int(is_beyond or (flags.inclusive and score == cutoff))

    return value


def _count(rule: FlagCountRule, catalogue: Catalogue, items: Items) -> Value | None:
    each_of = (
        value_of(factor, catalogue, items)
        for factor in catalogue.factors
        if factor.direction == rule.direction
    )
    # Without a cut-off, or asked too little of, a factor flags nobody and is none of those counted.
    flags = [flag for flag in each_of if flag is not None]
    if len(flags) < rule.min_flags_known:
        return None

    def value(cells: Cells, grade: str) -> int | None:
        known = [given for flag in flags if (given := flag(cells, grade)) is not None]
        if known.count(1) >= rule.at_least:
            return 1
        return None if len(known) < rule.min_flags_known else 0

    return value


def _stored(score: Fraction) -> Fraction:
    return round(score, SCORE_DECIMALS)


def _whole(text: str) -> int | None:
    try:
        number = Fraction(text.replace(",", "."))
    except (ValueError, ZeroDivisionError):
        return None
    return int(number) if number.denominator == 1 else None
