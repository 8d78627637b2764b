"""Publishable estimates looked up as figures, each with its state."""

from collections import Counter

from pipeline.definitions.catalogue import Catalogue, is_asked
from pipeline.definitions.factor import Outcome
from pipeline.definitions.flag_count import FlagCount, MeasureDefinition
from pipeline.definitions.wave import Wave
from pipeline.disclosure.figure import Published, Row, count_of, published
from pipeline.disclosure.publishable import Publishable


class Figures:
    """The shares of one area by wave and measure: of everyone, of a grade or of a gender."""

    def __init__(self, publishable: Publishable, catalogue: Catalogue, area_id: str) -> None:
        """Take from ``publishable`` what is shown of ``area_id``."""
        self._catalogue = catalogue
        self._publishable = publishable
        wanted = publishable.estimates.filter(area_id=area_id)
        self._rows: dict[tuple[object, ...], Row] = {
            (row["wave"], row["grade"], row["gender"], row["measure_id"]): row
            for row in wanted.filter(statistic="share").iter_rows(named=True)
        }
        domains = publishable.domains.filter(area_id=area_id, gender="all")
        # Of how many is not asked: a hidden number is a number.
        self._grades = {
            (row["wave"], row["grade"])
            for row in domains.iter_rows(named=True)
            if row["is_suppressed"] or row["n_respondents"]
        }

    def share(
        self, measure: MeasureDefinition, wave: Wave, *, grade: str = "all", gender: str = "all"
    ) -> Published:
        """The share of the area's respondents that the measure flags, or why there is none."""
        if not is_asked(measure, self._catalogue.instrument_of(wave)):
            return Published("not_asked")
        row = self._rows.get((wave.wave, grade, gender, measure.id))
        if row is None:
            return Published("no_answers")
        if row["is_suppressed"]:
            if self._publishable.edition == "internal":
                return Published("too_few")
            return Published("suppressed", n=count_of(row, "n"))
        if row["code"] is None and not row["n"]:
            return Published("no_norm" if self._lacks_norm(measure, wave, grade) else "no_answers")
        return published(row, self._publishable.code_limits)

    def _lacks_norm(self, measure: MeasureDefinition, wave: Wave, of_grade: str) -> bool:
        """Whether no norm has a cut-off for the area's grades, or for the one that is asked for."""
        if isinstance(measure, Outcome):
            return False
        factors = measure.factors if isinstance(measure, FlagCount) else (measure,)
        needed = measure.rule.min_flags_known if isinstance(measure, FlagCount) else 1
        ids = {factor.id for factor in factors}
        cuts = {
            (cut.grade, cut.factor)
            for norm in self._catalogue.norms
            for cut in norm.cutoffs
            if cut.factor in ids
        }
        by_grade = Counter(grade for grade, _ in cuts)
        with_norm = {grade for grade, n in by_grade.items() if n >= needed}
        grades = {grade for year, grade in self._grades if year == wave.wave} - {"all"}
        if of_grade != "all":
            grades &= {of_grade}
        return bool(grades) and not grades & with_norm
