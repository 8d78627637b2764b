"""Where a norm comes from, in words: its sample, and the rule its cut-offs follow."""

from typing import assert_never

from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.cutoff_rule import MedianMad, Percentile, Roc
from pipeline.definitions.norm import FlaggedSide, Norm
from pipeline.documents.view import Lang, NormSource
from pipeline.documents.wording import (
    decimal,
    exact_percent,
    hundredths,
    integer,
    load_texts,
    say,
    text_in,
)


def norm_source(norm: Norm, catalogue: Catalogue, lang: Lang, round_counts: int = 1) -> NormSource:
    """What documents say of a norm.

    Args:
        norm: one that fits the site.
        catalogue: the site's definitions.
        lang: language of the document.
        round_counts: the size of the sample is rounded up to a multiple of it: it may be the
            site's own answers.
    """
    n = sum(
        max((cut.n for cut in norm.cutoffs if cut.grade == grade), default=0)
        for grade in norm.grades
    )
    grades = {grade.id: text_in(grade.label, lang) for grade in catalogue.site.grades}
    return NormSource(
        label=text_in(norm.label, lang),
        population=text_in(norm.population, lang),
        wave=norm.wave,
        is_of_a_wave=norm.wave in {wave.wave for wave in catalogue.waves},
        n=-(-n // round_counts) * round_counts,
        grades=tuple(grades[grade] for grade in norm.grades),
        rule=" ".join(_rule(norm, catalogue, lang)),
        counted=" ".join(
            (
                _text("per_grade" if norm.per_grade else "pooled", lang),
                _text("weighted" if norm.weighted else "unweighted", lang),
            )
        ),
        risk=_flagged(norm, norm.risk, lang),
        protective=_flagged(norm, norm.protective, lang),
        method_source=text_in(norm.method_source, lang),
        source=text_in(norm.source, lang),
        synthetic=norm.synthetic,
    )


def _rule(norm: Norm, catalogue: Catalogue, lang: Lang) -> list[str]:
    match norm.method:
        case MedianMad(k=k, mad=mad):
            return [_text("median_mad", lang, k=decimal(k, lang)), _text(f"mad_{mad}", lang)]
        case Percentile(share_past=past, hyndman_fan=definition):
            share = exact_percent(past, lang)
            return [_text("percentile", lang, share=share, definition=definition)]
        case Roc():
            return _roc(norm.method, catalogue, lang)
        case _:
            assert_never(norm.method)


def _roc(rule: Roc, catalogue: Catalogue, lang: Lang) -> list[str]:
    behaviour = next(each for each in catalogue.outcomes if each.id == rule.outcome)
    phrase = text_in(behaviour.phrase, lang)
    if rule.min_specificity is None:
        best = _text("roc_youden", lang, phrase=phrase)
    else:
        # 1 - 0.8 as written, not as their binary neighbours.
        share = exact_percent(round(1 - rule.min_specificity, 9), lang)
        best = _text("roc_min_specificity", lang, phrase=phrase, share=share)
    ties = _text(f"ties_{rule.ties}", lang)
    return [best, ties, _text("min_n", lang, n=integer(rule.min_n))]


def _flagged(norm: Norm, flagged: FlaggedSide, lang: Lang) -> str:
    boundary = "inclusive" if flagged.inclusive else "exclusive"
    match norm.method:
        case MedianMad(k=k):
            place = _text(f"place_median_{flagged.side}", lang, k=decimal(k, lang))
        case Percentile(share_past=past):
            share = round(1 - past, 9) if flagged.side == "upper" else past
            place = _text("place_percentile", lang, p=hundredths(share, lang))
        case Roc():
            place = _text("place_roc", lang)
        case _:
            assert_never(norm.method)
    return _text(f"{flagged.side}_{boundary}", lang, place=place)


def _text(key: str, lang: Lang, **values: object) -> str:
    # Not markup: what a template shows, it escapes itself.
    return say(load_texts(lang), f"rule.{key}", **values).unescape()
