"""Classes of respondents who look alike, counted again by a program that shares no code."""

import random
from collections import defaultdict
from itertools import product

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.disclosure.research.diversity import Demand, is_met, needed_from
from pipeline.disclosure.research.partition import ENDED, shown_levels

Integers = npt.NDArray[np.int64]
Told = tuple[tuple[int, ...], ...]


def random_file(seed: int) -> tuple[list[Integers], Integers, Demand]:
    """A small file: quasi-identifiers as trees that some values leave early, and measures."""
    draw = random.Random(seed)  # noqa: S311 - a test's file, not a secret
    n = draw.randint(1, 90)
    paths = [random_path(draw, n) for _ in range(draw.randint(1, 4))]
    measures = [
        [draw.choice([-1, *range(draw.randint(1, 4))]) for _ in range(n)]
        for _ in range(draw.randint(0, 3))
    ]
    sensitive = np.array(measures, np.int64).T.reshape(n, len(measures))
    return paths, sensitive, Demand(draw.randint(1, 6), draw.randint(1, 3))


def random_path(draw: random.Random, n: int) -> Integers:
    """Codes from the coarsest level to the finest: a tree of at most three levels."""
    depth, width = draw.randint(1, 3), draw.randint(1, 4)
    rows = []
    for _ in range(n):
        code, path = 0, []
        for _ in range(depth):
            # Unequal branches, so that some are rare.
            code = code * width + min(draw.randrange(width), draw.randrange(width)) + 1
            path.append(code)
        known = draw.choice([*range(depth), depth, depth, depth])
        rows.append([each if level < known else ENDED for level, each in enumerate(path)])
    return np.array(rows, np.int64)


def told(paths: list[Integers], levels: Integers, row: int) -> Told:
    """What is shown of a respondent."""
    return tuple(
        tuple(path[row, : levels[row, place]].tolist()) for place, path in enumerate(paths)
    )


def classes(paths: list[Integers], levels: Integers) -> dict[Told, list[int]]:
    found = defaultdict(list)
    for row in range(len(levels)):
        found[told(paths, levels, row)].append(row)
    return found


def is_enough(rows: list[int], sensitive: Integers, demand: Demand) -> bool:
    """k and l, counted in plain Python."""
    if len(rows) < demand.k:
        return False
    for measure in range(sensitive.shape[1]):
        values = {int(sensitive[row, measure]) for row in rows} - {-1}
        if values and len(values) < demand.l:
            return False
    return True


@settings(max_examples=600)
@given(st.integers(0, 10**9))
def test_every_class_is_large_and_diverse_enough(seed: int) -> None:
    paths, sensitive, demand = random_file(seed)
    everyone = list(range(len(sensitive)))
    levels = shown_levels(paths, sensitive, demand)
    found = classes(paths, levels)
    if is_enough(everyone, sensitive, demand):
        assert all(is_enough(rows, sensitive, demand) for rows in found.values())
    # Nothing is told that is not known.
    assert all(ENDED not in part for each in found for part in each)


@settings(max_examples=200)
@given(st.integers(0, 10**9))
def test_no_class_could_be_divided_by_a_level_as_a_whole(seed: int) -> None:
    paths, sensitive, demand = random_file(seed)
    levels = shown_levels(paths, sensitive, demand)
    found = classes(paths, levels)
    for each, rows in found.items():
        for place, path in enumerate(paths):
            shown = len(each[place])
            if shown == path.shape[1]:
                continue
            parts = defaultdict(list)
            for row in rows:
                parts[int(path[row, shown])].append(row)
            has_stayed = any(
                other != each and other[place][:shown] == each[place] and len(other[place]) > shown
                for other in found
            )
            if ENDED not in parts and not has_stayed:
                assert not all(is_enough(part, sensitive, demand) for part in parts.values())


def test_nothing_is_hidden_where_nothing_need_be() -> None:
    path = np.repeat([[0, 2], [0, 3], [1, 4]], 5, axis=0)
    levels = shown_levels([path], np.tile([[0], [1], [0], [1], [0]], (3, 1)), Demand(5, 2))
    assert levels.tolist() == [[2]] * 15


