"""How many factors flag a respondent: the rule that a site lists, and what it comes to there."""

from dataclasses import dataclass
from typing import Self

from pydantic import Field, model_validator

from pipeline.definitions.factor import Direction, Factor, Outcome
from pipeline.definitions.part import Definition, Label, Status, Tag, Text, Wording

PLACE_OF_NUMBER = "{at_least}"
"""Stands in a rule's phrase where readers see the number, so that the two cannot differ."""


class FlagCountRule(Definition):
    """True for a respondent whom enough of the site's factors of one direction flag at a time.

    Counted are all factors of the direction that the site lists and has a cut-off for.
    """

    label: Label
    label_status: Status
    phrase: Wording
    """Completes "Andel elever som ..." ("Share of pupils who ..."), with ``{at_least}`` where the
    number belongs."""

    direction: Direction
    """``risk``: factors with raised risk are counted; ``protective``: those with weak
    protection."""

    at_least: int = Field(ge=2)
    """Factors that must be flagged. No such number of Communities That Care's is known here. Two
    or more: a count of one could be one factor's table again, hidden once and shown once."""

    min_flags_known: int = Field(ge=2)
    """Respondents with fewer known flags have no value, unless at_least is reached."""

    source: Text
    status: Status

    @model_validator(mode="after")
    def _zero_is_never_too_few_flags(self) -> Self:
        if self.min_flags_known < self.at_least:
            raise ValueError(
                f"min_flags_known is {self.min_flags_known}, below at_least {self.at_least}: who "
                f"cannot reach it would count as not reaching it; expected {self.at_least} or more"
            )
        return self

    @model_validator(mode="after")
    def _phrase_says_the_number(self) -> Self:
        for lang, text in (("sv", self.phrase.sv), ("en", self.phrase.en)):
            if text.count(PLACE_OF_NUMBER) != 1:
                raise ValueError(f"phrase.{lang}: expected {PLACE_OF_NUMBER} in it, once")
        return self


@dataclass(frozen=True)
class FlagCount:
    """A rule with the factors it counts: a measure like a factor or an outcome."""

    rule: FlagCountRule
    factors: tuple[Factor, ...]
    """In the site's order; those of a wave are the ones it asks."""

    @property
    def id(self) -> str:
        """The rule's."""
        return self.rule.id

    @property
    def label(self) -> Label:
        """The rule's."""
        return self.rule.label

    @property
    def label_status(self) -> Status:
        """The rule's."""
        return self.rule.label_status

    @property
    def phrase(self) -> Wording:
        """The rule's, with its number."""
        number, phrase = str(self.rule.at_least), self.rule.phrase
        return Wording.model_construct(
            sv=phrase.sv.replace(PLACE_OF_NUMBER, number),
            en=phrase.en.replace(PLACE_OF_NUMBER, number),
        )

    @property
    def direction(self) -> Direction:
        """The rule's."""
        return self.rule.direction

    @property
    def source(self) -> str:
        """The rule's."""
        return self.rule.source

    @property
    def status(self) -> Status:
        """The rule's."""
        return self.rule.status

    @property
    def tags(self) -> tuple[Tag, ...]:
        """Why it is sensitive: for all that makes any of its factors so."""
        return tuple(dict.fromkeys(tag for factor in self.factors for tag in factor.tags))


MeasureDefinition = Factor | Outcome | FlagCount
"""What a respondent has a value of, and a domain a share."""
