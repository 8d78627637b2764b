"""Whether the order of rows tells what their cells do not."""

from itertools import pairwise

import numpy as np
import polars as pl

from pipeline.attack.columns import KEY, SYSTEM
from pipeline.attack.figures import Finding
from pipeline.attack.names import Names


def order_findings(
    rows: pl.DataFrame, roles: dict[str, str | None], names: Names, where: str
) -> list[Finding]:
    """Findings if rows stand in an order that neither keys nor printed figures explain.

    An order is explained if rows follow each other by their keys, whichever key goes first, each
    in one order for the whole table (alphabetical or that of the release's own lists); or if
    within the groups of the other keys they follow a printed figure, ties by their key.
    """
    keys = [name for name, role in roles.items() if role == KEY and rows[name].n_unique() > 1]
    if rows.height < 3 or not keys:
        return []
    figures = [name for name, role in roles.items() if role in SYSTEM]
    # "all" comes before its parts, or after them.
    for is_all_first in (True, False):
        ranked = rows.select(_rank(rows, name, names, is_all_first=is_all_first) for name in keys)
        if _is_nested(ranked, keys) or any(
            _follows_figure(rows, ranked, keys, figure) for figure in figures
        ):
            return []
    says = "rows stand in an order that neither their keys nor their printed figures explain"
    return [Finding("order", says, where)]


def _rank(rows: pl.DataFrame, name: str, names: Names, *, is_all_first: bool) -> pl.Series:
    """Places of a key's codes: as they first occur, if that is an order known from elsewhere."""
    seen = [str(code) for code in rows[name].unique(maintain_order=True).drop_nulls()]
    lists = {"area_id": names.area_ids, "measure_id": names.measure_ids}
    known = [code for code in lists.get(name, ()) if code in set(seen)]
    order = known if seen == known else sorted(seen)
    if "all" in order:
        parts = [code for code in order if code != "all"]
        order = ["all", *parts] if is_all_first else [*parts, "all"]
    places = {code: place for place, code in enumerate(order)}
    return rows[name].replace_strict(places, default=-1, return_dtype=pl.Int64).alias(name)


def _is_nested(ranked: pl.DataFrame, keys: list[str]) -> bool:
    """Whether rows are sorted by all keys, in any order of the keys.

    Of several keys that are sorted within the groups so far, any may go next: the others stay
    sorted within the smaller groups.
    """
    steps = {name: np.diff(ranked[name].to_numpy()) for name in keys}
    is_new_group = np.zeros(ranked.height - 1, dtype=np.bool_)
    while steps:
        sorted_ones = [name for name, step in steps.items() if (step[~is_new_group] >= 0).all()]
        if not sorted_ones:
            return False
        for name in sorted_ones:
            is_new_group |= steps.pop(name) != 0
    return True


def _follows_figure(rows: pl.DataFrame, ranked: pl.DataFrame, keys: list[str], name: str) -> bool:
    """Whether rows of each group follow one figure, those without one last and by their key."""
    innermost = max(keys, key=lambda key: int((ranked[key].diff() != 0).sum()))
    outer = [key for key in keys if key != innermost]
    value = rows[name].cast(pl.Float64, strict=False)
    groups = ranked.select(outer).rows() if outer else [()] * rows.height
    places = ranked[innermost].to_list()
    for sign in (1, -1):
        steps = [
            (*group, number is None, sign * (number or 0), place)
            for group, number, place in zip(groups, value, places, strict=True)
        ]
        if all(first <= second for first, second in pairwise(steps)):
            return True
    return False
