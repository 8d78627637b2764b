"""Which cells the rules hide or code by themselves, on their boundaries."""

import polars as pl
import pytest

from pipeline.disclosure.primary import add_primary
from tests.disclosure.made_cells import ANCESTORS, PUBLIC, cells


def judged(text: str) -> list[tuple[str, str | None]]:
    """Reason and code of each cell, in the text's order of area, part, grade and gender."""
    found = add_primary(cells(text), ANCESTORS, PUBLIC)
    return list(zip(found["reason"], found["code"], strict=True))


@pytest.mark.parametrize(
    ("n", "k", "reason", "code"),
    [
        (29, 15, "base", None),
        (30, 15, "", None),
        (60, 7, "count", None),
        (60, 8, "", None),
        (60, 52, "", None),
        (60, 53, "complement", None),
        # Rounded to 165, so perhaps 163 answered: below 5 % are then 0 to 8, which is wide enough.
        (163, 8, "", "below"),
        (163, 9, "", None),
        (163, 155, "", "above"),
        # Rounded to 160, so perhaps 158: 0 to 7 only.
        (162, 7, "count", None),
        (162, 8, "", None),
        (99, 0, "count", None),
        (1000, 8, "", "below"),
        (1000, 9, "", None),
        (1000, 0, "", "below"),
    ],
)
def test_base_counts_and_codes(n: int, k: int, reason: str, code: str | None) -> None:
    assert judged(f"n | k\n{n} | {k}") == [(reason, code)]


def test_nobody_in_the_municipality_is_no_secret_and_nobody_in_an_area_is() -> None:
    text = "area_id | n | k\nhere | 0 | 0\ntown | 0 | 0"
    found = add_primary(cells(text), ANCESTORS, PUBLIC)
    assert (found["reason"].to_list(), found["is_missing"].to_list()) == (["", ""], [True, True])
    assert judged("area_id | n | k\nhere | 0 | 0\ntown | 90 | 40") == [("base", None), ("", None)]


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [("n_schools", 1, "schools"), ("n_schools", 2, ""), ("min_base", 61, "base"),
     ("min_count", 21, "count"), ("is_hidden_by_override", "true", "override")],
)  # fmt: skip
def test_thresholds_are_those_of_the_cell(column: str, value: object, reason: str) -> None:
    assert judged(f"n | k | {column}\n60 | 20 | {value}") == [(reason, None)]


@pytest.mark.parametrize(
    ("n", "k", "reason"),
    [
        (100, 40, "complement"),  # two more flagged in town
        (100, 39, ""),
        (91, 40, "complement"),
        (102, 30, "complement"),  # eight more respondents
        (90, 24, "complement"),  # two more who are not flagged
        (90, 25, ""),
        (100, 42, ""),  # no more flagged: nobody to form a coalition
        (110, 42, ""),
    ],
)
def test_what_a_larger_group_has_beyond_it_is_enough(n: int, k: int, reason: str) -> None:
    text = f"area_id | n | k\nhere | {n} | {k}\ntown | 110 | 42"
    assert judged(text)[0][0] == reason


def test_grades_and_genders_lie_in_all() -> None:
    text = "grade | n | k\nall | 100 | 40\ng8 | 95 | 35"
    assert judged(text) == [("", None), ("complement", None)]
    assert judged(text.replace("grade", "gender").replace("g8", "girl"))[1][0] == "complement"


def test_the_rest_beside_an_area_without_a_figure_is_not_shown() -> None:
    text = "area_id | part | n | k\nhere | area | 20 | 9\nhere | rest | 300 | 90"
    assert judged(text) == [("base", None), ("rest", None)]


def test_no_cell_of_any_counts_is_shown_past_the_rules() -> None:
    rows = [(n, k) for n in range(401) for k in range(0, n + 1, 3)]
    text = "n | k | measure_id\n" + "\n".join(f"{n} | {k} | m{i}" for i, (n, k) in enumerate(rows))
    found = add_primary(cells(text), ANCESTORS, PUBLIC)
    shown = found.filter(pl.col("n") > 0, pl.col("code").is_null(), reason="")
    least = shown.select(
        base=pl.col("n").min(),
        count=pl.col("k").min(),
        others=(pl.col("n") - pl.col("k")).min(),
    )
    assert min(least.row(0)) >= 8
    assert least["base"].item() == 30
