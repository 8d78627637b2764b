"""Validity screens: rules that set aside careless and dishonest answers, each counted."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from pipeline.definitions.part import Definition, Identifier, Label, Part, Status, Text, repeated


class _Screen(Part):
    id: Identifier
    label: Label
    source: Text
    status: Status


class CodeIn(_Screen):
    """Caught: the item got one of the codes (says not honest; used a drug that does not exist)."""

    kind: Literal["code_in"]
    item: Identifier
    codes: tuple[int, ...] = Field(min_length=1)


class CountAtOrAbove(_Screen):
    """Caught: at least ``min_items`` of the items have ``at_or_above`` points (implausible)."""

    kind: Literal["count_at_or_above"]
    items: tuple[Identifier, ...] = Field(min_length=1)
    at_or_above: int
    min_items: int = Field(ge=1)

    @model_validator(mode="after")
    def _items_are_distinct(self) -> Self:
        if again := repeated(self.items):
            raise ValueError(f"items listed more than once: {', '.join(again)}")
        return self

    @model_validator(mode="after")
    def _min_items_is_reachable(self) -> Self:
        if self.min_items > len(self.items):
            raise ValueError(
                f"min_items is {self.min_items} but there are only {len(self.items)} items"
            )
        return self


class Pair(Part):
    """Two items of the same format, the first of which cannot exceed the second."""

    narrower: Identifier
    """E.g. use in the past 30 days."""

    wider: Identifier
    """E.g. use in a lifetime."""


class Exceeds(_Screen):
    """Caught: for at least ``min_pairs`` pairs, the narrower item has more points."""

    kind: Literal["exceeds"]
    pairs: tuple[Pair, ...] = Field(min_length=1)
    min_pairs: int = Field(default=1, ge=1)

    @model_validator(mode="after")
    def _min_pairs_is_reachable(self) -> Self:
        if self.min_pairs > len(self.pairs):
            raise ValueError(
                f"min_pairs is {self.min_pairs} but there are only {len(self.pairs)} pairs"
            )
        return self


class GradeAge(Part):
    """Ages that occur in a grade."""

    grade: Identifier
    youngest: int = Field(ge=5, le=30)
    oldest: int = Field(ge=5, le=30)

    @model_validator(mode="after")
    def _youngest_is_not_older(self) -> Self:
        if self.youngest > self.oldest:
            raise ValueError(f"youngest is {self.youngest} but oldest is {self.oldest}")
        return self


class AgeForGrade(_Screen):
    """Caught: the age is outside what occurs in the respondent's grade."""

    kind: Literal["age_for_grade"]
    item: Identifier
    """An item whose points are years."""

    ages: tuple[GradeAge, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _grades_are_distinct(self) -> Self:
        if again := repeated(entry.grade for entry in self.ages):
            raise ValueError(f"grades listed more than once: {', '.join(again)}")
        return self


class SameCode(_Screen):
    """Caught: every item answered, all with one code, although some are worded the other way."""

    kind: Literal["same_code"]
    items: tuple[Identifier, ...] = Field(min_length=5)

    @model_validator(mode="after")
    def _items_are_distinct(self) -> Self:
        if again := repeated(self.items):
            raise ValueError(f"items listed more than once: {', '.join(again)}")
        return self


Screen = Annotated[
    CodeIn | CountAtOrAbove | Exceeds | AgeForGrade | SameCode, Field(discriminator="kind")
]


class ScreenSet(Definition):
    """The screens of a site, in the order they are applied.

    A respondent is set aside by the first screen that catches them; each screen also reports
    how many it would have caught alone.
    """

    label: Label
    screens: tuple[Screen, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _nothing_is_repeated(self) -> Self:
        if again := repeated(screen.id for screen in self.screens):
            raise ValueError(f"screens listed more than once: {', '.join(again)}")
        return self
