"""What a person names, found in a site's definitions; if not, with what there is."""

from pathlib import Path

from pipeline import REPOSITORY
from pipeline.definitions.areas import Area
from pipeline.definitions.catalogue import Catalogue, load_shelf
from pipeline.definitions.flag_count import MeasureDefinition
from pipeline.definitions.norm import Norm
from pipeline.definitions.norm_fit import norm_misfits, unknown_in_norm
from pipeline.definitions.reading import nearest
from pipeline.definitions.site import Classification
from pipeline.definitions.wave import Wave
from pipeline.errors import DefinitionError, UsageError


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


def find_measure(catalogue: Catalogue, measure_id: str) -> MeasureDefinition:
    """The factor or outcome of the site with this id.

    Raises:
        UsageError: there is none.
    """
    known = {measure.id: measure for measure in catalogue.measures}
    if measure_id not in known:
        near = nearest(measure_id, list(known))
        raise UsageError(f"there is no measure {measure_id!r}{near}. Measures: {', '.join(known)}.")
    return known[measure_id]


def find_class(kind: str, classes: tuple[Classification, ...], name: str) -> str:
    """The id of a grade or gender of the site, or ``all``.

    Raises:
        UsageError: there is none.
    """
    known = ["all", *(each.id for each in classes)]
    if name not in known:
        near = nearest(name, known)
        raise UsageError(f"there is no {kind} {name!r}{near}. Expected one of {', '.join(known)}.")
    return name


def definition_path(catalogue: Catalogue, kind: str, definition_id: str) -> Path:
    """The file of a definition that was found: the site's own, or the repository's.

    Args:
        catalogue: the site's definitions.
        kind: folder of ``factor_definitions``.
        definition_id: whose file.
    """
    roots = (catalogue.folder, REPOSITORY)
    paths = [root / "factor_definitions" / kind / f"{definition_id}.yml" for root in roots]
    return next(path for path in paths if path.is_file())


def find_norm(catalogue: Catalogue, norm_id: str) -> tuple[Norm, Path]:
    """A norm that is defined for the site, and the file it stands in.

    Raises:
        UsageError: there is none.
        DefinitionError: one that the site does not list does not fit the site.
    """
    known = {norm.id: norm for norm in catalogue.norms}
    if norm_id not in known:
        known |= _unlisted(catalogue, norm_id)
    return known[norm_id], definition_path(catalogue, "norms", norm_id)


def _unlisted(catalogue: Catalogue, norm_id: str) -> dict[str, Norm]:
    """A norm on the shelf that flags nobody as long as ``site.yml`` does not list it."""
    shelf = load_shelf(catalogue.folder)
    if norm_id not in shelf.norms:
        near = nearest(norm_id, list(shelf.norms))
        defined = ", ".join(shelf.norms) or "none"
        raise UsageError(f"there is no norm {norm_id!r}{near}. Norms: {defined}.")
    norm = shelf.norms[norm_id]
    if problems := [*unknown_in_norm(norm, shelf), *norm_misfits(norm, catalogue)]:
        raise DefinitionError("\n".join(dict.fromkeys(problems)))
    return {norm_id: norm}
