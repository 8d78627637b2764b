"""Linearised standard errors: by hand, against a plain loop over respondents, and as they behave.

R's own numbers are in tests/oracle.
"""

from random import Random
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.analysis.estimation.linearisation import (
    DomainEstimates,
    LonelyPsuError,
    estimate_domains,
)
from pipeline.analysis.estimation.totals import DomainTotals, Strata, UnitTotals
from pipeline.analysis.estimation.variance import Floats, LonelyPsu, LonelyRule


class PsuTotal(NamedTuple):
    """One domain, stratum and PSU of one measure."""

    domain: int
    stratum: int
    w: float
    wy: float


def estimate(
    rows: list[PsuTotal],
    psus: list[int],
    lonely_psu: LonelyPsu = "fail",
    *,
    adjust_domain: bool = False,
    left_out: list[float] | None = None,
) -> DomainEstimates:
    """Estimates of one measure; everyone has the weight 1."""
    rows = sorted(rows, key=lambda row: (row.domain, row.stratum))
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    w, wy = (column.astype(np.float64)[:, np.newaxis] for column in columns[2:])
    totals = DomainTotals(domain=columns[0], stratum=columns[1], n=w, w=w, wy=wy, wyy=wy)
    strata = Strata(np.array(psus), np.ones(len(psus)) if left_out is None else np.array(left_out))
    return estimate_domains(totals, strata, rule=LonelyRule(lonely_psu, adjust_domain))


class UnitTotal(NamedTuple):
    """One class of a school in one domain and stratum; schools are numbered through all strata."""

    stratum: int
    psu: int
    w: float
    wy: float


def estimate_in_two_stages(
    rows: list[UnitTotal],
    strata: list[tuple[int, float]],
    psus: list[tuple[int, float]],
    lonely_psu: LonelyPsu = "fail",
) -> DomainEstimates:
    """Estimates of one domain and measure from classes; of strata and PSUs n and what is left."""
    schools = sorted({(row.stratum, row.psu) for row in rows})
    of_school = [[row for row in rows if row.psu == psu] for _, psu in schools]
    w = np.array([[sum(row.w for row in each)] for each in of_school], dtype=np.float64)
    wy = np.array([[sum(row.wy for row in each)] for each in of_school], dtype=np.float64)
    first = DomainTotals(
        np.zeros(len(schools), np.int64), np.array([s for s, _ in schools]), w, w, wy, wy
    )
    second = UnitTotals(
        domain=np.zeros(len(rows), np.int64),
        stratum=np.array([row.stratum for row in rows]),
        psu=np.array([row.psu for row in rows]),
        w=np.array([[row.w] for row in rows], dtype=np.float64),
        wy=np.array([[row.wy] for row in rows], dtype=np.float64),
        n_unit=np.array([n for n, _ in psus]),
        left_out=np.array([left for _, left in psus]),
    )
    design = Strata(np.array([n for n, _ in strata]), np.array([left for _, left in strata]))
    return estimate_domains(first, design, rule=LonelyRule(lonely_psu), units=second)


def only(values: Floats) -> float:
    """The value of the only domain and measure."""
    return float(values.item())


# Two classes of two pupils: one of two flagged, both flagged.
# p = 3/4; z = (1 - 3/4 * 2) / 4 = -1/8 and (2 - 3/4 * 2) / 4 = 1/8.
TWO_CLASSES = [PsuTotal(0, 0, 2, 1), PsuTotal(0, 0, 2, 2)]


def test_two_classes_by_hand() -> None:
    found = estimate(TWO_CLASSES, [2])
    assert only(found.n) == 4
    assert only(found.estimate) == 0.75
    assert only(found.se) == 0.25  # sqrt(2/1 * 2/64)
    assert (only(found.n_psu), only(found.n_strata)) == (2, 1)


def test_classes_without_anyone_of_the_domain_count() -> None:
    # sqrt(5/4 * 2/64): of five classes, three hold nobody of the domain.
    assert only(estimate(TWO_CLASSES, [5]).se) == pytest.approx((5 / 128) ** 0.5, rel=1e-15)


def test_strata_add_up() -> None:
    # p = 1/2, W = 8. First stratum z = 1/8, 0; second z = -1/8, 0.
    first = [PsuTotal(0, 0, 2, 2), PsuTotal(0, 0, 2, 1)]
    second = [PsuTotal(0, 1, 2, 0), PsuTotal(0, 1, 2, 1)]
    # Each stratum: 2/1 * (1/64 - (1/8)^2 / 2) = 1/64.
    found = estimate([*first, *second], [2, 2])
    assert only(found.se) == pytest.approx((2 / 64) ** 0.5, rel=1e-15)
    assert (only(found.n_psu), only(found.n_strata)) == (4, 2)


