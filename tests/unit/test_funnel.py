"""Where areas lie among those of their size."""

import numpy as np
import pytest

from pipeline.analysis.comparison.verdicts import funnel_limits
from tests.unit.made_comparisons import Counts, compare, only_row


def spread_out(share_here: tuple[int, ...], *, weight: float = 1) -> Counts:
    """An area with two in each of six classes of ten, the others elsewhere."""
    counts = Counts()
    for n, here in enumerate(share_here):
        elsewhere = (0, 1, 4, 8, 3, 2)[n]
        psus = {str(n): (2, here)}
        counts.add(2025, "here", psus, weight=weight)
        counts.add(2025, "there", {str(n): (8, elsewhere)}, weight=weight)
    return counts


def test_an_area_takes_the_likeness_of_classes_from_all_and_their_size_from_itself() -> None:
    counts = spread_out((0, 1, 1, 2, 1, 0))
    row = only_row(compare(counts), area_id="here", kind="rest")
    n_flagged = [0, 2, 5, 10, 4, 2]
    p = sum(n_flagged) / 60
    variance = 6 / 5 * sum((y - p * 10) ** 2 for y in n_flagged) / 60**2
    deff = variance / (p * (1 - p) / 59)
    # Two of a class live here, ten go to it.
    of_area = 1 + (2 - 1) * (deff - 1) / (10 - 1)
    limits = funnel_limits(*(np.array([each]) for each in (p, 12.0, of_area)))
    assert row["funnel_target"] == pytest.approx(p)
    assert [
        row[f"funnel_{name}"] for name in ("lower_95", "upper_95", "lower_998", "upper_998")
    ] == pytest.approx([float(each[0]) for each in limits])
    assert row["funnel"] == "within"


def test_with_weights_the_whole_design_effect_is_kept() -> None:
    light = only_row(compare(spread_out((0, 1, 1, 2, 1, 0))), area_id="here", kind="rest")
    heavy = only_row(compare(spread_out((0, 1, 1, 2, 1, 0), weight=2)), area_id="here", kind="rest")
    assert heavy["funnel_target"] == light["funnel_target"]
    assert heavy["funnel_upper_95"] > light["funnel_upper_95"]


def test_where_everyone_is_a_unit_there_is_no_likeness_to_take() -> None:
    counts = Counts()
    for area, size in (("here", 20), ("there", 60)):
        counts.add(2025, area, {f"{area} {n}": (1, int(n % 3 == 0)) for n in range(size)})
    row = only_row(compare(counts), area_id="here", kind="rest")
    # A simple random sample: limits of twenty respondents.
    limits = funnel_limits(*(np.array([each]) for each in (27 / 80, 20.0, 1.0)))
    assert row["funnel_lower_95"] == pytest.approx(float(limits.lower_95[0]))
    assert row["funnel_upper_998"] == pytest.approx(float(limits.upper_998[0]))


@pytest.mark.parametrize(
    ("n_flagged", "place"),
    [((0,) * 6, "outside_95"), ((1,) * 6, "within"), ((2,) * 6, "outside_998")],
)
def test_where_an_area_lies(n_flagged: tuple[int, ...], place: str) -> None:
    counts = Counts()
    for n, here in enumerate(n_flagged):
        counts.add(2025, "here", {str(n): (2, here)})
        counts.add(2025, "there", {str(n): (100, 35 + n)})
    row = only_row(compare(counts), area_id="here", kind="rest")
    assert row["funnel"] == place


def test_the_funnel_is_of_areas_and_the_rest_alone() -> None:
    rows = compare(spread_out((0, 1, 1, 2, 1, 0)).add(2025, "here", {"0": (20, 5)}, gender="boy"))
    assert set(rows.filter(kind="gender")["funnel"]) <= {None}
    assert rows.filter(kind="rest", grade="all", gender="all")["funnel"].null_count() == 0
