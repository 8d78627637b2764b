"""What ``assumptions.yml`` holds: every number that shapes the made-up answers."""

from pathlib import Path

from pydantic import Field

from pipeline.definitions.part import Identifier, Part, Text
from pipeline.definitions.raking import Margin
from pipeline.definitions.reading import load_definition
from pipeline.definitions.screen import Pair

PATH = Path(__file__).with_name("assumptions.yml")


class School(Part):
    """A made-up school."""

    name: Text
    grades: tuple[Identifier, ...] = Field(min_length=1)
    areas: tuple[Identifier, ...] = ()
    """Neighbourhoods whose pupils go here; none for a school chosen by preference."""

    preference: float = Field(default=0, ge=0)
    """Relative weight among the schools of a grade that are chosen by preference."""


class Home(Part):
    """How many pupils of the five grades live in a neighbourhood."""

    area: Identifier
    n_enrolled: int = Field(ge=1)
    coded_as: Identifier | None = None
    """Whose export code its pupils get while it has none of its own."""


class Rolls(Part):
    """How the enrolment of one wave is stated."""

    wave: int
    by: tuple[Margin, ...] = Field(min_length=1)
    largest_noise: int = Field(default=0, ge=0)
    """Above 0: totals of grades are stated as well, each off by up to so many pupils."""


class Population(Part):
    """Who is asked, and who answers."""

    schools: tuple[School, ...]
    homes: tuple[Home, ...]
    share_crossing: float
    """Lower-secondary pupils who go to another school than their neighbourhood's."""

    largest_class: int
    share_opened: dict[Identifier, float]
    """By grade: share of the enrolled who open the questionnaire."""

    sd_opened: float
    """Spread of that share between classes."""

    genders: dict[Identifier, float]
    rolls: tuple[Rolls, ...]
    share_without_area: float
    share_without_gender: float
    area_without_trouble: Identifier
    """The neighbourhood whose pupils answer the best option throughout."""


class Spread(Part):
    """Standard deviations of what pupils of one place share, per factor."""

    area: float
    area_general: float
    school: float
    class_: float = Field(alias="class")
    class_general: float


class FactorShape(Part):
    """How one factor is distributed.

    Unit: standard deviations of trouble between pupils, where trouble is more of a risk factor
    and less of a protective one.
    """

    id: Identifier
    level: float = 0
    """Mean of a boy or girl in grade 9 in the first wave."""

    grade: float = 0
    """Change per grade."""

    girls: float = 0
    """Girls less boys."""

    wave: float = 0
    """Change per wave."""

    general: float = Field(default=0.45, ge=0, le=1)
    """Share of the variance that all factors have in common (its square root is the loading)."""

    item: float = Field(default=0.6, ge=0, le=1)
    """Correlation of two items of the factor before answers are cut into options."""


class PlaceShift(Part):
    """A known difference of an area, on one factor, in standard deviations of trouble."""

    area: Identifier
    factor: Identifier
    shift: float
    """In the first wave."""

    wave: float = 0
    """Change per wave."""


class Share(Part):
    """The shares of a format's or item's options, from least to most trouble, before shifts."""

    id: Identifier
    shares: tuple[float, ...] = Field(min_length=2)


class Trait(Part):
    """What lies behind behaviours: a weighted sum of factors and something of its own."""

    id: Identifier
    factors: dict[Identifier, float]
    grade: float = 0
    girls: float = 0
    wave: float = 0


class Behaviour(Part):
    """An item that a trait answers."""

    item: Identifier
    trait: Identifier
    shares: tuple[float, ...] = Field(min_length=2)
    """Of the options from fewest to most points, in grade 9 in the first wave."""

    correlation: float = Field(default=0.8, ge=0, le=1)
    """With the trait."""

    grade: float = 0
    wave: float = 0


class Onset(Part):
    """An age at first use or first time, consistent with other answers."""

    item: Identifier
    follows: dict[Identifier, int]
    """Items, and the points from which a respondent must have an age."""

    trait: Identifier
    also: float = 0
    """Share who have one for other reasons, e.g. longer ago than those items ask."""

    not_before: Identifier | None = None
    """An onset item without which there is no age here, and which cannot be later."""

    years: float
    """Mean years since."""


class Without(Part):
    """Items that do not apply to some respondents, all of them or none."""

    reason: Identifier
    share: float
    items: tuple[Identifier, ...]


class Missing(Part):
    """Shares of answers that are missing."""

    blank: float
    stated: dict[Identifier, float]
    """By reason, where the item's format has it."""

    sensitive: float
    """Factor on all of these for items of sensitive factors and outcomes."""

    share_breaking_off: float
    share_barely_opened: float
    without: tuple[Without, ...] = ()


class Careless(Part):
    """Rows that the screens are there for."""

    fewest_each: int
    most_each: int
    """Per screen and wave: caught by it and by no earlier one."""

    n_exaggerating: int
    """Per wave: the most of everything."""


class Assumptions(Part):
    """``assumptions.yml``."""

    source: Text
    population: Population
    spread: Spread
    formats: tuple[Share, ...]
    items: tuple[Share, ...] = ()
    factors: tuple[FactorShape, ...]
    places: tuple[PlaceShift, ...]
    traits: tuple[Trait, ...]
    behaviours: tuple[Behaviour, ...]
    onsets: tuple[Onset, ...]
    within: tuple[Pair, ...] = ()
    """Pairs of which the first is less than the second, beyond those of the screens."""

    missing: Missing
    careless: Careless


def load_assumptions() -> Assumptions:
    """The assumptions, read from beside this module."""
    return load_definition(PATH, Assumptions)
