"""Mistakes that are made on purpose: which there are, and that a test is found for each."""

import ast
from pathlib import Path

import pytest

from bench.mutant_kinds import Mutant, Place, mutants_of, mutated
from bench.mutant_tests import Suite
from bench.mutants import draw

SOURCE = '''"""What it does."""

LEAST: int = 3

@cache(size=5)
def shown(counts: list[int], progress: "Callable[[str], None]", text: "str | None" = None) -> bool:
    """Whether any is."""
    if not counts:
        raise ValueError("nothing" + "to show")
    counts.extend(n for n, _ in zip(counts, counts, strict=True))
    progress("Looking")
    return counts[-1] >= LEAST and text != "hide"
'''


@pytest.fixture
def mutants(tmp_path: Path) -> list[Mutant]:
    (tmp_path / "module.py").write_text(SOURCE, "utf-8")
    return mutants_of(tmp_path, Path("module.py"))


def test_every_sort_of_mistake_is_made_and_no_text_for_people_is_touched(
    mutants: list[Mutant],
) -> None:
    assert {mutant.change for mutant in mutants} == {
        "3 -> 4",
        "not counts -> counts",
        "counts.extend((n for n, _ in zip(counts, counts, strict=True))) -> pass",
        "progress('Looking') -> pass",
        "counts[-1] >= LEAST and text != 'hide' -> counts[-1] >= LEAST or text != 'hide'",
        "counts[-1] >= LEAST -> counts[-1] > LEAST",
        "-1 -> 1",
        "1 -> 2",
        "text != 'hide' -> text == 'hide'",
        "'hide' -> 'XXhide'",
    }


def test_each_is_another_module_that_can_be_read(mutants: list[Mutant]) -> None:
    made = {mutated(SOURCE, mutant.number) for mutant in mutants}
    assert len(made) == len(mutants)
    assert ast.unparse(ast.parse(SOURCE)) not in made
    for source in made:
        ast.parse(source)


def test_what_runs_is_the_head_of_its_statement(mutants: list[Mutant]) -> None:
    [condition] = [each for each in mutants if each.change == "not counts -> counts"]
    assert (condition.statement, condition.function) == (Place(8, 8), Place(6, 12))
    [least] = [each for each in mutants if each.change == "3 -> 4"]
    assert (least.statement, least.function) == (Place(3, 3), Place(1, 12))


def test_a_seed_decides_the_draw() -> None:
    module = "pipeline/disclosure/rounding.py"
    assert draw(20, 1, module) == draw(20, 1, module)
    assert draw(20, 1, module) != draw(20, 2, module)
    assert {str(each.path) for each in draw(20, 1, module)} == {module}
    assert {each.line for each in draw(20, 1, f"{module}:91")} <= {91}


def test_tests_of_the_line_are_taken_quickest_first_and_a_fixture_is_paid_once(
    mutants: list[Mutant],
) -> None:
    known = Suite(
        {"a::slow": 5.0, "a::quick": 1.0, "b::only": 2.0, "fixture ::made": 10.0},
        {"a::slow": ["fixture ::made"], "a::quick": ["fixture ::made"], "b::only": []},
        {"module.py": {8: ["a::slow", "a::quick", "b::only"], 11: ["b::only"]}},
        Path(),
    )
    [condition] = [each for each in mutants if each.change == "not counts -> counts"]
    found = known.of(condition)
    assert found == {"a::slow", "a::quick", "b::only"}
    assert known.quickest(found, 13.5) == ["b::only", "a::quick"]
    assert known.quickest(found, 18.0) == ["b::only", "a::quick", "a::slow"]
    # Asked again, with what was not asked yet.
    assert known.quickest(found, 18.0, but=["b::only"]) == ["a::quick", "a::slow"]
    assert known.quickest(found, 18.0, but=found) == []
    # Run when the module is imported: all that run any of it.
    [least] = [each for each in mutants if each.change == "3 -> 4"]
    assert known.of(least) == found
