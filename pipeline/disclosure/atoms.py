"""The people of a wave by what no figure tells apart any further: the unknowns of its tables."""

from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import block_diag, csr_array, eye_array, hstack, vstack

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

GROUP = ["area_id", "cell_grade", "cell_gender"]
DOMAIN = ["part", "area_id", "grade", "gender"]
"""Key of a domain. ``part``: ``area``; ``rest``, everyone in the municipality outside of it;
``placed``, those of the municipality whose area in it is known."""


class Crowd(NamedTuple):
    """One wave's groups, and the domains that are sums of them. Shapes: g groups, d domains."""

    groups: pl.DataFrame
    """Shape (g,): sums of ``totals.cell`` over sampling units, one row per ``GROUP``, those
    without anybody among them."""

    domains: pl.DataFrame
    """Shape (d,): ``DOMAIN``, with the row's number as number."""

    holds: csr_array
    """(d, g), 0 or 1: the groups that each domain holds."""


COUNTS = {
    "k": (True, False, False),
    "others": (False, True, False),
    "n": (True, True, False),
    "respondents": (True, True, True),
}
"""Which of a group's atoms make up a count: the flagged, the others, those without a value."""


def crowd_of(cells: pl.DataFrame, ancestors: pl.DataFrame, root_area: str) -> Crowd:
    """The groups and domains of one wave.

    Args:
        cells: ``totals.cell`` of the wave.
        ancestors: ``ref.area_ancestor`` of the wave.
        root_area: the municipality.
    """
    sums = cells.group_by(GROUP).agg(pl.col("^(n|w|wy)_.*$").cast(pl.Float64).sum())
    groups = (
        # An empty group is an unknown like others: a reader does not know that it is empty.
        _every_group(sums)
        .join(sums, on=GROUP, how="left")
        .with_columns(pl.col(pl.Float64).fill_null(0.0))
        .sort(GROUP)
        .with_row_index("group")
    )
    own = groups.select("group", *GROUP)
    placed = own.join(ancestors.select("area_id", "ancestor_id"), on="area_id")
    known = own.filter(pl.col("area_id") != root_area)
    members = pl.concat(
        [
            _members(placed.with_columns(area_id="ancestor_id"), "area"),
            _members(known.with_columns(area_id=pl.lit(root_area)), "placed"),
        ]
    )
    domains = members.select(DOMAIN).unique().sort(DOMAIN).with_row_index("number")
    places = members.join(domains, on=DOMAIN)
    holds = csr_array(
        (np.ones(places.height), (places["number"].to_numpy(), places["group"].to_numpy())),
        shape=(domains.height, groups.height),
    )
    domains, holds = _with_rests(domains, holds, root_area)
    return Crowd(groups, domains, holds)


def _every_group(groups: pl.DataFrame) -> pl.DataFrame:
    """Each area by each grade and gender of anyone in the wave."""
    area, grade, gender = (groups.select(name).unique() for name in GROUP)
    return area.join(grade, how="cross").join(gender, how="cross")


def _members(placed: pl.DataFrame, part: str) -> pl.DataFrame:
    """One row per group and domain that it belongs to."""
    grade, gender = pl.col("cell_grade"), pl.col("cell_gender")
    return pl.concat(
        placed.select(
            "group",
            "area_id",
            part=pl.lit(part),
            grade=pl.lit("all") if in_all_grades else grade,
            gender=pl.lit("all") if in_all_genders else gender,
        )
        for in_all_grades in (True, False)
        for in_all_genders in (True, False)
        # Who has no known grade or gender is in no domain of one.
    ).filter(pl.col("grade") != "", pl.col("gender") != "")


def _with_rests(
    domains: pl.DataFrame, holds: csr_array, root_area: str
) -> tuple[pl.DataFrame, csr_array]:
    """The domains, and after them the rest of the municipality beside each area."""
    is_root = pl.col("area_id") == root_area
    areas = domains.filter(~is_root, part="area")
    roots = domains.filter(is_root, part="area").select("grade", "gender", root="number")
    pairs = areas.join(roots, on=["grade", "gender"], maintain_order="left")
    rests = csr_array(holds[pairs["root"].to_numpy()] - holds[pairs["number"].to_numpy()])
    rests.eliminate_zeros()
    both = pl.concat(
        [domains.drop("number"), pairs.select(DOMAIN).with_columns(part=pl.lit("rest"))]
    )
    return both.with_row_index("number"), csr_array(vstack([holds, rests], format="csr"))


class Unknowns(NamedTuple):
    """What nobody outside knows of a wave's groups, u of them for each kind of answer."""

    holds: csr_array
    """(d, u), 0 or 1: the unknowns that each domain is the sum of."""

    pool: csr_array
    """(g, u), 0 or 1: the unknowns that each group is counted in."""

    balance: csr_array
    """(b, u) of 1 and -1: sums that are 0, since the same pupils are counted twice."""


def unknowns_of(crowd: Crowd, *, is_crossed: bool) -> Unknowns:
    """The unknowns of a wave: its groups, unless fewer do.

    Where nothing is published of a grade and a gender at once, they are the pupils of an area by
    grade and, once more, by gender. Nothing is lost by that: counts by grade and counts by gender
    that have the same sum always are those of some groups. There are less than half as many.
    """
    n_groups = crowd.groups.height
    if is_crossed:
        return Unknowns(crowd.holds, csr_array(eye_array(n_groups)), csr_array((0, n_groups)))
    by_grade, by_gender = (
        _pooled(crowd.groups.select("area_id", name)) for name in ("cell_grade", "cell_gender")
    )
    is_of_gender = (crowd.domains["gender"] != "all").to_numpy().astype(float)[:, None]
    parts = (
        (crowd.holds.multiply(1 - is_of_gender) @ by_grade) > 0,
        (crowd.holds.multiply(is_of_gender) @ by_gender) > 0,
    )
    in_area = _pooled(crowd.groups.select("area_id"))
    balances = ((in_area.T @ by_grade) > 0).astype(int), ((in_area.T @ by_gender) > 0).astype(int)
    return Unknowns(
        csr_array(hstack(parts, format="csr"), dtype=float),
        csr_array(hstack([by_grade, by_gender], format="csr")),
        csr_array(hstack([balances[0], -balances[1]], format="csr")),
    )


def _pooled(keys: pl.DataFrame) -> csr_array:
    """(g, number of different keys), 1 where a group has the key."""
    number = keys.select(pl.struct(pl.all()).rank("dense")).to_series().to_numpy() - 1
    places = (np.arange(keys.height), number)
    return csr_array((np.ones(keys.height), places), shape=(keys.height, int(number.max()) + 1))


def atoms_of(unknowns: Unknowns) -> dict[str, csr_array]:
    """The atoms of every domain's counts, (d, 3 u) each: the same for all measures."""
    holds, none = unknowns.holds, csr_array(unknowns.holds.shape)
    return {
        what: csr_array(hstack([holds if is_in else none for is_in in atoms], format="csr"))
        for what, atoms in COUNTS.items()
    }


def balances_of(unknowns: Unknowns) -> csr_array:
    """The same sums for each kind of answer, (3 b, 3 u)."""
    return csr_array(block_diag([unknowns.balance] * 3, format="csr"))


def everyone_of(crowd: Crowd, unknowns: Unknowns) -> Floats:
    """How many each atom holds where nobody is asked for a value, shape (3 u,)."""
    everyone = unknowns.pool.T @ crowd.groups["n_respondents"].to_numpy().astype(np.float64)
    nobody = np.zeros_like(everyone)
    return np.concatenate([nobody, nobody, everyone])
