"""Publishable comparisons looked up as verdicts, each with what is said beside it."""

import math
from dataclasses import replace

import polars as pl

from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.wave import Wave
from pipeline.documents.comparison_view import Comparison, FunnelArea, Note, Place, Trend, Verdict
from pipeline.documents.view import Figure
from pipeline.documents.wording import whole_percent

Row = dict[str, object]

FUNNEL_LIMITS = ("lower_95", "upper_95", "lower_998", "upper_998")


class Differences:
    """What one area's shares, over grades and genders, are compared with in one wave."""

    def __init__(
        self, comparisons: pl.DataFrame, catalogue: Catalogue, area_id: str, wave: Wave
    ) -> None:
        """Take from ``comparisons`` what a profile of ``area_id`` shows."""
        wanted = comparisons.filter(wave=wave.wave, grade="all", gender="all")
        self._alpha = catalogue.site.design.comparisons.alpha
        self._rows: dict[tuple[object, object], Row] = {
            (row["kind"], row["measure_id"]): row
            for row in wanted.filter(area_id=area_id).iter_rows(named=True)
        }
        is_root = area_id == catalogue.site.root_area
        self._labels = {area.id: area.label for area in catalogue.areas.areas} if is_root else {}
        self._funnels = {
            measure_id: rows.to_dicts()
            for (measure_id,), rows in wanted.filter(
                pl.col("funnel").is_not_null() & is_root, kind="rest"
            ).group_by("measure_id")
        }

    def against(self, kind: str, measure_id: str, area: Figure) -> Comparison:
        """The area's share against the rest of the municipality (``rest``) or the ``norm``.

        Args:
            kind: of the comparison.
            measure_id: a factor's or an outcome's.
            area: its figure in the area.
        """
        row = self._rows.get((kind, measure_id))
        if row is None:
            return Comparison("too_few" if area.state == "too_few" else "not_compared")
        if row["is_suppressed"]:
            return Comparison("too_few")
        first, second = _number(row, "first"), _number(row, "second")
        if first is None or second is None:
            return Comparison("not_compared")
        verdict, points = _verdict(row), whole_percent(first) - whole_percent(second)
        note, detectable = self._note(row, verdict, points)
        is_pooled = row["basis"] == "pooled"
        return Comparison(verdict, note, points, detectable, is_pooled=is_pooled)

    def second(self, kind: str, measure_id: str) -> Figure | None:
        """The other side's share, without interval; null if there is none or it is hidden."""
        row = self._rows.get((kind, measure_id))
        share = None if row is None else _number(row, "second")
        return None if share is None else Figure("shown", share)

    def change(self, measure_id: str, now: Figure, before: Figure | None) -> Comparison:
        """The share against that of the latest earlier wave that can be compared.

        Args:
            measure_id: a factor's or an outcome's.
            now: its figure in the document's wave.
            before: its figure in that earlier wave; null if no wave can be compared.
        """
        found = self.against("wave", measure_id, now)
        row = self._rows.get(("wave", measure_id))
        if row is not None:
            return replace(found, since=int(str(row["reference"])))
        is_few = before is not None and before.state == "too_few"
        return Comparison("too_few") if is_few else found

    def trend(self, measure_id: str) -> Trend | None:
        """The line over the comparable waves; null if there are fewer than three."""
        row = self._rows.get(("trend", measure_id))
        slope = None if row is None else _number(row, "difference")
        if row is None or slope is None:
            return None
        # Adding 0 turns -0.0 into 0.
        return Trend(_verdict(row), round(slope * 100, 1) + 0.0, int(str(row["reference"])))

    def funnel(self, measure_id: str) -> tuple[FunnelArea, ...]:
        """The areas that may be shown, from the fewest respondents to the most.

        Only in the municipality's own profile, which they are compared with.
        """
        areas = [
            FunnelArea(
                self._labels[row["area_id"]],
                row["n_first"],
                row["first"],
                place=_place(row),
                **{limit: row[f"funnel_{limit}"] for limit in FUNNEL_LIMITS},
            )
            for row in self._funnels.get(measure_id, [])
        ]
        return tuple(sorted(areas, key=lambda area: (area.n, area.label)))

    def _note(self, row: Row, verdict: Verdict, points: int) -> tuple[Note | None, int | None]:
        if verdict in ("higher", "lower"):
            return (None if points else "below_rounding"), None
        p, smallest = _number(row, "p"), _number(row, "smallest_detectable")
        if verdict != "no_detectable_difference" or p is None or smallest is None:
            return None, None
        if p <= self._alpha:
            return "many", None
        # Rounding must not make the difference that is printed look like one that is found.
        detectable = max(math.ceil(smallest * 100), abs(points) + 1)
        return ("detectable", detectable) if detectable < 100 else (None, None)


def _verdict(row: Row) -> Verdict:
    """Enough respondents stand behind a row that is shown: what it lacks is a variance."""
    verdict: Verdict = row["verdict"]  # type: ignore[assignment]
    return "untestable" if verdict == "too_few" else verdict


def _number(row: Row, column: str) -> float | None:
    number: float | None = row[column]  # type: ignore[assignment]
    return number


def _place(row: Row) -> Place:
    if row["funnel"] == "within":
        return "within"
    is_above = (_number(row, "first") or 0.0) > (_number(row, "funnel_target") or 0.0)
    if row["funnel"] == "outside_998":
        return "above_998" if is_above else "below_998"
    return "above_95" if is_above else "below_95"
