"""Alarms: each planted trouble is found and named, and nothing else is."""

import polars as pl
import pytest

from pipeline.analysis.quality.alarm_wording import reason
from pipeline.analysis.quality.item_alarms import find_item_alarms
from pipeline.analysis.quality.scale_quality import ScaleQuality, compute_scale_quality
from pipeline.definitions.factor import Factor
from pipeline.definitions.instrument import Instrument
from tests.made_definitions import ONE_TO_FOUR, made_factor, made_instrument
from tests.unit.made_answers import FACTOR, INSTRUMENT, ITEMS, made_answers

TWO = made_factor("bonds", ITEMS[:2])
THREE = made_factor("bonds", ITEMS[:3])
HIGH = (-1.5, -0.9, -0.2)
"""Cuts that put the mean at three quarters of the range."""


def turned(answers: pl.DataFrame, *items: str) -> pl.DataFrame:
    """The same with the options of some items counted from the other end."""
    return answers.with_columns((5 - pl.col(item)).alias(item) for item in items)


def judged(
    wave: int,
    answers: pl.DataFrame,
    factor: Factor = FACTOR,
    instrument: Instrument = INSTRUMENT,
) -> ScaleQuality:
    return compute_scale_quality(answers, (factor,), instrument, wave)


def alarms(*qualities: ScaleQuality) -> list[tuple[int, str, str]]:
    found = find_item_alarms(qualities)
    return [(row["wave"], row["item_id"], row["alarm_id"]) for row in found.to_dicts()]


@pytest.mark.parametrize("factor", [FACTOR, THREE, TWO, made_factor("bonds", ITEMS[:1])])
@pytest.mark.parametrize("seed", range(5))
def test_a_fine_scale_raises_none(factor: Factor, seed: int) -> None:
    waves = [
        judged(2021 + wave, made_answers(seed=10 * seed + wave, share_missing=0.05), factor)
        for wave in range(3)
    ]
    assert alarms(*waves) == []


@pytest.mark.parametrize("factor", [FACTOR, THREE])
@pytest.mark.parametrize("seed", range(5))
def test_an_unreversed_item_is_named_alone(factor: Factor, seed: int) -> None:
    answers = turned(made_answers(seed=seed), "misses")
    assert alarms(judged(2025, answers, factor)) == [(2025, "misses", "runs_against_scale")]


def test_an_item_reversed_by_mistake_is_named() -> None:
    factor = made_factor("bonds", ITEMS, reversed_items=["knows"])
    assert alarms(judged(2025, made_answers(), factor)) == [(2025, "knows", "runs_against_scale")]


def test_of_two_items_both_are_named() -> None:
    answers = turned(made_answers(), "misses")
    found = find_item_alarms([judged(2025, answers, TWO)])
    assert found["item_id"].to_list() == ["likes", "misses"]
    assert set(found["alarm_id"]) == {"runs_against_scale"}
    assert found["reason_en"].str.contains("two questions").all()


def test_an_item_that_has_nothing_to_do_with_the_scale_does_not_run_against_it() -> None:
    assert alarms(judged(2025, made_answers(own_loading={"likes": 0.0}))) == []


def test_options_turned_since_the_last_wave() -> None:
    answers = turned(made_answers(seed=2), "misses")
    found = find_item_alarms([judged(2023, made_answers()), judged(2025, answers)])
    assert found.drop("reason_sv", "reason_en").rows() == [
        (2025, "bonds", "misses", "options_turned")
    ]
    assert "2023" in found["reason_sv"][0]


def test_options_of_a_whole_scale_turned() -> None:
    # All items agree as before; only their means tell.
    earlier = judged(2023, made_answers(cuts=HIGH))
    later = judged(2025, turned(made_answers(seed=2, cuts=HIGH), *ITEMS))
    assert alarms(earlier, later) == [(2025, item, "options_turned") for item in ITEMS]


def test_a_single_item_turned() -> None:
    one = made_factor("bonds", ["likes"])
    earlier = judged(2023, made_answers(cuts=HIGH), one)
    later = judged(2025, turned(made_answers(seed=2, cuts=HIGH), "likes"), one)
    assert alarms(earlier, later) == [(2025, "likes", "options_turned")]


