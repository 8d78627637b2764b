"""A site: a municipality, its areas, its waves, and what its documents may show."""

from datetime import date
from typing import Literal, Self

from pydantic import Field, model_validator

from pipeline.definitions.part import Definition, Identifier, Label, Part, Text, repeated


class Classification(Part):
    """One value of a closed list, e.g. a grade or a gender, in reading order."""

    id: Identifier
    label: Label


class Design(Part):
    """How uncertainty is computed, and what it means."""

    stance: Literal["superpopulation", "finite_population", "sample"]
    """``superpopulation``: those who answered stand for pupils as they might have been;
    ``sample``: the survey is a probability sample with weights."""

    degrees_of_freedom: Literal["domain", "full"]
    """``domain``: PSUs less strata with a valid answer in the domain; ``full``: of the whole
    wave, as SUDAAN and Stata's subpop do."""

    lonely_psu: Literal["fail", "certainty", "remove", "adjust", "average"]
    """A stratum with one PSU: refuse; count no variance (``certainty`` and ``remove`` are one);
    centre at the domain's mean; or give it the average variance of the other strata."""

    adjust_domain_lonely: bool = False
    """Whether a stratum with one PSU left in a domain is treated as ``adjust`` or ``average``
    say, though it has more in the design."""

    interval: Literal["logit", "korn_graubard", "wilson"]
    """The interval the documents show for shares."""

    confidence: float = Field(default=0.95, gt=0.5, lt=1)
    source: Text


class Site(Definition):
    """``site.yml``."""

    label: Label
    municipality_code: str | None = Field(default=None, pattern=r"^\d{4}$")
    """SCB's code; null outside Sweden."""

    synthetic: bool
    """True: every answer is made up, and every document says so."""

    about: Label | None = None
    """A sentence about the work this serves, shown in the documents."""

    root_area: Identifier
    """The area that holds everyone, whether or not an area inside it is known."""

    grades: tuple[Classification, ...] = Field(min_length=1)
    genders: tuple[Classification, ...] = ()
    factors: tuple[Identifier, ...] = ()
    outcomes: tuple[Identifier, ...] = ()
    screens: Identifier | None = None
    norms: tuple[Identifier, ...] = ()
    """Norms that flag this site's respondents: one cut-off per factor and grade over all."""

    design: Design

    @model_validator(mode="after")
    def _nothing_is_repeated(self) -> Self:
        for what, values in {
            "grades": [grade.id for grade in self.grades],
            "genders": [gender.id for gender in self.genders],
            "factors": list(self.factors),
            "outcomes": list(self.outcomes),
            "norms": list(self.norms),
        }.items():
            if again := repeated(values):
                raise ValueError(f"{what} listed more than once: {', '.join(again)}")
        return self

    @model_validator(mode="after")
    def _something_is_measured(self) -> Self:
        if not (self.factors or self.outcomes):
            raise ValueError("neither factors nor outcomes are listed: nothing to measure")
        return self


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
    label: Text
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


class Policy(Part):
    """``policy.yml``: what may be shown."""

    min_base: int = Field(ge=10)
    """Respondents a shown figure rests on, at least. 10 is the floor no site can lower."""

    source: Text


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
    """CSV file in the site's folder with school, grade, n_enrolled; null if not known."""

    source: Text

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
