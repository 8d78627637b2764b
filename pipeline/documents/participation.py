"""Who answered in the whole municipality, as a profile shows it. Never by school."""

from math import ceil

import polars as pl

from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.site import Classification
from pipeline.definitions.wave import Wave
from pipeline.disclosure.figure import Row, count_of, share_of
from pipeline.disclosure.publishable import Publishable
from pipeline.documents.participation_view import Group, Participation
from pipeline.documents.under_represented import MIN_GAP_POINTS, is_under_represented
from pipeline.documents.view import Lang
from pipeline.documents.wording import load_texts, say, text_in


def participation_of(
    publishable: Publishable, catalogue: Catalogue, wave: Wave, lang: Lang
) -> Participation:
    """Participation by grade and by gender, and who is under-represented.

    Args:
        publishable: figures that may be shown.
        catalogue: the site's definitions.
        wave: one of the site's waves.
        lang: language of the document.
    """
    rows = publishable.participation.filter(wave=wave.wave)
    texts = load_texts(lang)
    everyone = _group(str(say(texts, "group.everyone")), _row(rows, "all", "all"), None)
    whole = everyone.share
    grades = _groups(rows, "grade", catalogue.site.grades, whole, lang)
    genders = _groups(rows, "gender", catalogue.site.genders, whole, lang)
    shown = (everyone, *grades, *genders)
    gap = rows.filter((pl.col("grade") == "all") | (pl.col("gender") == "all")).select(
        (pl.col("n_enrolled_highest") - pl.col("n_enrolled_lowest")).max()
    )
    bias, variables = _max_bias(publishable, wave)
    return Participation(
        everyone=everyone,
        grades=grades,
        genders=genders,
        under_represented=tuple(each for each in shown if each.is_under_represented),
        min_gap_points=MIN_GAP_POINTS,
        n_above_enrolled=sum(each.share is not None and each.share > 1 for each in shown),
        largest_discrepancy=gap.item() or 0,
        max_bias_points=bias,
        bias_variables=tuple(str(say(texts, f"variable.{each}")) for each in variables),
        raked_by=tuple(str(say(texts, f"variable.{each}")) for each in wave.raked_by),
    )


def _groups(
    rows: pl.DataFrame,
    variable: str,
    categories: tuple[Classification, ...],
    whole: float | None,
    lang: Lang,
) -> tuple[Group, ...]:
    """The categories of a variable in which someone is enrolled or answered, in reading order."""
    found = (
        (each, _row(rows, **{"grade": "all", "gender": "all", variable: each.id}))
        for each in categories
    )
    return tuple(_group(text_in(each.label, lang), row, whole) for each, row in found if row)


def _row(rows: pl.DataFrame, grade: str, gender: str) -> Row:
    return next(rows.filter(grade=grade, gender=gender).iter_rows(named=True), {})


def _group(label: str, row: Row, whole: float | None) -> Group:
    share = share_of(row, "share_valid")
    return Group(
        label=label,
        is_hidden=bool(row["is_suppressed"]),
        n_enrolled=count_of(row, "n_enrolled"),
        n_answered=count_of(row, "n_valid"),
        share=share,
        is_under_represented=whole is not None and is_under_represented(share, whole),
    )


def _max_bias(publishable: Publishable, wave: Wave) -> tuple[int | None, tuple[str, ...]]:
    """Largest bias in percentage points, and the variables it is over.

    Weights change who counts for how much, so that the bound does not hold for weighted shares.
    """
    [*found] = publishable.representativeness.filter(wave=wave.wave).iter_rows(named=True)
    if not found or wave.is_weighted or found[0]["max_bias"] is None:
        return None, ()
    variables = tuple(each.removesuffix("_id") for each in found[0]["variables"])
    return ceil(100 * found[0]["max_bias"]), variables
