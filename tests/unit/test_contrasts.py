"""Differences: by hand, against nudged weights, and as they behave. R's are in tests/oracle."""

from collections.abc import Callable
from math import isnan, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.analysis.comparison.contrasts import (
    Contrasts,
    compare_domains,
    compare_with_number,
    compare_with_rest,
)
from pipeline.analysis.comparison.significance import t_test
from pipeline.analysis.comparison.verdicts import verdicts
from pipeline.analysis.estimation import sides
from pipeline.analysis.estimation.linearisation import LonelyPsuError, estimate_domains
from tests.unit.made_totals import (
    Respondent,
    linked_totals,
    mean_of,
    nudged_se,
    numbers,
    only,
    random_respondents,
)

SEEDS = st.integers(0, 10**6)
N_STRATA, N_PSU = 2, 4


def survey(seed: int = 1, groups: int = 2) -> list[Respondent]:
    return random_respondents(seed, n_strata=N_STRATA, n_psu=N_PSU, groups=groups)


def pupils(psu: int, flagged: int, of: int, *domains: int) -> list[Respondent]:
    values = [1.0] * flagged + [0.0] * (of - flagged)
    return [Respondent(0, psu, 1.0, value, frozenset(domains)) for value in values]


# Two classes. Girls (domain 0): 1 of 2 and 2 of 2; boys (domain 1): 0 of 2 and 1 of 2.
# Girls: p = 3/4, z = -1/8, 1/8. Boys: p = 1/4, z = -1/8, 1/8. Differences of z: 0 and 0.
# With the boys' classes swapped, z = -1/4 and 1/4: se = sqrt(2/1 * 2/16) = 1/2.
ALIKE = [*pupils(0, 1, 2, 0), *pupils(1, 2, 2, 0), *pupils(0, 0, 2, 1), *pupils(1, 1, 2, 1)]
SWAPPED = [*pupils(0, 1, 2, 0), *pupils(1, 2, 2, 0), *pupils(0, 1, 2, 1), *pupils(1, 0, 2, 1)]


def girls_and_boys(respondents: list[Respondent]) -> Contrasts:
    return compare_domains(linked_totals(respondents, [2]), numbers(0), numbers(1))


def test_two_classes_by_hand() -> None:
    found = girls_and_boys(SWAPPED)
    assert (only(found.n_first), only(found.n_second)) == (4, 4)
    assert (only(found.first), only(found.second), only(found.difference)) == (0.75, 0.25, 0.5)
    assert only(found.se) == 0.5
    assert only(found.df) == 0  # two PSUs less one stratum, less one


def test_what_varies_together_cancels() -> None:
    # Each class moves both alike: the difference has no variance to see, and claims none.
    found = girls_and_boys(ALIKE)
    assert only(found.difference) == 0.5
    assert isnan(only(found.se))


def test_domains_in_different_schools_are_independent() -> None:
    # Girls in PSUs 0 and 1, boys in 2 and 3: the sum of the two variances over four PSUs.
    respondents = [r if 0 in r.domains else r._replace(psu=r.psu + 2) for r in ALIKE]
    linked = linked_totals(respondents, [4])
    found = compare_domains(linked, numbers(0), numbers(1))
    alone = estimate_domains(linked.totals, linked.strata, rule=linked.rule).se
    assert only(found.se) == pytest.approx(float(np.hypot(*alone[:, 0])), rel=1e-15)
    assert only(found.df) == 2


def test_a_number_by_hand() -> None:
    linked = linked_totals([*pupils(0, 1, 2, 0), *pupils(1, 2, 2, 0)], [2])
    found = compare_with_number(linked, numbers(0), np.array([[0.5]]))
    # As in test_linearisation: sqrt(2/1 * 2/64).
    assert (only(found.difference), only(found.se), only(found.df)) == (0.25, 0.25, 1)
    assert isnan(only(found.n_second))


def against(kind: str, respondents: list[Respondent]) -> Contrasts:
    linked = linked_totals(respondents, [N_PSU] * N_STRATA)
    match kind:
        case "group":
            return compare_domains(linked, numbers(1), numbers(2))
        case "odds":
            return compare_domains(linked, numbers(1), numbers(2), scale="log_odds")
        case "whole":
            return compare_domains(linked, numbers(1), numbers(0))
        case _:
            return compare_with_rest(linked, numbers(1), numbers(0))