def test_the_few_stay_behind_at_the_next_coarser_level() -> None:
    # Seven and six in two neighbourhoods of one district, two in a third.
    neighbourhoods = [2] * 7 + [3] * 6 + [4] * 2
    path = np.array([[0, each] for each in neighbourhoods] + [[1, 5]] * 5)
    levels = shown_levels([path], np.empty((20, 0), np.int64), Demand(5, 2))[:, 0]
    # Those two with the three who come first of those that a neighbourhood can spare.
    assert levels.tolist() == [1, 1, *([2] * 5), 1, *([2] * 5), 1, 1, *([2] * 5)]
    found = classes([path], levels.reshape(-1, 1))
    assert min(map(len, found.values())) >= 5


def test_who_else_stays_behind_follows_from_the_order_alone() -> None:
    # Two of another gender; the answers of the rest are turned around.
    path = np.array([[0]] * 10 + [[1]] * 10 + [[2]] * 2)
    answers = np.arange(22).reshape(-1, 1) % 2
    demand = Demand(5, 2)
    assert (
        shown_levels([path], answers, demand).tolist()
        == shown_levels([path], 1 - answers, demand).tolist()
    )
    hidden = np.flatnonzero(shown_levels([path], answers, demand)[:, 0] == 0)
    assert hidden.tolist() == [0, 1, 2, 20, 21]


def test_a_measure_that_nobody_has_a_value_of_tells_nothing() -> None:
    assert is_met(np.full((5, 1), -1), Demand(5, 2))
    assert not is_met(np.array([[-1]] * 4 + [[0]]), Demand(5, 2))
    assert is_met(np.array([[-1]] * 3 + [[0], [1]]), Demand(5, 2))
    assert not is_met(np.array([[0], [1], [0], [1]]), Demand(5, 2))


@pytest.mark.parametrize(
    ("behind", "expected"),
    [
        ([], 5),
        ([0], 4),
        ([0, 0, 0, 0, 0], 3),
        # One is the least that can join; enough are there already but for one.
        ([0, 1, 0, 1], 1),
        ([0, 1, 0, 1, 0, 1], 1),
    ],
)
def test_as_many_join_as_are_needed(behind: list[int], expected: int) -> None:
    joining = np.array([0, 0, 1, 0, 0, 1]).reshape(-1, 1)
    found = needed_from(np.array(behind, np.int64).reshape(-1, 1), joining, Demand(5, 2))
    assert found == expected


def test_no_fewer_would_do() -> None:
    draw = random.Random(20261122)  # noqa: S311 - a test's file, not a secret
    for _ in range(300):
        n_measures, demand = draw.randint(1, 2), Demand(draw.randint(1, 4), draw.randint(1, 3))
        behind, joining = (
            np.array(
                [[draw.choice([-1, 0, 0, 1, 2]) for _ in range(n_measures)] for _ in range(n)],
                np.int64,
            ).reshape(n, n_measures)
            for n in (draw.randint(0, 5), draw.randint(1, 8))
        )
        # From how many on the class is large and diverse enough, whoever comes after.
        is_enough_from = [
            all(
                is_met(np.concatenate([behind, joining[:more]]), demand)
                for more in range(number, len(joining) + 1)
            )
            for number in range(1, len(joining) + 1)
        ]
        fewest = is_enough_from.index(True) + 1 if any(is_enough_from) else len(joining)
        assert needed_from(behind, joining, demand) == fewest


def test_it_is_no_worse_than_one_level_for_everyone() -> None:
    # Samarati's full-domain generalisation without suppression: the best of all levels.
    draw = random.Random(20251103)  # noqa: S311 - a test's file, not a secret
    for _ in range(40):
        paths = [random_path(draw, 200) for _ in range(2)]
        paths = [path[:, : (path != ENDED).all(axis=0).sum()] for path in paths]
        sensitive = np.array([[draw.randrange(2)] for _ in range(200)])
        demand = Demand(5, 2)
        most = 0
        for chosen in product(*(range(path.shape[1] + 1) for path in paths)):
            levels = np.tile(np.array(chosen, np.int64), (200, 1))
            found = classes(paths, levels)
            if all(is_enough(rows, sensitive, demand) for rows in found.values()):
                most = max(most, len(found))
        levels = shown_levels(paths, sensitive, demand)
        assert len(classes(paths, levels)) >= most
