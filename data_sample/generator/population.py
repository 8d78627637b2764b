"""Made-up pupils: where they live, which school and class they go to, who opens the survey."""

from dataclasses import dataclass, fields, replace

import numpy as np

from data_sample.generator.assumptions import Population
from data_sample.generator.streams import Bools, Floats, Integers, drawn, shuffled, stream

BIRTHDAY_PASSED = 0.79
"""Share of a birth year who have had their birthday in mid-October: 288 of 365 days."""

STARTED_LATE = 0.01
"""Share who are a year older than their grade."""

AGE_TURNED = {"g7": 13, "g8": 14, "g9": 15, "gy1": 16, "gy2": 17}
"""Age turned during the calendar year in which the grade begins: remembered."""


@dataclass(frozen=True)
class Pupils:
    """One entry per pupil in each array; every array has shape (n,)."""

    area: Integers
    """Position in ``Population.homes``."""

    school: Integers
    """Position in ``Population.schools``."""

    grade: Integers
    """Position in the site's grades."""

    school_class: Integers
    """Number of the class within its school and grade, from 0."""

    gender: Integers
    """Position in ``Population.genders``."""

    age: Integers
    """Years at the time of the survey."""

    def __len__(self) -> int:
        return len(self.area)

    def at(self, where: Bools | Integers) -> "Pupils":
        """Some of the pupils."""
        return Pupils(**{each.name: getattr(self, each.name)[where] for each in fields(self)})

    @property
    def class_number(self) -> Integers:
        """A number for each class, different between schools and grades."""
        return (self.school * 100 + self.grade) * 100 + self.school_class


def draw_enrolled(population: Population, grades: list[str], wave: int) -> Pupils:
    """Everyone on the schools' rolls at a wave."""
    n_per_home = [
        round(home.n_enrolled * (1 + 0.03 * stream(wave, "enrolled", home.area).standard_normal()))
        for home in population.homes
    ]
    area = np.repeat(np.arange(len(n_per_home)), n_per_home)
    n = len(area)
    grade = drawn(np.ones(len(grades)), n, wave, "grade")
    gender = drawn(np.array(list(population.genders.values())), n, wave, "gender")
    pupils = Pupils(
        area=area,
        school=_schools(population, grades, area, grade, wave),
        grade=grade,
        school_class=np.zeros(n, np.int64),
        gender=gender,
        age=_ages(grades, grade, wave),
    )
    return replace(pupils, school_class=_classes(pupils, population.largest_class, wave))


def has_opened(pupils: Pupils, population: Population, grades: list[str], wave: int) -> Bools:
    """Which pupils open the questionnaire: more in some grades and classes than in others."""
    share = np.array([population.share_opened[grade] for grade in grades])[pupils.grade]
    classes, place = np.unique(pupils.class_number, return_inverse=True)
    of_class = stream(wave, "class opened").standard_normal(len(classes))[place]
    share = np.clip(share + population.sd_opened * of_class, 0.55, 0.97)
    opened: Bools = stream(wave, "opened").random(len(pupils)) < share
    return opened


def _schools(
    population: Population, grades: list[str], area: Integers, grade: Integers, wave: int
) -> Integers:
    own = np.zeros(len(area), np.int64)
    for number, school in enumerate(population.schools):
        of_areas = [
            place for place, home in enumerate(population.homes) if home.area in school.areas
        ]
        of_grades = [place for place, each in enumerate(grades) if each in school.grades]
        own[np.isin(area, of_areas) & np.isin(grade, of_grades)] = number
    crosses = stream(wave, "crosses").random(len(area)) < population.share_crossing
    for place, each in enumerate(grades):
        offered = [each in school.grades for school in population.schools]
        preferred = np.array([school.preference for school in population.schools]) * offered
        here = grade == place
        moves = here & (crosses if not preferred.any() else True)
        weights: Floats = preferred if preferred.any() else np.array(offered, float)
        own[moves] = drawn(weights, len(area), wave, "school", each)[moves]
    return own


def _classes(pupils: Pupils, largest: int, wave: int) -> Integers:
    """Each school's grade cut into as few classes of equal size as keep to the largest."""
    classes = np.zeros(len(pupils), np.int64)
    order = shuffled(len(pupils), wave, "class")
    groups = pupils.school * 100 + pupils.grade
    for group in np.unique(groups):
        members = order[groups[order] == group]
        n_classes = -(-len(members) // largest)
        classes[members] = np.arange(len(members)) % n_classes
    return classes


def _ages(grades: list[str], grade: Integers, wave: int) -> Integers:
    turned = np.array([AGE_TURNED[each] for each in grades])[grade]
    draws = stream(wave, "age").random(len(grade))
    late = stream(wave, "late").random(len(grade)) < STARTED_LATE
    ages: Integers = turned - (draws > BIRTHDAY_PASSED) + late
    return ages
