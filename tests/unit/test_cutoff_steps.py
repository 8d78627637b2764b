"""Where cut-offs lie between the scores that can be had, and what readers are warned of."""

from itertools import product

import pytest
from scipy.stats import binomtest

from pipeline.analysis.norms.cutoff_steps import cutoff_steps, scores_apart
from pipeline.analysis.norms.norm_review import review_norm
from pipeline.analysis.quality.scale_points import possible_scores
from pipeline.definitions.norm import CutOff, FlaggedSide, Separation
from tests.made_definitions import (
    ONE_TO_FOUR,
    made_catalogue,
    made_factor,
    made_format,
    made_instrument,
    made_norm,
)

AGES = made_format("ages", {0: 0, 10: 8, 12: 6, 17: 1})
ITEMS = {"likes": ONE_TO_FOUR, "safe": ONE_TO_FOUR, "first": AGES}
INSTRUMENT = made_instrument(ITEMS)
TWO = made_factor("two", ["likes", "safe"], reversed_items=["safe"])
WEAK = made_factor("weak", ["likes", "safe"], is_protective=True)
MIXED = made_factor("mixed", ["likes", "first"], reversed_items=["first"], is_rescaled=True)
PAST = FlaggedSide(side="upper", inclusive=False)
AT = FlaggedSide(side="upper", inclusive=True)
BELOW = FlaggedSide(side="lower", inclusive=False)
CATALOGUE = made_catalogue(INSTRUMENT, factors=[TWO, WEAK])


def cut(cutoff: float, factor: str = "two", **known: object) -> CutOff:
    return CutOff.model_validate(
        {"factor": factor, "grade": "g8", "cutoff": cutoff, "n": 40, "share_flagged": 0.4} | known
    )


def test_two_items_of_four_points_have_seven_scores() -> None:
    assert possible_scores(TWO, INSTRUMENT) == [1, 1.5, 2, 2.5, 3, 3.5, 4]


def test_rescaled_items_have_the_scores_of_their_combinations() -> None:
    likes = [each / 3 for each in range(4)]
    first = [(8 - each) / 8 for each in (0, 8, 6, 1)]
    means = sorted({round((one + other) / 2, 12) for one, other in product(likes, first)})
    assert [float(score) for score in possible_scores(MIXED, INSTRUMENT)] == pytest.approx(means)


def test_nothing_can_be_had_of_what_was_not_asked() -> None:
    assert possible_scores(made_factor("other", ["unknown"]), INSTRUMENT) == []


@pytest.mark.parametrize(
    ("cutoff", "side", "place"),
    [
        # Scores that are flagged, the next at or below and above, and whether it is one itself.
        (2.2, PAST, (4, 2.0, 2.5, False)),
        (2.2, AT, (4, 2.0, 2.5, False)),
        (2.5, PAST, (3, 2.5, 3.0, True)),
        (2.5, AT, (4, 2.5, 3.0, True)),
        (2.5, BELOW, (3, 2.5, 3.0, True)),
        (1.0, PAST, (6, 1.0, 1.5, True)),
        (4.0, PAST, (0, 4.0, None, True)),
        (0.9, PAST, (7, None, 1.0, False)),
    ],
)
def test_where_a_cutoff_lies(
    cutoff: float, side: FlaggedSide, place: tuple[int, float | None, float | None, bool]
) -> None:
    norm = made_norm({}, grades=["g8"], risk=side)
    assert cutoff_steps(cut(cutoff), TWO, norm, INSTRUMENT) == (7, *place)


def test_a_third_is_a_score_as_scores_are_stored() -> None:
    three = made_factor("three", ["likes", "safe", "other"])
    instrument = made_instrument(ITEMS | {"other": ONE_TO_FOUR})
    norm = made_norm({}, grades=["g8"])
    assert cutoff_steps(cut(2.333333333333), three, norm, instrument).is_at_score
    assert not cutoff_steps(cut(2.3333), three, norm, instrument).is_at_score


@pytest.mark.parametrize(
    ("first", "second", "apart"),
    [
        ((2.2, PAST), (2.4, PAST), 0),
        ((2.2, PAST), (2.5, PAST), 1),
        ((2.2, PAST), (2.5, AT), 0),
        ((3.9, PAST), (1.1, PAST), 5),
        ((2.2, PAST), (2.2, BELOW), 7),
    ],
)
def test_steps_between_two_norms(
    first: tuple[float, FlaggedSide], second: tuple[float, FlaggedSide], apart: int
) -> None:
    norms = tuple(made_norm({}, grades=["g8"], risk=side) for _, side in (first, second))
    cuts = (cut(first[0]), cut(second[0]))
    assert scores_apart(cuts, TWO, norms, INSTRUMENT) == apart  # type: ignore[arg-type]


def test_a_review_warns_of_what_decides_too_much() -> None:
    cuts = (
        cut(2.0, share_at_cutoff=0.3),
        cut(2.2, grade="g9", share_flagged=0),
        cut(2.2, "weak", share_flagged=1),
        cut(2.0, "not_of_the_site"),
    )
    norm = made_norm({}, grades=["g8", "g9"], risk=AT, protective=BELOW)
    at, nobody, everyone, unknown = review_norm(
        norm.model_copy(update={"cutoffs": cuts}), CATALOGUE
    )
    assert at["warnings"] == ["at_score"]
    assert (at["share_at_cutoff"], at["k_flagged"], at["side"]) == (0.3, 5, "upper")
    assert nobody["warnings"] == ["nobody_flagged"]
    assert (everyone["warnings"], everyone["side"]) == (["everyone_flagged"], "lower")
    assert (unknown["warnings"], unknown["k_scores"], unknown["side"]) == ([], None, None)


def test_limits_are_wilsons() -> None:
    judged = Separation(outcome="it", n_with=40, n_without=200, sensitivity=0.75, specificity=1)
    norm = made_norm({}, grades=["g8"]).model_copy(update={"cutoffs": (cut(2, against=[judged]),)})
    [[row]] = [each["against"] for each in review_norm(norm, CATALOGUE)]
    limits = binomtest(30, 40).proportion_ci(method="wilson")
    found = (row["sensitivity_lower"], row["sensitivity_upper"])
    assert found == pytest.approx((limits.low, limits.high))
    assert (row["specificity_lower"], row["specificity_upper"], row["auc"]) == (None, None, None)
    weighted = norm.model_copy(update={"weighted": True})
    [[row]] = [each["against"] for each in review_norm(weighted, CATALOGUE)]
    assert (row["sensitivity"], row["sensitivity_lower"]) == (0.75, None)
