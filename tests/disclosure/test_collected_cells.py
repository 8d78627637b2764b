"""Counts behind every share: of areas, of the rest beside them, and of those who are there."""

import polars as pl
import pytest

from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.policy import PublicEdition
from pipeline.disclosure.cells import CELL, RESPONDENTS, collect_cells, domain_cells
from tests.made_definitions import ONE_TO_FOUR, made_catalogue, made_instrument, made_outcome
from tests.tables import table

ESTIMATES = """
    area_id    | grade | gender | statistic | n   | estimate
    everywhere | all   | all    | share     | 200 | 0.3
    everywhere | g8    | all    | share     | 120 | 0.25
    here       | all   | all    | share     | 80  | 0.256
    here       | all   | all    | mean      | 80  | 2.5
    here       | g8    | all    | share     | 0   |
    """
COMPARISONS = """
    area_id | grade | gender | kind | second | n_second
    here    | all   | all    | rest | 0.34   | 121
    here    | all   | all    | norm | 0.5    | 999
    """
SCHOOLS = """
    area_id    | grade | gender | n_schools
    everywhere | all   | all    | 5
    here       | all   | all    | 2
    """


@pytest.fixture
def catalogue() -> Catalogue:
    return made_catalogue(
        made_instrument({"a": ONE_TO_FOUR}),
        outcomes=[made_outcome("drank", {"a": (1,)})],
        genders=("girl",),
    )


def drawn(text: str) -> pl.DataFrame:
    return table(text).with_columns(wave=pl.lit(2025), measure_id=pl.lit("drank"))


@pytest.fixture
def collected(catalogue: Catalogue) -> pl.DataFrame:
    schools = drawn(SCHOOLS).drop("measure_id")
    return collect_cells(drawn(ESTIMATES), drawn(COMPARISONS), schools, catalogue)


def counts(cells: pl.DataFrame, **of: str) -> tuple[int, int, int | None]:
    [row] = cells.filter(**of).select("n", "k", "n_schools").rows()
    return row


def test_shares_are_whole_counts_again(collected: pl.DataFrame) -> None:
    whole = {"part": "area", "grade": "all", "gender": "all"}
    assert counts(collected, area_id="everywhere", **whole) == (200, 60, 5)
    # Weighted: the nearest count to 20.48.
    assert counts(collected, area_id="here", **whole) == (80, 20, 2)


def test_every_group_of_an_area_has_a_cell(collected: pl.DataFrame) -> None:
    areas = collected.filter(part="area")
    assert areas.select(CELL).is_unique().all()
    # Two areas, all and one grade, all and one gender.
    assert areas.height == 8
    for group in ({"grade": "g8", "gender": "all"}, {"grade": "all", "gender": "girl"}):
        assert counts(collected, area_id="here", part="area", **group) == (0, 0, None)
    assert collected.equals(collected.sort(CELL))


def test_the_rest_is_everyone_else_and_its_share_the_one_that_is_compared(
    collected: pl.DataFrame,
) -> None:
    rests = collected.filter(part="rest")
    assert set(rests["area_id"]) == {"here"}
    # 0.34 of 121, printed, not 60 less 20; and of nobody's schools.
    assert counts(rests, grade="all", gender="all") == (120, 41, None)
    # Where nothing is compared, the difference.
    assert counts(rests, grade="g8", gender="all") == (120, 30, None)
    assert counts(rests, grade="all", gender="girl") == (0, 0, None)


def test_a_rest_has_no_more_flagged_than_people(catalogue: Catalogue) -> None:
    more = drawn(COMPARISONS.replace("0.34", "1.00"))
    cells = collect_cells(drawn(ESTIMATES), more, drawn(SCHOOLS).drop("measure_id"), catalogue)
    assert counts(cells, part="rest", grade="all", gender="all") == (120, 120, None)
    turned = drawn(ESTIMATES.replace("0.3\n", "0.0\n"))
    none = drawn(COMPARISONS).clear()
    cells = collect_cells(turned, none, drawn(SCHOOLS).drop("measure_id"), catalogue)
    assert counts(cells, part="rest", grade="all", gender="all") == (120, 0, None)


DOMAINS = """
    area_id    | grade | gender | n_respondents
    everywhere | all   | all    | 203
    everywhere | g8    | all    | 203
    here       | all   | all    | 29
    here       | g8    | all    | 30
    """


def test_areas_hold_respondents_whatever_they_answered(catalogue: Catalogue) -> None:
    domains = drawn(DOMAINS).drop("measure_id")
    found = domain_cells(domains, catalogue.site, PublicEdition())
    assert found.equals(found.sort(CELL))
    assert set(found["measure_id"]) == {RESPONDENTS}
    assert (found["n"] == found["k"]).all()
    assert (found["n_rounded"] == found["k_rounded"]).all()
    assert found["code"].null_count() == found.height == 8
    assert not found["is_missing"].any()
    told = {
        (row["area_id"], row["grade"], row["gender"]): (row["n_rounded"], row["reason"])
        for row in found.to_dicts()
    }
    assert told["everywhere", "all", "all"] == (205, "")
    assert told["here", "all", "all"] == (30, "base")
    assert told["here", "g8", "all"] == (30, "")
    # No girl in the whole municipality: that is no secret.
    assert told["here", "all", "girl"] == (0, "")


def test_an_empty_group_that_others_have_is_a_small_one(catalogue: Catalogue) -> None:
    domains = drawn(DOMAINS.replace("here       | g8    | all ", "everywhere | g8    | girl"))
    found = domain_cells(domains.drop("measure_id"), catalogue.site, PublicEdition())
    assert counts_of(found, "here", "g8", "girl") == (0, "base")


def counts_of(found: pl.DataFrame, area: str, grade: str, gender: str) -> tuple[int, str]:
    [row] = found.filter(area_id=area, grade=grade, gender=gender).select("n", "reason").rows()
    return row
