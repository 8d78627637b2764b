"""A norm: where the cut-off of each factor and grade comes from."""

from typing import Literal, Self

from pydantic import Field, model_validator

from pipeline.definitions.cutoff_rule import WEIGHTABLE, CutoffRule, Percentile
from pipeline.definitions.part import Definition, Identifier, Label, Part, Wording, repeated


class FlaggedSide(Part):
    """Which scores are flagged."""

    side: Literal["upper", "lower"]
    """``upper``: scores past the cut-off upwards."""

    inclusive: bool
    """True: a score at the cut-off is flagged."""


class Separation(Part):
    """How well a cut-off tells those with a behaviour from those without, in the norm sample.

    Of respondents with a score and an answer about the behaviour; null: not known, or too few.
    """

    outcome: Identifier
    n_with: int = Field(ge=0)
    """Respondents with the behaviour."""

    n_without: int = Field(ge=0)
    sensitivity: float | None = Field(default=None, ge=0, le=1)
    """Share flagged of those with the behaviour."""

    specificity: float | None = Field(default=None, ge=0, le=1)
    """Share not flagged of those without."""

    auc: float | None = Field(default=None, ge=0, le=1)
    """Of the score, whatever the cut-off: chance that one with the behaviour lies further
    towards the flagged side than one without, ties counting half. 0.5 is chance."""


class CutOff(Part):
    """The cut-off of one factor in one grade."""

    factor: Identifier
    grade: Identifier
    cutoff: float
    """In points on the factor's scale, after reversal."""

    n: int = Field(ge=1)
    """Respondents of the norm sample with a score in this grade."""

    weight: float | None = Field(default=None, gt=0)
    """Sum of their weights; null: everyone counts once."""

    share_flagged: float = Field(ge=0, le=1)
    """Share of them that the cut-off flags."""

    share_at_cutoff: float | None = Field(default=None, ge=0, le=1)
    """Share of them whose score is the cut-off itself, so that ``inclusive`` decides; null: not
    known."""

    against: tuple[Separation, ...] = ()


class Norm(Definition):
    """A sourced, dated set of cut-offs."""

    label: Label
    population: Wording
    """Whom the norm sample stands for."""

    wave: int = Field(ge=1990, le=2100)
    """Year of the norm sample's fieldwork."""

    instrument: Identifier
    """Questionnaire version the norm sample answered: a factor that a later version asks
    otherwise is not compared with the norm."""

    source: Wording
    synthetic: bool
    """True when the norm sample is made up."""

    method: CutoffRule
    per_grade: bool = True
    """False: one cut-off from all the norm's grades together, the same in each."""

    weighted: bool = False
    """True: respondents of the norm sample count by their weights."""

    risk: FlaggedSide
    protective: FlaggedSide
    method_source: Wording
    grades: tuple[Identifier, ...] = Field(min_length=1)
    """Grades the norm has cut-offs for."""

    against: tuple[Identifier, ...] = ()
    """Outcomes that each cut-off is judged by when it is derived."""

    cutoffs: tuple[CutOff, ...] = ()
    """Empty until derived. The last key of the file, so that ``uppvaxt norms derive`` can
    write it anew and leave the rest as its author wrote it."""

    @model_validator(mode="after")
    def _grades_are_those_stated(self) -> Self:
        unknown = sorted({cutoff.grade for cutoff in self.cutoffs} - set(self.grades))
        if unknown:
            raise ValueError(f"cut-offs for grades that are not stated: {', '.join(unknown)}")
        return self

    @model_validator(mode="after")
    def _nothing_is_repeated(self) -> Self:
        if again := repeated((cutoff.factor, cutoff.grade) for cutoff in self.cutoffs):
            pairs = ", ".join(f"{factor} in {grade}" for factor, grade in again)
            raise ValueError(f"two cut-offs for the same factor and grade: {pairs}")
        if twice := repeated(self.against):
            raise ValueError(f"against: outcomes listed more than once: {', '.join(twice)}")
        return self

    @model_validator(mode="after")
    def _weights_have_a_definition(self) -> Self:
        method = self.method
        if (
            self.weighted
            and isinstance(method, Percentile)
            and method.hyndman_fan not in WEIGHTABLE
        ):
            known = " or ".join(map(str, WEIGHTABLE))
            raise ValueError(
                f"hyndman_fan: definition {method.hyndman_fan} has no agreed meaning with "
                f"weights; expected {known}"
            )
        return self
