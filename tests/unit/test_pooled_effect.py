"""Design effects pooled over a wave: published and hand-made numbers, and as they must behave."""

from typing import NamedTuple

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.analysis.estimation.linearisation import estimate_domains
from pipeline.analysis.estimation.pooled_effect import PooledEffects, pooled_effects
from pipeline.analysis.estimation.pools import pools_of, squared_weights
from pipeline.analysis.estimation.totals import design_strata, domain_totals, measures_of
from pipeline.analysis.estimation.variance import Floats, LonelyRule

ROOT = "everywhere"

Psu = list[tuple[float, float]]
"""Value and weight of each respondent."""


class Place(NamedTuple):
    """One domain: its PSUs by name, within a stratum."""

    psus: dict[str, Psu]
    area: str = ROOT
    grade: str = "all"
    stratum: str = "all"
    wave: int = 2025


def domain_psus(*places: Place) -> pl.DataFrame:
    """``psu_totals`` of one score."""
    rows = [
        {
            "wave": place.wave,
            "area_id": place.area,
            "grade": place.grade,
            "gender": "all",
            "stratum": place.stratum,
            "psu": psu,
            "w_respondents": sum(weight for _, weight in people),
            "ww_respondents": sum(weight**2 for _, weight in people),
            "n_score_x": len(people),
            "w_score_x": sum(weight for _, weight in people),
            "wy_score_x": sum(weight * value for value, weight in people),
            "wyy_score_x": sum(weight * value**2 for value, weight in people),
        }
        for place in places
        for psu, people in place.psus.items()
    ]
    keys = ["wave", "area_id", "grade", "gender", "stratum", "psu"]
    return pl.DataFrame(rows).sort(keys)


def strata_of(totals: pl.DataFrame) -> pl.DataFrame:
    """``totals.stratum``: every PSU that is there."""
    n_psu = totals.group_by("wave", "stratum").agg(n_psu=pl.col("psu").n_unique())
    return n_psu.with_columns(psus_in_stratum=pl.lit(None, pl.Float64)).sort("wave", "stratum")


def effects(*places: Place) -> PooledEffects:
    return effects_of(domain_psus(*places))


def effects_of(psus: pl.DataFrame) -> PooledEffects:
    totals = domain_totals(psus, strata_of(psus), measures_of(psus))
    return pooled_effects(totals, squared_weights(psus, totals.w), pools_of(psus, ROOT))


def numbers(effect: Floats) -> list[float]:
    return [float(each) for each in effect.ravel()]


def unweighted(*psus: list[float]) -> dict[str, Psu]:
    return {f"psu {n}": [(value, 1.0) for value in values] for n, values in enumerate(psus)}


# Shrout and Fleiss (1979), Psychological Bulletin 86, 420-428, table 2: six targets by four judges;
# mean squares 11.24 and 6.26 and ICC(1,1) = 0.17 of tables 3 and 4 (remembered).
RATINGS = unweighted(
    [9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]
)


def test_the_correlation_as_published() -> None:
    found = effects(Place(RATINGS))
    assert found.correlation.item() == pytest.approx(0.17, abs=0.005)
    assert found.correlation.item() == pytest.approx((11.24 - 6.26) / (11.24 + 3 * 6.26), abs=1e-3)
    # Within 6.26; between (11.24 - 6.26) / 4.
    assert found.variance.item() == pytest.approx(6.26 + (11.24 - 6.26) / 4, abs=0.01)
    assert found.df.item() == 5
    assert found.design_effect.item() == pytest.approx(1 + 3 * found.correlation.item(), rel=1e-12)
    assert found.n_effective.item() == pytest.approx(24 / found.design_effect.item(), rel=1e-12)


def test_psus_of_unequal_size_by_hand() -> None:
    # Means 0.5, 0.2 and 0.75 of sizes 2, 5 and 4, around 5/11.
    found = effects(Place(unweighted([1, 0], [1, 0, 0, 0, 0], [1, 1, 1, 0])))
    between = (
        2 * (1 / 2 - 5 / 11) ** 2 + 5 * (1 / 5 - 5 / 11) ** 2 + 4 * (3 / 4 - 5 / 11) ** 2
    ) / 2
    within = (0.5 + 0.8 + 0.75) / 8
    size = (11 - (4 + 25 + 16) / 11) / 2
    expected = (between - within) / (between + (size - 1) * within)
    assert found.correlation.item() == pytest.approx(expected, rel=1e-12)
    # On average a respondent shares a PSU with b - 1 others, b = (4 + 25 + 16) / 11.
    effect = 1 + (45 / 11 - 1) * expected
    assert found.design_effect.item() == pytest.approx(effect, rel=1e-12)