def logit_of(respondents: list[Respondent], domain: int) -> float:
    share = mean_of(respondents, domain)
    return log(share / (1 - share))


def rest_mean(respondents: list[Respondent]) -> float:
    return mean_of([r for r in respondents if 1 not in r.domains], 0)


BY_RESPONDENT: dict[str, Callable[[list[Respondent]], float]] = {
    "group": lambda people: mean_of(people, 1) - mean_of(people, 2),
    "odds": lambda people: logit_of(people, 1) - logit_of(people, 2),
    "whole": lambda people: mean_of(people, 1) - mean_of(people, 0),
    "rest": lambda people: mean_of(people, 1) - rest_mean(people),
}


@pytest.mark.parametrize("kind", BY_RESPONDENT)
@pytest.mark.parametrize("seed", range(3))
def test_as_nudged_weights_have_it(kind: str, seed: int) -> None:
    respondents = survey(seed, groups=3)
    found = against(kind, respondents)
    estimate = BY_RESPONDENT[kind]
    assert only(found.difference) == pytest.approx(estimate(respondents), rel=1e-12)
    assert only(found.se) == pytest.approx(nudged_se(respondents, estimate, N_PSU), rel=1e-7)


def test_a_total_that_holds_the_area_says_the_same_as_the_rest() -> None:
    respondents = survey(groups=3)
    whole, rest = against("whole", respondents), against("rest", respondents)
    weight = sum(r.weight for r in respondents)
    part = sum(r.weight for r in respondents if 1 in r.domains) / weight
    assert only(whole.difference) == pytest.approx((1 - part) * only(rest.difference), rel=1e-12)
    assert only(whole.df) == only(rest.df) == N_STRATA * N_PSU - N_STRATA - 1


def test_waves_are_independent_where_the_wave_is_part_of_the_stratum() -> None:
    first, second = survey(1), survey(2)
    followed = [
        *(r._replace(domains=frozenset({0})) for r in first),
        *(r._replace(domains=frozenset({1})) for r in second),
    ]
    redrawn = [r if 0 in r.domains else r._replace(stratum=r.stratum + N_STRATA) for r in followed]
    linked = linked_totals(redrawn, [N_PSU] * 2 * N_STRATA)
    apart = compare_domains(linked, numbers(0), numbers(1))
    alone = estimate_domains(linked.totals, linked.strata, rule=linked.rule).se
    assert only(apart.se) == pytest.approx(float(np.hypot(*alone[:, 0])), rel=1e-12)
    assert only(apart.df) == 2 * N_STRATA * (N_PSU - 1) - 1
    same = compare_domains(linked_totals(followed, [N_PSU] * N_STRATA), numbers(0), numbers(1))
    assert only(same.difference) == pytest.approx(only(apart.difference), rel=1e-12)
    assert only(same.se) != pytest.approx(only(apart.se), rel=1e-3)
    assert only(same.df) == N_STRATA * (N_PSU - 1) - 1


@given(SEEDS)
def test_swapping_turns_the_sign(seed: int) -> None:
    linked = linked_totals(survey(seed), [N_PSU] * N_STRATA)
    there = compare_domains(linked, numbers(1), numbers(2))
    back = compare_domains(linked, numbers(2), numbers(1))
    assert only(there.difference) == -only(back.difference)
    assert only(there.se) == pytest.approx(only(back.se), rel=1e-12, nan_ok=True)


@given(SEEDS, st.floats(-100, 100))
def test_adding_a_constant_changes_no_difference(seed: int, constant: float) -> None:
    respondents = survey(seed)
    moved = [r._replace(value=r.value + constant) for r in respondents]
    before, after = against("rest", respondents), against("rest", moved)
    assert only(after.difference) == pytest.approx(only(before.difference), abs=1e-11)
    assert only(after.se) == pytest.approx(only(before.se), abs=1e-11, nan_ok=True)


@given(SEEDS, st.floats(0.01, 100))
def test_the_unit_of_the_weights_does_not_matter(seed: int, unit: float) -> None:
    respondents = survey(seed)
    scaled = [r._replace(weight=r.weight * unit) for r in respondents]
    assert only(against("rest", scaled).se) == pytest.approx(
        only(against("rest", respondents).se), rel=1e-9, nan_ok=True
    )


