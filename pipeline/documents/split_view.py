"""A measure by gender and by grade, ready to be shown."""

from dataclasses import dataclass
from typing import Literal

from pipeline.disclosure.figure import Published
from pipeline.documents.comparison_view import Comparison

SplitBy = Literal["gender", "grade"]
SPLITS: tuple[SplitBy, ...] = ("gender", "grade")
"""In the order in which documents show them."""


@dataclass(frozen=True)
class GroupFigure:
    """The area's respondents of one gender over all grades, or of one grade over all genders."""

    id: str
    """The site's own id of the gender or grade."""

    label: str
    figure: Published


@dataclass(frozen=True)
class GroupComparison:
    """Whether two groups of an area differ by more than chance."""

    first: str
    """Label of the group whose share is higher or lower."""

    second: str
    found: Comparison


@dataclass(frozen=True)
class Split:
    """A measure's shares in groups that have nobody in common."""

    by: SplitBy
    groups: tuple[GroupFigure, ...]
    """Two or more, in the site's order, the same for all measures."""

    compared: GroupComparison | None
    """Of the site's first two genders; null for grades, which are not tested, and where one of
    the two is not shown as a group."""
