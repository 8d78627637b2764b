"""What is printed of a cell: rounded, on the published effect, and only where nothing hides it."""

import polars as pl
import pytest
from scipy.stats import beta
from scipy.stats import t as student

from pipeline.definitions.catalogue import Catalogue
from pipeline.disclosure.cells import CELL
from pipeline.disclosure.published import add_rounded, estimate_rows, exact_reliability
from tests.disclosure.made_cells import cells
from tests.made_definitions import (
    ONE_TO_FOUR,
    made_catalogue,
    made_design,
    made_instrument,
    made_outcome,
)

ESTIMATE = {
    "wave": 2025, "area_id": "town", "grade": "all", "gender": "all", "measure_id": "drank",
    "statistic": "share", "n": 103, "estimate": 21 / 103, "interval_basis": "own", "df": 40.0,
    "deff_wr": 1.0, "kg_n_effective": 103.0, "pooled_n_effective": 60.0, "pooled_df": 12.0,
    "pooled_design_effect": 1.0,
}  # fmt: skip


def estimates(**given: object) -> pl.DataFrame:
    nulls = {"interval_basis": pl.String, "kg_n_effective": pl.Float64, "estimate": pl.Float64}
    rows = pl.DataFrame([ESTIMATE | given], schema_overrides=nulls)
    # Another statistic of the same cell is no share.
    score = rows.with_columns(statistic=pl.lit("mean"), kg_n_effective=pl.lit(1.0))
    return pl.concat([score, rows]).with_columns(pl.col("wave").cast(pl.Int16))


def catalogue(interval: str = "korn_graubard") -> Catalogue:
    return made_catalogue(
        made_instrument({"a": ONE_TO_FOUR}),
        outcomes=[made_outcome("drank", {"a": (1,)})],
        design=made_design(interval=interval),
    )


def clopper_pearson(k: float, n: float) -> tuple[float, float]:
    return float(beta.ppf(0.025, k, n - k + 1)), float(beta.ppf(0.975, k + 1, n - k))


@pytest.mark.parametrize("effect", [1.0, 2.0])
def test_a_share_and_its_interval_follow_from_the_rounded_pair(effect: float) -> None:
    drawn = cells("n | k\n103 | 21")
    [row] = add_rounded(drawn, estimates(kg_n_effective=103 / effect), catalogue()).to_dicts()
    assert (row["n_rounded"], row["k_rounded"], row["percent"]) == (105, 20, 19)
    assert row["design_effect"] == effect
    lower, upper = clopper_pearson(20 / effect, 105 / effect)
    assert row["percent_lower"] < 100 * lower < row["percent_lower"] + 1
    assert row["percent_upper"] - 1 < 100 * upper < row["percent_upper"]
    assert not row["is_unreliable"]


def test_a_pooled_interval_pays_for_its_degrees_of_freedom() -> None:
    # Korn and Graubard (1998): the effective size times the square of t(n - 1) / t(df).
    drawn = cells("n | k\n103 | 21")
    found = add_rounded(drawn, estimates(interval_basis="pooled"), catalogue())
    adjustment = (student.ppf(0.975, 102) / student.ppf(0.975, 12)) ** 2
    effect = 103 / (60 * adjustment)
    assert effect < found["design_effect"].item() < effect + 0.5
    assert found["design_effect"].item() % 0.5 == 0


def test_a_rest_and_what_has_no_variance_have_no_interval() -> None:
    rest = cells("part | n | k\nrest | 103 | 21")
    for drawn, rows in (
        (rest, estimates()),
        (cells("n | k\n103 | 21"), estimates(kg_n_effective=None)),
    ):
        [row] = add_rounded(drawn, rows, catalogue()).to_dicts()
        assert row["percent"] == 19
        assert (row["design_effect"], row["percent_lower"], row["percent_upper"]) == (None,) * 3
        assert row["is_unreliable"]


