"""Answers that are not given: blank, don't know, declined, and questionnaires left early."""

import numpy as np

from data_sample.generator.answers import Answers
from data_sample.generator.assumptions import Missing
from data_sample.generator.questionnaire import Question
from data_sample.generator.setting import Setting
from data_sample.generator.streams import Bools, Floats, Integers, stream

BLANK = -32_768
"""Stands for an empty cell; no instrument can have this code."""

ANSWERS_BARELY_OPENED = 12
"""Questions a pupil reaches at most who leaves on the first pages."""


def withhold_answers(
    answers: Answers, is_complete: Bools, setting: Setting
) -> tuple[Answers, Bools]:
    """Answers with some replaced by missing codes or blanks; and who reached the end.

    Args:
        answers: a code of every respondent for every item.
        is_complete: respondents who answer everything. Shape (n,).
        setting: the wave.
    """
    n, wave, missing = len(is_complete), setting.wave, setting.assumptions.missing
    # Some pupils leave out more than others; the mean of this factor is 1.
    reluctance = np.where(is_complete, 0.0, stream(wave, "reluctance").gamma(0.8, 1.25, n))
    withheld = {
        item: _withheld(answers[item], question, missing, reluctance, wave)
        for item, question in setting.questions.items()
    }
    for nothing in missing.without:
        lacks = stream(wave, "without", *nothing.items).random(n) < nothing.share
        for item in setting.questions.keys() & set(nothing.items):
            code = setting.questions[item].missing[nothing.reason]
            withheld[item] = np.where(lacks & ~is_complete, code, withheld[item])
    n_reached = _questions_reached(len(setting.questions), missing, is_complete, wave)
    for place, item in enumerate(setting.questions):
        withheld[item] = np.where(place < n_reached, withheld[item], BLANK)
    return withheld, n_reached == len(setting.questions)


def _withheld(
    codes: Integers, question: Question, missing: Missing, reluctance: Floats, wave: int
) -> Integers:
    factor = missing.sensitive if question.is_sensitive else 1.0
    draws = stream(wave, "missing", question.id).random(len(codes))
    fates = [(BLANK, missing.blank)] + [
        (code, missing.stated.get(reason, 0.0)) for reason, code in question.missing.items()
    ]
    remaining = codes
    for code, share in fates:
        # Each fate takes the next stretch of the unit interval.
        stretch = share * factor * reluctance
        remaining = np.where((draws >= 0) & (draws < stretch), code, remaining)
        draws = draws - stretch
    return remaining


def _questions_reached(
    n_questions: int, missing: Missing, is_complete: Bools, wave: int
) -> Integers:
    n = len(is_complete)
    draws = stream(wave, "breaking off")
    breaks_off = draws.random(n) < missing.share_breaking_off
    # Most of those who leave do so in the second half.
    somewhere = (n_questions * (0.25 + 0.75 * np.sqrt(draws.random(n)))).astype(np.int64)
    barely = draws.random(n) < missing.share_barely_opened
    early = (draws.random(n) * ANSWERS_BARELY_OPENED).astype(np.int64) + 1
    reached = np.where(barely, early, np.where(breaks_off, somewhere, n_questions))
    return np.where(is_complete, n_questions, reached)
