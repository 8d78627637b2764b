"""Limits of disclosure control in code: no site can lower them."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple


class Floor(NamedTuple):
    """A limit in code."""

    key: str
    """Where the value stands in ``policy.yml``, below ``editions``."""

    limit: float
    is_highest: bool
    """True: the value may not be above ``limit``; false: not below."""

    source: str


FLOORS = (
    Floor(
        "internal.min_base",
        10,
        False,
        "ACRO's threshold; ABS DataLab's rule of 10; Skolverket shows no group under 10",
    ),
    Floor(
        "public.min_base",
        10,
        False,
        "ACRO's threshold; ABS DataLab's rule of 10; Skolverket shows no group under 10",
    ),
    Floor(
        "public.min_count",
        5,
        False,
        "NCHS hides counts and complements of 1 to 4 (CDCgov/surveytable)",
    ),
    Floor(
        "public.min_count_sensitive",
        8,
        False,
        "OpenSAFELY and NHS Digital hide counts of 1 to 7",
    ),
    Floor("public.extreme_code.below", 5, False, "Washington DOH codes 0 to 5 %"),
    Floor("public.extreme_code.above", 95, True, "Washington DOH codes 95 to 100 %"),
    Floor(
        "public.extreme_code.min_base",
        100,
        False,
        "project_choice: below 5 % of fewer than 100 says 0 to 4 respondents",
    ),
    Floor(
        "public.k_coalition",
        1,
        False,
        "Lupp and Langsrud: a respondent can subtract themselves (GaussSuppression)",
    ),
    Floor(
        "public.round_counts",
        5,
        False,
        "OpenSAFELY, NHS Digital: counts to the nearest 5; docs/disclosure.md: why not less",
    ),
    Floor(
        "public.min_interval",
        5,
        False,
        "project_choice: what rounding to 5 leaves open of a count",
    ),
    Floor("public.min_difference", 10, False, "ABS DataLab: no differences of less than ten"),
    Floor("public.min_changed", 10, False, "ABS DataLab: no differences of less than ten"),
    Floor("research.k", 3, False, "Eurostat handbook: a minimum frequency of usually 3"),
    Floor(
        "research.l",
        2,
        False,
        "Machanavajjhala et al. 2007: a class with one value gives it away for all in it",
    ),
)
"""What no ``policy.yml``, override or option can go past."""


def past_floors(stated: Mapping[str, Any]) -> list[str]:
    """A line for each value that goes past its floor, with value, floor and source.

    Args:
        stated: values by place; a floor holds for every place that ends in its key.
    """
    return [line for floor in FLOORS for line in _past(floor, stated)]


def _past(floor: Floor, stated: Mapping[str, Any]) -> Iterator[str]:
    for place, value in stated.items():
        if value is None or not place.endswith(f".{floor.key}"):
            continue
        if value > floor.limit if floor.is_highest else value < floor.limit:
            side = "above the highest" if floor.is_highest else "below the floor"
            yield f"  {place}: is {value}, {side} {floor.limit:g} ({floor.source})"
