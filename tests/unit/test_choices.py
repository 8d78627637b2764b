"""Other choices than a site's: what they change, and that they change nothing else."""

from typing import get_args

import pytest

from pipeline.analysis.scoring.choices import Choice, MissingRule, catalogue_under, other_choices
from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.screen import CodeIn, ScreenSet
from tests.made_definitions import (
    LABEL,
    MADE_UP,
    ONE_TO_FOUR,
    made_catalogue,
    made_factor,
    made_instrument,
    made_screens,
)

ASKED = made_instrument(dict.fromkeys("abcde", ONE_TO_FOUR))
FACTORS = [
    made_factor("five", "abcde", min_answered=4),
    made_factor("two_of_three", "aby", min_answered=2),
    made_factor("too_few", "axyz", min_answered=2),
]


def screen(name: str) -> CodeIn:
    return CodeIn(
        id=name,
        kind="code_in",
        label=LABEL,
        source=MADE_UP,
        status="project_choice",
        item="a",
        codes=(1,),
    )


def site(screens: ScreenSet | None) -> Catalogue:
    return made_catalogue(ASKED, factors=FACTORS, screens=screens)


BOTH = made_screens(screen("first"), screen("second"))


@pytest.mark.parametrize(
    ("rule", "least"),
    [("every_item", [5, 2, 2]), ("half_of_items", [3, 1, 2]), ("one_item", [1, 1, 2])],
)
def test_rules_count_the_items_that_were_asked(rule: MissingRule, least: list[int]) -> None:
    # Of the last only one item was asked, where two make a score: no rule gives it one.
    under = catalogue_under(Choice(rule, rule), site(BOTH), ASKED)
    assert [factor.min_answered for factor in under.factors] == least
    assert under == site(BOTH)._replace(factors=under.factors)


def test_every_rule_and_screen_is_a_choice() -> None:
    rules = list(get_args(MissingRule))
    assert [each.id for each in other_choices(site(None))] == rules
    assert [each.id for each in other_choices(site(made_screens(screen("first"))))] == [
        *rules,
        "no_screens",
    ]
    assert [(each.id, each.screens_off) for each in other_choices(site(BOTH))[3:]] == [
        ("no_screens", ("first", "second")),
        ("without_first", ("first",)),
        ("without_second", ("second",)),
    ]


def test_screens_are_turned_off() -> None:
    _, _, _, none, _, without_second = (
        catalogue_under(choice, site(BOTH), ASKED) for choice in other_choices(site(BOTH))
    )
    assert none.screens is None
    assert without_second.screens == made_screens(screen("first"))
    assert none.factors == site(BOTH).factors
