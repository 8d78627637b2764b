"""Measures of one part of a document by gender or by grade: what is drawn, and where."""

from typing import NamedTuple

from pipeline.documents.split_view import GroupComparison, GroupFigure, Split, SplitBy
from pipeline.documents.view import Measure, Profile

N_MARKS = 6
"""Forms of marks; a seventh group has the first form again, and still a line of its own."""

LANE = 1.4
"""Height of one group's line in a chart, in ems."""

_PRINTED = ("shown", "coded")


class Lane(NamedTuple):
    """One group's line of a chart's row."""

    group: GroupFigure
    mark: int
    """Form of its mark: the same for a group in all charts."""

    top: str
    """Upper edge in the row's drawing, in ems."""


class SplitRow(NamedTuple):
    """One measure by the groups that its chart shows."""

    measure: Measure
    lanes: tuple[Lane, ...]
    compared: GroupComparison | None


class Shown(NamedTuple):
    """Measures by gender or by grade, without groups that no measure has a cut-off for."""

    rows: tuple[SplitRow, ...]
    without_norm: tuple[str, ...]
    """Labels of the groups that are left out for that reason."""

    has_figures: bool
    """Whether any figure of any group is printed; if none is, a sentence says so instead."""

    is_compared: bool
    """Whether the rows say how the first two genders differ."""


def split_of(measure: Measure, by: SplitBy) -> Split | None:
    """The measure by gender or by grade; null where there is no such split."""
    return next((each for each in measure.splits if each.by == by), None)


def split_measures(measures: tuple[Measure, ...], by: SplitBy) -> Shown | None:
    """What a part of a document shows by gender or by grade; null where there is no such split."""
    found = [(each, split) for each in measures if (split := split_of(each, by)) is not None]
    if not found:
        return None
    left_out = _without_norm([split for _, split in found])
    rows = tuple(
        SplitRow(measure, _lanes(split, left_out), split.compared) for measure, split in found
    )
    return Shown(
        rows,
        tuple(each.label for each in found[0][1].groups if each.id in left_out),
        any(lane.group.figure.state in _PRINTED for row in rows for lane in row.lanes),
        any(row.compared is not None for row in rows),
    )


def splits_shown(profile: Profile) -> tuple[SplitBy, ...]:
    """How a profile's measures are split, those of which nothing is printed as well."""
    every = profile.measures
    return tuple(dict.fromkeys(split.by for measure in every for split in measure.splits))


def is_split_printed(profile: Profile, by: SplitBy) -> bool:
    """Whether the profile has a figure of any group."""
    shown = split_measures(profile.measures, by)
    return shown is not None and shown.has_figures


def genders_compared(profile: Profile) -> GroupComparison | None:
    """Any comparison of the first two genders, for their names; null where there is none."""
    compared = (split.compared for each in profile.measures for split in each.splits)
    return next((each for each in compared if each is not None), None)


def lanes_height(n_lanes: int) -> str:
    """Of a row's drawing with as many lines, in ems."""
    return f"{n_lanes * LANE:.1f}em"


def lane_height() -> str:
    """Of one line, in ems."""
    return lanes_height(1)


def is_split_pooled(rows: tuple[SplitRow, ...]) -> bool:
    """Whether an interval or a verdict of any group rests on the whole survey."""
    return any(
        any(lane.group.figure.is_pooled for lane in row.lanes)
        or (row.compared is not None and row.compared.found.is_pooled)
        for row in rows
    )


def is_split_unreliable(rows: tuple[SplitRow, ...]) -> bool:
    """Whether a share of any group has the mark of those that are not reliable."""
    return any(lane.group.figure.is_unreliable for row in rows for lane in row.lanes)


def _without_norm(splits: list[Split]) -> set[str]:
    """Groups in which no measure has a cut-off; none of them if that holds for all."""
    groups = {each.id for split in splits for each in split.groups}
    with_norm = {
        each.id for split in splits for each in split.groups if each.figure.state != "no_norm"
    }
    return groups - with_norm if with_norm else set()


def _lanes(split: Split, left_out: set[str]) -> tuple[Lane, ...]:
    kept = [(place, each) for place, each in enumerate(split.groups) if each.id not in left_out]
    return tuple(
        Lane(each, place % N_MARKS, f"{line * LANE:.1f}em")
        for line, (place, each) in enumerate(kept)
    )
