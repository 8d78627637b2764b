"""Everything that is written down about a site, read and found to fit together."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pipeline import REPOSITORY
from pipeline.definitions.areas import Area, Areas
from pipeline.definitions.factor import Factor, Outcome
from pipeline.definitions.instrument import Instrument
from pipeline.definitions.norm import Norm
from pipeline.definitions.policy import Policy
from pipeline.definitions.reading import load_definition, load_folder
from pipeline.definitions.screen import ScreenSet
from pipeline.definitions.site import Site
from pipeline.definitions.wave import Wave
from pipeline.errors import DefinitionError

if TYPE_CHECKING:
    # Geometry is loaded for those sites alone that have a map.
    from pipeline.definitions.polygons import Polygons


class Catalogue(NamedTuple):
    """A site's definitions. Factors, outcomes and norms are those the site lists, in its order."""

    folder: Path
    site: Site
    areas: Areas
    policy: Policy
    waves: tuple[Wave, ...]
    """Oldest first."""

    instruments: dict[str, Instrument]
    factors: tuple[Factor, ...]
    outcomes: tuple[Outcome, ...]
    screens: ScreenSet | None
    norms: tuple[Norm, ...]
    polygons: "Polygons | None" = None
    """Null where the site has no map."""

    def instrument_of(self, wave: Wave) -> Instrument:
        """The questionnaire version of a wave."""
        return self.instruments[wave.instrument]


class Shelf(NamedTuple):
    """All definitions found for a site, listed by it or not."""

    instruments: dict[str, Instrument]
    factors: dict[str, Factor]
    outcomes: dict[str, Outcome]
    screens: dict[str, ScreenSet]
    norms: dict[str, Norm]


def load_shelf(site_folder: Path) -> Shelf:
    """The definitions of the repository and the site's own.

    Raises:
        DefinitionError: a file does not fit its model, or an id is defined twice.
    """
    roots = list(dict.fromkeys([REPOSITORY, site_folder.resolve()]))
    return Shelf(
        instruments=load_folder([root / "schemas" / "instruments" for root in roots], Instrument),
        factors=load_folder([root / "factor_definitions" / "scales" for root in roots], Factor),
        outcomes=load_folder([root / "factor_definitions" / "outcomes" for root in roots], Outcome),
        screens=load_folder([root / "factor_definitions" / "screens" for root in roots], ScreenSet),
        norms=load_folder([root / "factor_definitions" / "norms" for root in roots], Norm),
    )


def load_waves(site_folder: Path) -> tuple[Wave, ...]:
    """``waves/*.yml``, oldest first.

    Raises:
        DefinitionError: there is none, or a file is not named after its wave.
    """
    paths = sorted((site_folder / "waves").glob("*.yml"))
    if not paths:
        raise DefinitionError(f"{site_folder / 'waves'}: holds no wave; expected <year>.yml.")
    waves = []
    for path in paths:
        wave = load_definition(path, Wave)
        if path.stem != str(wave.wave):
            raise DefinitionError(
                f"{path}: wave: is {wave.wave}, expected {path.stem} as the file is named."
            )
        waves.append(wave)
    return tuple(sorted(waves, key=lambda wave: wave.wave))


def parent_on(area: Area, day: date) -> str | None:
    """Id of the area that ``area`` lies in on ``day``; null if none is stated."""
    return next((parent.area for parent in area.lies_in if parent.holds_on(day)), None)


def ancestors_on(areas: Areas, area_id: str, day: date) -> list[str]:
    """The area itself and all it lies in on ``day``, nearest first. Stops at a circle."""
    by_id = {area.id: area for area in areas.areas}
    chain: list[str] = []
    current: str | None = area_id
    while current is not None and current not in chain:
        chain.append(current)
        current = parent_on(by_id[current], day)
    return chain


def asked_items(measure: Factor | Outcome, instrument: Instrument) -> tuple[str, ...]:
    """Ids of the measure's items that the instrument asks, in the measure's order."""
    asked = {item.id for item in instrument.items}
    return tuple(item.id for item in measure.items if item.id in asked)


def is_asked(measure: Factor | Outcome, instrument: Instrument) -> bool:
    """Whether enough of the measure's items are asked for anyone to get a value."""
    return len(asked_items(measure, instrument)) >= measure.min_answered
