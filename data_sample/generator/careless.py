"""Respondents who do not mean what they say: the rows that the screens are there for."""

from dataclasses import dataclass

import numpy as np

from data_sample.generator.answers import Answers
from data_sample.generator.questionnaire import Question
from data_sample.generator.setting import Setting
from data_sample.generator.streams import Bools, Integers, chosen, stream
from pipeline.definitions.fit import screen_items
from pipeline.definitions.screen import (
    AgeForGrade,
    CodeIn,
    CountAtOrAbove,
    Exceeds,
    SameCode,
    Screen,
)

SHARE_EXAGGERATED = 0.8
"""Of the items, where somebody answers the most of everything."""


@dataclass(frozen=True)
class _Row:
    """One respondent's answers, to be overwritten."""

    row: int
    answers: Answers
    questions: dict[str, Question]
    draws: np.random.Generator

    def write(self, item: str, code: int) -> None:
        self.answers[item][self.row] = code

    def pick(self, codes: Integers) -> int:
        return int(codes[int(self.draws.random() * len(codes))])

    def some(self, items: tuple[str, ...], n: int) -> list[Question]:
        asked = [self.questions[item] for item in items if item in self.questions]
        order = np.argsort(self.draws.random(len(asked)))
        return [asked[place] for place in order[:n]]

    def write_fewest(self, items: tuple[str, ...]) -> None:
        for question in self.some(items, len(items)):
            self.write(question.id, int(question.codes_by_points[0]))


def plant_careless(
    answers: Answers, is_eligible: Bools, grades: list[str], setting: Setting
) -> None:
    """Overwrite some respondents' answers, in place: some for each screen, some all over.

    Args:
        answers: a code of every respondent for every item.
        is_eligible: respondents who reached the end and may be overwritten. Shape (n,).
        grades: each respondent's grade. Length n.
        setting: the wave.
    """
    meant = _meant_screens(setting)
    rows = chosen(is_eligible, len(meant), setting.wave, "careless rows")
    for place, (screen, number) in enumerate(zip(meant, rows, strict=True)):
        draws = stream(setting.wave, "careless", place)
        row = _Row(int(number), answers, setting.questions, draws)
        if screen is None:
            _exaggerate(row, setting)
        else:
            _answer_inconspicuously(row, setting)
            _be_caught(row, screen, grades[row.row], setting)


def _meant_screens(setting: Setting) -> list[Screen | None]:
    """For each careless respondent, the screen that is to catch them first; null for any."""
    careless = setting.assumptions.careless
    sizes = stream(setting.wave, "careless").random(len(setting.screens))
    meant: list[Screen | None] = [None] * careless.n_exaggerating
    for screen, size in zip(setting.screens, sizes, strict=True):
        n = careless.fewest_each + int(size * (careless.most_each - careless.fewest_each + 1))
        meant += [screen] * n
    return meant


def _answer_inconspicuously(row: _Row, setting: Setting) -> None:
    """No trouble where the screens look, so that the one meant is the one that catches."""
    for screen in setting.screens:
        if isinstance(screen, (CountAtOrAbove, Exceeds)):
            row.write_fewest(screen_items(screen))


def _be_caught(row: _Row, screen: Screen, grade: str, setting: Setting) -> None:
    match screen:
        case CodeIn():
            row.write(screen.item, row.pick(np.array(screen.codes)))
        case CountAtOrAbove():
            _claim_much(row, screen, setting)
        case Exceeds():
            pairs = {pair.narrower: pair.wider for pair in screen.pairs}
            for question in row.some(tuple(pairs), screen.min_pairs):
                row.write_fewest((pairs[question.id],))
                row.write(question.id, row.pick(question.codes_by_points[1:4]))
        case AgeForGrade():
            _be_impossible_age(row, screen, grade)
        case SameCode():
            offered = [set(row.questions[item].codes.tolist()) for item in screen.items]
            code = row.pick(np.array(sorted(set.intersection(*offered))))
            for item in screen.items:
                row.write(item, code)


def _claim_much(row: _Row, screen: CountAtOrAbove, setting: Setting) -> None:
    for question in row.some(screen.items, screen.min_items + 1):
        row.write(question.id, row.pick(question.codes[question.points >= screen.at_or_above]))
    # Who claims an implausible amount in 30 days claims as much in a lifetime.
    for pair in setting.narrower_pairs:
        if pair.narrower in screen.items:
            row.write(pair.wider, int(row.answers[pair.narrower][row.row]))


def _be_impossible_age(row: _Row, screen: AgeForGrade, grade: str) -> None:
    question = row.questions[screen.item]
    for ages in screen.ages:
        if ages.grade == grade:
            outside = (question.points < ages.youngest) | (question.points > ages.oldest)
            row.write(screen.item, row.pick(question.codes[outside]))


def _exaggerate(row: _Row, setting: Setting) -> None:
    """The most of everything, nearly; age and honesty as they were."""
    for question in row.questions.values():
        if question.id in setting.age_items | setting.honesty_items:
            continue
        if row.draws.random() < SHARE_EXAGGERATED:
            row.write(question.id, int(question.codes[-1]))
