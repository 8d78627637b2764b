"""What a page has to bear: the longest names, nothing to show, one wave, many factors."""

from collections.abc import Callable
from dataclasses import replace
from itertools import cycle, islice

from pipeline.disclosure.figure import Published
from pipeline.documents.comparison_view import Comparison
from pipeline.documents.view import Measure, Profile
from tests.documents.sample_profile import PROFILE
from tests.documents.variants import in_english, public, too_small

LONGEST_AREAS = ("Sofielunds industriområde", "Ribersborgsstranden")
"""Of the 136 sub-areas of Malmö: the longest name, spelled out, and the longest that cannot be
broken."""

LONGEST_FACTOR = "Upplevd tillgång till alkohol, tobak och narkotika"
"""The longest name that the sample's factors are shown with."""

N_FACTORS = 38


def with_longest_names(profile: Profile) -> Profile:
    """Every factor and outcome has the longest name, every area one of the longest."""
    area, other = LONGEST_AREAS
    named = _changed(profile, lambda each: replace(each, label=LONGEST_FACTOR))
    return replace(named, area_label=area, lies_in=(other,) * len(profile.lies_in))


def with_one_wave(profile: Profile) -> Profile:
    """The first wave of a site: nothing that could have changed."""
    return replace(_changed(profile, _first), earlier_waves=())


def with_many_factors(profile: Profile) -> Profile:
    """As many factors as a long questionnaire gives, most of them in one domain."""
    first, *others = profile.domains
    n_others = sum(len(each.measures) for each in others)
    factors = [
        replace(each, id=f"{each.id}_{number}", label=f"{each.label} {number}")
        for number, each in enumerate(islice(cycle(first.measures), N_FACTORS - n_others))
    ]
    factors.sort(key=lambda each: each.kind != "risk")
    return replace(profile, domains=(replace(first, measures=tuple(factors)), *others))


def with_nothing_shown(profile: Profile) -> Profile:
    """The public edition of an area of which every figure is suppressed."""
    hidden = replace(public(too_small(profile)), n_area=None, concerns=(), strengths=())
    return _changed(hidden, _suppressed)


def _changed(profile: Profile, change: Callable[[Measure], Measure]) -> Profile:
    """The profile with another measure in place of each."""

    def every(measures: tuple[Measure, ...]) -> tuple[Measure, ...]:
        return tuple(map(change, measures))

    return replace(
        profile,
        domains=tuple(replace(each, measures=every(each.measures)) for each in profile.domains),
        outcomes=every(profile.outcomes),
        flag_counts=every(profile.flag_counts),
        concerns=every(profile.concerns),
        strengths=every(profile.strengths),
    )


def _first(measure: Measure) -> Measure:
    nothing = Comparison("not_compared")
    return replace(measure, waves=measure.waves[-1:], change=nothing, trend=None)


def _suppressed(measure: Measure) -> Measure:
    figure = Published("suppressed")
    compared = Comparison("suppressed")
    return replace(
        measure,
        area=figure,
        rest=None,
        against_rest=compared,
        against_norm=compared,
        change=compared,
        trend=None,
        waves=tuple(replace(each, figure=figure) for each in measure.waves),
        splits=tuple(
            replace(
                split,
                groups=tuple(replace(each, figure=figure) for each in split.groups),
                compared=None
                if split.compared is None
                else replace(split.compared, found=compared),
            )
            for split in measure.splits
        ),
    )


HARD_CASES = {
    "longest_names": with_longest_names(PROFILE),
    "nothing_shown": with_nothing_shown(PROFILE),
    "one_wave": with_one_wave(PROFILE),
    "many_factors": with_many_factors(PROFILE),
    "in_english": in_english(with_longest_names(PROFILE)),
}
