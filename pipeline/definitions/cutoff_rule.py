"""The rules by which a cut-off is computed from a norm sample. Every choice is a parameter."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from pipeline.definitions.part import Identifier, Part

HyndmanFan = Literal[1, 2, 6, 7, 8]
"""Definition of a sample quantile by its number in Hyndman and Fan (1996), The American
Statistician 50(4), 361-365: 1 is the inverse of the empirical distribution; 2 averages where
that is flat, as the median does; 6, 7 and 8 interpolate (7 is the default of R and NumPy; 8
is the authors' advice)."""

WEIGHTABLE: tuple[HyndmanFan, ...] = (1, 2)
"""Definitions that mean one thing with weights. Those that interpolate depend on the sample
size, of which weights have no single notion."""


class MedianMad(Part):
    """Cut-off = median + k x MAD on the upper side, median - k x MAD on the lower.

    Source: Mejía-Trujillo et al. (2018), applying Arthur et al. (2007), who give k = 0.15 and
    "median absolute deviation". Side and inclusiveness are not stated there.
    """

    rule: Literal["median_mad"]
    k: float = Field(ge=0)
    mad: Literal["median", "mean"]
    """``median``: median absolute deviation from the median; ``mean``: mean absolute deviation
    from the median."""


class Percentile(Part):
    """Cut-off = quantile 1 - share_past on the upper side, quantile share_past on the lower.

    Scores have few distinct values, so the share that is flagged may be another.
    """

    rule: Literal["percentile"]
    share_past: float = Field(gt=0, lt=1)
    """Share of the norm sample that the cut-off is meant to have past it."""

    hyndman_fan: HyndmanFan


class Roc(Part):
    """Cut-off = where flags best tell respondents with a behaviour from those without.

    Tried are the points midway between neighbouring scores of the norm sample. Sensitivity is
    the share flagged of those with the behaviour, specificity the share not flagged of those
    without. A cut-off that does no better than chance (sensitivity + specificity not above 1)
    is none.

    Source: Youden (1950), Cancer 3(1), 32-35, for J = sensitivity + specificity - 1.
    """

    rule: Literal["roc"]
    outcome: Identifier
    """The behaviour."""

    criterion: Literal["youden", "min_specificity"]
    """``youden``: largest J; ``min_specificity``: largest sensitivity of those cut-offs with at
    least the stated specificity."""

    min_specificity: float | None = Field(default=None, gt=0, lt=1)
    """Only with the criterion of that name."""

    ties: Literal["fewer_flagged", "more_flagged"]
    """Which of several cut-offs that are equally good."""

    min_n: int = Field(ge=10)
    """Respondents with, and without, the behaviour: where either are fewer there is no
    cut-off."""

    @model_validator(mode="after")
    def _criterion_has_its_number(self) -> Self:
        if (self.criterion == "min_specificity") != (self.min_specificity is not None):
            raise ValueError(
                "min_specificity: is a number with criterion min_specificity, and only there"
            )
        return self


CutoffRule = Annotated[MedianMad | Percentile | Roc, Field(discriminator="rule")]
