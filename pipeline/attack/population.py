"""The unknowns of a wave: pupils by home, grade, gender and answer; and the groups they sum to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack, kron

from pipeline.attack.knowledge import Axes, Bounds
from pipeline.attack.names import Names

UNKNOWN = ""
"""The grade or gender of those who state none: they count among everyone alone."""


class Supposed(NamedTuple):
    """What the attacker takes for granted: the more, the more he can work out."""

    all_state_grade: bool
    all_state_gender: bool
    parts_are_whole: bool
    """Whoever lives in an area with parts lives in one of the parts."""

    all_have_place: bool
    """The same of areas that lie in no other: nobody's place is unknown."""


@dataclass(frozen=True, eq=False)
class Population:
    """How groups are summed. Groups are in the order of ``Axes`` without measures, flattened."""

    groups: csr_array
    """(groups, kinds of pupil), 0 or 1; there are as many unknowns for each kind as answers."""

    placed: csr_array
    """Of the same shape: of each group, the pupils whose area within its area is known."""

    whole: NDArray[np.int64]
    """For each group the one of everyone in the area that holds its area, the area itself last."""

    def rows(self, *, flagged: bool, others: bool) -> csr_array:
        """Groups as sums of those of its pupils who are flagged, who are not, or both."""
        blocks = [self.groups * float(each) for each in (flagged, others)]
        return csr_array(hstack(blocks, format="csr"))

    def placed_rows(self) -> csr_array:
        """Those of them with an answer, whatever it is."""
        return csr_array(hstack([self.placed, self.placed], format="csr"))


def stated(tables: Mapping[str, pl.DataFrame], wave: int) -> Supposed | None:
    """What the release itself says of a wave; null if it does not."""
    waves = tables.get("wave")
    rows = [] if waves is None else waves.filter(wave=str(wave)).to_dicts()
    if not rows:
        return None
    names = ("grades_hold_all", "genders_hold_all", "parts_hold_all", "areas_hold_all")
    return Supposed(*(str(rows[0].get(name)).lower() == "true" for name in names))


def suppose(axes: Axes, names: Names, bounds: Bounds) -> Supposed:
    """The most that can be taken for granted without any sum of printed figures denying it."""
    grade, gender, parts, placed = True, True, True, True
    members = _members(axes, names)
    for lower, upper in (bounds.n, bounds.flagged, _with_measure(bounds.respondents)):
        gender &= not (lower[..., 0] > upper[..., 1:].sum(axis=-1)).any()
        grade &= not (lower[:, :, 0] > upper[:, :, 1:].sum(axis=2)).any()
        for place, inside in enumerate(members):
            if inside:
                fits = not (lower[:, place] > upper[:, inside].sum(axis=1)).any()
                parts &= fits or not _lies_in_any(axes, names, place)
                placed &= fits or _lies_in_any(axes, names, place)
    return Supposed(bool(grade), bool(gender), bool(parts), bool(placed))


NOTHING = Supposed(
    all_state_grade=False, all_state_gender=False, parts_are_whole=False, all_have_place=False
)


def all_placed(tables: Mapping[str, pl.DataFrame], wave: int) -> bool:
    """Whether the printed way from answers to areas loses nobody on the last steps."""
    coverage = tables.get("coverage")
    steps = ("wave", "n_placed", "n_passed_screens")
    if coverage is None or not set(steps) <= set(coverage.columns):
        return True
    of_wave = coverage.filter(wave=str(wave))
    return bool((of_wave["n_placed"] == of_wave["n_passed_screens"]).all())


def population(axes: Axes, names: Names, supposed: Supposed) -> Population:
    """Groups as sums of pupils, as the release says that areas lie in each other."""
    above = names.parents[axes.wave]
    holders = {area for parents in above.values() for area in parents}
    homes = [
        area
        for area in axes.areas
        if area not in holders
        or not (supposed.parts_are_whole if above[area] else supposed.all_have_place)
    ]
    in_area = [
        [float(area == home or area in above[home]) for home in homes] for area in axes.areas
    ]
    is_placed = [[float(area in above[home]) for home in homes] for area in axes.areas]
    groups, placed = csr_array(np.array(in_area)), csr_array(np.array(is_placed))
    for codes, all_stated in (
        (axes.grades, supposed.all_state_grade),
        (axes.genders, supposed.all_state_gender),
    ):
        stated = codes[1:] if all_stated else (*codes[1:], UNKNOWN)
        stated = stated or (UNKNOWN,)
        in_group = [[float(code in (axes.grades[0], each)) for each in stated] for code in codes]
        members = csr_array(np.array(in_group))
        groups = csr_array(kron(groups, members, format="csr"))
        placed = csr_array(kron(placed, members, format="csr"))
    return Population(groups, placed, _whole(axes, above))


def _whole(axes: Axes, above: Mapping[str, frozenset[str]]) -> NDArray[np.int64]:
    """For each group the group of the same grade and gender of the municipality around it."""
    n_groups = len(axes.grades) * len(axes.genders)
    roots = [
        next((axes.areas.index(each) for each in above[area] if not above.get(each)), place)
        for place, area in enumerate(axes.areas)
    ]
    return (np.array(roots)[:, None] * n_groups + np.arange(n_groups)).ravel()


def _members(axes: Axes, names: Names) -> list[list[int]]:
    """For each area the places of those inside it that hold no others."""
    above = names.parents[axes.wave]
    holders = {area for parents in above.values() for area in parents}
    return [
        [
            place
            for place, inside in enumerate(axes.areas)
            if area in above[inside] and inside not in holders
        ]
        for area in axes.areas
    ]


def _lies_in_any(axes: Axes, names: Names, place: int) -> bool:
    return bool(names.parents[axes.wave][axes.areas[place]])


def _with_measure(bounds: tuple[np.ndarray, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    return bounds[0][None], bounds[1][None]
