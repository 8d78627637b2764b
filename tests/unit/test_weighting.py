"""Respondents of a wave weighted to its enrolment: who is, who is not, and what is refused."""

from typing import Any

import polars as pl
import pytest

from pipeline.analysis.response.weighting import Weighted, rake_respondents
from pipeline.definitions.raking import Raking
from pipeline.definitions.wave import Columns, Wave
from pipeline.errors import DefinitionError
from pipeline.ingest.enrolled_margins import SCHEMA
from tests.made_definitions import MADE_UP, made_wave
from tests.tables import table

RESPONDENTS = """
    respondent_id | school_id | grade | gender | weight | is_analysed
    girl_1        | a         | g7    | girl   | 1      | true
    girl_2        | a         | g7    | girl   | 1      | true
    girl_3        | b         | g8    | girl   | 1      | true
    boy           | b         | g8    | boy    | 1      | true
    other         | a         | g7    | other  | 1      | true
    unstated      | a         | g7    |        | 1      | true
    set_aside     | a         | g7    | boy    | 1      | false
    stands_for_0  | a         | g7    | boy    | 0      | true
"""
ENROLLED = """
    school_id | grade | gender | n_enrolled
    all       | all   | all    | 40
    all       | all   | girl   | 28
    all       | all   | boy    | 12
    all       | g7    | all    | 22
    all       | g8    | all    | 22
    all       | g9    | all    | 5
    all       | g7    | girl   | 11
    all       | g7    | boy    | 11
    all       | g8    | girl   | 11
    all       | g8    | boy    | 11
"""


def raked(
    *margins: str, respondents: str = RESPONDENTS, enrolled: str = ENROLLED, **choices: Any
) -> Weighted:
    raking = Raking.model_validate({"margins": margins, "source": MADE_UP, **choices})
    people = table(respondents, weight=pl.Decimal(18, 12), gender=pl.String).with_columns(
        wave=pl.lit(2025, pl.Int16)
    )
    stated = table(enrolled).with_columns(
        wave=pl.lit(2025, pl.Int16),
        n_enrolled_lowest=pl.col("n_enrolled"),
        n_enrolled_highest=pl.col("n_enrolled"),
    )
    return rake_respondents(people, stated.select(*SCHEMA), made(raking))


def made(raking: Raking | None) -> Wave:
    return made_wave(Columns(respondent="id")).model_copy(update={"raking": raking})


def weights_of(weighted: Weighted) -> dict[str, float]:
    rows = weighted.respondents.select("respondent_id", pl.col("weight").cast(pl.Float64)).rows()
    return dict(rows)


def test_girls_and_boys_are_as_many_as_on_the_rolls() -> None:
    weights = weights_of(raked("gender"))
    # Four respondents: 0.7 of them for the three girls, 0.3 for the only boy.
    assert [weights[f"girl_{n}"] for n in (1, 2, 3)] == pytest.approx([2.8 / 3] * 3)
    assert weights["boy"] == 1.2


def test_weights_are_decimals_and_keep_their_sum() -> None:
    weighted = raked("gender").respondents
    assert weighted.schema["weight"] == pl.Decimal(18, 12)
    assert float(weighted["weight"].sum()) == pytest.approx(7, abs=1e-11)


def test_who_cannot_be_weighted_keeps_the_weight_and_is_counted() -> None:
    weighted = raked("gender")
    weights = weights_of(weighted)
    assert [weights[name] for name in ("other", "unstated", "set_aside")] == [1, 1, 1]
    assert weights["stands_for_0"] == 0
    [row] = weighted.waves.to_dicts()
    assert (row["n_raked"], row["n_without_category"], row["n_not_enrolled"]) == (4, 1, 1)


def test_base_weights_are_multiplied() -> None:
    heavier = RESPONDENTS.replace(
        "girl_3        | b         | g8    | girl   | 1 ", "girl_3|b|g8|girl|2"
    )
    weights = weights_of(raked("gender", respondents=heavier))
    assert [weights[f"girl_{n}"] for n in (1, 2, 3)] == pytest.approx([0.875, 0.875, 1.75])
    assert weights["boy"] == 1.5


