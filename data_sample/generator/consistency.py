"""Answers of one honest pupil fit each other."""

import numpy as np
from scipy.special import ndtri

from data_sample.generator.answers import Answers, nearest_age
from data_sample.generator.assumptions import Onset
from data_sample.generator.population import Pupils
from data_sample.generator.setting import Setting
from data_sample.generator.streams import Bools, Floats, Integers, stream

ONSET_CORRELATION = 0.75
"""Of an earlier first time with the trait behind it."""


def limit_narrower(answers: Answers, setting: Setting) -> None:
    """Nobody honest has done something more often in 30 days than ever. In place."""
    for pair in setting.narrower_pairs:
        most = setting.questions[pair.wider].points_of(answers[pair.wider])
        points = setting.questions[pair.narrower].points_of(answers[pair.narrower])
        codes = np.where(points > most, answers[pair.wider], answers[pair.narrower])
        answers[pair.narrower] = codes


def add_onsets(
    answers: Answers, latents: dict[str, Floats], pupils: Pupils, setting: Setting
) -> None:
    """Ages at a first time: of everyone who has done it, and none above the present age."""
    for onset in setting.assumptions.onsets:
        if onset.item in setting.questions:
            answers[onset.item] = _onset(onset, answers, latents, pupils, setting)


def _onset(
    onset: Onset,
    answers: Answers,
    latents: dict[str, Floats],
    pupils: Pupils,
    setting: Setting,
) -> Integers:
    questions = setting.questions
    has_done = _did_earlier(onset, latents[onset.trait], setting.wave)
    for item, points in onset.follows.items():
        has_done |= questions[item].points_of(answers[item]) >= points
    # Who was early with one thing was early with others: half of the delay is shared.
    own = stream(setting.wave, "years since", onset.item).standard_exponential(len(pupils))
    shared = stream(setting.wave, "years since").standard_exponential(len(pupils))
    years = np.floor((own + shared) / 2 * onset.years)
    age = pupils.age - years.astype(np.int64)
    if onset.not_before is not None:
        earlier = answers[onset.not_before]
        has_done &= earlier != questions[onset.not_before].codes_by_points[0]
        age = np.maximum(age, earlier)
    question = questions[onset.item]
    return np.where(has_done, nearest_age(question, age), question.codes_by_points[0])


def _did_earlier(onset: Onset, latent: Floats, wave: int) -> Bools:
    noise = stream(wave, "earlier", onset.item).standard_normal(len(latent))
    r = ONSET_CORRELATION
    did: Bools = r * latent + np.sqrt(1 - r * r) * noise > ndtri(1 - onset.also)
    return did


def answer_best(answers: Answers, who: Bools, setting: Setting) -> None:
    """Some pupils have no trouble whatever: their share flagged is 0, not missing. In place."""
    for item in answers:
        if item not in setting.age_items | setting.honesty_items:
            best = setting.questions[item].codes[0]
            answers[item] = np.where(who, best, answers[item])
