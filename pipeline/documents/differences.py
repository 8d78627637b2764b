"""Publishable comparisons looked up as verdicts, each with what is said beside it."""

from dataclasses import replace

import polars as pl

from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.wave import Wave
from pipeline.disclosure.figure import (
    Points,
    Published,
    Row,
    count_of,
    detectable_points,
    points_between,
    points_of,
    share_of,
)
from pipeline.disclosure.publishable import Publishable
from pipeline.documents.comparison_view import Comparison, FunnelArea, Note, Place, Trend, Verdict

FUNNEL_LIMITS = ("lower_95", "upper_95", "lower_998", "upper_998")


class Differences:
    """What one area's shares are compared with in one wave."""

    def __init__(
        self, publishable: Publishable, catalogue: Catalogue, area_id: str, wave: Wave
    ) -> None:
        """Take from ``publishable`` what a profile of ``area_id`` shows."""
        self._is_public = publishable.edition == "public"
        self._hidden: Verdict = "suppressed" if self._is_public else "too_few"
        self._min_tested = catalogue.policy.public.min_base
        is_told = (pl.col("gender") == "all") | (pl.col("kind") == "gender")
        wanted = publishable.comparisons.filter(is_told, wave=wave.wave, grade="all")
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

    def against(self, kind: str, measure_id: str, area: Published) -> Comparison:
        """The area's share against the rest of the municipality (``rest``) or the ``norm``.

        Args:
            kind: of the comparison.
            measure_id: a factor's or an outcome's.
            area: its figure in the area.
        """
        row = self._rows.get((kind, measure_id))
        if row is None:
            return Comparison(self._hidden if self._is_few(area) else "not_compared")
        if row["is_suppressed"]:
            return Comparison(self._hidden)
        first, second = share_of(row, "first"), share_of(row, "second")
        if first is None or second is None:
            # A coded side has a verdict, and no number to take a difference of.
            return Comparison(_verdict(row) if self._is_public else "not_compared")
        verdict, points = _verdict(row), points_between(first, second)
        note, detectable = self._note(row, verdict, points)
        is_pooled = row["basis"] == "pooled"
        return Comparison(verdict, note, points, detectable, is_pooled=is_pooled)

    def second(self, kind: str, measure_id: str) -> Published | None:
        """The other side's share, without interval; null if there is none or it is hidden."""
        row = self._rows.get((kind, measure_id))
        share = None if row is None else share_of(row, "second")
        return None if share is None else Published("shown", share)

    def between_genders(self, measure_id: str, first: Published, second: Published) -> Comparison:
        """The share of the site's first gender against its second's, within the area.

        Args:
            measure_id: a factor's or an outcome's.
            first: figure of the first gender.
            second: of the second.
        """
        few = second if self._is_few(second) else first
        return self.against("gender", measure_id, few)

    def change(self, measure_id: str, now: Published, before: Published | None) -> Comparison:
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
        is_few = before is not None and self._is_few(before)
        return Comparison(self._hidden) if is_few else found

    def trend(self, measure_id: str) -> Trend | None:
        """The line over the comparable waves; null if there are fewer than three."""
        row = self._rows.get(("trend", measure_id))
        if row is None or row["is_suppressed"]:
            return None
        decimals = 0 if self._is_public else 1
        change = points_of(row, "difference", decimals=decimals)
        since = int(str(row["reference"]))
        if self._is_public:
            return Trend(_verdict(row), None, since, change)
        return None if change is None else Trend(_verdict(row), change, since)

    def funnel(self, measure_id: str) -> tuple[FunnelArea, ...]:
        """The areas that may be shown, from the fewest respondents to the most.

        Only in the municipality's own profile, which they are compared with.
        """
        areas = [
            area
            for row in self._funnels.get(measure_id, [])
            if (area := _funnel_area(row, self._labels)) is not None
        ]
        return tuple(sorted(areas, key=lambda area: (area.n, area.label)))

    def _is_few(self, figure: Published) -> bool:
        """Whether so few stand behind a figure that nothing is tested, though it may be shown."""
        is_hidden = figure.state in ("too_few", "suppressed")
        return is_hidden or (figure.n is not None and figure.n < self._min_tested)

    def _note(
        self, row: Row, verdict: Verdict, points: Points
    ) -> tuple[Note | None, Points | None]:
        if verdict in ("higher", "lower"):
            # Rounded counts can turn a small difference round.
            is_told = points > 0 if verdict == "higher" else points < 0
            return (None if is_told else "below_rounding"), None
        p, detectable = share_of(row, "p"), detectable_points(row, points)
        if verdict != "no_detectable_difference" or p is None or detectable is None:
            return None, None
        if p <= self._alpha:
            return "many", None
        return ("detectable", detectable) if detectable < 100 else (None, None)


def _verdict(row: Row) -> Verdict:
    """Enough respondents stand behind a row that is shown: what it lacks is a variance."""
    verdict: Verdict = row["verdict"]  # type: ignore[assignment]
    return "untestable" if verdict == "too_few" else verdict


def _funnel_area(row: Row, labels: dict[str, str]) -> FunnelArea | None:
    n, share = count_of(row, "n_first"), share_of(row, "first")
    found = {limit: share_of(row, f"funnel_{limit}") for limit in FUNNEL_LIMITS}
    limits = {name: limit for name, limit in found.items() if limit is not None}
    if n is None or share is None or len(limits) < len(found):
        return None
    return FunnelArea(labels[str(row["area_id"])], n, share, place=_place(row), **limits)


def _place(row: Row) -> Place:
    if row["funnel"] == "within":
        return "within"
    is_above = (share_of(row, "first") or 0.0) > (share_of(row, "funnel_target") or 0.0)
    if row["funnel"] == "outside_998":
        return "above_998" if is_above else "below_998"
    return "above_95" if is_above else "below_95"
