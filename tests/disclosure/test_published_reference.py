"""What published rows are about."""

import polars as pl
import pytest

from pipeline.definitions.areas import Area
from pipeline.definitions.part import Label
from pipeline.definitions.policy import Policy, PublicEdition
from pipeline.definitions.wave import Columns
from pipeline.disclosure.published_reference import area_rows, measure_rows, policy_rows, wave_rows
from tests.made_definitions import (
    MADE_UP,
    ONE_TO_FOUR,
    made_catalogue,
    made_factor,
    made_instrument,
    made_outcome,
    made_wave,
)
from tests.tables import table

ANCESTORS = table(
    """
    area_id | ancestor_id
    town    | town
    north   | north
    north   | town
    here    | here
    here    | north
    here    | town
    """
)
EVERYONE = ("here", "g8", "girl")


@pytest.mark.parametrize(
    ("group", "holds"),
    [
        (EVERYONE, (True, True, True, True)),
        (("here", "", "girl"), (False, True, True, True)),
        (("here", "g8", ""), (True, False, True, True)),
        (("here", "g8", "other"), (True, False, True, True)),
        (("town", "g8", "boy"), (True, True, False, True)),
        (("north", "g8", "boy"), (True, True, True, False)),
    ],
)
def test_a_wave_says_whether_its_groups_hold_everyone(
    group: tuple[str, str, str], holds: tuple[bool, ...]
) -> None:
    columns = ["area_id", "cell_grade", "cell_gender"]
    groups = pl.DataFrame([EVERYONE, group], columns, orient="row").with_columns(wave=2025)
    public = PublicEdition(genders=("girl", "boy"))
    assert wave_rows(groups, ANCESTORS, public, "town").rows() == [(2025, *holds, False)]


def test_without_a_list_every_gender_is_published() -> None:
    groups = pl.DataFrame([("here", "g8", "other")], ["area_id", "cell_grade", "cell_gender"],
                          orient="row").with_columns(wave=2025)  # fmt: skip
    [row] = wave_rows(groups, ANCESTORS, PublicEdition(), "town", [2025]).to_dicts()
    assert row["genders_hold_all"]
    assert row["is_weighted"]


def test_the_rules_are_published_as_words() -> None:
    rows = dict(policy_rows(Policy(source="made up")).rows())
    assert rows["public.genders"] == "all"
    assert rows["public.min_base"] == "30"
    assert rows["public.sensitive_tags"] == "drugs, crime, mental_health, sexual"


def test_areas_lie_where_they_lay_in_each_wave() -> None:
    lies_in = [
        {"area": "everywhere", "valid_to": "2024-12-31", "source": MADE_UP},
        {"area": "hill", "valid_from": "2025-01-01", "source": MADE_UP},
    ]
    parts = [
        Area.model_validate({"id": "hill", "label": "The hill", "level": "place"}),
        Area.model_validate(
            {"id": "mill", "label": "The mill", "level": "place",
             "lies_in": [each | {"status": "sample_data"} for each in lies_in]}
        ),
    ]  # fmt: skip
    made = made_catalogue(
        made_instrument({"a": ONE_TO_FOUR}),
        outcomes=[made_outcome("drank", {"a": (1,)})],
        areas=parts,
        waves=[made_wave(Columns(respondent="id"), year=year) for year in (2023, 2025)],
    )
    rows = area_rows(made)
    assert rows.columns == ["wave", "area_id", "label", "level", "parent_id"]
    mill = ("mill", "The mill", "place")
    assert rows.filter(area_id="mill").rows() == [
        (2023, *mill, "everywhere"), (2025, *mill, "hill")
    ]  # fmt: skip
    assert rows.filter(area_id="hill")["parent_id"].to_list() == [None, None]
    assert rows.height == 6


def test_measures_are_told_with_their_kind_and_whether_they_are_sensitive() -> None:
    label = Label(sv="Stulit", en="Stole")
    stole = made_outcome("stole", {"a": (1,)}).model_copy(
        update={"label": label, "tags": ("crime",)}
    )
    factors = [made_factor("risk", ["a"]), made_factor("guard", ["a"], is_protective=True)]
    made = made_catalogue(made_instrument({"a": ONE_TO_FOUR}), factors=factors, outcomes=[stole])
    rows = measure_rows(made)
    assert rows.columns == ["measure_id", "label_sv", "label_en", "kind", "is_sensitive"]
    assert rows.rows() == [
        ("risk", "text", "text", "risk", False),
        ("guard", "text", "text", "protective", False),
        ("stole", "Stulit", "Stole", "outcome", True),
    ]
