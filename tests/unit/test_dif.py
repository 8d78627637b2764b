"""Items that groups answer differently although they score alike."""

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from pipeline.analysis.quality.dif import compute_dif
from pipeline.analysis.quality.item_dif import Matched, item_dif, match, mcfadden_r2, nagelkerke_r2
from pipeline.definitions.factor import Factor
from tests.made_definitions import made_factor
from tests.unit.made_answers import FACTOR, INSTRUMENT, ITEMS, made_answers

N = 1000
IS_BOY = (np.arange(N) >= N // 2).astype(np.float64)


def dif(answers: pl.DataFrame, factor: Factor = FACTOR) -> pl.DataFrame:
    return compute_dif(answers, (factor,), INSTRUMENT, 2025, "gender")


def sizes(found: pl.DataFrame) -> dict[str, str]:
    return dict(found.select("item_id", "size").iter_rows())


@pytest.mark.parametrize("seed", range(5))
def test_groups_that_differ_on_the_trait_alone(seed: int) -> None:
    # Boys have more of it: on every item, by the same amount.
    shift = dict.fromkeys(ITEMS, 0.5 * IS_BOY)
    found = dif(made_answers(N, seed=seed, shift=shift))
    assert sizes(found) == dict.fromkeys(ITEMS, "negligible")
    assert found["n"].to_list() == [N] * 4
    assert found["group_ids"][0].to_list() == ["boy", "girl"]


def test_an_item_that_is_easier_for_one_group() -> None:
    found = dif(made_answers(N, shift={"likes": 1.5 * IS_BOY}))
    row = found.row(by_predicate=pl.col("item_id") == "likes", named=True)
    assert row["size"] == "large"
    assert row["p_uniform"] < 1e-10 < row["p_nonuniform"]
    assert row["nagelkerke_uniform"] == found["nagelkerke_uniform"].max()
    assert (row["wave"], row["factor_id"], row["grouping"], row["df"]) == (
        2025,
        "bonds",
        "gender",
        1,
    )


def test_an_item_that_tells_apart_in_one_group_alone() -> None:
    girls = made_answers(N, own_loading={"likes": 0.9})
    boys = made_answers(N, seed=2, own_loading={"likes": 0.0})
    answers = pl.concat([girls.head(N // 2), boys.tail(N // 2)])
    row = dif(answers).row(by_predicate=pl.col("item_id") == "likes", named=True)
    assert row["p_nonuniform"] < 1e-10 < row["p_uniform"]
    assert row["size"] in {"moderate", "large"}


def test_p_is_even_where_there_is_nothing() -> None:
    # A little too seldom small, as the score to match on holds the item.
    p = pl.concat([dif(made_answers(N, seed=seed)) for seed in range(100)])
    for test in ("p_uniform", "p_nonuniform", "p_both"):
        found = p[test].to_numpy()
        assert 0.01 < (found < 0.05).mean() < 0.08
        assert 0.4 < (found < 0.5).mean() < 0.6


def test_several_groups_each_have_a_term() -> None:
    kinds = pl.Series(["girl", "boy", "other", "other"] * (N // 4))
    answers = made_answers(N).with_columns(gender=kinds)
    found = dif(answers)
    assert found["df"].to_list() == [2] * 4
    assert found["group_ids"][0].to_list() == ["boy", "girl", "other"]


def test_a_small_group_is_left_out() -> None:
    kinds = pl.Series(["other"] * 199 + ["girl"] * 400 + ["boy"] * 400 + [None])
    found = dif(made_answers(N).with_columns(gender=kinds))
    assert found["group_ids"][0].to_list() == ["boy", "girl"]
    assert found["n"].to_list() == [800] * 4


@pytest.mark.parametrize(
    ("answers", "factor"),
    [
        (made_answers(399), FACTOR),
        (made_answers(N), made_factor("bonds", ITEMS[:2])),
        (made_answers(N, cuts=(2.0, 2.3, 2.6)), FACTOR),
        (made_answers(N).with_columns(gender=pl.lit("girl")), FACTOR),
    ],
    ids=["few", "two_items", "nearly_all_the_same", "one_group"],
)
def test_too_little_to_judge(answers: pl.DataFrame, factor: Factor) -> None:
    assert dif(answers, factor).is_empty()


def test_a_model_without_estimate_leaves_nulls() -> None:
    # The item is the score: it is told without error.
    score: NDArray[np.float64] = np.repeat([-1.5, -0.5, 0.5, 1.5], 2)
    matched = Matched(
        category=np.repeat([0, 1, 2, 3], 2),
        group=np.array([0, 1] * 4),
        score=score,
        n=np.full(8, 100.0),
    )
    found = item_dif(matched)
    assert found["size"] is None
    assert np.isnan(found["p_both"])


def test_respondents_are_counted_by_answer_group_and_score() -> None:
    points = np.array([[1.0, 3.0], [3.0, 1.0], [1.0, 3.0], [3.0, 3.0]])
    matched = match(points, 0, np.array([0, 0, 0, 1]))
    assert matched.category.tolist() == [0, 1, 1]
    assert matched.group.tolist() == [0, 0, 1]
    assert matched.n.tolist() == [2, 1, 1]
    assert matched.n_off_mode == 2
    # Scores 2, 2, 2, 3: mean 2.25, spread sqrt(3) / 4.
    assert matched.score == pytest.approx(np.array([-1, -1, 3]) / 3**0.5, rel=1e-12)


def test_the_same_points_in_another_order_are_one_score() -> None:
    # 0.1 + 0.2 + 0.3 and 0.3 + 0.2 + 0.1 differ in the last bit.
    points = np.array([[0.1, 0.2, 0.3], [0.3, 0.2, 0.1], [0.1, 0.3, 0.2], [0.9, 0.9, 0.9]])
    assert len(set(match(points, 0, np.zeros(4, dtype=np.int64)).score)) == 2


def test_only_who_answered_every_item_is_compared() -> None:
    answers = made_answers(N, share_missing=0.05)
    assert dif(answers)["n"].to_list() == [len(answers.drop_nulls(list(ITEMS)))] * 4


def test_shares_explained_by_hand() -> None:
    # 100 respondents, half each: null = 100 log(1/2). Explained to the last: both are 1.
    null = 100 * np.log(0.5)
    assert nagelkerke_r2(0, null, 100) == pytest.approx(1, rel=1e-15)
    assert mcfadden_r2(0, null) == 1
    assert nagelkerke_r2(null, null, 100) == mcfadden_r2(null, null) == 0
    # (1 - 2^-1) / (1 - 2^-2) at half of it.
    assert nagelkerke_r2(null / 2, null, 100) == pytest.approx(0.5 / 0.75, rel=1e-14)
    assert mcfadden_r2(null / 2, null) == 0.5
