"""The policy: defaults, floors that no site can lower, editions, overrides."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from pipeline.definitions.floors import FLOORS
from pipeline.definitions.policy import Policy, parameters
from pipeline.definitions.reading import load_definition
from pipeline.errors import DisclosureError

OVERRIDE = {"reason": "Made up.", "decided_by": "Head of unit", "decided_on": "2025-01-01"}


def policy(**stated: Any) -> Policy:
    return Policy.model_validate({"source": "made up", **stated})


def past(key: str, value: float) -> dict[str, Any]:
    """``editions`` with one value, e.g. of ``public.extreme_code.below``."""
    stated: Any = value
    for part in reversed(key.split(".")):
        stated = {part: stated}
    return {"editions": stated}


def test_defaults_hold_every_floor() -> None:
    values = parameters(policy())
    assert {floor.key for floor in FLOORS} <= set(values)
    assert (values["public.min_base"], values["public.min_count_sensitive"]) == (30, 10)


@pytest.mark.parametrize("floor", FLOORS, ids=lambda floor: floor.key)
def test_past_a_floor_is_refused_and_at_it_is_not(floor: Any) -> None:
    step = 1 if floor.is_highest else -1
    at_it = past(floor.key, floor.limit)
    if floor.key == "public.min_count_sensitive":
        at_it["editions"]["public"]["min_count"] = 8
    assert parameters(policy(**at_it))[floor.key] == floor.limit
    past_it = past(floor.key, floor.limit + step)
    if floor.key == "public.min_count_sensitive":
        past_it["editions"]["public"]["min_count"] = 7
    with pytest.raises(DisclosureError, match=f"editions.{floor.key}: is .*{floor.source[:20]}"):
        policy(**past_it)


def test_all_values_past_floors_are_named_at_once() -> None:
    with pytest.raises(
        DisclosureError, match=r"internal.min_base: is 9, (?s:.*)round_counts: is 1"
    ):
        policy(editions={"internal": {"min_base": 9}, "public": {"round_counts": 1}})


def test_an_override_may_relax_to_the_floor_and_no_further() -> None:
    override = OVERRIDE | {"rule": "min_count", "area": "somewhere"}
    assert policy(overrides=[override | {"value": 5}]).overrides[0].value == 5
    with pytest.raises(DisclosureError, match=r"number 1\.public\.min_count: is 4, below"):
        policy(overrides=[override | {"value": 4}])


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ({"rule": "min_base"}, "they need one"),
        ({"rule": "hide", "value": 3, "area": "a"}, "value is for thresholds"),
        ({"rule": "hide"}, "neither area nor measure"),
        ({"rule": "min_base", "value": 40, "reason": ""}, "at least 1 character"),
        ({"rule": "round_counts", "value": 5}, "Input should be 'min_base'"),
    ],
)
def test_an_override_that_says_nothing_is_refused(override: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        policy(overrides=[OVERRIDE | override])


def test_sensitive_measures_are_not_protected_less_than_others() -> None:
    with pytest.raises(ValidationError, match="min_count_sensitive is 10, below min_count 12"):
        policy(editions={"public": {"min_count": 12}})


def test_an_unknown_edition_is_refused_by_name() -> None:
    message = (
        r"^policy\.yml: editions\.publik: is unknown; expected one of internal, public, research; "
        r"nearest is 'public'\.$"
    )
    with pytest.raises(DisclosureError, match=message):
        policy(editions={"publik": {"min_base": 30}})


def test_a_file_past_a_floor_is_the_publishers_to_put_right(tmp_path: Path) -> None:
    path = tmp_path / "policy.yml"
    path.write_text("editions: {public: {min_base: 5}}\nsource: made up\n", "utf-8")
    with pytest.raises(DisclosureError, match="min_base: is 5, below the floor 10") as error:
        load_definition(path, Policy)
    assert error.value.exit_code == 4
