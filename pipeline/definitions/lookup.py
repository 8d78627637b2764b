"""What a person names, found in a site's definitions; if not, with what there is."""

from pathlib import Path

from pipeline import REPOSITORY
from pipeline.definitions.areas import Area
from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.norm import Norm
from pipeline.definitions.reading import nearest
from pipeline.definitions.wave import Wave
from pipeline.errors import UsageError


def find_area(catalogue: Catalogue, name: str) -> Area:
    """The area with this id or name, upper and lower case alike.

    Raises:
        UsageError: there is none.
    """
    for area in catalogue.areas.areas:
        if name.casefold() in (area.id, area.label.casefold()):
            return area
    known = [area.id for area in catalogue.areas.areas]
    raise UsageError(f"there is no area {name!r}{nearest(name, known)}. Areas: {', '.join(known)}.")


def find_wave(catalogue: Catalogue, year: int | None) -> Wave:
    """The wave of this year; the latest if none is named.

    Raises:
        UsageError: there is none.
    """
    if year is None:
        return catalogue.waves[-1]
    for wave in catalogue.waves:
        if wave.wave == year:
            return wave
    known = [str(wave.wave) for wave in catalogue.waves]
    near = nearest(str(year), known)
    raise UsageError(f"there is no wave {year}{near}. Waves: {', '.join(known)}.")


def find_norm(catalogue: Catalogue, norm_id: str) -> tuple[Norm, Path]:
    """A norm of the site and the file it stands in.

    Raises:
        UsageError: the site does not list it.
    """
    known = {norm.id: norm for norm in catalogue.norms}
    if norm_id not in known:
        near = nearest(norm_id, list(known))
        listed = ", ".join(known) or "none"
        raise UsageError(f"there is no norm {norm_id!r}{near}. Norms of the site: {listed}.")
    paths = [
        root / "factor_definitions" / "norms" / f"{norm_id}.yml"
        for root in (catalogue.folder, REPOSITORY)
    ]
    return known[norm_id], next(path for path in paths if path.is_file())
