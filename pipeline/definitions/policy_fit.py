"""Rules between a policy and the other definitions."""

from collections.abc import Iterator

from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.reading import nearest
from pipeline.definitions.research_edition import AGE, DESIGN_QUASI_IDENTIFIERS


def policy_misfits(catalogue: Catalogue) -> Iterator[str]:
    """What a policy names and the site does not have: it would protect nothing."""
    policy = catalogue.policy
    areas = [area.id for area in catalogue.areas.areas]
    measures = [measure.id for measure in catalogue.measures]
    genders = [gender.id for gender in catalogue.site.genders]
    named = [("editions.public.genders", gender, genders) for gender in policy.public.genders or ()]
    named += _of_research(catalogue)
    for number, override in enumerate(policy.overrides, 1):
        named += [
            (f"overrides, number {number}.{key}", name, known)
            for key, name, known in (
                ("area", override.area, areas),
                ("measure", override.measure, measures),
            )
            if name is not None
        ]
    for place, name, known in named:
        if name not in known:
            yield f"policy.yml: {place}: {name!r} is not defined{nearest(name, known)}"


def _of_research(catalogue: Catalogue) -> Iterator[tuple[str, str, list[str]]]:
    """Where the edition for researchers names something, what, and what there is."""
    edition = catalogue.policy.research
    items = [item.id for each in catalogue.instruments.values() for item in each.items]
    flagged = [measure.id for measure in (*catalogue.factors, *catalogue.outcomes)]
    banded = [grade for band in edition.grade_bands for grade in band.grades]
    for key, names, known in (
        ("quasi_identifiers", edition.quasi_identifiers, [*DESIGN_QUASI_IDENTIFIERS, AGE, *items]),
        ("left_out", edition.left_out, items),
        ("sensitive", edition.sensitive, flagged),
        ("levels", edition.levels, [level.id for level in catalogue.areas.levels]),
        ("grade_bands", banded, [grade.id for grade in catalogue.site.grades]),
    ):
        for name in names:
            yield f"editions.research.{key}", name, known