def test_a_domain_takes_the_correlation_and_has_its_own_takes() -> None:
    one = {"psu 0": RATINGS["psu 0"]}
    few = {psu: people[:1] for psu, people in RATINGS.items()}
    found = effects(Place(RATINGS), Place(one, "one"), Place(few, "few"))
    roh = found.correlation[0, 0]
    # everywhere, few, one: in alphabetical order.
    assert numbers(found.design_effect) == pytest.approx([1 + 3 * roh, 1, 1 + 3 * roh], rel=1e-12)
    assert numbers(found.n_effective) == pytest.approx(
        [24 / (1 + 3 * roh), 6, 4 / (1 + 3 * roh)], rel=1e-12
    )
    assert numbers(found.df) == [5, 5, 5]


def test_one_respondent_is_one() -> None:
    found = effects(Place(RATINGS), Place({"psu 3": [(7.0, 2.5)]}, "one"))
    assert (found.design_effect[1, 0], found.n_effective[1, 0]) == pytest.approx((1, 1), rel=1e-12)


def test_weights_by_hand() -> None:
    # 1 + cv(w)^2 = 2 (1 + 9) / 16 = 1.25, in two PSUs; in one, all of roh comes on top.
    apart = {"psu 0": [(9.0, 1.0)], "psu 1": [(6.0, 3.0)]}
    together = {"psu 0": [(9.0, 1.0), (2.0, 3.0)]}
    found = effects(Place(RATINGS), Place(apart, "apart"), Place(together, "together"))
    roh = found.correlation[0, 0]
    assert found.design_effect[0, 0] == pytest.approx(1.25, rel=1e-12)
    b = 4**2 / 10
    assert found.design_effect[2, 0] == pytest.approx(1.25 * (1 + (b - 1) * roh), rel=1e-12)


def test_weights_of_those_without_a_value_are_those_of_their_psu() -> None:
    totals = domain_psus(Place({"a": [(1.0, 1.0), (0.0, 3.0)], "b": [(0.0, 2.0), (1.0, 2.0)]}))
    half = totals.with_columns(n_score_x=pl.lit(1), w_score_x=pl.lit(2.0))
    found = effects_of(half)
    # Sums of squared weights 2 * 10 / 4 and 2 * 8 / 4, of 4 in all; one respondent a PSU.
    roh = found.correlation.item()
    assert found.design_effect.item() == pytest.approx(
        2 / 16 * ((1 - roh) * 9 + roh * 8), rel=1e-12
    )


PEOPLE = st.lists(
    st.tuples(st.integers(0, 1).map(float), st.sampled_from([0.5, 1.0, 2.0])),
    min_size=1,
    max_size=6,
)
PSUS = st.lists(PEOPLE, min_size=2, max_size=8)


@settings(max_examples=60)
@given(psus=PSUS, factor=st.sampled_from([0.25, 8.0]))
def test_what_holds_whatever_is_answered(psus: list[Psu], factor: float) -> None:
    root = {str(n): people for n, people in enumerate(psus)}
    found = effects(Place(root), Place({"0": root["0"]}, "part"))
    assert np.all((found.correlation >= 0) & (found.correlation <= 1))
    # Weights make it no smaller than 1, neither does likeness.
    assert np.all(found.design_effect >= 1 - 1e-12)
    assert found.n_effective[0, 0] <= sum(map(len, psus)) + 1e-9
    scaled = {psu: [(y, w * factor) for y, w in people] for psu, people in root.items()}
    again = effects(Place(scaled), Place({"0": scaled["0"]}, "part"))
    assert numbers(again.design_effect) == pytest.approx(numbers(found.design_effect), rel=1e-9)
    swapped = {psu: [(1 - y, w) for y, w in people] for psu, people in root.items()}
    again = effects(Place(swapped), Place({"0": swapped["0"]}, "part"))
    assert numbers(again.correlation) == pytest.approx(numbers(found.correlation), abs=1e-9)


def test_with_equal_psus_it_is_the_linearised_one_but_for_what_variance_is_divided_by() -> None:
    totals = domain_psus(Place(RATINGS))
    strata = strata_of(totals)
    found = estimate_domains(
        domain_totals(totals, strata, ["score_x"]), design_strata(strata), rule=LonelyRule("fail")
    )
    simple = found.spread.item() / 23
    pooled = effects_of(totals)
    # Linearised: the total mean square; pooled: the sum of the components of variance.
    ratio = pooled.variance.item() / (24 / 23 * found.spread.item())
    assert pooled.design_effect.item() * ratio == pytest.approx(
        found.se.item() ** 2 / simple, rel=1e-12
    )