def test_pupils_as_units_give_the_textbook_standard_error() -> None:
    values = np.array([3.0, 1.0, 4.0, 1.0, 5.0])
    found = estimate([PsuTotal(0, 0, 1, value) for value in values], [5])
    assert only(found.estimate) == pytest.approx(values.mean(), rel=1e-15)
    assert only(found.se) == pytest.approx(values.std(ddof=1) / 5**0.5, rel=1e-14)


# The second stratum has a single class.
LONELY = [PsuTotal(0, 0, 2, 1), PsuTotal(0, 0, 2, 2), PsuTotal(0, 1, 4, 1)]


def test_a_lonely_psu_is_refused() -> None:
    other_area = [PsuTotal(1, 1, 1, 1)]
    with pytest.raises(LonelyPsuError, match=r"^1 strata have a single PSU$"):
        # Counted once, however many domains have a part of it.
        estimate([*LONELY, *other_area], [2, 1], "fail")


def test_a_lonely_psu_that_holds_nobody_with_a_value_is_not_refused() -> None:
    found = estimate([*TWO_CLASSES, PsuTotal(0, 1, 0, 0)], [2, 1], "fail")
    assert only(found.se) == 0.25
    assert (only(found.n_psu), only(found.n_strata)) == (2, 1)


def test_a_lonely_psu_as_certainty_adds_no_variance() -> None:
    # p = 1/2; z = 0, 1/8 in the first stratum: 2/1 * (1/64 - (1/8)^2 / 2).
    assert only(estimate(LONELY, [2, 1], "certainty").se) == pytest.approx(1 / 8, rel=1e-15)


def test_a_lonely_psu_adjusted_adds_its_deviation_from_the_mean() -> None:
    # z of the lonely class = (1 - 1/2 * 4) / 8 = -1/8.
    found = estimate(LONELY, [2, 1], "adjust")
    assert only(found.se) == pytest.approx((2 / 64) ** 0.5, rel=1e-15)


def test_a_lonely_psu_averaged_varies_as_the_others_do() -> None:
    # The other stratum's part is 1/64, and there are two strata.
    assert only(estimate(LONELY, [2, 1], "average").se) == pytest.approx((2 / 64) ** 0.5, rel=1e-15)


def test_lonely_psus_alone_have_no_average() -> None:
    assert np.isnan(only(estimate([PsuTotal(0, 0, 4, 1)], [1], "average").se))


def test_removed_is_certain() -> None:
    removed = estimate(LONELY, [2, 1], "remove")
    assert only(removed.se) == only(estimate(LONELY, [2, 1], "certainty").se)


# In the second stratum one class of three holds anyone of the domain: z = -1/8 there, 0, 1/8.
LEFT_ALONE = LONELY


@pytest.mark.parametrize(
    ("lonely_psu", "of_second"),
    [
        ("fail", 3 / 2 * (1 / 64 - (1 / 8) ** 2 / 3)),
        ("certainty", 3 / 2 * (1 / 64 - (1 / 8) ** 2 / 3)),
        ("adjust", 3 / 2 / 64),
        ("average", 1 / 64),
    ],
)
def test_one_psu_left_of_several_in_a_domain(lonely_psu: LonelyPsu, of_second: float) -> None:
    ordinary = estimate(LEFT_ALONE, [2, 3], lonely_psu)
    assert only(ordinary.se) == pytest.approx((1 / 64 + 1 / 64) ** 0.5, rel=1e-15)
    adjusted = estimate(LEFT_ALONE, [2, 3], lonely_psu, adjust_domain=True)
    assert only(adjusted.se) == pytest.approx((1 / 64 + of_second) ** 0.5, rel=1e-15)


def test_the_share_that_was_sampled_does_not_vary() -> None:
    # Two of eight classes: 1/16 without a correction, times 6/8.
    found = estimate(TWO_CLASSES, [2], left_out=[6 / 8])
    assert only(found.se) == pytest.approx((6 / 8 / 16) ** 0.5, rel=1e-15)
    assert not found.is_census.any()


def test_everyone_asked_is_known_not_to_vary() -> None:
    found = estimate(TWO_CLASSES, [2], left_out=[0.0])
    assert only(found.se) == 0
    assert found.is_census.all()


@pytest.mark.parametrize("lonely_psu", ["fail", "adjust", "average"])
def test_the_only_psu_there_is_is_not_lonely(lonely_psu: LonelyPsu) -> None:
    found = estimate(LONELY, [2, 1], lonely_psu, left_out=[1.0, 0.0])
    assert only(found.se) == pytest.approx(1 / 8, rel=1e-15)
    assert not found.is_census.any()