def test_without_raking_nothing_changes() -> None:
    people = raked("gender").respondents
    weighted = rake_respondents(people, pl.DataFrame(schema=SCHEMA), made(None))
    assert weighted.respondents.equals(people)
    assert (weighted.waves.height, weighted.margins.height) == (0, 0)


def test_a_category_without_respondents_is_refused_by_name() -> None:
    with pytest.raises(
        DefinitionError,
        match=r"2025\.yml: raking: 1 of 3 categories of grade have pupils and no respondents: g9",
    ):
        raked("grade")


def test_a_category_without_respondents_can_be_left_out() -> None:
    weighted = raked("gender", "grade", without_respondents="leave_out")
    [row] = weighted.waves.to_dicts()
    assert (row["n_left_out"], row["n_pupils_left_out"]) == (1, 5)
    # 40 pupils by gender, 49 by grade, which is scaled to the first.
    assert row["largest_discrepancy"] == 9
    grades = weighted.margins.filter(variable="grade")
    assert grades["n_enrolled"].to_list() == [22, 22]
    assert grades["n_scaled"].to_list() == [20, 20]
    assert weighted.margins["error"].abs().max() == pytest.approx(0, abs=1e-9)


def test_cells_with_pupils_and_no_respondents_are_counted() -> None:
    [row] = raked("gender", "grade", without_respondents="leave_out").waves.to_dicts()
    # No boy of grade 7 counts.
    assert (row["n_empty_cells"], row["n_pupils_in_empty_cells"]) == (1, 11)


def test_cells_that_are_not_stated_are_not_known() -> None:
    margins_alone = "\n".join(ENROLLED.splitlines()[:-4])
    [row] = raked(
        "gender", "grade", enrolled=margins_alone, without_respondents="leave_out"
    ).waves.to_dicts()
    assert (row["n_empty_cells"], row["n_pupils_in_empty_cells"]) == (None, None)


def test_what_weights_cost_is_stated() -> None:
    [row] = raked("gender").waves.to_dicts()
    # 2.8/3 three times, 1.2, 1 and 1: mean 1, so the mean square is the design effect.
    mean_square = (2.8**2 / 3 + 1.2**2 + 2) / 6
    assert row["design_effect"] == pytest.approx(mean_square)
    assert row["n_effective"] == pytest.approx(6 / mean_square)
    assert (row["weight_lowest"], row["weight_highest"]) == pytest.approx((2.8 / 3, 1.2))


def test_trimming_is_at_a_multiple_of_the_mean_and_its_error_is_stated() -> None:
    weighted = raked("gender", trim_above=1.1)
    assert weights_of(weighted)["boy"] == 1.1
    assert weights_of(weighted)["girl_1"] == pytest.approx(2.9 / 3)
    [row] = weighted.waves.to_dicts()
    assert row["n_trimmed"] == 1
    assert (row["error_raked"], row["error_trimmed"]) == pytest.approx((0, 0.1 / 1.2))


def test_margins_that_are_not_stated_are_refused() -> None:
    with pytest.raises(DefinitionError, match="no pupils are enrolled by school; expected numbers"):
        raked("school")


def test_margins_that_cannot_be_reached_are_refused() -> None:
    # Grade 7 holds girls alone; 11 of 20 pupils are boys.
    split = RESPONDENTS.replace("girl_3        | b         | g8    | girl", "girl_3|b|g7|girl")
    uneven = ENROLLED.replace("all       | all   | girl   | 28", "all|all|girl|4")
    with pytest.raises(
        DefinitionError, match=r"after \d+ rounds a margin is still .* off; expected"
    ):
        raked(
            "gender", "grade", "school",
            respondents=split.replace("boy           | b ", "boy|a"),
            enrolled=uneven + "    a | all | all | 30\n    b | all | all | 10\n",
            without_respondents="leave_out", max_iterations=5,
        )  # fmt: skip
