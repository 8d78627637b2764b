"""Who answered, ready to be shown. As in ``view``, nothing here is computed by a template."""

from dataclasses import dataclass

from pipeline.disclosure.figure import Count, Share


@dataclass(frozen=True)
class Group:
    """Participation of one grade, one gender or all, in the whole municipality."""

    label: str
    is_hidden: bool
    """Fewer pupils or answers than the minimum base: all numbers are null."""

    n_enrolled: Count | None
    """Null where it is not known."""

    n_answered: Count | None
    """Respondents who answered enough questions."""

    share: Share | None
    """Of the pupils; above 1 where there are more answers than pupils. Null where not known."""

    is_under_represented: bool


@dataclass(frozen=True)
class Participation:
    """Who answered, in the whole municipality."""

    everyone: Group
    grades: tuple[Group, ...]
    genders: tuple[Group, ...]
    under_represented: tuple[Group, ...]
    """Those of the groups that lie clearly below everyone."""

    min_gap_points: int
    """How many percentage points that is."""

    n_above_enrolled: int
    """Groups shown with more answers than pupils."""

    largest_discrepancy: int
    """Pupils by which stated numbers for one group differ, at most; 0: they add up."""

    max_bias_points: int | None
    """Percentage points by which a share of those who answered can be off, at most, through
    groups' participation; rounded up. Null where not known, or where weights even it out."""

    bias_variables: tuple[str, ...]
    """Names of the variables behind it, e.g. ``skola``."""

    raked_by: tuple[str, ...]
    """Names of the margins that the answers are weighted to; empty: they are not."""