# Two schools of two classes of two pupils. p = 1/2; z of classes: 1/8, 0 and 0, -1/8.
TWO_SCHOOLS = [
    UnitTotal(0, 0, 2, 2),
    UnitTotal(0, 0, 2, 1),
    UnitTotal(0, 1, 2, 1),
    UnitTotal(0, 1, 2, 0),
]


def test_two_stages_by_hand() -> None:
    # Schools z = 1/8, -1/8, two of four: 1/2 * 2 * 2/64 = 1/32. Within each school two of three
    # classes: 1/3 * 2 * (1/64 - 1/128) = 1/192, times 2/4 schools, twice.
    found = estimate_in_two_stages(TWO_SCHOOLS, [(2, 1 / 2)], [(2, 1 / 3), (2, 1 / 3)])
    assert only(found.estimate) == 0.5
    assert only(found.se) == pytest.approx((1 / 32 + 1 / 192) ** 0.5, rel=1e-15)


def test_classes_without_anyone_of_the_domain_count_in_their_school() -> None:
    # The first school has three classes of five: 2/5 * 3/2 * (1/64 - 1/192) = 1/160.
    found = estimate_in_two_stages(TWO_SCHOOLS, [(2, 1 / 2)], [(3, 2 / 5), (2, 1 / 3)])
    expected = 1 / 32 + 1 / 2 * (1 / 160 + 1 / 192)
    assert only(found.se) == pytest.approx(expected**0.5, rel=1e-15)


def test_all_schools_and_some_classes() -> None:
    found = estimate_in_two_stages(TWO_SCHOOLS, [(2, 0.0)], [(2, 1 / 3), (2, 1 / 3)])
    assert only(found.se) == pytest.approx((2 / 192) ** 0.5, rel=1e-15)
    assert not found.is_census.any()
    found = estimate_in_two_stages(TWO_SCHOOLS, [(2, 0.0)], [(2, 0.0), (2, 0.0)])
    assert only(found.se) == 0
    assert found.is_census.all()


def test_a_lonely_class() -> None:
    design = ([(2, 1 / 2)], [(2, 1 / 3), (1, 1 / 3)])
    rows = [*TWO_SCHOOLS[:2], UnitTotal(0, 1, 4, 1)]
    with pytest.raises(LonelyPsuError, match=r"^1 PSUs have a single unit$"):
        estimate_in_two_stages(rows, *design)
    without = only(estimate_in_two_stages(rows, *design, "certainty").se) ** 2
    assert without == pytest.approx(1 / 32 + 1 / 2 / 192, rel=1e-15)
    adjusted = only(estimate_in_two_stages(rows, *design, "adjust").se) ** 2
    assert adjusted == pytest.approx(without + 1 / 2 * 1 / 3 / 64, rel=1e-15)
    assert np.isnan(only(estimate_in_two_stages(rows, *design, "average").se))
    # The only class of its school is not lonely.
    known = estimate_in_two_stages(rows, [(2, 1 / 2)], [(2, 1 / 3), (1, 0.0)])
    assert only(known.se) ** 2 == pytest.approx(without, rel=1e-15)


def test_one_psu_left_of_several_is_not_lonely() -> None:
    # The other two classes of the stratum hold nobody of the domain; with z = 0 nothing varies.
    assert only(estimate([PsuTotal(0, 0, 4, 1)], [3], "fail").se) == 0


def test_a_domain_without_values_has_no_estimate() -> None:
    found = estimate([*TWO_CLASSES, PsuTotal(1, 0, 0, 0), PsuTotal(1, 0, 0, 0)], [2])
    assert np.isnan(found.estimate[1]).all()
    assert np.isnan(found.se[1]).all()
    assert [found.n[1, 0], found.n_psu[1, 0], found.n_strata[1, 0]] == [0, 0, 0]
    assert found.se[0, 0] == 0.25


def test_no_domain_at_all() -> None:
    none = np.empty((0, 3))
    integers = np.empty(0, dtype=np.int64)
    found = estimate_domains(
        DomainTotals(integers, integers, none, none, none, none),
        Strata(integers, np.empty(0)),
        rule=LonelyRule("fail"),
    )
    assert all(each.shape == (0, 3) for each in found)


@pytest.mark.parametrize(("n_psu", "size"), [(3, 7), (5, 3), (7, 11), (90, 23)])
def test_classes_all_alike_leave_no_noise(n_psu: int, size: int) -> None:
    # Everyone flagged in one stratum, nobody in the other. Squares less a square would leave 1e-9.
    rows = [PsuTotal(0, stratum, size, size * stratum) for stratum in (0, 1) for _ in range(n_psu)]
    assert only(estimate(rows, [n_psu, n_psu]).se) < 1e-15


