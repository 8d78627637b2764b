"""What a reader can work out; what counts as proven, and what does not."""

import highspy
import numpy as np
import pytest
from scipy.sparse import csr_array

from pipeline.disclosure.deviations import Deviations
from pipeline.disclosure.feasible import Program, ceiling_of, feasible_intervals
from pipeline.disclosure.pattern import Pattern
from pipeline.disclosure.proofs import Proofs, is_enough
from tests.disclosure.made_tables import made_table, made_table_from


def program(rows: list[list[int]], lower: list[float], upper: list[float]) -> Program:
    matrix = csr_array(np.array(rows))
    return Program(matrix, np.array(lower), np.array(upper), np.full(matrix.shape[1], 100.0))


def test_the_solver_says_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    program([[1, 1]], [10], [10]).greatest(np.array([1.0, 0.0]))
    assert capfd.readouterr() == ("", "")


def test_one_objective_after_the_other() -> None:
    sums = program([[1, 1, 0], [0, 1, 1]], [10, 20], [10, 22])
    for objective, expected in [
        ([1, 0, 0], 10),
        ([0, -1, 0], 0),
        ([0, 0, 1], 22),
        ([0, 0, -1], -10),
    ]:
        weights = np.array(objective, dtype=float)
        found = sums.greatest(weights)
        assert found is not None
        assert weights @ found == pytest.approx(expected)


def test_a_bound_that_changes_and_a_sum_that_is_added_count_from_then_on() -> None:
    sums = program([[1, 1]], [10], [10])
    first = np.array([1.0, 0.0])
    row = sums.add(csr_array([[2.0]]), 0, 8)
    assert row == 1
    found = sums.greatest(first)
    assert found is not None
    assert found[0] == pytest.approx(4)
    assert not sums.fits(np.array([5.0, 5.0]))
    sums.bound(row, 0, 14)
    found = sums.greatest(first)
    assert found is not None
    assert found[0] == pytest.approx(7)
    sums.bound(0, -np.inf, np.inf)
    found = sums.greatest(np.ones(2))
    assert found is not None
    assert found.tolist() == pytest.approx([7, 100])


def test_nothing_is_proven_where_nothing_fits() -> None:
    sums = program([[1, 1], [1, 0]], [10, 11], [10, 11])
    assert sums.greatest(np.ones(2)) is None
    sums.bound(1, 9, 9)
    found = sums.greatest(np.ones(2))
    assert found is not None
    assert found.tolist() == pytest.approx([9, 1])


@pytest.mark.parametrize(
    "status",
    [
        highspy.HighsModelStatus.kUnknown,
        highspy.HighsModelStatus.kIterationLimit,
        highspy.HighsModelStatus.kTimeLimit,
        highspy.HighsModelStatus.kUnbounded,
        highspy.HighsModelStatus.kNotset,
    ],
)
def test_nothing_is_proven_unless_the_solver_says_optimal(
    monkeypatch: pytest.MonkeyPatch, status: highspy.HighsModelStatus
) -> None:
    sums = program([[1, 1]], [10], [10])
    monkeypatch.setattr(highspy.Highs, "getModelStatus", lambda _: status)
    assert sums.greatest(np.ones(2)) is None


def test_a_solution_that_does_not_fit_is_no_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    sums = program([[1, 1]], [10], [10])
    monkeypatch.setattr(highspy.Highs, "changeRowBounds", lambda *_: None)
    # The solver goes on with 10, and is not believed.
    sums.bound(0, 12, 12)
    assert sums.greatest(np.ones(2)) is None


@pytest.mark.parametrize(
    ("found", "fits"),
    [
        ([4.0, 6.0], True),
        ([4.0, 6.0 + 1e-7], True),
        ([4.0, 6.00001], False),
        ([4.0, 5.99999], False),
        ([-1e-5, 10.00001], False),
        ([-1e-8, 10.0], True),
    ],
)
def test_what_fits(found: list[float], fits: bool) -> None:
    assert program([[1, 1]], [10], [10]).fits(np.array(found)) is fits


def test_the_bound_of_unknowns_keeps_no_cell_narrow() -> None:
    table = made_table([[0], [1]], [3, 60], primary=[0])
    assert ceiling_of(table, 8).tolist() == [68, 68]
    far = made_table_from(table, upper_protection=np.array([40, 0]))
    assert ceiling_of(far, 8).tolist() == [100, 100]


def test_intervals_are_of_hidden_and_coded_cells_alone() -> None:
    table = made_table([[0], [1], [0, 1]], [4, 60], is_coded=np.array([False, True, False]))
    table = made_table_from(table, lower=np.array([4, 57, 64]), upper=np.array([4, 62, 64]))
    lower, upper = feasible_intervals(table, np.array([True, False, False]))
    assert lower[:2].tolist() == pytest.approx([2, 57])
    assert upper[:2].tolist() == pytest.approx([7, 62])
    assert np.isnan([lower[2], upper[2]]).all()


def test_intervals_of_what_cannot_be_are_refused() -> None:
    table = made_table([[0], [1], [0, 1]], [4, 60])
    wrong = np.array([4, 60, 65])
    impossible = made_table_from(table, value=wrong, lower=wrong, upper=wrong)
    hidden = np.array([True, False, False])
    assert feasible_intervals(impossible, hidden)[0][0] == pytest.approx(5)
    coded = made_table_from(impossible, is_coded=np.array([True, False, False]))
    with pytest.raises(ValueError, match="no table fits what is shown"):
        feasible_intervals(coded, np.zeros(3, dtype=bool))


