"""From estimates to protected cells: which groups are published, and what goes together."""

from itertools import product
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipeline import warehouse
from pipeline.definitions.areas import Area
from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.policy import Editions, Policy, PublicEdition
from pipeline.definitions.wave import Columns
from pipeline.disclosure.cells import CELL, RESPONDENTS
from pipeline.disclosure.protect import protected_cells
from tests.made_definitions import (
    MADE_UP,
    ONE_TO_FOUR,
    made_catalogue,
    made_instrument,
    made_outcome,
    made_wave,
)

PARTS = ("north", "south", "east")
GRADES, GENDERS = ("g7", "g8"), ("girl", "boy", "other")
Crowd = dict[tuple[str, str, str], tuple[int, int]]
"""Respondents and the flagged among them by area, grade and gender."""

USUAL: Crowd = dict.fromkeys(product(PARTS, GRADES, ("girl", "boy")), (100, 40))


def catalogue(**public: Any) -> Catalogue:
    """A municipality of three areas, with the defaults but for what is given."""
    areas = [
        Area.model_validate(
            {
                "id": name, "label": name, "level": "place",
                "lies_in": [{"area": "everywhere", "source": MADE_UP, "status": "sample_data"}],
            }
        )
        for name in PARTS
    ]  # fmt: skip
    made = made_catalogue(
        made_instrument({"a": ONE_TO_FOUR}),
        outcomes=[made_outcome("drank", {"a": (1,)})],
        grades=GRADES,
        genders=GENDERS,
        areas=areas,
        waves=[made_wave(Columns(respondent="id"))],
    )
    editions = Editions(public=PublicEdition(**public))
    [whole, *parts] = made.areas.areas
    lower = [each.model_copy(update={"level": "part"}) for each in parts]
    made = made._replace(areas=made.areas.model_copy(update={"areas": (whole, *lower)}))
    return made._replace(policy=Policy(editions=editions, source=MADE_UP))


def estimates(crowd: Crowd, effective: float) -> pl.DataFrame:
    """Every domain of a crowd, counted; the variance is that of so many of a hundred."""
    groups = pl.DataFrame(
        [(*key, *counts) for key, counts in crowd.items()],
        ["area_id", "grade", "gender", "n", "k"],
        orient="row",
    )
    whole = pl.concat([groups, groups.with_columns(area_id=pl.lit("everywhere"))])
    domains = pl.concat(
        whole.with_columns(
            grade=pl.col("grade") if by_grade else pl.lit("all"),
            gender=pl.col("gender") if by_gender else pl.lit("all"),
        )
        for by_grade, by_gender in product((True, False), repeat=2)
    )
    return (
        domains.group_by("area_id", "grade", "gender")
        .agg(pl.col("n", "k").sum())
        .select(
            "area_id",
            "grade",
            "gender",
            "n",
            wave=pl.lit(2025, pl.Int16),
            measure_id=pl.lit("drank"),
            statistic=pl.lit("share"),
            estimate=pl.col("k") / pl.col("n"),
            interval_basis=pl.lit("own"),
            kg_n_effective=pl.col("n") * effective,
            pooled_n_effective=pl.lit(None, pl.Float64),
            pooled_df=pl.lit(None, pl.Float64),
        )
    )


def protected(
    folder: Path, made: Catalogue, crowd: Crowd, *, effective: float = 1.0
) -> dict[tuple[str, ...], dict[str, Any]]:
    """Cells by part, area, grade, gender and measure."""
    found = estimates(crowd, effective)
    wave = {"wave": pl.lit(2025, pl.Int16)}
    ancestors = [(each, each) for each in ("everywhere", *PARTS)]
    ancestors += [(each, "everywhere") for each in PARTS]
    domains = found.select("wave", "area_id", "grade", "gender", n_respondents="n")
    people = pl.DataFrame(
        [(*key, n, float(n), float(k), n) for key, (n, k) in crowd.items()],
        [
            *("area_id", "cell_grade", "cell_gender"),
            *("n_outcome_drank", "w_outcome_drank", "wy_outcome_drank", "n_respondents"),
        ],
        orient="row",
    ).with_columns(**wave, stratum=pl.lit(1), psu=pl.lit(1), unit=pl.lit(""))
    with warehouse.connect(folder / "site.duckdb") as connection:
        for relation, rows in {
            "ref.area_ancestor": pl.DataFrame(
                ancestors, ["area_id", "ancestor_id"], orient="row"
            ).with_columns(**wave),
            "totals.domain_school": domains.drop("n_respondents").with_columns(n_schools=pl.lit(5)),
            "totals.domain": domains,
            "totals.cell": people,
            "totals.coverage": domains.filter(gender="all", area_id="everywhere").select(
                "wave", "grade", n_placed="n_respondents"
            ),
        }.items():
            warehouse.write(connection, relation, rows)
        comparisons = found.clear().select(
            pl.exclude("statistic"), kind=pl.lit("rest"), second="estimate", n_second="n"
        )
        cells = protected_cells(connection, made, found, comparisons)
    assert cells.select(CELL).is_unique().all()
    # Those that the method page names: every other would be taken for one of theirs, or for none.
    assert {row["reason"] for row in cells.to_dicts()} <= REASONS
    keys = ("part", "area_id", "grade", "gender", "measure_id")
    return {tuple(row[name] for name in keys): row for row in cells.to_dicts()}


