"""Numbers as they are printed, with how precisely."""

import re
from typing import NamedTuple

SUPPRESSED = ".."
"""The sign of a figure that is hidden."""

_SPACES = "\u00a0\u202f\u2009"
_NUMBER = re.compile(rf"(?:(?<!\w)-|−)?(?:\d{{1,3}}(?:[{_SPACES}]\d{{3}})+(?!\d)|\d+(?:[.,]\d+)?)")


class Printed(NamedTuple):
    """A number and how many decimals it was printed with."""

    value: float
    decimals: int

    @property
    def low(self) -> float:
        """The least number that is printed so."""
        return self.value - 0.5 * 10.0**-self.decimals

    @property
    def high(self) -> float:
        """The greatest."""
        return self.value + 0.5 * 10.0**-self.decimals


def numbers_in(text: str) -> list[Printed]:
    """All numbers of a text: decimal comma or point, thousands set apart by spaces."""
    return [_printed(match.group()) for match in _NUMBER.finditer(text.replace("\u00ad", ""))]


def _printed(text: str) -> Printed:
    plain = re.sub(rf"[{_SPACES}]", "", text).replace("−", "-").replace(",", ".")
    _, _, decimals = plain.partition(".")
    return Printed(float(plain), len(decimals))
