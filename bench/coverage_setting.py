"""What is simulated to see how often intervals of small areas hold the true share."""

from dataclasses import dataclass
from itertools import product
from typing import Literal, NamedTuple

AREA_SIZES = (15, 20, 30, 40, 60)
"""Pupils of an area who answered."""

SCHOOLS_OF_AREA = (1, 2, 3, 4)
"""Schools they go to, as evenly as can be."""

SHARES = (0.02, 0.05, 0.10, 0.25, 0.50)

CORRELATIONS = (0.01, 0.02, 0.05)
"""Correlation of two pupils of a school. project_choice, within what has been found: 0.01 to 0.21
for substance use and 0.01 to 0.07 for depressed mood and self-esteem, between schools within 21
European countries (Shackleton et al. 2016, SSM - Population Health 2, 217-225)."""

HIGH_CORRELATIONS = (0.10, 0.20)

OTHERS_OF_SCHOOL = 20
"""Pupils of each school who live in none of the areas."""


class AreaOfSchools(NamedTuple):
    """One area: its pupils by school."""

    n: int
    takes: dict[int, int]
    """Pupils who answered, by number of the school."""

    @property
    def area_id(self) -> str:
        """E.g. ``n15_in_2``."""
        return f"n{self.n}_in_{len(self.takes)}"


@dataclass(frozen=True)
class Setting:
    """One municipality, simulated many times."""

    label: str
    n_schools: int = 16
    correlations: tuple[float, ...] = CORRELATIONS
    effects: Literal["beta", "logit_normal"] = "beta"
    """Distribution of a school's own share around the true one."""

    weights: tuple[float, float] = (1.0, 1.0)
    """Weights of one half of the pupils of each school and area, and of the other."""

    interval: Literal["logit", "korn_graubard", "wilson"] = "logit"
    replications: int = 2000
    has_own: bool = False
    """Whether the intervals that rest on an area's own schools are counted as well."""

    sizes: tuple[int, ...] = AREA_SIZES
    shares: tuple[float, ...] = SHARES

    def areas(self) -> tuple[AreaOfSchools, ...]:
        """The areas, their schools going round so that all have about as many pupils."""
        areas, first = [], 0
        for n, n_schools in product(self.sizes, SCHOOLS_OF_AREA):
            each, left_over = divmod(n, n_schools)
            takes = {
                (first + number) % self.n_schools: each + (number < left_over)
                for number in range(n_schools)
            }
            areas.append(AreaOfSchools(n, takes))
            first += n_schools
        return tuple(areas)


MAIN = Setting("16 schools, logit intervals", replications=4000, has_own=True)

OTHERS = (
    Setting("16 schools, Korn-Graubard intervals", interval="korn_graubard"),
    Setting("16 schools, Wilson intervals", interval="wilson"),
    Setting("6 schools, logit intervals", n_schools=6),
    Setting("12 schools, logit intervals", n_schools=12),
    Setting("20 schools, logit intervals", n_schools=20),
    Setting("16 schools, normal on the logit scale", effects="logit_normal"),
    Setting("16 schools, weights of 0.6 and 1.4", weights=(0.6, 1.4)),
    Setting("16 schools, correlations of 0.10 and 0.20", correlations=HIGH_CORRELATIONS),
)
