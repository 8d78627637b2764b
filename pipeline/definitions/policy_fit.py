"""Rules between a policy and the other definitions."""

from collections.abc import Iterator

from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.reading import nearest


def policy_misfits(catalogue: Catalogue) -> Iterator[str]:
    """What a policy names and the site does not have: it would protect nothing."""
    policy = catalogue.policy
    areas = [area.id for area in catalogue.areas.areas]
    measures = [measure.id for measure in catalogue.measures]
    genders = [gender.id for gender in catalogue.site.genders]
    named = [("editions.public.genders", gender, genders) for gender in policy.public.genders or ()]
    flagged = [measure.id for measure in (*catalogue.factors, *catalogue.outcomes)]
    named += [("editions.research.sensitive", each, flagged) for each in policy.research.sensitive]
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
