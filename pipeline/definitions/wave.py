"""One fieldwork: its files, and what their columns are."""

from datetime import date
from typing import Literal, Self

from pydantic import Field, model_validator

from pipeline.definitions.part import Identifier, Label, Part, Text, repeated
from pipeline.definitions.raking import Margin, Raking


class CodeMeaning(Part):
    """A code of the export and the site's own id for it."""

    code: Text
    """As it stands in the export; a number as its digits. Upper and lower case are told apart."""

    id: Identifier


class CodedColumn(Part):
    """A column whose codes are translated to a closed list."""

    column: Text
    codes: tuple[CodeMeaning, ...] = Field(min_length=1)
    missing: tuple[Text, ...] = ()
    """Codes that mean no answer; an empty cell always does."""

    @model_validator(mode="after")
    def _codes_are_distinct(self) -> Self:
        codes = [meaning.code for meaning in self.codes] + list(self.missing)
        if again := repeated(codes):
            raise ValueError(f"{self.column}: codes used more than once: {', '.join(again)}")
        return self


class Weight(Part):
    """A column of weights. Kept as exact decimals, so that sums are the same in any order."""

    column: Text
    decimals: int = Field(ge=0, le=12)
    """Decimals of the weights; a weight with more is refused."""


class Columns(Part):
    """The columns of an export that are not questions. Null: the export has none."""

    respondent: Text | None
    """Null: respondents are numbered in the order of the file."""

    school: Text | None = None
    school_class: Text | None = None
    area: Text | None = None
    grade: CodedColumn | None = None
    gender: CodedColumn | None = None
    weight: Weight | None = None
    """Null: everyone counts once; with ``fpc``, for as many as the sampling fractions say."""

    stratum: Text | None = None
    """Null: one stratum."""

    psu: tuple[Text, ...] = ()
    """The columns that together name a primary sampling unit (school and class, where classes
    of different schools share names); empty: each respondent is one."""

    has_unique_psu: bool = False
    """True: a PSU's name stands for one PSU, and one met in two strata is refused; false: names
    begin anew in each stratum."""

    unit: tuple[Text, ...] = ()
    """The columns that together name a unit sampled within a PSU, e.g. a class of a sampled
    school. Only where ``fpc`` has both stages: without, the first stage is all that counts."""

    fpc: tuple[Text, ...] = Field(default=(), max_length=2)
    """Finite population correction, a column for each stage: how many PSUs the stratum holds,
    then how many units the PSU holds. Or the fractions of them that were sampled: numbers above
    1 are counts, those below 1 fractions, and a wave has one or the other."""

    @model_validator(mode="after")
    def _stages_are_whole(self) -> Self:
        if bool(self.unit) != (len(self.fpc) == 2):
            raise ValueError(
                "unit and the second column of fpc go together: a second stage counts only if "
                "it is known how many units each PSU holds"
            )
        if self.unit and not self.psu:
            raise ValueError("unit needs psu: units are sampled within PSUs")
        return self


class Export(Part):
    """A delivered file."""

    file: Text
    """Path within the site's folder, or below the folder named by ``folder``."""

    folder: Literal["site", "REAL_DATA"] = "site"
    """``REAL_DATA``: the folder named by that environment variable."""

    rows: int | None = Field(default=None, ge=0)
    """Rows the supplier says the file holds; checked if stated."""

    encoding: Literal["utf-8", "cp1252"] = "utf-8"
    """Of a .csv file; .sav files state their own."""

    separator: Literal[",", ";", "tab"] = ","
    """Of a .csv file."""


class Wave(Part):
    """``waves/<year>.yml``: one fieldwork."""

    wave: int = Field(ge=1990, le=2100)
    """Its year; the file's name."""

    label: Label
    instrument: Identifier
    fieldwork_from: date
    fieldwork_to: date
    exports: tuple[Export, ...] = Field(min_length=1)
    columns: Columns
    min_answered_items: int = Field(ge=0)
    """Rows with fewer answered items are refused as ``too_few_answers``."""

    min_answered_source: Text
    enrolled: Text | None = None
    """CSV file in the site's folder: ``n_enrolled`` by any of school, grade and gender; null if
    not known. A cell may say ``all``; every level of detail covers the whole wave."""

    raking: Raking | None = None
    """Null: the weights are those of the export, or everyone counts once."""

    source: Text

    @property
    def is_weighted(self) -> bool:
        """Whether some respondents count more than others in a share."""
        columns = self.columns
        return columns.weight is not None or bool(columns.fpc) or self.raking is not None

    @property
    def raked_by(self) -> tuple[Margin, ...]:
        """Margins that respondents are weighted to; empty without raking."""
        return self.raking.margins if self.raking else ()

    @model_validator(mode="after")
    def _raking_has_what_it_needs(self) -> Self:
        if self.raking is None:
            return self
        if self.enrolled is None:
            raise ValueError("raking needs enrolled: there is nothing to weight to")
        if missing := [each for each in self.raking.margins if not getattr(self.columns, each)]:
            raise ValueError(f"raking by {', '.join(missing)}, which columns does not name")
        return self

    @model_validator(mode="after")
    def _fieldwork_is_in_order(self) -> Self:
        if self.fieldwork_from > self.fieldwork_to:
            raise ValueError("fieldwork_from is after fieldwork_to")
        return self

    @model_validator(mode="after")
    def _fieldwork_is_of_its_year(self) -> Self:
        if not self.fieldwork_from.year <= self.wave <= self.fieldwork_to.year:
            raise ValueError(
                f"wave {self.wave} is not a year of its fieldwork, "
                f"{self.fieldwork_from} to {self.fieldwork_to}"
            )
        return self

    @model_validator(mode="after")
    def _no_export_is_read_twice(self) -> Self:
        if again := repeated((export.folder, export.file) for export in self.exports):
            files = ", ".join(file for _, file in again)
            raise ValueError(f"exports listed more than once: {files}")
        return self
