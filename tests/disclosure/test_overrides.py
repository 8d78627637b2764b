"""Thresholds of each cell: those of the policy, but where a decision differs."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.policy import Editions, Override, Policy, PublicEdition
from pipeline.disclosure.overrides import override_rows, sensitive_measures, with_overrides
from tests.made_definitions import (
    MADE_UP,
    ONE_TO_FOUR,
    made_catalogue,
    made_factor,
    made_instrument,
    made_outcome,
)
from tests.tables import table

PUBLIC = PublicEdition(min_base=40, min_schools=2, min_count=9, min_count_sensitive=12)
CELLS = """
    area_id | measure_id
    here    | drank
    here    | stole
    there   | drank
    there   | stole
    """


def catalogue(*overrides: Override) -> Catalogue:
    """Stealing is sensitive; so is one of the scales."""
    stole = made_outcome("stole", {"a": (1,)}).model_copy(update={"tags": ("crime", "school")})
    lonely = made_factor("lonely", ["a"]).model_copy(update={"tags": ("mental_health",)})
    made = made_catalogue(
        made_instrument({"a": ONE_TO_FOUR}),
        outcomes=[made_outcome("drank", {"a": (2,)}), stole],
        factors=[lonely, made_factor("liked", ["a"])],
    )
    editions = Editions(public=PUBLIC)
    return made._replace(policy=Policy(editions=editions, overrides=overrides, source=MADE_UP))


def decided(rule: str, value: int | None = None, **about: str) -> Override:
    stated: dict[str, Any] = {
        "rule": rule, "value": value, "reason": "they asked", "decided_by": "head of unit",
        "decided_on": date(2026, 1, 2),
    }  # fmt: skip
    return Override.model_validate(stated | about)


def held(*overrides: Override) -> pl.DataFrame:
    return with_overrides(table(CELLS), catalogue(*overrides))


def test_measures_with_a_sensitive_tag_are_sensitive() -> None:
    assert sensitive_measures(catalogue()) == ["lonely", "stole"]


def test_without_overrides_the_policy_holds() -> None:
    found = held()
    assert found["is_sensitive"].to_list() == [False, True, False, True]
    assert found["min_base"].to_list() == [40] * 4
    assert found["min_schools"].to_list() == [2] * 4
    assert found["min_count"].to_list() == [9, 12, 9, 12]
    assert not found["is_hidden_by_override"].any()


@pytest.mark.parametrize(
    ("override", "column", "expected"),
    [
        (decided("min_base", 60), "min_base", [60] * 4),
        (decided("min_base", 60, area="here"), "min_base", [60, 60, 40, 40]),
        (decided("min_base", 60, measure="stole"), "min_base", [40, 60, 40, 60]),
        (decided("min_base", 60, area="there", measure="stole"), "min_base", [40, 40, 40, 60]),
        (decided("min_schools", 3, area="here"), "min_schools", [3, 3, 2, 2]),
        # Of either sort of measure, and of no other.
        (decided("min_count", 20), "min_count", [20, 12, 20, 12]),
        (decided("min_count_sensitive", 20), "min_count", [9, 20, 9, 20]),
        (decided("hide", area="here"), "is_hidden_by_override", [True, True, False, False]),
        (decided("hide", measure="drank"), "is_hidden_by_override", [True, False, True, False]),
    ],
)
def test_an_override_changes_its_threshold_where_it_is_meant(
    override: Override, column: str, expected: list[int] | list[bool]
) -> None:
    found, usual = held(override), held()
    assert found[column].to_list() == expected
    assert found.drop(column).equals(usual.drop(column))


def test_later_overrides_go_over_earlier_ones_and_what_is_hidden_stays_so() -> None:
    found = held(
        decided("min_base", 60),
        decided("min_base", 80, area="here"),
        decided("hide", area="here", measure="drank"),
        decided("hide", area="there", measure="stole"),
    )
    assert found["min_base"].to_list() == [80, 80, 60, 60]
    assert found["is_hidden_by_override"].to_list() == [True, False, False, True]


def test_every_override_leaves_a_line_with_what_it_replaces() -> None:
    overrides = (
        decided("min_base", 60, area="here"),
        decided("min_base", 40, area="there"),
        decided("min_count", 8, measure="drank"),
        decided("hide", measure="stole"),
    )
    rows = override_rows(catalogue(*overrides).policy)
    assert rows.columns == [
        "number", "rule", "area_id", "measure_id", "default", "value", "direction", "reason",
        "decided_by", "decided_on",
    ]  # fmt: skip
    why = ("they asked", "head of unit", date(2026, 1, 2))
    assert rows.rows() == [
        (1, "min_base", "here", None, 40, 60, "tightened", *why),
        (2, "min_base", "there", None, 40, 40, "unchanged", *why),
        (3, "min_count", None, "drank", 9, 8, "relaxed", *why),
        (4, "hide", None, "stole", None, None, "tightened", *why),
    ]
