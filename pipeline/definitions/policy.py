"""What may be shown of respondents, and to whom: ``policy.yml``."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from pipeline.definitions.floors import past_floors
from pipeline.definitions.part import Identifier, Part, Tag, Text, repeated
from pipeline.definitions.reading import nearest
from pipeline.definitions.research_edition import ResearchEdition
from pipeline.errors import DisclosureError

EditionName = Literal["internal", "public", "research"]
EDITIONS: tuple[EditionName, ...] = ("internal", "public", "research")

DocumentEdition = Literal["internal", "public"]
DOCUMENT_EDITIONS: tuple[DocumentEdition, ...] = ("internal", "public")
"""Editions that documents and tables exist in; ``research`` is a file of its own."""

Rule = Literal["min_base", "min_schools", "min_count", "min_count_sensitive", "hide"]
"""What an override may change: a threshold of the public edition, or that a figure is shown."""


class InternalEdition(Part):
    """For staff who work under secrecy: exact figures."""

    min_base: int = Field(default=10, ge=1)
    """Respondents a shown figure rests on, at least."""


class ExtremeCode(Part):
    """Shares near 0 and 100 % that are shown as ``< 5 %`` and ``> 95 %`` instead of hidden."""

    below: int = Field(default=5, ge=1, lt=50)
    """Per cent."""

    above: int = Field(default=95, gt=50, le=99)
    """Per cent."""

    min_base: int = Field(default=100, ge=1)
    """Respondents such a share rests on, at least."""


class PublicEdition(Part):
    """For everyone. Respondents: those with a value; count: those of them who are flagged."""

    min_base: int = Field(default=30, ge=1)
    """Respondents a shown figure rests on, at least. Nothing is tested on fewer in any edition."""

    min_schools: int = Field(default=2, ge=1)
    """Schools that the respondents of an area go to, at least: an area of one school is that
    school. Not applied to waves whose export names no schools."""

    min_count: int = Field(default=8, ge=1)
    """Least count, and least number of the others, that a figure is shown with."""

    min_count_sensitive: int = Field(default=10, ge=1)
    """The same for measures with one of ``sensitive_tags``."""

    sensitive_tags: tuple[Tag, ...] = ("drugs", "crime", "mental_health", "sexual")
    extreme_code: ExtremeCode = ExtremeCode()
    k_coalition: int = Field(default=2, ge=0)
    """Respondents who know each other's answers: that many in a larger group outside of a smaller
    one must not learn the smaller one's count by leaving themselves out."""

    round_counts: int = Field(default=5, ge=1)
    """All counts are rounded to a multiple of this, and everything is computed from those."""

    min_interval: int = Field(default=8, ge=1)
    """Width that the interval of counts must have which can be worked out of a hidden one."""

    genders: tuple[Identifier, ...] | None = None
    """Genders that figures are published of, beside those of all pupils; null: every one of the
    site. A gender of very few is better left out: how many they are nearly follows from all and
    the other genders, so that those must be hidden in its stead."""

    crossed_breakdowns: bool = False
    """Whether figures by grade and gender at once are published; by each alone they always are.
    In areas of a few hundred pupils nearly all of them would be hidden, and more beside them."""

    max_hidden_share: float = Field(default=0.5, gt=0, le=1)
    """Where more of a breakdown by grade or gender is hidden, all of it is."""

    min_difference: int = Field(default=10, ge=1)
    """Respondents that a group has beyond a smaller one inside it, at least, if the smaller one's
    figure is shown and they are not the same."""

    min_changed: int = Field(default=10, ge=1)
    """Respondents by which a group changes between two releases, at least, if it changes."""

    unreliable: Literal["mark", "hide"] = "mark"
    """What becomes of figures that are not reliable though they are not secret."""

    @model_validator(mode="after")
    def _sensitive_is_stricter(self) -> Self:
        if self.min_count_sensitive < self.min_count:
            raise ValueError(
                f"min_count_sensitive is {self.min_count_sensitive}, below min_count "
                f"{self.min_count}: sensitive measures are protected at least as much as others"
            )
        return self


class Editions(Part):
    """The editions. What is not stated is as the defaults are."""

    internal: InternalEdition = InternalEdition()
    public: PublicEdition = PublicEdition()
    research: ResearchEdition = ResearchEdition()

    @model_validator(mode="before")
    @classmethod
    def _are_known(cls, stated: Any) -> Any:
        if isinstance(stated, Mapping):
            for name in map(str, stated):
                if name not in EDITIONS:
                    raise DisclosureError(
                        f"policy.yml: editions.{name}: {unknown_edition(name, EDITIONS)}"
                    )
        return stated


class Override(Part):
    """One decision for an area, a measure, or both; for everything if neither is named."""

    rule: Rule
    value: int | None = Field(default=None, ge=1)
    """The threshold instead of the edition's; null for ``hide``."""

    area: Identifier | None = None
    measure: Identifier | None = None
    reason: Text
    decided_by: Text
    """A role, never a name."""

    decided_on: date

    @model_validator(mode="after")
    def _value_fits_rule(self) -> Self:
        if (self.value is None) != (self.rule == "hide"):
            raise ValueError(f"rule {self.rule}: value is for thresholds, and they need one")
        if self.rule == "hide" and self.area is None and self.measure is None:
            raise ValueError("rule hide: neither area nor measure is named, so nothing is left")
        return self


class Policy(Part):
    """``policy.yml``: what may be shown, edition by edition, and the decisions that differ."""

    editions: Editions = Editions()
    overrides: tuple[Override, ...] = ()
    """Later ones go before earlier ones."""

    source: Text

    @property
    def internal(self) -> InternalEdition:
        """The edition for staff."""
        return self.editions.internal

    @property
    def public(self) -> PublicEdition:
        """The edition for everyone."""
        return self.editions.public

    @property
    def research(self) -> ResearchEdition:
        """The edition for researchers."""
        return self.editions.research

    @model_validator(mode="after")
    def _floors_hold(self) -> Self:
        stated = {f"editions.{key}": value for key, value in parameters(self).items()}
        for number, override in enumerate(self.overrides, 1):
            stated[f"overrides, number {number}.public.{override.rule}"] = override.value
        if past := past_floors(stated):
            raise DisclosureError("\n".join(["policy.yml goes past floors:", *past]))
        return self

    @model_validator(mode="after")
    def _overrides_are_one_each(self) -> Self:
        if repeated((each.rule, each.area, each.measure) for each in self.overrides):
            raise ValueError("overrides: two decide the same rule for the same area and measure")
        return self


def unknown_edition(name: str, known: tuple[str, ...]) -> str:
    """That there is no such edition, and what was expected."""
    return f"is unknown; expected one of {', '.join(known)}{nearest(name, list(known))}."


def parameters(policy: Policy) -> dict[str, Any]:
    """Every value of the editions by its place, e.g. ``public.extreme_code.below``."""
    return dict(_flat(policy.editions.model_dump(), ""))


def _flat(values: Mapping[str, Any], prefix: str) -> list[tuple[str, Any]]:
    return [
        pair
        for key, value in values.items()
        for pair in (
            _flat(value, f"{prefix}{key}.")
            if isinstance(value, Mapping)
            else [(f"{prefix}{key}", value)]
        )
    ]
