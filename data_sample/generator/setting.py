"""What is the same for all pupils of a wave."""

from dataclasses import dataclass

from data_sample.generator.assumptions import Assumptions, FactorShape
from data_sample.generator.questionnaire import Question, load_questions
from pipeline.definitions.catalogue import Shelf
from pipeline.definitions.factor import Factor
from pipeline.definitions.screen import AgeForGrade, CodeIn, Exceeds, Pair, Screen
from pipeline.definitions.site import Site
from pipeline.definitions.wave import Wave

REFERENCE_GRADE = "g9"
"""The grade that levels and shares in the assumptions are given for."""


@dataclass(frozen=True)
class Setting:
    """A wave's questionnaire, the scales and screens it serves, and all assumptions."""

    assumptions: Assumptions
    grades: list[str]
    wave: int
    waves_since_first: int
    questions: dict[str, Question]
    """By item id, in the order asked."""

    factors: list[Factor]
    screens: list[Screen]

    @property
    def grades_above_reference(self) -> list[int]:
        """By position of the grade: how many grades it is above the reference."""
        reference = self.grades.index(REFERENCE_GRADE)
        return [place - reference for place in range(len(self.grades))]

    @property
    def area_without_trouble(self) -> int:
        """Position of the neighbourhood whose pupils answer the best throughout."""
        population = self.assumptions.population
        return [home.area for home in population.homes].index(population.area_without_trouble)

    @property
    def age_items(self) -> set[str]:
        """Items that ask for the present age."""
        return {screen.item for screen in self.screens if isinstance(screen, AgeForGrade)}

    @property
    def honesty_items(self) -> set[str]:
        """Items that ask about the answering itself."""
        return {screen.item for screen in self.screens if isinstance(screen, CodeIn)}

    @property
    def narrower_pairs(self) -> list[Pair]:
        """Pairs of asked items of which the first cannot exceed the second."""
        screened = [
            pair for each in self.screens if isinstance(each, Exceeds) for pair in each.pairs
        ]
        return [
            pair
            for pair in (*screened, *self.assumptions.within)
            if {pair.narrower, pair.wider} <= self.questions.keys()
        ]

    def shape_of(self, factor: str) -> FactorShape:
        """How a factor is distributed; the default where nothing is assumed."""
        shapes = {shape.id: shape for shape in self.assumptions.factors}
        return shapes.get(factor, FactorShape(id=factor))


def setting_of(
    wave: Wave, waves: tuple[Wave, ...], shelf: Shelf, site: Site, assumptions: Assumptions
) -> Setting:
    """The setting of one of the site's waves."""
    return Setting(
        assumptions=assumptions,
        grades=[grade.id for grade in site.grades],
        wave=wave.wave,
        waves_since_first=waves.index(wave),
        questions=load_questions(shelf.instruments[wave.instrument], shelf),
        factors=[shelf.factors[factor] for factor in sorted(shelf.factors)],
        screens=list(shelf.screens[site.screens].screens) if site.screens else [],
    )
