"""The door to documents: what each edition reads of a working file, and what it does not."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from pipeline import warehouse
from pipeline.definitions.policy import Editions, InternalEdition, Policy
from pipeline.disclosure.publishable import Publishable, read_publishable, read_rows
from pipeline.disclosure.school_participation import read_school_participation
from tests.tables import table

POLICY = Policy(editions=Editions(internal=InternalEdition(min_base=20)), source="made up")
WHOLE = {"wave": 2025, "grade": "all", "gender": "all", "measure_id": "drank"}
PUBLISHED: dict[str, tuple[str, dict[str, Any]]] = {
    "estimate": (
        """
        area_id | status      | n   | percent | percent_lower | percent_upper | is_suppressed
        town    | shown       | 500 | 20      | 15            | 26            | false
        here    | suppressed  | 40  |         |               |               | true
        low     | coded_below | 200 |         |               |               | false
        high    | coded_above | 200 |         |               |               | false
        none    | no_answers  |     |         |               |               | false
        """,
        WHOLE | {"is_unreliable": True},
    ),
    "comparison": (
        """
        area_id | kind | status     | verdict       | second_percent | difference
        town    | wave | shown      | no_difference | 25             | -5
        town    | norm | shown      | unknown       | 30             | -10
        town    | rest | shown      | higher        | 15             | 5
        here    | rest | suppressed | too_few       |                |
        """,
        WHOLE | {"reference": "2023"},
    ),
    "funnel": (
        "area_id | percent | lower_95 | upper_95 | lower_998 | upper_998 | place\n"
        "town    | 18      | 12       | 24       | 9         | 28        | within",
        WHOLE,
    ),
    "domain": (
        "area_id | status | n_respondents\ntown | shown | 500\nhere | suppressed | ",
        {"wave": 2025, "grade": "all", "gender": "all"},
    ),
    "coverage": ("wave | grade | n_opened\n2025 | all | 500", {}),
    "left_out": ("wave | reason | n_respondents\n2025 | honesty | 20", {}),
    "participation": (
        "grade | n_enrolled | n_valid | percent_valid\ng7 | 200 | 90 | 45\ng8 | 100 | 105 | 105",
        {"wave": 2025},
    ),
    "representativeness": ("wave | max_bias\n2025 | 0.03", {"variables": "grade, gender"}),
}
INTERNAL: dict[str, tuple[str, dict[str, Any]]] = {
    "ref.build": ("fingerprint\n0123456789abcdef", {}),
    "areas.estimate": (
        """
        area_id | statistic | n  | estimate
        town    | share     | 20 | 0.2
        town    | mean      | 20 | 2.5
        here    | share     | 19 | 0.3
        """,
        WHOLE,
    ),
    "disclosure.cell": (
        "area_id | part | is_unreliable\ntown | area | true\ntown | rest | false", WHOLE
    ),
    "areas.comparison": (
        """
        area_id | kind | n_first | n_second | verdict
        town    | rest | 30      | 30       | higher
        town    | norm | 30      | 29       | higher
        """,
        WHOLE | {"statistic": "share", "reference": "rest"},
    ),
    "totals.domain": ("area_id | n_respondents\ntown | 20\nhere | 19", WHOLE),
    "totals.coverage": ("wave | n_opened\n2025 | 7", {}),
    "totals.left_out": ("wave | n_respondents\n2025 | 3", {}),
    "totals.participation": (
        """
        school_id | grade | gender | n_enrolled | n_opened | n_valid
        all       | all   | all    | 60         | 40       | 20
        A         | all   | all    | 40         | 20       | 20
        B         | all   | all    | 19         | 0        | 0
        all       | g7    | all    | 40         | 40       | 19
        all       | g8    | all    | 40         | 40       | 20
        A         | g8    | all    | 5          | 5        | 5
        all       | all   | girl   | 5          | 5        | 5
        """,
        {"wave": 2025},
    ),
    "quality.representativeness": ("wave | max_bias\n2025 | 0.0301", {}),
    "quality.partial_indicator": (
        """
        variable  | category | indicator
        school_id | A        | 0.1
        school_id | B        | 0.2
        grade     | g7       | 0.3
        grade     | g8       | 0.4
        gender    | girl     | 0.5
        grade     | unknown  | 0.6
        """,
        {"wave": 2025},
    ),
    "quality.raking": ("wave | n_rounds\n2025 | 4", {}),
    "quality.raking_margin": (
        "variable | category | total\nschool_id | A | 40\nschool_id | B | 19", {"wave": 2025}
    ),
}  # fmt: skip


@pytest.fixture
def working_file(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    drawn = INTERNAL | {f"published.{name}": found for name, found in PUBLISHED.items()}
    with warehouse.connect(tmp_path / "site.duckdb") as connection:
        for relation, (text, constants) in drawn.items():
            rows = table("\n".join(line for line in text.splitlines() if line.strip()))
            missing = {name: value for name, value in constants.items() if name not in rows.columns}
            warehouse.write(connection, relation, rows.with_columns(**_literals(missing)))
        yield connection


def _literals(values: dict[str, Any]) -> dict[str, pl.Expr]:
    return {name: pl.lit(value) for name, value in values.items()}


@pytest.fixture
def public(working_file: duckdb.DuckDBPyConnection) -> Publishable:
    return read_publishable(working_file, POLICY, "public")


@pytest.fixture
def internal(working_file: duckdb.DuckDBPyConnection) -> Publishable:
    return read_publishable(working_file, POLICY, "internal")


def test_each_edition_says_its_rules(public: Publishable, internal: Publishable) -> None:
    assert public[:4] == ("public", 30, 5, (5, 95))
    assert internal[:4] == ("internal", 20, 1, (0, 100))
    assert public.build_id == internal.build_id == "0123456789ab"


def test_public_figures_are_the_printed_ones(public: Publishable) -> None:
    rows = {row["area_id"]: row for row in public.estimates.to_dicts()}
    names = ("n", "estimate", "lower", "upper", "is_suppressed", "code", "statistic")
    assert {area: tuple(row[name] for name in names) for area, row in rows.items()} == {
        "town": (500, 0.2, 0.15, 0.26, False, None, "share"),
        "here": (40, None, None, None, True, None, "share"),
        "low": (200, None, None, None, False, "below", "share"),
        "high": (200, None, None, None, False, "above", "share"),
        "none": (0, None, None, None, False, None, "share"),
    }
    assert all(row["interval_basis"] is None and row["is_unreliable"] for row in rows.values())


def test_public_comparisons_say_nothing_that_is_not_published(public: Publishable) -> None:
    assert public.comparisons.select("p", "smallest_detectable", "basis").null_count().row(0) == (
        (4,) * 3
    )
    rows = {(row["area_id"], row["kind"]): row for row in public.comparisons.to_dicts()}
    names = ("first", "second", "difference", "verdict", "n_first", "is_suppressed", "funnel")
    assert {key: tuple(row[name] for name in names) for key, row in rows.items()} == {
        ("town", "wave"): (0.2, 0.25, -0.05, "no_detectable_difference", 500, False, None),
        ("town", "norm"): (0.2, 0.3, -0.1, "too_few", 500, False, None),
        ("town", "rest"): (0.2, 0.15, 0.05, "higher", 500, False, "within"),
        ("here", "rest"): (None, None, None, "too_few", 40, True, None),
    }
    funnel = rows["town", "rest"]
    assert [funnel[f"funnel_{each}"] for each in ("target", "lower_95", "upper_95")] == [
        0.18, 0.12, 0.24
    ]  # fmt: skip
    assert (funnel["funnel_lower_998"], funnel["funnel_upper_998"]) == (0.09, 0.28)
    assert {(row["statistic"], row["reference"]) for row in rows.values()} == {("share", "2023")}


def test_public_counts_are_the_published_ones(public: Publishable) -> None:
    hidden = {row["area_id"]: row["is_suppressed"] for row in public.domains.to_dicts()}
    assert hidden == {"town": False, "here": True}
    assert public.coverage.rows() == [(2025, "all", 500)]
    assert public.left_out.rows() == [(2025, "honesty", 20)]
    told = {row["grade"]: row for row in public.participation.to_dicts()}
    assert (told["g7"]["share_valid"], told["g7"]["is_above_enrolled"]) == (0.45, False)
    assert (told["g8"]["share_valid"], told["g8"]["is_above_enrolled"]) == (1.05, True)
    [wave] = public.representativeness.to_dicts()
    assert (wave["variables"], wave["max_bias"]) == (["grade", "gender"], 0.03)


def test_internal_figures_are_exact_on_the_internal_base(internal: Publishable) -> None:
    rows = {(row["area_id"], row["statistic"]): row for row in internal.estimates.to_dicts()}
    names = ("n", "estimate", "is_suppressed", "is_unreliable", "code")
    assert {key: tuple(row[name] for name in names) for key, row in rows.items()} == {
        # A mean has no standard of reliability, nor has the rest of the municipality a say.
        ("town", "share"): (20, 0.2, False, True, None),
        ("town", "mean"): (20, 2.5, False, None, None),
        ("here", "share"): (None, None, True, None, None),
    }
    sizes = {row["area_id"]: row["n_respondents"] for row in internal.domains.to_dicts()}
    assert sizes == {"town": 20, "here": None}
    assert internal.coverage["n_opened"].to_list() == [7]
    assert internal.left_out["n_respondents"].to_list() == [3]
    assert internal.representativeness["max_bias"].to_list() == [0.0301]


def test_internal_comparisons_rest_on_the_public_base(internal: Publishable) -> None:
    # Or a verdict would stand in one edition, on numbers that the other calls too few.
    hidden = {row["kind"]: row["is_suppressed"] for row in internal.comparisons.to_dicts()}
    assert hidden == {"rest": False, "norm": True}


def test_no_document_has_a_school(internal: Publishable) -> None:
    assert set(internal.participation["school_id"]) == {"all"}
    valid = {
        (row["grade"], row["gender"]): row["n_valid"] for row in internal.participation.to_dicts()
    }
    assert valid == {("all", "all"): 20, ("g7", "all"): None, ("g8", "all"): 20,
                     ("all", "girl"): None}  # fmt: skip


@pytest.mark.parametrize(
    ("edition", "what", "n_rows", "column"),
    [
        ("public", "estimates", 5, "percent"),
        ("public", "comparisons", 4, "second_percent"),
        ("internal", "estimates", 3, "is_suppressed"),
        ("internal", "comparisons", 2, "n_first"),
    ],
)
def test_tables_hold_the_rows_of_their_edition(
    working_file: duckdb.DuckDBPyConnection, edition: Any, what: str, n_rows: int, column: str
) -> None:
    rows = read_rows(working_file, POLICY, edition, what)
    assert rows.height == n_rows
    assert column in rows.columns


def test_small_schools_are_hidden_from_those_who_plan_the_fieldwork_too(
    working_file: duckdb.DuckDBPyConnection,
) -> None:
    found = read_school_participation(working_file, POLICY)
    schools = found.groups.filter(grade="all", gender="all")
    assert {row["school_id"]: row["n_enrolled"] for row in schools.to_dicts()} == {
        "all": 60, "A": 40, "B": None
    }  # fmt: skip
    # By the group of that one variable: school A's few pupils of grade 8 hide neither of the two.
    partials = {row["category"]: row["indicator"] for row in found.partials.to_dicts()}
    assert partials == {
        "A": 0.1, "B": None, "g7": None, "g8": 0.4, "girl": None, "unknown": 0.6
    }  # fmt: skip
    margins = {row["category"]: row["total"] for row in found.raking_margins.to_dicts()}
    assert margins == {"A": 40, "B": None}
    assert found.raking["n_rounds"].to_list() == [4]
    assert found.representativeness["max_bias"].to_list() == [0.0301]
