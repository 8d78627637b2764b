"""What a policy names must be there."""

from collections.abc import Sequence
from typing import Any

from pipeline.definitions.policy import Policy
from pipeline.definitions.policy_fit import policy_misfits
from tests.made_definitions import ONE_TO_FOUR, made_catalogue, made_instrument, made_outcome

INSTRUMENT = made_instrument({"drank": ONE_TO_FOUR})
CATALOGUE = made_catalogue(
    INSTRUMENT, outcomes=[made_outcome("drunk", {"drank": (4,)})], genders=["girl", "boy"]
)
OVERRIDE = {"rule": "hide", "reason": "x", "decided_by": "Head", "decided_on": "2025-11-10"}


def misfits(
    public: dict[str, Any], *overrides: dict[str, Any], **research: Sequence[object]
) -> list[str]:
    policy = Policy.model_validate(
        {
            "editions": {"public": public, "research": research},
            "overrides": [OVERRIDE | each for each in overrides],
            "source": "made up",
        }
    )
    return list(policy_misfits(CATALOGUE._replace(policy=policy)))


def test_a_policy_that_fits() -> None:
    area = CATALOGUE.areas.areas[0].id
    assert misfits({}) == []
    assert misfits({"genders": ["girl"]}, {"area": area}, {"measure": "drunk"}) == []
    assert misfits({}, sensitive=("drunk",)) == []


def test_what_the_site_does_not_have_is_named_with_its_place() -> None:
    assert misfits({"genders": ["girl", "girls"]}) == [
        "policy.yml: editions.public.genders: 'girls' is not defined; nearest is 'girl'"
    ]
    assert misfits({}, {"measure": "drunk"}, {"measure": "drunkk", "area": "nowhere_at_all"}) == [
        "policy.yml: overrides, number 2.area: 'nowhere_at_all' is not defined",
        "policy.yml: overrides, number 2.measure: 'drunkk' is not defined; nearest is 'drunk'",
    ]
    assert misfits({}, sensitive=("drunk", "drugs")) == [
        "policy.yml: editions.research.sensitive: 'drugs' is not defined; nearest is 'drunk'"
    ]
    for key, name in (("quasi_identifiers", "town"), ("left_out", "drunken"), ("levels", "school")):
        [line] = misfits({}, **{key: (name,)})
        assert line.startswith(f"policy.yml: editions.research.{key}: {name!r} is not defined")
    bands = [{"id": "all", "label": {"sv": "x", "en": "x"}, "grades": ["g1", "g2"]}]
    lines = misfits({}, grade_bands=bands)
    assert lines[0].startswith("policy.yml: editions.research.grade_bands: 'g1' is not defined")
