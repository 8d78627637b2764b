"""What must not move figures does not, and what must moves them by as much as theory says.

From exports to ``areas.estimate``, on small random surveys. "The same" is the same bits, except
where sums are taken in another order.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from tests.made_definitions import made_factor, made_wave
from tests.site.made_survey import (
    AREAS,
    BONDS,
    DESIGN,
    ITEMS,
    KEYS,
    TWO_STAGES,
    estimates_of,
    made_survey_site,
    random_survey,
)

Estimated = Callable[..., pl.DataFrame]

each_survey = pytest.mark.parametrize("seed", [1, 2])
each_design = pytest.mark.parametrize("columns", [DESIGN, TWO_STAGES], ids=["one", "two_stages"])

POOLED_SIZE = ("pooled_correlation", "pooled_design_effect", "pooled_n_effective", "pooled_df")
OF_OTHERS = (*POOLED_SIZE, "pooled_lower", "pooled_upper", "lower", "upper")
"""Columns that rest on how alike respondents of one PSU are in the whole municipality."""

OF_SIZE = ("deff", "kg_n_effective", "kg_lower", "kg_upper")
"""Columns that rest on the number of respondents, or on the sum of weights, as such."""


@pytest.fixture(scope="module")
def as_it_is(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., pl.DataFrame]:
    """Estimates of a survey that nothing was done to; built once."""

    @cache
    def build(seed: int, *, is_two_stages: bool = False) -> pl.DataFrame:
        columns = TWO_STAGES if is_two_stages else DESIGN
        folder = tmp_path_factory.mktemp("as_it_is")
        return estimates_of(made_survey_site(folder, random_survey(seed), columns=columns))

    return lambda seed, columns=DESIGN: build(seed, is_two_stages=columns is TWO_STAGES)


@pytest.fixture
def estimated(tmp_path: Path) -> Estimated:
    """Estimates of a survey, each built in a folder of its own."""

    def build(*files: pl.DataFrame, **choices: Any) -> pl.DataFrame:
        folder = tmp_path / f"site_{len(list(tmp_path.iterdir()))}"
        return estimates_of(made_survey_site(folder, *files, **choices))

    return build


def same_bits(found: pl.DataFrame, expected: pl.DataFrame) -> None:
    assert expected["se"].count() > 20
    assert_frame_equal(found, expected, check_exact=True)


def same(found: pl.DataFrame, expected: pl.DataFrame, *but: str) -> None:
    """The same but for the order of sums; and for columns that are named."""
    assert expected["se"].count() > 20
    assert_frame_equal(
        found.drop(but), expected.drop(but), rel_tol=1e-9, abs_tol=1e-12, check_exact=False
    )


def renumbered(survey: pl.DataFrame, start: int = 0) -> pl.DataFrame:
    """The same rows, each with an id of its own."""
    return survey.with_columns(id=start + pl.int_range(pl.len()))


@each_survey
@each_design
def test_the_order_of_rows_and_their_split_into_files(
    estimated: Estimated, as_it_is: Estimated, seed: int, columns: dict[str, Any]
) -> None:
    survey = random_survey(seed)
    shuffled = survey.sample(fraction=1, shuffle=True, seed=seed)
    # One file of a single row, one without any.
    parts = [shuffled[:1], shuffled[1:90], shuffled[90:90], shuffled[90:]]
    same_bits(estimated(*parts, columns=columns), as_it_is(seed, columns))


@each_survey
def test_the_names_of_areas(estimated: Estimated, as_it_is: Estimated, seed: int) -> None:
    survey = random_survey(seed)
    # In another order than before, and with other codes.
    names, codes = {"9": "a_mill", "7": "z_harbour", "8": "b_hill"}, ["9", "7", "8"]
    renamed = survey.with_columns(pl.col("area").replace_strict(list(AREAS), codes))
    before = dict(zip(names.values(), AREAS.values(), strict=True))
    found = estimated(renamed, areas=names).with_columns(pl.col("area_id").replace(before))
    # The parts of a larger area are added in the order of their names.
    same(found.sort(KEYS), as_it_is(seed))


@each_survey
@each_design
def test_the_names_of_strata_schools_classes_and_respondents(
    estimated: Estimated, as_it_is: Estimated, seed: int, columns: dict[str, Any]
) -> None:
    survey = random_survey(seed)
    renamed = survey.with_columns(
        id=pl.format("r{}", 1000 - pl.col("id")),
        stratum=pl.format("s{}", 9 - pl.col("stratum")),
        school=pl.format("Åsskolan {}", 99 - pl.col("school")),
        school_class=pl.format("7 {}", 5 - pl.col("school_class")),
    )
    found, expected = estimated(renamed, columns=columns), as_it_is(seed, columns)
    same(found, expected)
    # Counts do not hang on any order.
    counts = [*KEYS, "n", "n_psu", "n_strata", "df"]
    assert found.select(counts).equals(expected.select(counts))


@each_survey
def test_the_scale_of_the_weights(estimated: Estimated, as_it_is: Estimated, seed: int) -> None:
    survey = random_survey(seed)
    scaled = survey.with_columns((pl.col("weight") * 25).round(2))
    same(estimated(scaled), as_it_is(seed), "deff")


@each_survey
@each_design
def test_everyone_twice_in_the_same_class(
    estimated: Estimated, as_it_is: Estimated, seed: int, columns: dict[str, Any]
) -> None:
    survey = random_survey(seed)
    twice = estimated(renumbered(pl.concat([survey, survey])), columns=columns)
    # A share of 0 or 1 has the exact interval of so many respondents.
    once = as_it_is(seed, columns).filter(
        (pl.col("statistic") == "mean") | ~pl.col("estimate").is_in([0.0, 1.0])
    )
    twice = once.select(KEYS).join(twice, on=KEYS, maintain_order="left")
    # Twice as many respondents are worth what they were, but for n - 1 becoming 2 n - 1.
    n = pl.col("n") / 2
    per_respondent = twice.with_columns(
        n.cast(pl.Int32),
        pl.col("n_effective") * (2 * n - 1) / (2 * n - 2),
        pl.col("deff_wr") / 2 * (2 * n - 2) / (2 * n - 1),
    )
    same(per_respondent, once, *OF_SIZE, *OF_OTHERS)


@each_survey
def test_every_school_twice(estimated: Estimated, as_it_is: Estimated, seed: int) -> None:
    n_schools = 5
    survey = random_survey(seed, n_schools=n_schools)
    again = survey.with_columns(pl.col("school") + 1000)
    twice, once = estimated(renumbered(pl.concat([survey, again]))), as_it_is(seed)
    # A stratum of n PSUs that all come twice: n/(n-1) becomes 2n/(2n-1), and z is halved.
    expected = once.with_columns(
        pl.col("se") * ((n_schools - 1) / (2 * n_schools - 1)) ** 0.5,
        (pl.col("n", "n_psu") * 2),
    )
    same(
        twice.select(*KEYS, "n", "estimate", "se", "n_psu", "n_strata"),
        expected.select(*KEYS, "n", "estimate", "se", "n_psu", "n_strata"),
    )
    assert (twice["df"] == 2 * once["n_psu"] - once["n_strata"]).all()


@each_survey
def test_an_area_where_nobody_lives(estimated: Estimated, as_it_is: Estimated, seed: int) -> None:
    survey = random_survey(seed)
    same_bits(estimated(survey, areas={**AREAS, "4": "a_moor"}), as_it_is(seed))


@each_survey
@each_design
def test_an_area_with_schools_and_a_stratum_of_its_own(
    estimated: Estimated, as_it_is: Estimated, seed: int, columns: dict[str, Any]
) -> None:
    survey = random_survey(seed)
    moor = random_survey(seed + 10, n_strata=1).with_columns(
        pl.col("stratum") + 100, pl.col("school") + 100, area=pl.lit("4")
    )
    both = estimated(
        survey, renumbered(moor, 5000), areas={**AREAS, "4": "a_moor"}, columns=columns
    )
    expected = as_it_is(seed, columns).filter(pl.col("area_id") != "everywhere")
    others = both.filter(~pl.col("area_id").is_in(["everywhere", "a_moor"]))
    same_bits(others.drop(OF_OTHERS), expected.drop(OF_OTHERS))
    assert both.filter(area_id="a_moor").height > 20


@each_survey
def test_a_measure_and_a_wave_more(tmp_path: Path, as_it_is: Estimated, seed: int) -> None:
    survey = random_survey(seed)
    folder = tmp_path / "two_waves"
    [later] = made_survey_site(folder, survey).waves
    earlier = made_wave(later.columns, "earlier.csv", year=2023)
    random_survey(seed + 10).write_csv(folder / "earlier.csv")
    other = made_factor("another", ITEMS[1:2])
    found = estimates_of(
        made_survey_site(folder, survey, factors=(other, BONDS), earlier=(earlier,))
    )
    assert found.filter(wave=2023).height > 20
    found = found.filter(pl.col("measure_id") != "another", wave=2025)
    same_bits(found, as_it_is(seed))


@each_survey
@each_design
def test_whoever_is_left_out_changes_nothing(
    estimated: Estimated, as_it_is: Estimated, seed: int, columns: dict[str, Any]
) -> None:
    survey = random_survey(seed)
    others = random_survey(seed + 10)
    # In classes that are there, so that the design stays as it is.
    classes = survey.select("stratum", "school", "school_class").unique(maintain_order=True)
    seats = classes.sample(len(others), with_replacement=True, seed=seed)
    others = renumbered(others.with_columns(seats), 5000)
    expected = as_it_is(seed, columns)
    screened = others.with_columns(honesty=pl.lit(4))
    same_bits(estimated(survey, screened, columns=columns), expected)
    # Sums have more terms of 0, taken in another order.
    without_weight = others.with_columns(weight=pl.lit(0.0))
    same(estimated(survey, without_weight, columns=columns), expected)
    counted = estimated(survey, others, columns=columns)
    assert counted.height == expected.height
    assert not counted["estimate"].equals(expected["estimate"])


@each_survey
def test_a_school_of_weight_zero_is_part_of_the_design(estimated: Estimated, seed: int) -> None:
    survey = random_survey(seed, n_strata=1, n_schools=6)
    empty = renumbered(survey[:9], 5000).with_columns(school=pl.lit(1000), weight=pl.lit(0.0))
    found, before = estimated(survey, empty), estimated(survey)
    # Of one stratum, deviations add up to 0: n/(n-1) becomes (n+1)/n.
    expected = before.with_columns(pl.col("se") * (7 / 6 / (6 / 5)) ** 0.5)
    columns = [*KEYS, "n", "estimate", "se", "df", "n_psu"]
    same(found.select(columns), expected.select(columns))
