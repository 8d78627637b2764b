"""One questionnaire version as the generator sees it: options ordered by trouble."""

from dataclasses import dataclass

import numpy as np

from data_sample.generator.streams import Integers
from pipeline.definitions.catalogue import Shelf
from pipeline.definitions.factor import Factor, Outcome
from pipeline.definitions.instrument import Instrument, Item


@dataclass(frozen=True)
class Question:
    """One item of a questionnaire."""

    id: str
    column: str
    format: str
    factor: str | None
    """The first factor that counts the item; null if none does."""

    codes: Integers
    """Codes of the options, from least to most trouble. Shape (options,)."""

    points: Integers
    """Points of the same options."""

    missing: dict[str, int]
    """Code of each stated reason for no answer."""

    is_sensitive: bool

    @property
    def codes_by_points(self) -> Integers:
        """Codes from fewest to most points."""
        codes: Integers = self.codes[np.argsort(self.points, kind="stable")]
        return codes

    def points_of(self, answers: Integers) -> Integers:
        """Points of answers given as codes; -1000 for codes that are not an option."""
        points = np.full(len(answers), -1000)
        for code, each in zip(self.codes, self.points, strict=True):
            points[answers == code] = each
        return points


def load_questions(instrument: Instrument, shelf: Shelf) -> dict[str, Question]:
    """The items of ``instrument`` by id, in the order they are asked."""
    # Sorted, so that a factor's file name and not the file system decides.
    factors = [shelf.factors[factor] for factor in sorted(shelf.factors)]
    outcomes = [shelf.outcomes[outcome] for outcome in sorted(shelf.outcomes)]
    return {item.id: _question(item, instrument, factors, outcomes) for item in instrument.items}


def _question(
    item: Item, instrument: Instrument, factors: list[Factor], outcomes: list[Outcome]
) -> Question:
    response_format = instrument.format_of(item)
    counting = [factor for factor in factors if item.id in {each.id for each in factor.items}]
    counted_in = [each for each in outcomes if item.id in {part.id for part in each.items}]
    options = sorted(response_format.codes, key=lambda option: option.score_points)
    if _is_more_trouble_lower(item, counting):
        options = options[::-1]
    return Question(
        id=item.id,
        column=item.column,
        format=item.format,
        factor=counting[0].id if counting else None,
        codes=np.array([option.code for option in options]),
        points=np.array([option.score_points for option in options]),
        missing={each.reason: each.code for each in response_format.missing},
        is_sensitive=any(each.tags for each in counting) or any(each.tags for each in counted_in),
    )


def _is_more_trouble_lower(item: Item, counting: list[Factor]) -> bool:
    if not counting:
        return False
    factor = counting[0]
    is_reversed = next(each.reversed for each in factor.items if each.id == item.id)
    return is_reversed == (factor.direction == "risk")
