"""Publishable estimates looked up as figures, each with its state."""

import polars as pl

from pipeline.definitions.catalogue import Catalogue, is_asked
from pipeline.definitions.factor import Factor, Outcome
from pipeline.definitions.wave import Wave
from pipeline.documents.view import Figure, Standing
from pipeline.documents.wording import whole_percent

Row = dict[str, object]


class Figures:
    """The shares of one area and of everyone, over grades and genders, by wave and measure."""

    def __init__(self, estimates: pl.DataFrame, catalogue: Catalogue, area_id: str) -> None:
        """Take from ``estimates`` what a profile of ``area_id`` shows."""
        self._catalogue = catalogue
        wanted = estimates.filter(
            pl.col("area_id").is_in([area_id, catalogue.site.root_area]), grade="all", gender="all"
        )
        self._rows: dict[tuple[object, ...], Row] = {
            (row["wave"], row["area_id"], row["measure_id"], row["statistic"]): row
            for row in wanted.iter_rows(named=True)
        }

    def share(self, measure: Factor | Outcome, area_id: str, wave: Wave) -> Figure:
        """The share of an area's respondents that the measure flags, or why there is none."""
        if not is_asked(measure, self._catalogue.instrument_of(wave)):
            return Figure("not_asked")
        row = self._rows.get((wave.wave, area_id, measure.id, "share"))
        if row is None:
            return Figure("no_answers")
        if row["is_suppressed"]:
            return Figure("too_few")
        if not row["n"]:
            score = self._rows.get((wave.wave, area_id, measure.id, "mean"))
            has_scores = score is not None and (score["is_suppressed"] or score["n"])
            return Figure("no_norm" if has_scores else "no_answers")
        return Figure("shown", row["estimate"], row["lower"], row["upper"], row["n"])  # type: ignore[arg-type]


def standing(area: Figure, compared: float | None) -> Standing:
    """Where the area's interval lies against a share.

    Decided on the whole per cent that are printed, so that no reader sees 43 to 57 % called
    higher than 43 %.
    """
    if area.lower is None or area.upper is None or compared is None:
        return "unknown"
    lower, upper = whole_percent(area.lower), whole_percent(area.upper)
    if lower > whole_percent(compared):
        return "above"
    return "below" if upper < whole_percent(compared) else "within"