def reasons(cells: dict[tuple[str, ...], dict[str, Any]], **of: str) -> dict[tuple[str, ...], str]:
    """Why cells of the measure are hidden, by what is not given of part, area, grade and gender."""
    names = ("part", "area_id", "grade", "gender")
    asked = {"part": "area"} | of
    return {
        tuple(value for name, value in zip(names, key, strict=False) if name not in asked): row[
            "reason"
        ]
        for key, row in cells.items()
        if key[-1] == "drank"
        and all(asked.get(name, value) == value for name, value in zip(names, key, strict=False))
    }


def groups_of(cells: dict[tuple[str, ...], dict[str, Any]], measure: str) -> set[tuple[str, str]]:
    return {(key[2], key[3]) for key in cells if key[-1] == measure}


REASONS = {"", "override", "base", "schools", "count", "complement", "unreliable",
           "complementary", "rest"}  # fmt: skip
ONE_WAY = {("all", "all"), ("g7", "all"), ("g8", "all"), ("all", "girl"), ("all", "boy"),
           ("all", "other")}  # fmt: skip


@pytest.mark.parametrize(
    ("public", "groups"),
    [
        ({}, ONE_WAY),
        ({"genders": ("girl", "boy")}, ONE_WAY - {("all", "other")}),
        ({"crossed_breakdowns": True}, set(product(("all", *GRADES), ("all", *GENDERS)))),
        (
            {"crossed_breakdowns": True, "genders": ("boy",)},
            set(product(("all", *GRADES), ("all", "boy"))),
        ),
    ],
)
def test_the_policy_says_which_groups_there_are(
    tmp_path: Path, public: dict[str, Any], groups: set[tuple[str, str]]
) -> None:
    cells = protected(tmp_path, catalogue(**public), USUAL)
    assert groups_of(cells, "drank") == groups_of(cells, RESPONDENTS) == groups


def test_where_nothing_is_small_nothing_is_hidden(tmp_path: Path) -> None:
    cells = protected(tmp_path, catalogue(genders=("girl", "boy")), USUAL)
    assert {row["reason"] for row in cells.values()} == {""}
    assert not any(row["hides_n"] for row in cells.values())
    north = cells["area", "north", "g7", "all", "drank"]
    assert (north["n"], north["k"], north["percent"]) == (200, 80, 40)
    assert cells["rest", "north", "g7", "all", "drank"]["n"] == 400


def test_what_is_coded_stays_so_unless_it_is_hidden(tmp_path: Path) -> None:
    # Four of 400 in each area, 12 of 1,200 in all.
    crowd = dict.fromkeys(product(PARTS, GRADES, ("girl", "boy")), (100, 1))
    cells = protected(tmp_path, catalogue(genders=("girl", "boy"), max_hidden_share=1.0), crowd)
    codes = {key: each["code"] for key, each in cells.items() if key[-1] == "drank"}
    assert "below" in codes.values()
    assert all(cells[key]["reason"] == "" for key, code in codes.items() if code)


def test_unreliable_figures_of_areas_are_hidden_where_the_policy_says_so(tmp_path: Path) -> None:
    # 400 x 0.06 respondents are fewer than 30; 800 x 0.06 are not.
    made = catalogue(genders=("girl", "boy"), unreliable="hide")
    cells = protected(tmp_path, made, USUAL, effective=0.06)
    whole = reasons(cells, grade="all", gender="all")
    assert whole == {("everywhere",): ""} | dict.fromkeys([(each,) for each in PARTS], "unreliable")
    # What is left of the municipality beside a hidden area is printed nowhere.
    assert set(reasons(cells, part="rest", grade="all", gender="all").values()) == {"rest"}
    marked = catalogue(genders=("girl", "boy"))
    usual = protected(tmp_path, marked, USUAL, effective=0.06)
    assert set(reasons(usual).values()) == {""}
    assert usual["area", "north", "all", "all", "drank"]["is_unreliable"]


def test_a_breakdown_of_which_too_much_is_hidden_is_hidden_whole(tmp_path: Path) -> None:
    # Few boys in the north: one of the six figures by gender below the municipality.
    crowd = USUAL | {("north", grade, "boy"): (14, 6) for grade in GRADES}
    for most, is_whole in ((0.16, True), (1 / 6, False)):
        made = catalogue(genders=("girl", "boy"), max_hidden_share=most)
        cells = protected(tmp_path, made, crowd)
        by_gender = {
            key: reason
            for key, reason in reasons(cells).items()
            if key[2] != "all" and key[0] != "everywhere"
        }
        assert by_gender["north", "all", "boy"] != ""
        assert all(by_gender.values()) == is_whole
        # Nothing is taken of the breakdown by grade.
        assert reasons(cells, area_id="north", gender="all")["g7",] == ""


def test_what_protects_others_may_take_too_much_of_a_breakdown(tmp_path: Path) -> None:
    # Too few girls in one area; what hides their number takes two of six figures by grade along.
    sizes = ((16, 5), (60, 39), (16, 13), (30, 6), (16, 9), (20, 5),
             (12, 9), (30, 12), (16, 10), (40, 13), (40, 32), (30, 25))  # fmt: skip
    crowd = dict(zip(product(PARTS, GRADES, ("girl", "boy")), sizes, strict=True))
    for most, n_hidden in ((2 / 6, 2), (0.2, 6)):
        made = catalogue(genders=("girl", "boy"), max_hidden_share=most)
        found = reasons(protected(tmp_path, made, crowd), gender="all")
        by_grade = [found[area, grade] for area in PARTS for grade in GRADES]
        assert sorted(by_grade) == [""] * (6 - n_hidden) + ["complementary"] * n_hidden