def test_of_two_items_the_mirrored_one_is_named() -> None:
    earlier = judged(2023, made_answers(cuts=HIGH), TWO)
    later = judged(2025, turned(made_answers(seed=2, cuts=HIGH), "misses"), TWO)
    assert alarms(earlier, later) == [
        (2025, "likes", "runs_against_scale"),
        (2025, "misses", "options_turned"),
    ]


def test_what_was_turned_from_the_beginning_is_not_turned_since() -> None:
    waves = [judged(year, turned(made_answers(seed=year), "misses")) for year in (2023, 2025)]
    assert alarms(*waves) == [
        (2023, "misses", "runs_against_scale"),
        (2025, "misses", "runs_against_scale"),
    ]


def test_a_change_of_the_pupils_is_not_a_turn() -> None:
    # The mean moves by a seventh of the range, item by item alike.
    later = judged(2025, made_answers(seed=2, cuts=(-0.3, 0.6, 1.4)))
    assert alarms(judged(2023, made_answers()), later) == []


def test_a_large_change_that_is_no_mirror_image_is_not_a_turn() -> None:
    # From three quarters of the range to the middle: mirrored it would be one quarter.
    later = judged(2025, made_answers(seed=2))
    assert alarms(judged(2023, made_answers(cuts=HIGH)), later) == []


def test_a_turned_item_moves_the_others_which_are_not_named() -> None:
    # A constant item leaves no loadings, so that correlations with the rest are compared.
    waves = [made_answers(), turned(made_answers(seed=2), "misses")]
    constant = [each.with_columns(knows=pl.lit(2, pl.Int16)) for each in waves]
    assert alarms(judged(2023, constant[0]), judged(2025, constant[1])) == [
        (2025, "misses", "options_turned")
    ]


def test_a_small_change_is_not_named_however_many_answered() -> None:
    later = made_answers(20_000, seed=2, own_loading={"stays": 0.6})
    assert alarms(judged(2023, made_answers(20_000)), judged(2025, later)) == []


def test_an_item_whose_meaning_moved() -> None:
    later = made_answers(seed=2, own_loading={"stays": 0.2})
    assert alarms(judged(2023, made_answers()), judged(2025, later)) == [
        (2025, "stays", "meaning_moved")
    ]


def test_meaning_is_compared_with_the_latest_wave_that_was_judged() -> None:
    few = judged(2023, made_answers(80, own_loading={"stays": 0.2}))
    first, last = judged(2021, made_answers()), judged(2025, made_answers(seed=3))
    assert alarms(first, few, last) == []


def test_meaning_is_not_compared_when_other_items_were_asked() -> None:
    fewer = made_instrument(dict.fromkeys(ITEMS[1:], ONE_TO_FOUR))
    earlier = judged(2023, made_answers(own_loading={"likes": 0.9}))
    later = judged(2025, made_answers(seed=2, own_loading={"stays": 0.2}), instrument=fewer)
    assert alarms(earlier, later) == []


def test_on_a_skewed_item_few_decide_and_nothing_is_said() -> None:
    skewed = (2.0, 2.3, 2.6)
    waves = [judged(2021 + wave, made_answers(seed=wave, cuts=skewed)) for wave in range(4)]
    loadings = [row for quality in waves for row in quality.items["loading"].drop_nulls()]
    assert max(loadings) - min(loadings) > 0.2
    assert alarms(*waves) == []


def test_an_option_that_nobody_chose() -> None:
    answers = made_answers().with_columns(pl.col("likes").replace({3: 4}))
    assert alarms(judged(2025, answers)) == [(2025, "likes", "option_never_chosen")]


def test_few_answers_are_not_judged() -> None:
    assert alarms(judged(2025, turned(made_answers(99), "misses"))) == []


def test_no_waves() -> None:
    assert find_item_alarms([]).is_empty()


def test_an_alarm_without_wording_is_an_error() -> None:
    with pytest.raises(ValueError, match="alarm unheard_of has no wording"):
        reason("unheard_of", k_items=3, earlier_wave=None)
