"""How a measure is made, as a document shows it: what stands behind its figure."""

from dataclasses import dataclass

from pipeline.definitions.part import Status


@dataclass(frozen=True)
class CutOffs:
    """A norm's cut-offs of a factor, on the scale of its scores."""

    norm: str
    """Label."""

    by_grade: tuple[tuple[str, float], ...]
    """Label of the grade and cut-off in points, at most two decimals; never empty."""


@dataclass(frozen=True)
class Making:
    """What a measure is made of in one wave: every profile of the wave says the same."""

    questions: tuple[str, ...]
    """As the wave's questionnaire words them; empty where it did not ask them, and for counts of
    flagged factors."""

    reversed_questions: tuple[int, ...]
    """Places in ``questions``, from 1, of those whose answers are turned round first."""

    min_answered: int
    """Questions a pupil must have answered to count; of a count, factors with a known flag."""

    min_reached: int | None
    """Of an outcome, the questions that must have an answer that counts; of a count, the factors
    that must be flagged; null for factors."""

    cutoffs: tuple[CutOffs, ...]
    """Empty for outcomes and counts, and where no norm has any."""

    is_rescaled: bool
    """Whether questions with different numbers of options are brought to one scale first."""

    source: str
    """As the definition has it: in English in both languages."""

    source_status: Status
    """How well it is founded."""
