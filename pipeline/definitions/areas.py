"""The places of a site, and how they lie in each other from day to day."""

from datetime import date
from typing import Literal, Self

from pydantic import Field, model_validator

from pipeline.definitions.part import Identifier, Name, Part, Text, repeated
from pipeline.definitions.site import Classification


class Valid(Part):
    """Something that holds from one day to another, both included."""

    valid_from: date | None = None
    """Null: since before the first wave."""

    valid_to: date | None = None
    """Null: still."""

    @model_validator(mode="after")
    def _from_is_before_to(self) -> Self:
        if self.valid_from and self.valid_to and self.valid_from > self.valid_to:
            raise ValueError(f"valid_from {self.valid_from} is after valid_to {self.valid_to}")
        return self

    def holds_on(self, day: date) -> bool:
        """Whether ``day`` lies within."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


class AreaCode(Valid):
    """What exports call an area."""

    code: Text


class Parent(Valid):
    """The larger area an area lies in."""

    area: Identifier
    source: Text
    status: Literal["found", "sample_data"]


class Area(Part):
    """A place with a profile."""

    id: Identifier
    label: Name
    """The place's name; the same in every language."""

    level: Identifier
    codes: tuple[AreaCode, ...] = ()
    lies_in: tuple[Parent, ...] = ()


class Areas(Part):
    """``areas.yml``: the places of a site and how they lie in each other."""

    source: Text
    levels: tuple[Classification, ...] = Field(min_length=1)
    """From the largest to the smallest."""

    areas: tuple[Area, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _nothing_is_repeated(self) -> Self:
        if again := repeated(area.id for area in self.areas):
            raise ValueError(f"areas listed more than once: {', '.join(again)}")
        if again := repeated(level.id for level in self.levels):
            raise ValueError(f"levels listed more than once: {', '.join(again)}")
        return self

    @model_validator(mode="after")
    def _references_exist(self) -> Self:
        areas = {area.id for area in self.areas}
        levels = {level.id for level in self.levels}
        unknown = sorted(
            {parent.area for area in self.areas for parent in area.lies_in} - areas
        ) + sorted({area.level for area in self.areas} - levels)
        if unknown:
            raise ValueError(f"areas or levels that are not listed: {', '.join(unknown)}")
        return self
