"""What a template may not work out for itself: shares of a ladder, letters of notes, columns."""

from string import ascii_lowercase
from typing import Literal, NamedTuple

from pipeline.documents.view import Domain, Measure, Profile, Step

YOUNG_TIMES_MIN_BASE = 2
"""Stricter than the edition's own minimum base, by as much. Project choice."""

MAX_FOR_YOUNG = 3
"""Strengths, and concerns, on their page at most."""


class Rung(NamedTuple):
    """One step of the coverage ladder as shown."""

    step: Step
    share: float | None
    """Of the ladder's base; null where either is not known."""


class Ladder(NamedTuple):
    """The coverage ladder as shown."""

    base: str | None
    """Id of the first step whose number is known: what the shares are shares of."""

    rungs: tuple[Rung, ...]


def ladder(steps: tuple[Step, ...]) -> Ladder:
    """Each step with its share of the first step that is known."""
    known = [step for step in steps if step.n]
    whole = known[0].n if known else None
    return Ladder(
        known[0].id if known else None,
        tuple(Rung(step, _share(step.n, whole)) for step in steps),
    )


def break_notes(measures: tuple[Measure, ...]) -> dict[str, str]:
    """A letter for each reason why a wave cannot be compared, in order of first use."""
    reasons = dict.fromkeys(
        wave.break_reason
        for measure in measures
        for wave in measure.waves
        if wave.break_reason is not None
    )
    return {reason: _letters(number) for number, reason in enumerate(reasons)}


def is_any_pooled(measures: tuple[Measure, ...], *, over_waves: bool) -> bool:
    """Whether an interval or a verdict beside it is pooled, in the document's wave or over all."""
    return any(
        any((measure.change.is_pooled, *(wave.figure.is_pooled for wave in measure.waves)))
        if over_waves
        else any(
            each.is_pooled for each in (measure.area, measure.against_rest, measure.against_norm)
        )
        for measure in measures
    )


def is_any_unreliable(measures: tuple[Measure, ...], *, over_waves: bool) -> bool:
    """Whether a share has the mark of those that are not reliable, in one wave or over all."""
    return any(
        any(wave.figure.is_unreliable for wave in measure.waves)
        if over_waves
        else measure.area.is_unreliable
        for measure in measures
    )


def is_any_compared(domains: tuple[Domain, ...]) -> bool:
    """Whether any factor's share could be tested against a norm.

    Without this, "nothing stands out" would be said where nothing could be looked at.
    """
    return any(
        measure.against_norm.verdict in ("higher", "lower", "no_detectable_difference")
        for domain in domains
        for measure in domain.measures
    )


def areas_shown(domains: tuple[Domain, ...]) -> tuple[Domain, ...]:
    """Domains with a factor whose areas are set beside each other, in the municipality's own."""
    return tuple(domain for domain in domains if any(measure.funnel for measure in domain.measures))


def name_status(profile: Profile) -> Literal["working", "sourced", "mixed"]:
    """Whether all measures have a working name, none has, or some do."""
    are_working = {each.label_is_working_name for each in profile.measures}
    if len(are_working) > 1:
        return "mixed"
    return "working" if True in are_working else "sourced"


def young_min_base(profile: Profile) -> int:
    """Answers that a figure rests on, at least, where young people read it."""
    return YOUNG_TIMES_MIN_BASE * profile.min_base


def for_young(profile: Profile) -> tuple[tuple[Measure, ...], tuple[Measure, ...]]:
    """Strengths and concerns that young people are shown: sure, of many, and not sensitive."""
    strengths, concerns = (
        tuple(measure for measure in side if _is_for_young(measure, profile))[:MAX_FOR_YOUNG]
        for side in (profile.strengths, profile.concerns)
    )
    return strengths, concerns


def _is_for_young(measure: Measure, profile: Profile) -> bool:
    figure = measure.area
    is_sure = figure.state == "shown" and not figure.is_unreliable
    is_of_many = figure.n is not None and figure.n >= young_min_base(profile)
    is_found = measure.against_norm.verdict in ("higher", "lower")
    return is_found and is_sure and is_of_many and not measure.is_sensitive


def problem_columns(domains: tuple[Domain, ...]) -> tuple[str, ...]:
    """All problem behaviours that a factor is linked to.

    In the order of the factor with the most links, since a factor linked to few does not show
    the order of all.
    """
    linked = [measure.problems for domain in domains for measure in domain.measures]
    in_order = sorted(linked, key=len, reverse=True)
    return tuple(dict.fromkeys(problem for problems in in_order for problem in problems))


def _share(part: int | None, whole: int | None) -> float | None:
    return None if part is None or not whole else part / whole


def _letters(number: int) -> str:
    """a, b ... z, aa, ab ..."""
    rest, last = divmod(number, len(ascii_lowercase))
    return (_letters(rest - 1) if rest else "") + ascii_lowercase[last]
