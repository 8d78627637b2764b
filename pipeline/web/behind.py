"""What stands behind the figures of the explorer: how many began, who is in an area, which norm."""

from typing import Any

from pipeline.definitions.catalogue import Catalogue
from pipeline.documents.figure_ids import QUERY
from pipeline.documents.makings import cutoffs_in_words
from pipeline.documents.view import STEPS, Lang
from pipeline.documents.wording import load_texts
from pipeline.web.released import Released


def behind_of(released: Released, catalogue: Catalogue, lang: Lang) -> dict[str, Any]:
    """Denominators as the release has them, and words.

    Returns:
        ``query``: the question that figures answer, with placeholders. ``steps``: of the coverage
        ladder, in words. ``coverage``: how many pupils each step leaves, by wave and grade with a
        space between; null where that is not known or not shown. ``respondents``: by wave, area,
        grade and gender alike, where it is shown. ``norms``: labels by factor; factors without a
        norm are left out.
    """
    texts = load_texts(lang)
    norms = {
        factor.id: [each.norm for each in cutoffs_in_words(factor, catalogue, lang)]
        for factor in catalogue.factors
    }
    return {
        "query": QUERY,
        "steps": [texts[f"ladder.{step}"] for step in STEPS],
        "coverage": {
            f"{row['wave']} {row['grade']}": [row[f"n_{step}"] for step in STEPS]
            for row in released.coverage.iter_rows(named=True)
        },
        "respondents": {
            " ".join(str(row[key]) for key in ("wave", "area_id", "grade", "gender")): n
            for row in released.domains.iter_rows(named=True)
            if (n := row["n_respondents"]) is not None
        },
        "norms": {factor: labels for factor, labels in norms.items() if labels},
    }
