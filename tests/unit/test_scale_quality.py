"""Quality of the scales of a wave: what is counted, and what is flagged."""

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.analysis.quality.scale_flags import surprising_gaps
from pipeline.analysis.quality.scale_points import asked_scale, attainable_scores
from pipeline.analysis.quality.scale_quality import compute_scale_quality
from pipeline.analysis.scoring.scores import add_scores
from pipeline.definitions.factor import Factor
from pipeline.definitions.instrument import Instrument
from tests.made_definitions import (
    ONE_TO_FOUR,
    made_catalogue,
    made_factor,
    made_format,
    made_instrument,
)
from tests.tables import table
from tests.unit.made_answers import FACTOR, INSTRUMENT, ITEMS, made_answers

YES_NO = made_format("yes_no", {0: 0, 1: 1})
AGE_AT_FIRST = made_format("age_at_first", {1: 0, 2: 3, 3: 7, 4: 10})
MIXED = made_instrument({"likes": ONE_TO_FOUR, "ever": YES_NO, "age": AGE_AT_FIRST})


def factor_row(
    answers: pl.DataFrame, factor: Factor = FACTOR, instrument: Instrument = INSTRUMENT
) -> dict[str, Any]:
    [row] = compute_scale_quality(answers, (factor,), instrument, 2025).factors.to_dicts()
    return row


def item_rows(
    answers: pl.DataFrame, factor: Factor = FACTOR, instrument: Instrument = INSTRUMENT
) -> dict[str, dict[str, Any]]:
    items = compute_scale_quality(answers, (factor,), instrument, 2025).items
    return {row["item_id"]: row for row in items.to_dicts()}


def drawn(text: str) -> pl.DataFrame:
    """Answers drawn as text."""
    answers = table(text, **dict.fromkeys(("likes", "misses", "ever", "age"), pl.Int16))
    return answers.with_columns(weight=pl.lit(1.0))


def test_floor_ceiling_and_unscored_are_counted() -> None:
    factor = made_factor("bonds", ["likes", "misses"], reversed_items=["misses"], min_answered=1)
    row = factor_row(
        drawn(
            """
            case          | likes | misses
            floor         | 1     | 4
            floor_of_one  | 1     |
            ceiling       | 4     | 1
            neither       | 4     | 4
            unscored      |       |
            """
        ),
        factor,
    )
    assert (row["n"], row["n_complete"], row["k_items"]) == (4, 3, 2)
    assert (row["share_floor"], row["share_ceiling"]) == (0.5, 0.25)
    assert row["share_unscored"] == pytest.approx(0.2, rel=1e-15)
    assert row["item_ids"] == ["likes", "misses"]


def test_steps_of_the_score() -> None:
    row = factor_row(made_answers(50))
    # Four items of 1 to 4: sums 4 to 16.
    assert (row["k_scores"], row["score_step"]) == (13, 0.25)
    mixed = made_factor("mixed", ["likes", "ever", "age"], is_rescaled=True)
    scale = asked_scale(drawn("likes | ever | age\n1 | 0 | 1"), mixed, MIXED)
    assert [float(score) for score in attainable_scores(scale)][:3] == pytest.approx(
        # Of 0, 1/3, 2/3, 1 and 0, 1 and 0, 0.3, 0.7, 1.
        [0, 0.1, 1 / 9]
    )


def test_a_fine_scale_has_no_flags() -> None:
    row = factor_row(made_answers(share_missing=0.05))
    assert row["flags"] == []
    assert 0.6 < row["alpha_lower"] < row["alpha"] < row["alpha_upper"] < 1
    assert row["omega_cfa_model"] == pytest.approx(row["alpha"], abs=0.02)
    assert row["spearman_brown"] is None
    assert row["is_heywood"] is False


@pytest.mark.parametrize(
    ("answers", "flags"),
    [
        (made_answers(99), ["few_complete"]),
        (made_answers(loading=0.3), ["low_alpha"]),
        (made_answers(cuts=(2.0, 2.5, 3.0)), ["low_alpha", "mostly_floor"]),
        (made_answers(cuts=(-3.0, -2.5, -2.0)), ["low_alpha", "mostly_ceiling"]),
        (made_answers().with_columns(likes=pl.lit(2, pl.Int16)), ["item_without_spread"]),
        (
            made_answers().with_columns(likes=pl.lit(None, pl.Int16)),
            ["few_complete", "item_without_answers"],
        ),
    ],
    ids=["few", "unrelated", "floor", "ceiling", "constant", "unanswered"],
)
def test_flags(answers: pl.DataFrame, flags: list[str]) -> None:
    found = factor_row(answers)["flags"]
    # A constant item has no omega either.
    assert [flag for flag in found if flag != "no_omega"] == flags


def test_a_constant_item_is_not_dropped_silently() -> None:
    row = factor_row(made_answers().with_columns(likes=pl.lit(2, pl.Int16)))
    assert row["k_items"] == 4
    assert row["omega_cfa_model"] is None
    assert {"no_omega", "item_without_spread"} <= set(row["flags"])


