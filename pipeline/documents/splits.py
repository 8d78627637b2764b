"""Publishable estimates looked up by gender and by grade."""

from collections.abc import Sequence

from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.flag_count import MeasureDefinition
from pipeline.definitions.part import Label
from pipeline.definitions.wave import Wave
from pipeline.disclosure.publishable import Publishable
from pipeline.documents.differences import Differences
from pipeline.documents.figures import Figures
from pipeline.documents.split_view import SPLITS, GroupComparison, GroupFigure, Split, SplitBy
from pipeline.documents.view import Lang
from pipeline.documents.wording import text_in

MIN_GROUPS = 2
"""Below which there is nothing to set beside each other."""

Group = tuple[str, Label]


class Splits:
    """The groups of one area in one wave."""

    def __init__(
        self,
        publishable: Publishable,
        figures: Figures,
        differences: Differences,
        *,
        catalogue: Catalogue,
        wave: Wave,
        lang: Lang,
    ) -> None:
        """Find the groups that the wave asked for and the edition has figures of."""
        self._figures, self._differences = figures, differences
        self._wave, self._lang = wave, lang
        self._first_two = [each.id for each in catalogue.site.genders][:2]
        # Of the wave, not of the area: all areas' tables have the same groups.
        asked = {code.id for code in wave.columns.gender.codes} if wave.columns.gender else set()
        shown = catalogue.policy.public.genders
        is_public = publishable.edition == "public"
        genders = asked if shown is None or not is_public else asked.intersection(shown)
        grades = set(publishable.coverage.filter(wave=wave.wave)["grade"])
        self._groups: dict[SplitBy, Sequence[Group]] = {
            "gender": [(each.id, each.label) for each in catalogue.site.genders
                       if each.id in genders],
            "grade": [(each.id, each.label) for each in catalogue.site.grades
                      if each.id in grades],
        }  # fmt: skip
        left_out = asked - genders
        is_split = len(self._groups["gender"]) >= MIN_GROUPS
        self.genders_not_shown: tuple[str, ...] = tuple(
            text_in(each.label, lang)
            for each in catalogue.site.genders
            if each.id in left_out and is_split
        )
        """Labels of genders that could be answered and that the edition has no figures of."""

    def of(self, measure: MeasureDefinition) -> tuple[Split, ...]:
        """The measure by gender and by grade; without one that has fewer than two groups."""
        return tuple(
            self._split(measure, by) for by in SPLITS if len(self._groups[by]) >= MIN_GROUPS
        )

    def _split(self, measure: MeasureDefinition, by: SplitBy) -> Split:
        groups = tuple(
            GroupFigure(
                group_id,
                text_in(label, self._lang),
                self._figures.share(measure, self._wave, **{by: group_id}),
            )
            for group_id, label in self._groups[by]
        )
        return Split(by, groups, self._compared(measure, groups) if by == "gender" else None)

    def _compared(
        self, measure: MeasureDefinition, groups: tuple[GroupFigure, ...]
    ) -> GroupComparison | None:
        by_id = {each.id: each for each in groups}
        if not all(each in by_id for each in self._first_two):
            return None
        first, second = (by_id[each] for each in self._first_two)
        found = self._differences.between_genders(measure.id, first.figure, second.figure)
        return GroupComparison(first.label, second.label, found)