def test_the_correlation_is_right_on_average_with_and_without_weights() -> None:
    generator = np.random.default_rng(20261122)
    places, n_waves, sizes = [], 400, [4, 9, 15, 20, 30, 12, 7, 25]
    for wave in range(n_waves):
        psus = {}
        for psu, n in enumerate(sizes):
            values = generator.normal(generator.normal(0, np.sqrt(0.1)), np.sqrt(0.9), n)
            weights = generator.choice([0.5, 1.0, 3.0], n)
            psus[str(psu)] = list(zip(values.tolist(), weights.tolist(), strict=True))
        bare = {psu: [(value, 1.0) for value, _ in people] for psu, people in psus.items()}
        places += [Place(psus, wave=wave), Place(bare, wave=n_waves + wave)]
    found = effects(*places).correlation.ravel()
    # Truncation at 0 lifts the mean, a ratio of estimates lowers it.
    assert found[:n_waves].mean() == pytest.approx(0.1, abs=0.015)
    assert found[n_waves:].mean() == pytest.approx(0.1, abs=0.015)


def test_psus_are_compared_within_their_stratum() -> None:
    apart = unweighted([1, 1, 0, 0], [1, 0, 1, 0])
    # The same halves, moved far apart between strata: nothing is shared within them.
    north = Place(apart, stratum="north")
    south = Place({f"s{psu}": [(y + 5, w) for y, w in p] for psu, p in apart.items()}, stratum="s")
    found = effects(north, south)
    assert (found.correlation.item(), found.df.item()) == (0, 2)
    together = effects(Place(north.psus | south.psus))
    assert together.correlation.item() > 0.9
    assert together.df.item() == 3


def test_a_grade_is_compared_with_itself() -> None:
    low, high = unweighted([1, 1, 0, 0], [1, 0, 1, 0]), unweighted([6, 6, 5, 5], [6, 5, 6, 5])
    high = {f"high {psu}": people for psu, people in high.items()}
    found = effects(Place(low | high), Place(low, grade="g7"), Place(high, grade="g9"))
    # all, g7, g9: grades differ, classes of a grade do not.
    assert found.correlation[0, 0] > 0.9
    assert numbers(found.correlation[1:]) == [0, 0]
    assert numbers(found.df) == [3, 2, 2]


def test_a_school_with_several_grades_is_one_psu() -> None:
    # Each school has both grades: 2 schools, 4 rows by grade.
    grade = unweighted([1, 1, 0, 0], [1, 0, 0, 0])
    both = {psu: people * 2 for psu, people in grade.items()}
    found = effects(Place(both), Place(grade, grade="g7"), Place(grade, grade="g9"))
    assert numbers(found.df) == [1, 1, 1]


def test_a_grade_in_one_psu_takes_the_correlation_of_all_grades() -> None:
    one = {"psu 0": RATINGS["psu 0"]}
    found = effects(Place(RATINGS), Place(one, grade="g7"))
    assert found.correlation[1, 0] == found.correlation[0, 0]
    assert found.df[1, 0] == 5


def test_one_psu_in_all_has_nothing_to_pool() -> None:
    found = effects(Place(unweighted([1, 0, 1])))
    for each in (found.correlation, found.variance, found.design_effect, found.n_effective):
        assert np.isnan(each.item())


def test_all_alike_show_no_likeness() -> None:
    found = effects(Place(unweighted([0.1] * 3, [0.1] * 7, [0.1] * 11)))
    assert (found.correlation.item(), found.variance.item()) == (0, 0)
    assert found.n_effective.item() == pytest.approx(21, rel=1e-12)


def test_one_respondent_in_each_psu_tells_nothing_of_likeness() -> None:
    found = effects(Place(unweighted([1], [4], [2], [1])))
    assert found.correlation.item() == 0
    assert found.variance.item() == pytest.approx(np.var([1, 4, 2, 1], ddof=1), rel=1e-12)


def test_waves_are_pooled_apart() -> None:
    other = unweighted([1, 1, 0, 0], [1, 0, 1, 0])
    found = effects(Place(RATINGS), Place(other, wave=2023))
    assert numbers(found.correlation) == [0, effects(Place(RATINGS)).correlation.item()]


def test_nobody_at_all() -> None:
    nobody = domain_psus(Place(RATINGS)).clear()
    found = effects_of(nobody)
    assert found.design_effect.shape == (0, 1)
