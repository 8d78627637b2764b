"""Two norms on the same respondents."""

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.analysis.norms.agreement import cohen_kappa, compare_norms
from pipeline.definitions.norm import Norm
from pipeline.definitions.wave import Columns
from tests.made_definitions import (
    ONE_TO_FOUR,
    made_catalogue,
    made_factor,
    made_format,
    made_instrument,
    made_norm,
    made_wave,
)
from tests.tables import table

POINTS = pl.Decimal(18, 12)
INSTRUMENT = made_instrument({"likes": ONE_TO_FOUR})
REWORDED = made_instrument({"likes": made_format("others", {1: 1, 2: 2, 3: 3, 5: 4})}).model_copy(
    update={"id": "reworded"}
)
FACTOR = made_factor("lna", ["likes"])
WAVE = made_wave(Columns(respondent="id"))
RESPONDENTS = """
    grade | weight | is_analysed | score_lna
    g8    | 1      | true        | 1
    g8    | 4      | true        | 2
    g8    | 2      | true        | 3
    g8    |        | true        | 4
    g8    | 9      | false       | 4
    g8    | 9      | true        |
    g9    | 3      | true        | 4
    gy1   | 9      | true        | 4
"""


def compared(
    first: Norm, second: Norm, *, min_base: int = 1, instrument: str = "questionnaire"
) -> list[dict[str, Any]]:
    respondents = table(RESPONDENTS, weight=POINTS, score_lna=POINTS).with_columns(
        pl.col("weight").fill_null(0)
    )
    catalogue = made_catalogue(INSTRUMENT, factors=[FACTOR], grades=["g8", "g9", "gy1"])
    # Below the floor, so that the tables stay small: copies are not checked.
    public = catalogue.policy.public.model_copy(update={"min_base": min_base})
    editions = catalogue.policy.editions.model_copy(update={"public": public})
    policy = catalogue.policy.model_copy(update={"editions": editions})
    instruments = {each.id: each for each in (INSTRUMENT, REWORDED)}
    wave = WAVE.model_copy(update={"instrument": instrument})
    site = catalogue._replace(policy=policy, instruments=instruments)
    return compare_norms(respondents, (first, second), site, wave).to_dicts()


AT_TWO = made_norm({("lna", "g8"): 2, ("lna", "g9"): 2}, name="at_two")
AT_THREE = made_norm({("lna", "g8"): 3, ("lna", "g9"): 3, ("lna", "gy1"): 3}, name="at_three")


def test_whom_each_flags_and_how_often_they_agree() -> None:
    g8, g9, gy1, everyone = compared(AT_TWO, AT_THREE)
    assert (g8["cutoff_first"], g8["cutoff_second"], g8["points_apart"]) == (2, 3, 1)
    assert (g8["scores_apart"], g8["n"], g8["reason"]) == (1, 3, None)
    # Of a weight of 7, 6 and 2 are flagged: 3 classified alike.
    assert g8["share_flagged_first"] == pytest.approx(6 / 7)
    assert g8["share_flagged_second"] == pytest.approx(2 / 7)
    assert g8["moved"] == pytest.approx(-4 / 7)
    assert g8["share_alike"] == pytest.approx(3 / 7)
    assert g8["kappa"] == pytest.approx((3 / 7 - 17 / 49) / (1 - 17 / 49))
    # All flagged by both: no disagreement is possible.
    assert (g9["share_alike"], g9["kappa"]) == (1, None)
    assert (gy1["reason"], gy1["cutoff_first"], gy1["cutoff_second"]) == ("one_norm_only", None, 3)
    assert gy1["n"] is None
    assert (everyone["grade"], everyone["n"], everyone["share_flagged_second"]) == ("all", 4, 0.5)


def test_a_norm_agrees_with_itself() -> None:
    again = AT_TWO.model_copy(update={"id": "again"})
    for row in compared(AT_TWO, again):
        assert (row["moved"], row["share_alike"]) == (0, 1)
        assert row["kappa"] in {1, None}


def test_the_other_way_round_everything_changes_sign() -> None:
    for row, turned in zip(compared(AT_TWO, AT_THREE), compared(AT_THREE, AT_TWO), strict=True):
        assert turned["kappa"] == row["kappa"]
        for signed in ("moved", "points_apart"):
            assert turned[signed] == (None if row[signed] is None else -row[signed])


@pytest.mark.parametrize("which", ["first", "second", "wave"])
def test_what_was_asked_otherwise_is_not_set_beside(which: str) -> None:
    changed = {"instrument": "reworded"}
    first = AT_TWO.model_copy(update=changed if which == "first" else {})
    second = AT_THREE.model_copy(update=changed if which == "second" else {})
    instrument = "reworded" if which == "wave" else "questionnaire"
    rows = compared(first, second, instrument=instrument)
    assert {row["reason"] for row in rows} == {"not_asked_alike"}
    assert all(row["n"] is row["moved"] is row["scores_apart"] is None for row in rows)


def test_few_respondents_have_no_shares() -> None:
    rows = {row["grade"]: row for row in compared(AT_TWO, AT_THREE, min_base=4)}
    assert rows["g8"]["reason"] == "few_respondents"
    assert rows["g8"]["n"] is rows["g8"]["moved"] is None
    assert rows["g8"]["scores_apart"] == 1
    assert rows["all"]["n"] == 4


def test_kappa_by_hand() -> None:
    # 20 both, 15 neither, 5 and 10 one alone, of 50: (0.7 - 0.5) / (1 - 0.5).
    assert cohen_kappa(0.7, 25 / 50, 30 / 50) == pytest.approx(0.4)
    assert cohen_kappa(1, 1, 1) is None
    assert cohen_kappa(1, 0, 0) is None


@given(cells=st.tuples(*[st.integers(0, 50)] * 4).filter(lambda cells: sum(cells) > 0))
def test_kappa_is_at_most_one_and_no_agreement_beyond_chance_is_nought(
    cells: tuple[int, int, int, int],
) -> None:
    both, one, other, neither = cells
    n = sum(cells)
    kappa = cohen_kappa((both + neither) / n, (both + one) / n, (both + other) / n)
    assert kappa is None or -1 - 1e-9 <= kappa <= 1 + 1e-9
    if kappa is not None and both * neither == one * other:
        assert kappa == pytest.approx(0, abs=1e-9)
