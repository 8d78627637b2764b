"""Everything that is written down about a site, read and found to fit together."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pipeline import REPOSITORY
from pipeline.definitions.areas import Area, Areas
from pipeline.definitions.factor import Factor, Outcome
from pipeline.definitions.flag_count import FlagCount, FlagCountRule, MeasureDefinition
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

    flag_count_rules: tuple[FlagCountRule, ...] = ()
    """As the site lists them: what they count follows from the factors and norms here."""

    @property
    def flag_counts(self) -> tuple[FlagCount, ...]:
        """The rules with what they count: their direction's factors that have a cut-off."""
        with_cutoff = {cut.factor for norm in self.norms for cut in norm.cutoffs}
        return tuple(
            FlagCount(
                rule,
                tuple(
                    factor
                    for factor in self.factors
                    if factor.direction == rule.direction and factor.id in with_cutoff
                ),
            )
            for rule in self.flag_count_rules
        )

    @property
    def measures(self) -> tuple[MeasureDefinition, ...]:
        """All that respondents have values of: factors, outcomes, counts of flags."""
        return (*self.factors, *self.outcomes, *self.flag_counts)

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
    flag_counts: dict[str, FlagCountRule]


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
        flag_counts=load_folder(
            [root / "factor_definitions" / "flag_counts" for root in roots], FlagCountRule
        ),
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


def asked_items(measure: MeasureDefinition, instrument: Instrument) -> tuple[str, ...]:
    """Ids of the measure's items that the instrument asks, in the measure's order.

    Those of a count of flags are all items that its factors are scored from.
    """
    asked = {item.id for item in instrument.items}
    if isinstance(measure, FlagCount):
        factors = asked_factors(measure, instrument)
        return tuple(
            dict.fromkeys(each for one in factors for each in asked_items(one, instrument))
        )
    return tuple(item.id for item in measure.items if item.id in asked)


def asked_factors(measure: FlagCount, instrument: Instrument) -> tuple[Factor, ...]:
    """The factors that a count of flags counts in waves of this instrument."""
    return tuple(factor for factor in measure.factors if is_asked(factor, instrument))


def is_asked(measure: MeasureDefinition, instrument: Instrument) -> bool:
    """Whether enough of the measure is asked for anyone to get a value."""
    if isinstance(measure, FlagCount):
        return len(asked_factors(measure, instrument)) >= measure.rule.min_flags_known
    return len(asked_items(measure, instrument)) >= measure.min_answered
