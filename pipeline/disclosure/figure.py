"""Figures that may be shown in an edition: the only numbers that documents are made of.

The number types are given out by this package alone. A view that is handed any other number, such
as a share read from the working file, is a type error.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, NewType

Share = NewType("Share", float)
"""0 to 1; in the public edition whole hundredths."""

Count = NewType("Count", int)
"""Respondents or pupils; in the public edition rounded."""

Points = NewType("Points", float)
"""Percentage points."""

NOBODY = Count(0)
"""Where a document's place or group has no row at all."""

State = Literal[
    "shown",
    "coded",  # so near 0 or 100 % that only the side of a limit is shown
    "suppressed",  # hidden in the public edition, for whatever reason
    "too_few",  # fewer respondents than the internal edition's minimum base
    "no_answers",  # nobody answered
    "no_norm",  # nobody is in a grade with a cut-off
    "not_asked",  # the wave's instrument does not hold the questions
]
"""Why a figure is shown or not. A missing figure is always shown with its reason, if it has one
that may be told."""

Row = Mapping[str, object]
"""Of a frame of ``Publishable``."""


@dataclass(frozen=True)
class Published:
    """A share with its interval. All numbers are null unless ``state`` says otherwise."""

    state: State
    share: Share | None = None
    lower: Share | None = None
    """Null, with a share, where the uncertainty cannot be estimated."""

    upper: Share | None = None
    n: Count | None = None
    """Respondents the share rests on."""

    is_pooled: bool = False
    """Whether the interval rests on the whole survey, since the area has too few PSUs."""

    is_unreliable: bool = False
    """Shown, with a mark: the interval is too wide for the share."""

    code: Literal["below", "above"] | None = None
    """On which side of ``limit`` the share lies, if it is coded."""

    limit: Share | None = None


def published(row: Row, code_limits: tuple[int, int]) -> Published:
    """The figure of a row of ``Publishable.estimates`` that somebody has a value for.

    Args:
        row: not suppressed.
        code_limits: per cent below and above which shares are coded.
    """
    code = row["code"]
    if code == "below":
        limit = Share(code_limits[0] / 100)
        return Published("coded", n=count_of(row, "n"), code="below", limit=limit)
    if code == "above":
        limit = Share(code_limits[1] / 100)
        return Published("coded", n=count_of(row, "n"), code="above", limit=limit)
    return Published(
        "shown",
        share_of(row, "estimate"),
        share_of(row, "lower"),
        share_of(row, "upper"),
        count_of(row, "n"),
        is_pooled=row["interval_basis"] == "pooled",
        is_unreliable=bool(row["is_unreliable"]),
    )


def share_of(row: Row, column: str) -> Share | None:
    """A share of a row that may be shown; null where it may not, or there is none."""
    number = row[column]
    return Share(number) if isinstance(number, float) else None


def count_of(row: Row, column: str) -> Count | None:
    """A count of a row that may be shown; null where it may not, or is not known."""
    number = row.get(column)
    return Count(number) if isinstance(number, int) else None


def count_between(larger: Count | None, smaller: Count | None) -> Count | None:
    """How many more; null where one is not shown."""
    return None if larger is None or smaller is None else Count(larger - smaller)


def stated_share(share: float) -> Share:
    """A share that a definition states, e.g. of a norm sample: it is no secret of the site's."""
    return Share(share)


def points_between(first: Share, second: Share) -> Points:
    """Difference of the printed per cents: what the reader would work out."""
    return Points(whole_percent(first) - whole_percent(second))


def points_of(row: Row, column: str, *, decimals: int) -> Points | None:
    """Percentage points of a row that may be shown, from a difference of shares."""
    number = row[column]
    # Adding 0 turns -0.0 into 0.
    return Points(round(number * 100, decimals) + 0.0) if isinstance(number, float) else None


def detectable_points(row: Row, found: Points) -> Points | None:
    """Whole percentage points that a test would have found; null where it is not shown.

    Args:
        row: of ``Publishable.comparisons``.
        found: the difference that is printed, which rounding must not make look found.
    """
    number = row["smallest_detectable"]
    if not isinstance(number, float):
        return None
    return Points(max(math.ceil(number * 100), abs(found) + 1))


def whole_percent(share: float) -> int:
    """A share as whole per cent, halves upwards.

    Decimal digits are rounded, not their binary neighbours: 0.285 is 29, not 28.
    """
    return int((Decimal(str(share)) * 100).quantize(Decimal(1), ROUND_HALF_UP))
