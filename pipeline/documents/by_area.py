"""Publishable figures set apart by area, once, so that no profile reads through all areas' rows."""

from collections.abc import Mapping

from pipeline.disclosure.publishable import Publishable

OF_AREAS = ("estimates", "domains", "comparisons")
"""Frames with rows of areas; all others are of whole waves."""


def by_area(publishable: Publishable, root_area: str) -> Mapping[str, Publishable]:
    """What each area's profile reads, by its id.

    Args:
        publishable: of all areas.
        root_area: the municipality, whose profile sets its areas beside each other. It is left
            out, and so is an area without any row: they read ``publishable`` as it is.
    """
    parts = {
        name: {
            str(area): rows
            for (area,), rows in getattr(publishable, name)
            .partition_by("area_id", as_dict=True, maintain_order=True)
            .items()
        }
        for name in OF_AREAS
    }
    areas = set().union(*(each.keys() for each in parts.values())) - {root_area}
    return {
        area: publishable._replace(
            **{name: parts[name].get(area, getattr(publishable, name).clear()) for name in OF_AREAS}
        )
        for area in sorted(areas)
    }
