"""One wave: who answered, what, and how many were on the rolls."""

from dataclasses import dataclass

from data_sample.generator.answers import Answers, draw_answers
from data_sample.generator.careless import plant_careless
from data_sample.generator.consistency import add_onsets, answer_best, limit_narrower
from data_sample.generator.latents import draw_latents
from data_sample.generator.missing import withhold_answers
from data_sample.generator.population import Pupils, draw_enrolled, has_opened
from data_sample.generator.setting import Setting
from data_sample.generator.streams import shuffled


@dataclass(frozen=True)
class AnsweredWave:
    """The fieldwork's outcome, before it is coded as a supplier delivers it."""

    enrolled: Pupils
    """Everyone on the rolls."""

    pupils: Pupils
    """Those who opened the questionnaire, in the order of the export."""

    answers: Answers
    """Codes in the order of ``pupils``; ``missing.BLANK`` where the cell is empty."""


def draw_wave(setting: Setting) -> AnsweredWave:
    """Make up one wave, from the rolls to the answers."""
    population = setting.assumptions.population
    enrolled = draw_enrolled(population, setting.grades, setting.wave)
    opened = enrolled.at(has_opened(enrolled, population, setting.grades, setting.wave))
    # Shuffled, so that the order of the rows says nothing about school or area.
    pupils = opened.at(shuffled(len(opened), setting.wave, "order"))
    has_no_trouble = pupils.area == setting.area_without_trouble

    latents = draw_latents(pupils, setting)
    honest = draw_answers(pupils, latents, setting)
    limit_narrower(honest, setting)
    add_onsets(honest, latents, pupils, setting)
    answer_best(honest, has_no_trouble, setting)

    answers, is_finished = withhold_answers(honest, has_no_trouble, setting)
    grades = [setting.grades[grade] for grade in pupils.grade]
    plant_careless(answers, is_finished & ~has_no_trouble, grades, setting)
    return AnsweredWave(enrolled, pupils, answers)