@pytest.mark.parametrize(
    ("lower", "upper", "expected"),
    [
        (3, 11, True),
        (3, 10, False),
        (0, 10, True),
        (5, 13, False),  # not far enough down
        (1, 9, False),  # not far enough up
        (0, 100, True),
    ],
)
def test_enough_is_wide_and_far_on_both_sides(lower: int, upper: int, expected: bool) -> None:
    table = made_table([[0]], [7], lower_protection=np.array([3]), upper_protection=np.array([3]))
    assert is_enough(table, 8, np.array([lower]), np.array([upper])).tolist() == [expected]


def test_no_count_below_zero_is_asked_for() -> None:
    table = made_table([[0]], [7], lower_protection=np.array([9]))
    upper = np.array([20])
    assert is_enough(table, 8, np.array([0]), upper).tolist() == [True]
    assert is_enough(table, 8, np.array([1]), upper).tolist() == [False]


def test_ends_are_rounded_inwards() -> None:
    proofs = Proofs(made_table([[0], [1]], [5, 9]), 2)
    proofs.add(np.array([3.4, 11.6]))
    assert proofs.lower.tolist() == [4, 9]
    assert proofs.upper.tolist() == [5, 11]
    proofs.add(np.array([2.9999999, 12.0000001]))
    assert proofs.lower.tolist() == [3, 9]
    assert proofs.upper.tolist() == [5, 12]
    proofs.add(np.array([3.0000001, 11.9999999]))
    assert proofs.lower.tolist() == [3, 9]
    assert proofs.upper.tolist() == [5, 12]


def test_a_weighted_count_lies_between_two_whole_ones() -> None:
    one = made_table([[0]], [3], upper=np.array([4]))
    table = made_table_from(one, atoms=csr_array([[1.1]]), unknowns=np.array([3.0]))
    proofs = Proofs(table, 2)
    assert not proofs.is_met().any()
    # 3.3 and 5.5.
    proofs.add(np.array([5.0]))
    assert (proofs.lower.tolist(), proofs.upper.tolist()) == ([4], [5])


def test_showing_a_cell_again_gives_up_the_tables_it_excludes() -> None:
    table = made_table([[0], [1], [2]], [5, 9, 20], primary=[0])
    proofs = Proofs(table, 2)
    proofs.add(np.array([1.0, 9.0, 20.0]))  # fits everything shown
    proofs.add(np.array([3.0, 12.0, 20.0]))
    proofs.add(np.array([8.0, 9.0, 25.0]))
    before = proofs.copy()
    proofs.show_again(1)
    assert (proofs.lower[0], proofs.upper[0]) == (1, 8)
    assert (proofs.lower[1], proofs.upper[1]) == (9, 9)
    proofs.show_again(2)
    assert (proofs.lower[0], proofs.upper[0]) == (1, 5)
    assert before.upper.tolist() == [8, 12, 25]
    before.show_again(2)
    assert (before.upper[0], before.upper[1]) == (5, 12)


def test_no_more_cells_leave_their_intervals_than_have_to() -> None:
    # Ten cells may fall from 9 to 8 for nothing; 20 more are needed, 8 from each that is hidden.
    counts = [0, *[9] * 10, 40]
    table = made_table([*([cell] for cell in range(12)), range(12)], counts, primary=[0])
    table = made_table_from(table, lower=np.array([0, *[8] * 10, 40, 130]))
    deviations = Deviations(table, np.arange(1, 13), ceiling_of(table, 30))
    way = deviations.cheapest(0, 30, np.inf)
    assert way is not None
    assert len(way.cells) == 3
    assert way.cost == 27
    assert way.unknowns[0] >= 30 - 1e-6
    assert way.unknowns.sum() == pytest.approx(130)


def test_what_is_hidden_is_free_and_what_may_not_be_hidden_stays() -> None:
    table = made_table([[0], [1], [2], [0, 1, 2]], [3, 20, 40], primary=[0])
    table = made_table_from(table, may_hide=np.array([True, True, True, False]))
    deviations = Deviations(table, np.array([1, 2, 3]), ceiling_of(table, 8))
    first = deviations.cheapest(0, 11, np.inf)
    assert first is not None
    assert (first.cells.tolist(), first.cost) == ([1], 20)
    deviations.hide(0)
    free = deviations.cheapest(0, 11, np.inf)
    assert free is not None
    assert (free.cells.tolist(), free.cost) == ([], 0)
    assert deviations.furthest(0) == (0, 63)
    assert deviations.cheapest(0, 64, np.inf) is None
    # A target that was asked for is not asked for any more.
    assert deviations.cheapest(0, -np.inf, 1) is not None


def test_a_solver_that_fails_leaves_no_way(monkeypatch: pytest.MonkeyPatch) -> None:
    table = made_table([[0], [1], [0, 1]], [3, 20], primary=[0])
    pattern = Pattern(table, 8)
    monkeypatch.setattr(Program, "greatest", lambda *_: None)
    assert not pattern.prove(0)
    assert pattern.ways_out(0) == []
    assert pattern.unproven().tolist() == [True, False, False]
