"""Publishable estimates looked up as figures, each with its state."""

import polars as pl

from pipeline.definitions.catalogue import Catalogue, is_asked
from pipeline.definitions.factor import Factor, Outcome
from pipeline.definitions.wave import Wave
from pipeline.documents.view import Figure

Row = dict[str, object]


class Figures:
    """The shares of one area, over grades and genders, by wave and measure."""

    def __init__(self, estimates: pl.DataFrame, catalogue: Catalogue, area_id: str) -> None:
        """Take from ``estimates`` what a profile of ``area_id`` shows."""
        self._catalogue = catalogue
        wanted = estimates.filter(area_id=area_id, grade="all", gender="all")
        self._rows: dict[tuple[object, ...], Row] = {
            (row["wave"], row["measure_id"], row["statistic"]): row
            for row in wanted.iter_rows(named=True)
        }

    def share(self, measure: Factor | Outcome, wave: Wave) -> Figure:
        """The share of the area's respondents that the measure flags, or why there is none."""
        if not is_asked(measure, self._catalogue.instrument_of(wave)):
            return Figure("not_asked")
        row = self._rows.get((wave.wave, measure.id, "share"))
        if row is None:
            return Figure("no_answers")
        if row["is_suppressed"]:
            return Figure("too_few")
        if not row["n"]:
            score = self._rows.get((wave.wave, measure.id, "mean"))
            has_scores = score is not None and (score["is_suppressed"] or score["n"])
            return Figure("no_norm" if has_scores else "no_answers")
        is_pooled = row["interval_basis"] == "pooled"
        return Figure("shown", row["estimate"], row["lower"], row["upper"], row["n"], is_pooled)  # type: ignore[arg-type]