def test_nobody_has_no_share_and_no_more_are_flagged_than_there_are() -> None:
    drawn = cells("area_id | n | k\ntown | 2 | 2\nhere | 3 | 3\nthere | 102 | 102")
    found = add_rounded(drawn, estimates(), catalogue())
    assert found["n_rounded"].to_list() == [0, 5, 100]
    assert found["k_rounded"].to_list() == [0, 5, 100]
    assert found["percent"].to_list() == [None, 100, 100]
    assert found["percent_lower"].to_list()[0] is None
    assert found["percent_upper"].to_list()[0] is None


STATES = """
    area_id | n   | reason        | code  | is_missing | hides_n
    coded   | 200 |               | below | false      | false
    high    | 200 |               | above | false      | false
    few     | 100 | count         |       | false      | false
    other   | 100 | complement    |       | false      | false
    more    | 100 | complementary |       | false      | false
    all     | 100 | complementary |       | false      | true
    base    | 10  | base          |       | false      | false
    school  | 100 | schools       |       | false      | false
    none    | 0   |               |       | true       | false
    shown   | 100 |               |       | false      | false
    """


def test_each_number_stands_only_where_its_state_lets_it() -> None:
    drawn = cells(STATES).with_columns(
        pl.col("reason").fill_null(""), pl.col("code").cast(pl.String),
        k=pl.lit(40), n_rounded=pl.col("n"), k_rounded=pl.lit(40), percent=pl.lit(40),
        percent_lower=pl.lit(31), percent_upper=pl.lit(50), design_effect=pl.lit(1.5),
        is_unreliable=pl.lit(value=True),
    )  # fmt: skip
    rest = drawn.with_columns(part=pl.lit("rest"))
    rows = {row["area_id"]: row for row in estimate_rows(pl.concat([drawn, rest])).to_dicts()}
    assert {area: (row["status"], row["n"]) for area, row in rows.items()} == {
        "coded": ("coded_below", 200),
        "high": ("coded_above", 200),
        "few": ("suppressed", 100),
        "other": ("suppressed", 100),
        "more": ("suppressed", 100),
        "all": ("suppressed", None),
        "base": ("suppressed", None),
        "school": ("suppressed", None),
        "none": ("no_answers", None),
        "shown": ("shown", 100),
    }
    numbers = ("n_flagged", "percent", "percent_lower", "percent_upper", "design_effect",
               "is_unreliable")  # fmt: skip
    for area, row in rows.items():
        expected = (40, 40, 31, 50, 1.5, True) if area == "shown" else (None,) * 6
        assert tuple(row[name] for name in numbers) == expected
        assert row["is_suppressed"] == (row["status"] == "suppressed")


@pytest.mark.parametrize(
    ("given", "is_unreliable"),
    [
        ({}, False),
        # Fewer than 30 effective respondents.
        ({"deff_wr": 4.0}, True),
        ({"deff_wr": 4.0, "interval_basis": "pooled"}, False),
        ({"pooled_design_effect": 4.0}, False),
        ({"pooled_design_effect": 4.0, "interval_basis": "pooled"}, True),
        # An interval wider than 30 per cent, for one degree of freedom.
        ({"df": 1.0}, True),
        ({"pooled_df": 1.0}, False),
        ({"pooled_df": 1.0, "interval_basis": "pooled"}, True),
        ({"interval_basis": None}, False),
        ({"estimate": 0.02}, True),
    ],
)
def test_reliability_is_judged_by_what_the_interval_rests_on(
    given: dict[str, object], is_unreliable: bool
) -> None:
    found = exact_reliability(estimates(**given))
    assert found.columns == [name for name in CELL if name != "part"] + ["is_unreliable"]
    assert found["is_unreliable"].to_list() == [is_unreliable]


def test_nobody_is_neither_reliable_nor_not() -> None:
    assert exact_reliability(estimates(n=0, estimate=None)).is_empty()