psu_totals = st.builds(
    PsuTotal,
    domain=st.just(0),
    stratum=st.integers(0, 2),
    w=st.integers(0, 30),
    wy=st.integers(0, 60),
).map(lambda row: row._replace(wy=row.wy if row.w else 0))


@st.composite
def designs(draw: st.DrawFn) -> tuple[list[PsuTotal], list[int]]:
    """PSU totals of one domain in three strata, and the PSUs of each stratum."""
    rows = draw(st.lists(psu_totals, min_size=1, max_size=12))
    empty = st.integers(0, 4)
    met = [sum(row.stratum == stratum for row in rows) for stratum in range(3)]
    return rows, [max(2, n + draw(empty)) for n in met]


def looped(rows: list[PsuTotal], psus: list[int]) -> tuple[float, float]:
    """Estimate and standard error, PSU by PSU, those without anyone of the domain included."""
    weight = sum(row.w for row in rows)
    mean = sum(row.wy for row in rows) / weight
    variance = 0.0
    for stratum, n_psu in enumerate(psus):
        z = [(row.wy - mean * row.w) / weight for row in rows if row.stratum == stratum]
        z += [0.0] * (n_psu - len(z))
        centre = sum(z) / n_psu
        variance += n_psu / (n_psu - 1) * sum((each - centre) ** 2 for each in z)
    return mean, variance**0.5


@given(designs())
def test_agrees_with_a_plain_loop(design: tuple[list[PsuTotal], list[int]]) -> None:
    rows, psus = design
    found = estimate(rows, psus)
    if not any(row.w for row in rows):
        assert np.isnan(only(found.estimate))
        return
    mean, se = looped(rows, psus)
    assert only(found.estimate) == pytest.approx(mean, rel=1e-12)
    assert only(found.se) == pytest.approx(se, rel=1e-9, abs=1e-12)


@given(designs(), st.floats(1e-3, 1e6))
def test_the_scale_of_the_weights_does_not_matter(
    design: tuple[list[PsuTotal], list[int]], scale: float
) -> None:
    rows, psus = design
    scaled = [row._replace(w=row.w * scale, wy=row.wy * scale) for row in rows]
    same(estimate(rows, psus), estimate(scaled, psus))


@given(designs(), st.randoms())
def test_the_order_of_psus_does_not_matter(
    design: tuple[list[PsuTotal], list[int]], random: Random
) -> None:
    rows, psus = design
    shuffled = list(rows)
    random.shuffle(shuffled)
    same(estimate(rows, psus), estimate(shuffled, psus))


@given(designs(), st.floats(-3, 3), st.floats(-5, 5))
def test_other_points_move_the_mean_and_stretch_the_error(
    design: tuple[list[PsuTotal], list[int]], factor: float, shift: float
) -> None:
    rows, psus = design
    moved = [row._replace(wy=row.wy * factor + shift * row.w) for row in rows]
    before, after = estimate(rows, psus), estimate(moved, psus)
    assert only(after.estimate) == pytest.approx(
        only(before.estimate) * factor + shift, abs=1e-9, nan_ok=True
    )
    assert only(after.se) == pytest.approx(abs(factor) * only(before.se), abs=1e-9, nan_ok=True)


@given(designs())
def test_every_psu_twice(design: tuple[list[PsuTotal], list[int]]) -> None:
    # One stratum of n PSUs becomes one of 2 n: the variance falls to (n - 1) / (2 n - 1).
    rows, psus = [row._replace(stratum=0) for row in design[0]], max(design[1])
    n_psu = max(psus, len(rows))
    once, twice = estimate(rows, [n_psu]), estimate(rows * 2, [2 * n_psu])
    expected = only(once.se) * ((n_psu - 1) / (2 * n_psu - 1)) ** 0.5
    assert only(twice.se) == pytest.approx(expected, rel=1e-9, abs=1e-12, nan_ok=True)


@given(designs(), designs())
def test_domains_do_not_touch_each_other(
    first: tuple[list[PsuTotal], list[int]], second: tuple[list[PsuTotal], list[int]]
) -> None:
    psus = [max(pair) for pair in zip(first[1], second[1], strict=True)]
    together = estimate([*first[0], *(row._replace(domain=1) for row in second[0])], psus)
    for domain, rows in enumerate((first[0], second[0])):
        same(
            estimate(rows, psus),
            DomainEstimates._make(each[domain : domain + 1] for each in together),
        )


def same(one: DomainEstimates, other: DomainEstimates) -> None:
    assert only(one.estimate) == pytest.approx(only(other.estimate), rel=1e-12, nan_ok=True)
    assert only(one.se) == pytest.approx(only(other.se), rel=1e-9, abs=1e-12, nan_ok=True)
    assert (only(one.n_psu), only(one.n_strata)) == (only(other.n_psu), only(other.n_strata))