def test_one_item_and_two() -> None:
    answers = made_answers(loading=0.8)
    one = factor_row(answers, made_factor("one", ["likes"]))
    assert (one["flags"], one["alpha"]) == (["one_item"], None)
    two = factor_row(answers, made_factor("two", ["likes", "misses"]))
    assert two["flags"] == ["two_items"]
    assert two["spearman_brown"] == pytest.approx(two["alpha"], abs=0.01)
    assert two["omega_cfa_model"] is None


def test_weights_change_the_weighted_alpha_alone() -> None:
    answers = made_answers(400)
    heavy = answers.with_columns(weight=pl.Series(np.where(np.arange(400) < 200, 1.0, 9.0)))
    plain, weighted = factor_row(answers), factor_row(heavy)
    changed = {name for name in plain if plain[name] != weighted[name]}
    assert changed == {"alpha_weighted"}


def test_items_that_are_not_asked_are_left_out() -> None:
    instrument = made_instrument(dict.fromkeys(ITEMS[:3], ONE_TO_FOUR))
    assert factor_row(made_answers(), instrument=instrument)["item_ids"] == list(ITEMS[:3])
    too_few = made_factor("bonds", ITEMS, min_answered=4)
    quality = compute_scale_quality(made_answers(), (too_few,), instrument, 2025)
    assert len(quality.factors) == len(quality.items) == 0


def test_nobody_answered() -> None:
    row = factor_row(made_answers(10).clear())
    assert (row["n"], row["alpha"], row["share_floor"], row["share_unscored"]) == (0,) + (None,) * 3


def test_items_are_described() -> None:
    rows = item_rows(made_answers(600, share_missing=0.1))
    assert list(rows) == list(ITEMS)
    for item, row in rows.items():
        given = made_answers(600, share_missing=0.1)[item].drop_nulls()
        assert row["n"] == len(given)
        assert row["mean"] == pytest.approx(given.mean(), rel=1e-12)
        assert row["position"] == pytest.approx((row["mean"] - 1) / 3, rel=1e-12)
        assert row["n_off_mode"] == row["n"] - given.value_counts()["count"].max()
        assert 0.3 < row["item_total"] < row["loading"] < row["component"] < 0.95
        assert row["unused_codes"] == row["surprising_codes"] == []


def test_a_reversed_item_is_described_after_reversal() -> None:
    factor = made_factor("bonds", ITEMS, reversed_items=["likes"])
    plain, turned = item_rows(made_answers()), item_rows(made_answers(), factor)
    assert turned["likes"]["mean"] == pytest.approx(5 - plain["likes"]["mean"], rel=1e-12)
    assert turned["likes"]["is_reversed"]
    assert turned["likes"]["item_total"] < 0 < plain["likes"]["item_total"]


def test_options_nobody_chose_are_named_in_the_order_of_their_points() -> None:
    answers = made_answers().with_columns(pl.col("likes").replace({3: 2, 4: 2}))
    row = item_rows(answers)["likes"]
    assert row["unused_codes"] == row["surprising_codes"] == [3, 4]


@pytest.mark.parametrize(
    ("n_chosen", "gaps"),
    [
        # Between two common options.
        ([300, 0, 200, 100], [1]),
        ([300, 0, 5], []),
        # Beyond a common end.
        ([200, 300, 250, 0], [3]),
        ([0, 300, 250, 200], [0]),
        # As they fall from 900 to 100, about 11 were to be expected.
        ([900, 100, 0], []),
        ([900, 200, 0], [2]),
        # Ages at a first time: rare at the young end.
        ([1900, 30, 20, 5, 1, 0, 1, 0], []),
        # Everyone the same, or nobody: another flag's business.
        ([500, 0, 0], []),
        ([0, 0], []),
    ],
)
def test_unused_options_that_surprise(n_chosen: list[int], gaps: list[int]) -> None:
    assert surprising_gaps(np.array(n_chosen)) == gaps


@given(
    st.lists(st.tuples(*[st.sampled_from([1, 2, 3, 4, None])] * 3), min_size=1, max_size=30),
    st.booleans(),
)
def test_points_are_those_that_the_score_is_made_of(
    codes: list[tuple[int | None, ...]], is_rescaled: bool
) -> None:
    factor = made_factor(
        "bonds", ITEMS[:3], reversed_items=["misses"], min_answered=2, is_rescaled=is_rescaled
    )
    instrument = made_instrument(dict.fromkeys(ITEMS[:3], ONE_TO_FOUR))
    answers = pl.DataFrame(codes, schema=dict.fromkeys(ITEMS[:3], pl.Int16), orient="row")
    scale = asked_scale(answers, factor, instrument)
    absent = dict.fromkeys(("grade", "refused_reason", "screened_by"), None)
    scored = add_scores(
        answers.with_columns(pl.lit(each, pl.String).alias(name) for name, each in absent.items()),
        made_catalogue(instrument, factors=[factor]),
        instrument,
    )["score_bonds"].cast(pl.Float64)
    assert (scored.is_not_null().to_numpy() == scale.is_scored).all()
    means = [float(np.nanmean(row)) for row in scale.points[scale.is_scored]]
    assert scored.drop_nulls().to_list() == pytest.approx(means, abs=1e-11)
