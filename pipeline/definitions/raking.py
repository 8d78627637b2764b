"""How the respondents of a wave are weighted to the pupils on the rolls."""

from typing import Literal, Self

from pydantic import Field, model_validator

from pipeline.definitions.part import Part, Text, repeated

Margin = Literal["school", "grade", "gender"]


class Raking(Part):
    """Weights that spread the respondents over the margins as the enrolled pupils are."""

    margins: tuple[Margin, ...] = Field(min_length=1)
    """In order of trust: one that does not add up to the same as those before it is scaled to
    them, block by block where schools and grades fall into blocks."""

    trim_above: float | None = Field(default=None, gt=1)
    """Largest weight, as a multiple of the mean one; what is cut off is given to the others in
    equal parts. Null: no weight is cut."""

    without_respondents: Literal["refuse", "leave_out"] = "refuse"
    """A school, grade or gender with pupils that no respondent can stand for: refuse to weight,
    or leave it out of its margin, which is counted."""

    tolerance: float = Field(default=1e-9, gt=0, le=0.01)
    """Largest share by which a weighted margin may miss its number when weighting stops."""

    max_iterations: int = Field(default=1000, ge=1)
    """Rounds over the margins; a weighting that needs more is refused."""

    source: Text

    @model_validator(mode="after")
    def _margins_are_distinct(self) -> Self:
        if again := repeated(self.margins):
            raise ValueError(f"margins listed more than once: {', '.join(again)}")
        return self
