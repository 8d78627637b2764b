"""A norm: where the cut-off of each factor and grade comes from."""

from typing import Literal, Self

from pydantic import Field, model_validator

from pipeline.definitions.part import Definition, Identifier, Label, Part, repeated


class FlaggedSide(Part):
    """Which scores are flagged."""

    side: Literal["upper", "lower"]
    """``upper``: scores past the cut-off upwards."""

    inclusive: bool
    """True: a score at the cut-off is flagged."""


class MedianMad(Part):
    """Cut-off = median + k x MAD on the upper side, median - k x MAD on the lower.

    Source: Mejía-Trujillo et al. (2018), applying Arthur et al. (2007), who give k = 0.15 and
    "median absolute deviation". Side and inclusiveness are not stated there.
    """

    rule: Literal["median_mad"]
    k: float = Field(ge=0)
    mad: Literal["median", "mean"]
    """``median``: median absolute deviation from the median; ``mean``: mean absolute deviation
    from the median."""


class CutOff(Part):
    """The cut-off of one factor in one grade."""

    factor: Identifier
    grade: Identifier
    cutoff: float
    """In points on the factor's scale, after reversal."""

    n: int = Field(ge=1)
    """Respondents of the norm sample with a score in this grade."""

    share_flagged: float = Field(ge=0, le=1)
    """Share of them that the cut-off flags."""


class Norm(Definition):
    """A sourced, dated set of cut-offs."""

    label: Label
    population: Label
    """Whom the norm sample stands for."""

    wave: int = Field(ge=1990, le=2100)
    """Year of the norm sample's fieldwork."""

    instrument: Identifier
    """Questionnaire version the norm sample answered: a factor that a later version asks
    otherwise is not compared with the norm."""

    source: Label
    synthetic: bool
    """True when the norm sample is made up."""

    method: MedianMad
    risk: FlaggedSide
    protective: FlaggedSide
    method_source: Label
    grades: tuple[Identifier, ...] = Field(min_length=1)
    """Grades the norm has cut-offs for."""

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
    def _one_cutoff_per_factor_and_grade(self) -> Self:
        if again := repeated((cutoff.factor, cutoff.grade) for cutoff in self.cutoffs):
            pairs = ", ".join(f"{factor} in {grade}" for factor, grade in again)
            raise ValueError(f"two cut-offs for the same factor and grade: {pairs}")
        return self
