"""What honest pupils answer: trouble cut into options."""

import numpy as np
from scipy.special import ndtri

from data_sample.generator.assumptions import Assumptions, Behaviour
from data_sample.generator.population import Pupils
from data_sample.generator.questionnaire import Question
from data_sample.generator.setting import Setting
from data_sample.generator.streams import Floats, Integers, drawn, stream

ITEM_DIFFICULTY = 0.15
"""Standard deviation of how much harder one item of a factor is to agree with than another."""

YOUNGEST_AGE = 5
"""Codes of an age item below this are no ages, e.g. 0 for "never"."""

Answers = dict[str, Integers]
"""By item id: the code of each respondent, in one order."""


def draw_answers(pupils: Pupils, latents: dict[str, Floats], setting: Setting) -> Answers:
    """An answer of every pupil to every item but the ages at a first time; none is missing."""
    behaviours = {each.item: each for each in setting.assumptions.behaviours}
    onsets = {each.item for each in setting.assumptions.onsets}
    answers: Answers = {}
    for question in setting.questions.values():
        if question.id in onsets:
            continue
        if question.id in behaviours:
            behaviour = behaviours[question.id]
            answers[question.id] = _behaviour(question, behaviour, pupils, latents, setting)
        elif question.factor is not None:
            answers[question.id] = _attitude(question, latents[question.factor], setting)
        elif question.id in setting.age_items:
            answers[question.id] = nearest_age(question, pupils.age)
        else:
            answers[question.id] = _plain(question, len(pupils), setting)
    return answers


def nearest_age(question: Question, years: Integers) -> Integers:
    """The option that is nearest to an age."""
    ages = np.sort(question.codes[question.codes >= YOUNGEST_AGE])
    nearest: Integers = ages[np.abs(ages[None, :] - years[:, None]).argmin(axis=1)]
    return nearest


def _attitude(question: Question, latent: Floats, setting: Setting) -> Integers:
    shape = setting.shape_of(question.factor or "")
    noise = stream(setting.wave, "item", question.id).standard_normal(len(latent))
    harder = ITEM_DIFFICULTY * float(stream("difficulty", question.id).standard_normal())
    reaction = np.sqrt(shape.item) * latent + np.sqrt(1 - shape.item) * noise + harder
    return _cut(question.codes, _shares(question, setting.assumptions), reaction)


def _behaviour(
    question: Question,
    behaviour: Behaviour,
    pupils: Pupils,
    latents: dict[str, Floats],
    setting: Setting,
) -> Integers:
    noise = stream(setting.wave, "item", question.id).standard_normal(len(pupils))
    r = behaviour.correlation
    reaction = r * latents[behaviour.trait] + np.sqrt(1 - r * r) * noise
    reaction = reaction + behaviour.wave * setting.waves_since_first
    reaction = reaction + behaviour.grade * np.array(setting.grades_above_reference)[pupils.grade]
    return _cut(question.codes_by_points, behaviour.shares, reaction)


def _plain(question: Question, n: int, setting: Setting) -> Integers:
    """An item outside all factors and behaviours, e.g. honesty or a drug that does not exist."""
    shares = np.array(_shares(question, setting.assumptions))
    answers: Integers = question.codes_by_points[
        drawn(shares, n, setting.wave, "item", question.id)
    ]
    return answers


def _shares(question: Question, assumptions: Assumptions) -> tuple[float, ...]:
    shares = {each.id: each.shares for each in (*assumptions.formats, *assumptions.items)}
    return shares.get(question.id) or shares[question.format]


def _cut(codes: Integers, shares: tuple[float, ...], reaction: Floats) -> Integers:
    if len(codes) != len(shares):
        raise ValueError(f"{len(shares)} shares for {len(codes)} options")
    # Rounding may lift the sum of all shares a hair above 1, where ndtri is not a number.
    edges = ndtri(np.minimum(np.cumsum(shares)[:-1] / np.sum(shares), 1.0))
    cut: Integers = codes[np.searchsorted(edges, reaction, side="right")]
    return cut
