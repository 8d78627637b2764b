"""What published rows are about."""

import polars as pl
import pytest

from pipeline.definitions.policy import Policy, PublicEdition
from pipeline.disclosure.published_reference import policy_rows, wave_rows
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
    assert wave_rows(groups, ANCESTORS, public, "town").rows() == [(2025, *holds)]


def test_without_a_list_every_gender_is_published() -> None:
    groups = pl.DataFrame([("here", "g8", "other")], ["area_id", "cell_grade", "cell_gender"],
                          orient="row").with_columns(wave=2025)  # fmt: skip
    [row] = wave_rows(groups, ANCESTORS, PublicEdition(), "town").to_dicts()
    assert row["genders_hold_all"]


def test_the_rules_are_published_as_words() -> None:
    rows = dict(policy_rows(Policy(source="made up")).rows())
    assert rows["public.genders"] == "all"
    assert rows["public.min_base"] == "30"
    assert rows["public.sensitive_tags"] == "drugs, crime, mental_health, sexual"
