"""One risk or protective scale, and one problem behaviour: what is asked and how it is scored."""

from typing import Literal, Self

from pydantic import Field, model_validator

from pipeline.definitions.part import (
    Definition,
    Identifier,
    Label,
    Part,
    Problem,
    Status,
    Tag,
    Text,
    Wording,
    repeated,
)

Domain = Literal["community", "family", "school", "peer_individual"]
Direction = Literal["risk", "protective"]


class FactorItem(Part):
    """An item's part in a factor."""

    id: Identifier
    reversed: bool = False
    """True when many points mean less of the factor."""


class ProblemLink(Part):
    """Research says that this factor predicts this problem behaviour."""

    problem: Problem
    source: Text
    status: Status


class Factor(Definition):
    """One scale. A higher score always means more of what ``label`` names."""

    label: Label
    label_status: Status
    """Status of the Swedish name; the English name is CTC's own."""

    phrase: Wording
    """Completes "Andel elever som ..." ("Share of pupils who ..."), a verb phrase about the
    flagged pupils: those with raised risk, or with weak protection."""

    domain: Domain
    direction: Direction
    items: tuple[FactorItem, ...] = Field(min_length=1)
    min_answered: int = Field(ge=1)
    """Respondents who answered fewer of the items asked get no score."""

    rescale: Literal["none", "minmax"] = "none"
    """``minmax``: items of different formats are brought to 0..1 before averaging."""

    links: tuple[ProblemLink, ...] = ()
    """None for protective factors: they buffer, and have no row in the matrix."""

    source: Text
    status: Status
    is_optional: bool = False
    """True when a site should take it in only after a decision of its own."""

    tags: tuple[Tag, ...] = ()
    """Why the factor is sensitive; empty if it is not."""

    @model_validator(mode="after")
    def _nothing_is_repeated(self) -> Self:
        if again := repeated(item.id for item in self.items):
            raise ValueError(f"items listed more than once: {', '.join(again)}")
        if again := repeated(link.problem for link in self.links):
            raise ValueError(f"problems linked more than once: {', '.join(again)}")
        return self

    @model_validator(mode="after")
    def _min_answered_is_reachable(self) -> Self:
        if self.min_answered > len(self.items):
            raise ValueError(
                f"min_answered is {self.min_answered} but there are only {len(self.items)} items"
            )
        return self


class OutcomeItem(Part):
    """An item's part in an outcome."""

    id: Identifier
    codes: tuple[int, ...] = Field(min_length=1)
    """The codes that count."""


class Outcome(Definition):
    """One problem behaviour: true for a respondent when enough items got a code that counts."""

    label: Label
    label_status: Status
    phrase: Wording
    """Completes "Andel elever som ..." ("Share of pupils who ...")."""

    problem: Problem | None
    """Null for an outcome outside the six problem behaviours."""

    items: tuple[OutcomeItem, ...] = Field(min_length=1)
    min_reached: int = Field(default=1, ge=1)
    """Items that must get a code that counts."""

    min_answered: int = Field(ge=1)
    """Respondents who answered fewer items have no outcome, unless min_reached is reached."""

    source: Text
    status: Status
    tags: tuple[Tag, ...] = ()

    @model_validator(mode="after")
    def _nothing_is_repeated(self) -> Self:
        if again := repeated(item.id for item in self.items):
            raise ValueError(f"items listed more than once: {', '.join(again)}")
        return self

    @model_validator(mode="after")
    def _counts_are_reachable(self) -> Self:
        for name, count in {
            "min_reached": self.min_reached,
            "min_answered": self.min_answered,
        }.items():
            if count > len(self.items):
                raise ValueError(f"{name} is {count} but there are only {len(self.items)} items")
        return self
