"""What the file for researchers may tell of a respondent: the part ``research`` of a policy."""

from typing import Self

from pydantic import Field, model_validator

from pipeline.definitions.part import Identifier, Label, Part, repeated

DESIGN_QUASI_IDENTIFIERS = ("area", "grade", "gender")
"""Quasi-identifiers that are columns of every wave; any other is an item."""

AGE = "age"
"""An item that is named by default, though not every questionnaire asks it."""


class GradeBand(Part):
    """Grades that are shown as one where they cannot be told apart."""

    id: Identifier
    label: Label
    grades: tuple[Identifier, ...] = Field(min_length=2)


class ResearchEdition(Part):
    """For researchers under contract: respondents under pseudonyms."""

    k: int = Field(default=5, ge=1)
    """Respondents who share their quasi-identifiers with at least ``k`` - 1 others."""

    l: int = Field(default=2, ge=1)  # noqa: E741 - its name in the literature
    """Different values of each sensitive measure among those who share quasi-identifiers."""

    quasi_identifiers: tuple[Identifier, ...] = (*DESIGN_QUASI_IDENTIFIERS, AGE)
    """What someone may know of a pupil from elsewhere: area, grade, gender, and items. An item
    is shown as answered, or not at all."""

    sensitive: tuple[Identifier, ...] = ()
    """Measures whose values ``l`` is about; empty: all that have a tag."""

    levels: tuple[Identifier, ...] = ()
    """Levels of areas that may be shown, besides the whole site; empty: all."""

    grade_bands: tuple[GradeBand, ...] = ()
    """What grades are generalised to first; where there are none, to all grades."""

    left_out: tuple[Identifier, ...] = ()
    """Items whose answers are not in the file, and measures, with all that is made of them."""

    @model_validator(mode="after")
    def _nothing_is_repeated(self) -> Self:
        banded = [grade for band in self.grade_bands for grade in band.grades]
        for what, values in {
            "quasi_identifiers": self.quasi_identifiers,
            "sensitive": self.sensitive,
            "levels": self.levels,
            "grade_bands": [band.id for band in self.grade_bands],
            "grades of grade_bands": banded,
            "left_out": self.left_out,
        }.items():
            if again := repeated(values):
                raise ValueError(f"{what}: listed more than once: {', '.join(again)}")
        if both := sorted({band.id for band in self.grade_bands} & set(banded)):
            raise ValueError(f"grade_bands: have ids of grades: {', '.join(both)}")
        return self