def test_many_comparisons_and_measures_at_once() -> None:
    linked = linked_totals(survey(groups=3), [N_PSU] * N_STRATA)
    # A second measure: twice the first.
    totals = linked.totals._replace(
        n=np.hstack([linked.totals.n] * 2),
        w=np.hstack([linked.totals.w] * 2),
        wy=np.hstack([linked.totals.wy, 2 * linked.totals.wy]),
    )
    found = compare_domains(linked._replace(totals=totals), numbers(1, 3, 1), numbers(2, 2, 3))
    for at, pair in enumerate([(1, 2), (3, 2), (1, 3)]):
        alone = compare_domains(linked, numbers(pair[0]), numbers(pair[1]))
        for measure, unit in enumerate([1, 2]):
            assert found.difference[at, measure] == unit * only(alone.difference)
            assert found.se[at, measure] == pytest.approx(unit * only(alone.se), rel=1e-14)


def test_in_blocks_as_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    linked = linked_totals(survey(groups=3), [N_PSU] * N_STRATA)
    pairs = numbers(1, 3, -1, 1), numbers(2, 2, 1, 3)
    df = np.array([5.0, 6, 7, 8])
    at_once = compare_domains(linked, *pairs, design_df=df)
    monkeypatch.setattr(sides, "BLOCK_CELLS", 1)
    assert len(list(sides.blocks(linked, np.stack(pairs, axis=1)))) == 4
    np.testing.assert_array_equal(compare_domains(linked, *pairs, design_df=df), at_once)


def test_no_comparisons() -> None:
    found = compare_domains(linked_totals(ALIKE, [2]), numbers(), numbers())
    assert [column.shape for column in found] == [(0, 1)] * 8


def test_degrees_of_freedom_of_the_full_design() -> None:
    linked = linked_totals(survey(), [N_PSU] * N_STRATA)
    design_df = np.array([40.0])
    assert only(compare_domains(linked, numbers(1), numbers(2), design_df=design_df).df) == 39
    with_number = compare_with_number(linked, numbers(1), np.array([[0.3]]), design_df=design_df)
    assert only(with_number.df) == 40


def test_full_degrees_of_freedom_reach_a_school_in_each_stratum() -> None:
    # As many schools as strata: none of the area's own, though the design has them.
    respondents = [r._replace(domains=frozenset({0, 1 if r.psu == 0 else 2})) for r in survey()]
    linked = linked_totals(respondents, [N_PSU] * N_STRATA)
    assert isnan(only(compare_with_rest(linked, numbers(1), numbers(0)).se))
    full = compare_with_rest(linked, numbers(1), numbers(0), design_df=np.array([6.0]))
    assert only(full.se) == pytest.approx(nudged_se(respondents, BY_RESPONDENT["rest"], N_PSU))


def verdict(found: Contrasts) -> str:
    test = t_test(found.difference, found.se, found.df, confidence=0.95)
    n = np.fmin(found.n_first, found.n_second)
    return str(verdicts(found.difference, test.p, n, min_n=1, alpha=0.05).item())


def test_an_area_that_is_the_municipality_has_no_rest() -> None:
    respondents = [r._replace(domains=frozenset({0, 1})) for r in survey()]
    found = against("rest", respondents)
    assert (only(found.n_first), only(found.n_second)) == (72, 0)
    assert not isnan(only(found.first))
    assert isnan(only(found.second))
    assert isnan(only(found.difference))
    assert isnan(only(found.se))
    assert verdict(found) == "too_few"


def test_rounding_leaves_nobody_behind() -> None:
    respondents = [r._replace(domains=frozenset({0, 1})) for r in survey()]
    linked = linked_totals(respondents, [N_PSU] * N_STRATA)
    # The sums of the area's weights come out a hair smaller than those of the municipality.
    area = linked.totals.domain[:, np.newaxis] == 1
    w, wy = (np.where(area, column * (1 - 1e-15), column) for column in linked.totals[3:5])
    found = compare_with_rest(
        linked._replace(totals=linked.totals._replace(w=w, wy=wy)), numbers(1), numbers(0)
    )
    assert isnan(only(found.second))


