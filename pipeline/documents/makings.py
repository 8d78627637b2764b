"""What stands behind each measure of a wave, from definitions alone."""

from pipeline.definitions.catalogue import Catalogue, asked_items
from pipeline.definitions.factor import Factor, Outcome
from pipeline.definitions.flag_count import FlagCount, MeasureDefinition
from pipeline.definitions.wave import Wave
from pipeline.documents.making_view import CutOffs, Making
from pipeline.documents.view import Lang
from pipeline.documents.wording import text_in


def making_of(measure: MeasureDefinition, catalogue: Catalogue, wave: Wave, lang: Lang) -> Making:
    """How a measure is made in a wave.

    Args:
        measure: of the site.
        catalogue: the site's definitions.
        wave: whose questionnaire asks.
        lang: of the document.
    """
    if isinstance(measure, FlagCount):
        return _of_flags(measure)
    instrument = catalogue.instrument_of(wave)
    asked = asked_items(measure, instrument)
    words = {item.id: text_in(item.text, lang) for item in instrument.items}
    turned = (
        {item.id for item in measure.items if item.reversed}
        if isinstance(measure, Factor)
        else set()
    )
    return Making(
        questions=tuple(words[item] for item in asked),
        reversed_questions=tuple(
            place for place, item in enumerate(asked, start=1) if item in turned
        ),
        min_answered=measure.min_answered,
        min_reached=measure.min_reached if isinstance(measure, Outcome) else None,
        cutoffs=cutoffs_in_words(measure, catalogue, lang),
        is_rescaled=isinstance(measure, Factor) and measure.rescale == "minmax",
        source=measure.source,
        source_status=measure.status,
    )


def _of_flags(count: FlagCount) -> Making:
    """Of a count of flags, which has no questions of its own."""
    return Making(
        questions=(),
        reversed_questions=(),
        min_answered=count.rule.min_flags_known,
        min_reached=count.rule.at_least,
        cutoffs=(),
        is_rescaled=False,
        source=count.source,
        source_status=count.status,
    )


def cutoffs_in_words(
    measure: MeasureDefinition, catalogue: Catalogue, lang: Lang
) -> tuple[CutOffs, ...]:
    """Points alone: shares of a norm sample by grade may be what a release hides."""
    grades = {grade.id: text_in(grade.label, lang) for grade in catalogue.site.grades}
    found = [
        CutOffs(
            text_in(norm.label, lang),
            tuple(
                (grades[cut.grade], round(cut.cutoff, 2))
                for cut in norm.cutoffs
                if cut.factor == measure.id
            ),
        )
        for norm in catalogue.norms
    ]
    return tuple(each for each in found if each.by_grade)
