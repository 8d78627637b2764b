"""The linear attack on one wave: every measure as a system of sums."""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from pipeline.attack.agreement import cell_words
from pipeline.attack.besides import open_of, own_norm_bounds, placed_bounds, root_of
from pipeline.attack.figures import Finding
from pipeline.attack.forms import Release
from pipeline.attack.knowledge import Axes, Bounds, axes_of, bounds_of
from pipeline.attack.linear import (
    Printed,
    Targets,
    hidden_of,
    hidden_respondents,
    hidden_sums,
    known_sums,
    respondent_sums,
)
from pipeline.attack.policy import Policy
from pipeline.attack.population import (
    NOTHING,
    Population,
    Supposed,
    all_placed,
    population,
    stated,
    suppose,
)
from pipeline.attack.recovery import tight_targets
from pipeline.attack.reference import Statuses
from pipeline.attack.rest import rest_bounds
from pipeline.attack.sums import InfeasibleError, Known, broken_rows, is_feasible
from pipeline.attack.weights import is_weighted, spread_of

EVERYWHERE = "all forms together"


@dataclass(frozen=True)
class Recovered:
    """What the sums of one wave give away."""

    n_hidden: int
    widths: tuple[int, ...]
    """Of the counts that are exact or narrow."""

    findings: tuple[Finding, ...]


def attack_wave(release: Release, wave: int, cells: pl.DataFrame, status: Statuses) -> Recovered:
    """Work out the hidden counts of one wave.

    Args:
        release: folder, names and rules.
        wave: year.
        cells: of ``agreed``.
        status: what the release says is hidden.
    """
    axes = axes_of(release.names, wave)
    measure = release.tables.get("measure", pl.DataFrame({"is_sensitive": []}))
    strict = measure.filter(pl.col("is_sensitive").cast(pl.String).str.to_lowercase() == "true")
    strict_ids = strict["measure_id"].to_list() if "measure_id" in strict.columns else []
    root = root_of(axes, release.names)
    bounds = bounds_of(axes, cells, status.estimate, strict_ids, release.policy)
    bounds = replace(
        bounds,
        rest=rest_bounds(axes, cells, root),
        placed=placed_bounds(axes, release.tables, root, release.policy),
        own_norm=own_norm_bounds(axes, release.tables, root, bounds),
    )
    hidden = hidden_of(axes, status.estimate, status.rest, status.domain)
    people = [
        population(axes, release.names, supposed)
        for supposed in _supposed(release, wave, axes, bounds)
    ]
    if not is_feasible(respondent_sums(bounds, people[-1]).known):
        # Where some state the municipality itself as their area, theirs is known, and is not.
        bounds = replace(bounds, placed=open_of(axes))
    # What the numbers of respondents deny is not supposed of any measure.
    while len(people) > 1 and not is_feasible(respondent_sums(bounds, people[0]).known):
        people.pop(0)
    n_hidden = sum(int(each.sum()) for each in hidden)

    def printed(place: int, each: Population, spread: float) -> Printed:
        return known_sums(bounds, place, each, reach=release.policy.rounding, spread=spread)

    def known(spread: float) -> list[Known]:
        return [printed(place, people[-1], spread).known for place in range(len(axes.measures))]

    spread = spread_of(known) if is_weighted(release.tables, wave) else 1.0
    measures = [
        [(printed(place, each, spread), hidden_sums(hidden, place, each)) for each in people]
        for place in range(len(axes.measures))
    ]
    everyone = [
        (respondent_sums(bounds, each), hidden_respondents(hidden, each)) for each in people
    ]
    systems = [(0, everyone), *enumerate(measures)]
    # HiGHS lets other threads work while it solves; the order of the results is that of the list.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = list(
            pool.map(lambda each: _attack_system(axes, each[0], each[1], release.policy), systems)
        )
    widths = tuple(width for each in found for width in each.widths)
    findings = tuple(finding for each in found for finding in each.findings)
    return Recovered(n_hidden, widths, findings)


def _supposed(release: Release, wave: int, axes: Axes, bounds: Bounds) -> tuple[Supposed, ...]:
    """What may be taken for granted of who is in which group, the most first."""
    if (told := stated(release.tables, wave)) is not None:
        return told, NOTHING
    most = suppose(axes, release.names, bounds)
    most = most._replace(all_have_place=most.all_have_place and all_placed(release.tables, wave))
    return most, most._replace(all_have_place=False), NOTHING


def _attack_system(
    axes: Axes, measure: int, systems: list[tuple[Printed, Targets]], policy: Policy
) -> Recovered:
    """One measure: first supposing much, then, if the figures deny that, nothing."""
    for printed, targets in systems:
        try:
            tight = tight_targets(printed.known, targets.rows, policy.min_interval)
        except InfeasibleError:
            continue
        widths = tuple(int(width) for width in tight.greatest - tight.least)
        findings = tuple(
            _found(
                _words(axes, measure, targets.what[place], int(targets.group[place])),
                width,
                policy,
            )
            for place, width in zip(tight.place, widths, strict=True)
        )
        return Recovered(0, widths, findings)
    return Recovered(0, (), (_denied(axes, measure, systems[-1][0]),))


def _found(words: str, width: int, policy: Policy) -> Finding:
    if width == 0:
        return Finding("exact", f"{words}: can be worked out exactly", EVERYWHERE)
    says = f"{words}: can be worked out to within {width}, the policy is {policy.min_interval}"
    return Finding("narrow", says, EVERYWHERE)


def _denied(axes: Axes, measure: int, printed: Printed) -> Finding:
    """The rows that must give way, fewest counts in all, for any counts to fit."""
    rows = broken_rows(printed.known)
    named = "; ".join(
        _words(axes, measure, str(printed.what[row]), int(printed.group[row])) for row in rows[:5]
    )
    return Finding("contradiction", f"no counts add up to what is printed: {named}", EVERYWHERE)


def _words(axes: Axes, measure: int, what: str, group: int) -> str:
    area, grade, gender = np.unravel_index(group, axes.shape[1:])
    return cell_words(
        {
            "wave": axes.wave,
            "area": axes.areas[area],
            "grade": axes.grades[grade],
            "gender": axes.genders[gender],
            "measure": "all measures" if what == "respondents" else axes.measures[measure],
            "what": what,
        }
    )
