"""The enrolment of every margin, from levels of detail that need not add up."""

import polars as pl
import pytest

from pipeline.ingest.enrolled_margins import enrolled_margins
from pipeline.ingest.enrolment import SCHEMA
from tests.tables import table

DETAIL = """
    school_id | grade | gender | n_enrolled
    a         | g7    | girl   | 10
    a         | g7    | boy    | 12
    a         | g8    | girl   | 9
    a         | g8    | boy    | 8
    b         | g7    | girl   | 5
    b         | g7    | boy    | 6
"""
NOISY = f"""{DETAIL.rstrip()}
    all       | all   | all    | 51
    all       | g7    | all    | 35
    all       | g8    | all    | 17
"""
Margins = dict[tuple[str, str, str], tuple[int, int, int]]


def margins_of(text: str) -> Margins:
    """Number, lowest and highest by school, grade and gender."""
    stated = table(text).with_columns(wave=pl.lit(2025)).select(*SCHEMA)
    rows = enrolled_margins(stated.cast({"wave": pl.Int16, "n_enrolled": pl.Int32})).rows()
    return {(school, grade, gender): tuple(n) for _, school, grade, gender, *n in rows}


def test_every_margin_is_the_sum_of_its_parts() -> None:
    margins = margins_of(DETAIL)
    # Six parts; by two and one of the columns 3 + 4 + 4 and 2 + 2 + 2; all.
    assert len(margins) == 6 + 11 + 6 + 1
    assert margins["all", "all", "all"] == (50, 50, 50)
    assert margins["a", "all", "all"] == (39, 39, 39)
    assert margins["all", "g7", "girl"] == (15, 15, 15)
    assert margins["b", "g7", "boy"] == (6, 6, 6)


def test_what_is_stated_is_taken_and_the_sums_are_kept_beside_it() -> None:
    margins = margins_of(NOISY)
    # Stated 51; grades add up to 52, parts to 50.
    assert margins["all", "all", "all"] == (51, 50, 52)
    assert margins["all", "g7", "all"] == (35, 33, 35)
    assert margins["all", "g8", "all"] == (17, 17, 17)
    # Genders are stated in the parts alone.
    assert margins["all", "all", "girl"] == (24, 24, 24)


def test_a_margin_is_the_sum_of_the_fewest_numbers() -> None:
    grades_alone = [line for line in NOISY.splitlines() if "| all   | all    |" not in line]
    assert margins_of("\n".join(grades_alone))["all", "all", "all"] == (52, 50, 52)


@pytest.mark.parametrize("level", ["school_id", "grade", "gender"])
def test_one_column_alone_gives_itself_and_all(level: str) -> None:
    cells = dict.fromkeys(("school_id", "grade", "gender"), "all") | {level: "one"}
    margins = margins_of(
        " | ".join([*cells, "n_enrolled"]) + "\n" + " | ".join([*cells.values(), "4"])
    )
    assert sorted(margins.values()) == [(4, 4, 4), (4, 4, 4)]


def test_nothing_stated_gives_nothing() -> None:
    nothing = enrolled_margins(pl.DataFrame(schema=SCHEMA))
    assert nothing.height == 0
    assert nothing.columns[-2:] == ["n_enrolled_lowest", "n_enrolled_highest"]