def test_an_area_compared_with_itself_has_no_standard_error() -> None:
    linked = linked_totals(survey(), [N_PSU] * N_STRATA)
    found = compare_domains(linked, numbers(1), numbers(1))
    assert only(found.difference) == 0
    assert isnan(only(found.se))
    assert verdict(found) == "too_few"


def test_a_part_outside_its_whole_is_refused() -> None:
    linked = linked_totals(survey(), [N_PSU] * N_STRATA)
    with pytest.raises(ValueError, match="a part has respondents that its whole has not"):
        compare_with_rest(linked, numbers(0), numbers(1))


def test_a_lonely_psu_is_refused_or_adjusted() -> None:
    respondents = [*survey(), *(r._replace(stratum=2) for r in survey() if r.psu == 0)]
    psus = [N_PSU] * N_STRATA + [1]
    with pytest.raises(LonelyPsuError, match="1 strata have a single PSU"):
        compare_domains(linked_totals(respondents, psus), numbers(1), numbers(2))
    certain, adjusted = (
        only(compare_domains(linked_totals(respondents, psus, how), numbers(1), numbers(2)).se)
        for how in ("certainty", "adjust")
    )
    assert 0 < certain < adjusted


def test_a_lonely_psu_without_values_is_not_refused() -> None:
    alone = [r._replace(stratum=2, weight=0.0) for r in survey() if r.psu == 0]
    found = compare_domains(
        linked_totals([*survey(), *alone], [N_PSU] * N_STRATA + [1]), numbers(1), numbers(2)
    )
    assert only(found.se) == only(against("group", survey()).se)


def changed(change: Callable[[Respondent], Respondent]) -> Contrasts:
    return against("group", [change(r) for r in survey()])


DEGENERATE: dict[str, Contrasts] = {
    "nobody is in the domain": compare_domains(
        linked_totals(survey(), [N_PSU] * N_STRATA), numbers(-1), numbers(1)
    ),
    "nobody is in either domain": compare_domains(
        linked_totals(survey(), [N_PSU] * N_STRATA), numbers(-1), numbers(-1)
    ),
    "nobody counts": changed(lambda r: r._replace(weight=0.0) if 1 in r.domains else r),
    "one PSU": changed(
        lambda r: r._replace(domains=frozenset({0, 1 if (r.stratum, r.psu) == (0, 0) else 2}))
    ),
    "one PSU in each stratum": changed(
        lambda r: r._replace(domains=frozenset({0, 1 if r.psu == 0 else 2}))
    ),
    "nobody flagged": changed(lambda r: r._replace(value=0.0) if 1 in r.domains else r),
    "everybody flagged": changed(lambda r: r._replace(value=1.0) if 1 in r.domains else r),
    "all equal on both sides": changed(lambda r: r._replace(value=0.3)),
    "all equal on each side": changed(lambda r: r._replace(value=0.1 if 1 in r.domains else 0.7)),
}


@pytest.mark.parametrize("found", DEGENERATE.values(), ids=DEGENERATE)
def test_too_few(found: Contrasts) -> None:
    assert isnan(only(found.se))
    assert verdict(found) == "too_few"


def test_enough() -> None:
    # What is degenerate above is so for its own reason.
    found = changed(lambda r: r._replace(value=r.value + 10) if 1 in r.domains else r)
    assert verdict(found) == "higher"
    assert verdict(changed(lambda r: r)) == "no_detectable_difference"


def test_with_a_number_too_few() -> None:
    linked = linked_totals([r._replace(value=0.0) for r in survey()], [N_PSU] * N_STRATA)
    found = compare_with_number(linked, numbers(0, -1, 0), np.array([[0.5], [0.5], [np.nan]]))
    assert np.isnan(found.se).all()
    assert np.isnan(found.difference[:, 0]).tolist() == [False, True, True]


def test_odds_of_nobody_and_of_a_mean_beyond_1_do_not_exist() -> None:
    linked = linked_totals([r._replace(value=r.value * 9) for r in survey()], [N_PSU] * N_STRATA)
    found = compare_domains(linked, numbers(1), numbers(2), scale="log_odds")
    assert isnan(only(found.difference))
    assert isnan(only(found.se))
