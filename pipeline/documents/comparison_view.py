"""What a document says of a difference, ready to be shown. Shares are 0 to 1, points whole."""

from dataclasses import dataclass
from typing import Literal

from pipeline.disclosure.figure import Count, Points, Share

Verdict = Literal[
    "higher",
    "lower",
    "no_detectable_difference",
    "too_few",  # a side rests on fewer respondents than anything is tested on
    "suppressed",  # a side is hidden in the public edition
    "untestable",  # a share of 0 or 1, or a single sampling unit: no uncertainty can be seen
    "not_compared",  # there is nothing to compare with
]

Note = Literal[
    "detectable",  # how large a difference would have been found
    "many",  # a difference by itself, but not among so many that are looked at together
    "below_rounding",  # a difference, though both sides are printed as the same per cent
]
"""What is said beside a verdict, so that it and the printed numbers do not seem to disagree."""


@dataclass(frozen=True)
class Comparison:
    """The area's share beside another one."""

    verdict: Verdict
    note: Note | None = None
    points: Points | None = None
    """Difference of the printed per cents; null if one is not shown."""

    detectable: Points | None = None
    """Would have been found; null unless ``note`` is ``detectable``."""

    since: int | None = None
    """The earlier wave, where that is the other side."""

    is_pooled: bool = False
    """Whether the verdict rests on the whole survey, since a side has too few PSUs."""


@dataclass(frozen=True)
class Trend:
    """A line over three or more comparable waves, up to the document's."""

    verdict: Verdict
    per_year: Points | None
    """Change with one decimal; null in the public edition."""

    since: int
    """Wave in which the line begins."""

    points: Points | None = None
    """In the public edition the change over all of the line, between printed per cents; null if
    one of them is coded."""


Place = Literal["within", "above_95", "below_95", "above_998", "below_998"]
"""Where an area lies: within both limits, or outside one, above or below."""


@dataclass(frozen=True)
class FunnelArea:
    """One area beside the limits that chance keeps areas of its size within."""

    label: str
    n: Count
    share: Share
    lower_95: Share
    upper_95: Share
    lower_998: Share
    upper_998: Share
    place: Place
