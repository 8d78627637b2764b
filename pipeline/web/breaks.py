"""Waves of a measure that cannot be set beside each other, and why."""

from itertools import combinations
from typing import Any

from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.comparability import fieldwork_moved, measure_break
from pipeline.definitions.flag_count import MeasureDefinition
from pipeline.definitions.wave import Wave
from pipeline.documents.view import Lang
from pipeline.documents.wording import load_texts, say, say_number


def breaks_of(catalogue: Catalogue, lang: Lang) -> dict[str, list[dict[str, Any]]]:
    """Every pair of waves that a measure cannot be compared over, by the measure's id.

    Returns:
        Of each pair ``earlier``, ``later`` and ``reason`` in words; measures without any are
        left out.
    """
    found = {
        measure.id: [
            {"earlier": str(earlier.wave), "later": str(later.wave), "reason": reason}
            for earlier, later in combinations(catalogue.waves, 2)
            if (reason := _reason(measure, earlier, later, catalogue, lang))
        ]
        for measure in catalogue.measures
    }
    return {measure: pairs for measure, pairs in found.items() if pairs}


def _reason(
    measure: MeasureDefinition, earlier: Wave, later: Wave, catalogue: Catalogue, lang: Lang
) -> str | None:
    texts = load_texts(lang)
    if fieldwork_moved(earlier, later):
        return say(texts, "break.fieldwork_moved").unescape()
    found = measure_break(measure, catalogue.instrument_of(earlier), catalogue.instrument_of(later))
    if found is None:
        return None
    return say_number(texts, f"break.{found.reason}", found.n).unescape()
