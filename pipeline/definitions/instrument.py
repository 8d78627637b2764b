"""A questionnaire version: what was asked, with which options, in which column of an export."""

from typing import Self

from pydantic import Field, model_validator

from pipeline.definitions.part import (
    Definition,
    Identifier,
    Label,
    Part,
    Status,
    Text,
    Wording,
    repeated,
)
from pipeline.definitions.research_edition import AGE, DESIGN_QUASI_IDENTIFIERS

RESERVED_IDS = frozenset(
    {"wave", "respondent_id", "school_id", "class_id", "area_code", "grade", "gender"}
    | {"stratum", "psu", "unit", "weight", "refused_reason", "screened_by"}
    | {"fpc_psu", "fpc_unit", "psus_in_stratum", "units_in_psu"}
)
"""Columns that stand beside the items' own in a table of answers."""

RESERVED_PREFIXES = ("caught_", "is_", "outcome_", "reaches_", "score_")
"""Of columns that are computed from answers."""

FATES = frozenset({"answered", "blank"})
"""What else than a stated reason a cell of an item can be counted as."""


class AnswerCode(Part):
    """One option of a response format."""

    code: int = Field(ge=-32_000, le=32_000)
    """The number stored in exports."""

    label: Label
    points: int | None = Field(default=None, ge=-32_000, le=32_000)
    """Points towards a score, where they are not the code itself (e.g. an age at first use,
    where a younger age means more)."""

    @property
    def score_points(self) -> int:
        """Points this option gives before reversal."""
        return self.code if self.points is None else self.points


class MissingCode(Part):
    """A code that says why there is no answer."""

    code: int = Field(ge=-32_000, le=32_000)
    reason: Identifier
    """E.g. ``dont_know``, ``declined``, ``not_applicable``."""

    label: Label


class ResponseFormat(Part):
    """A set of options shared by items."""

    id: Identifier
    codes: tuple[AnswerCode, ...] = Field(min_length=2)
    missing: tuple[MissingCode, ...] = ()
    tells: tuple[Identifier, ...] = ()
    """What answers narrow down besides: an item, or ``area``, ``grade``, ``gender``; e.g. ``age``
    of an age at first use, than which nobody is younger. The file for researchers gives such
    answers, and what is made of them, only where it gives that itself."""

    source: Text
    status: Status

    @model_validator(mode="after")
    def _codes_are_distinct(self) -> Self:
        if again := repeated(self.all_codes):
            raise ValueError(f"format {self.id}: codes used more than once: {again}")
        return self

    @model_validator(mode="after")
    def _points_differ(self) -> Self:
        if self.lowest == self.highest:
            raise ValueError(f"format {self.id}: every code gives {self.lowest} points")
        return self

    @model_validator(mode="after")
    def _reasons_are_reasons(self) -> Self:
        if taken := sorted({each.reason for each in self.missing} & FATES):
            raise ValueError(
                f"format {self.id}: {', '.join(taken)} cannot be the reason of a missing code"
            )
        return self

    @property
    def all_codes(self) -> list[int]:
        """Every code that may stand in an export: of answers, then of missing answers."""
        return [option.code for option in self.codes] + [each.code for each in self.missing]

    @property
    def lowest(self) -> int:
        """Fewest points an answer can give."""
        return min(option.score_points for option in self.codes)

    @property
    def highest(self) -> int:
        """Most points an answer can give."""
        return max(option.score_points for option in self.codes)


class Item(Part):
    """One question."""

    id: Identifier
    """The same id in two instruments means the same question, perhaps reworded."""

    column: Text
    """Column of the export."""

    format: Identifier
    text: Wording
    """Short paraphrase of the question, never a publisher's wording."""

    source: Text
    status: Status


class NotAsked(Part):
    """An item of an earlier version that this one leaves out."""

    item: Identifier
    reason: Text


class Instrument(Definition):
    """One questionnaire version."""

    label: Label
    source: Text
    status: Status
    fieldwork_notes: Text | None = None
    formats: tuple[ResponseFormat, ...] = Field(min_length=1)
    items: tuple[Item, ...] = Field(min_length=1)
    """In the order in which they are asked."""

    not_asked: tuple[NotAsked, ...] = ()
    """Items a factor may name although this version lacks them: the factor is then scored
    from the items that were asked, and not compared with versions that asked them all."""

    @model_validator(mode="after")
    def _nothing_is_repeated(self) -> Self:
        for what, values in {
            "items": [item.id for item in self.items],
            "columns": [item.column for item in self.items],
            "formats": [response_format.id for response_format in self.formats],
            "not_asked": [gap.item for gap in self.not_asked],
        }.items():
            if again := repeated(values):
                raise ValueError(f"{what} listed more than once: {', '.join(again)}")
        return self

    @model_validator(mode="after")
    def _ids_are_free(self) -> Self:
        taken = [
            item.id
            for item in self.items
            if item.id in RESERVED_IDS or item.id.startswith(RESERVED_PREFIXES)
        ]
        if taken:
            raise ValueError(f"items with an id that is a column of its own: {', '.join(taken)}")
        return self

    @model_validator(mode="after")
    def _formats_exist(self) -> Self:
        known = {response_format.id for response_format in self.formats}
        unknown = sorted({item.format for item in self.items} - known)
        if unknown:
            raise ValueError(f"items use formats that are not listed: {', '.join(unknown)}")
        return self

    @model_validator(mode="after")
    def _formats_tell_of_what_is_there(self) -> Self:
        known = {*DESIGN_QUASI_IDENTIFIERS, AGE, *(item.id for item in self.items)}
        told = {each for response_format in self.formats for each in response_format.tells}
        if unknown := sorted(told - known):
            raise ValueError(
                f"formats tell of what is no item, area, grade, gender or age: {', '.join(unknown)}"
            )
        return self

    @model_validator(mode="after")
    def _not_asked_is_not_asked(self) -> Self:
        both = sorted({gap.item for gap in self.not_asked} & {item.id for item in self.items})
        if both:
            raise ValueError(f"items are both asked and not_asked: {', '.join(both)}")
        return self

    def format_of(self, item: Item) -> ResponseFormat:
        """The response format of one of this instrument's items."""
        return next(each for each in self.formats if each.id == item.format)
