"""Sheets of factors, counts of flagged factors and problem behaviours in the document's wave."""

from typing import Literal

from pipeline.documents.forms.sheet import Column, Sheet, Value, percent_of
from pipeline.documents.forms.sheet_words import NOT_APPLICABLE, Words
from pipeline.documents.view import Measure, Profile


def factor_sheet(profile: Profile, words: Words, notes: tuple[str, ...]) -> Sheet:
    """One row for each risk and protective factor."""
    say = words.say
    return Sheet(
        "factors",
        say("sheet.factors"),
        f"{say('factors.heading')}, {profile.area_label}, {profile.wave}",
        notes,
        (
            Column(say("table.factor")),
            Column(say("sheet.id")),
            Column(say("sheet.kind")),
            Column(say("sheet.domain")),
            *_figure_columns(words),
            *_rest_columns(profile, words),
            Column(say("table.norm"), "percent"),
            Column(say("table.against_norm")),
            Column(say("sheet.remark_norm")),
            *_other_columns(words),
        ),
        tuple(
            (
                each.label,
                each.id,
                say(f"sheet.{each.kind}"),
                say(f"domain.{domain.id}"),
                *_figure(each, words),
                *_rest(each, profile, words),
                *_norm(each, words),
                *_others(each, words),
            )
            for domain in profile.domains
            for each in domain.measures
        ),
    )


def outcome_sheet(profile: Profile, words: Words, notes: tuple[str, ...]) -> Sheet:
    """One row for each problem behaviour."""
    return _sheet_without_norm("outcomes", profile.outcomes, profile, words, notes)


def flag_count_sheet(profile: Profile, words: Words, notes: tuple[str, ...]) -> Sheet:
    """One row for each count of flagged factors."""
    return _sheet_without_norm("counts", profile.flag_counts, profile, words, notes)


def _sheet_without_norm(
    name: Literal["outcomes", "counts"],
    measures: tuple[Measure, ...],
    profile: Profile,
    words: Words,
    notes: tuple[str, ...],
) -> Sheet:
    say = words.say
    return Sheet(
        name,
        say(f"sheet.{name}"),
        f"{say(f'{name}.heading')}, {profile.area_label}, {profile.wave}",
        notes,
        (
            Column(say("table.outcome" if name == "outcomes" else "sheet.measure")),
            Column(say("sheet.id")),
            *_figure_columns(words),
            *_rest_columns(profile, words),
            *_other_columns(words),
        ),
        tuple(
            (
                each.label,
                each.id,
                *_figure(each, words),
                *_rest(each, profile, words),
                *_others(each, words),
            )
            for each in measures
        ),
    )


def _figure_columns(words: Words) -> tuple[Column, ...]:
    return (
        Column(words.say("sheet.phrase")),
        Column(words.say("table.share"), "percent"),
        Column(words.say("sheet.lower"), "percent"),
        Column(words.say("sheet.upper"), "percent"),
        Column(words.say("table.n"), "count"),
        Column(words.say("sheet.status")),
        Column(words.say("sheet.marks")),
    )


def _figure(measure: Measure, words: Words) -> tuple[Value, ...]:
    figure = measure.area
    return (
        words.say("table.phrase", phrase=measure.phrase),
        words.share(figure),
        *words.limits(figure),
        words.n(figure),
        words.status(figure),
        words.marks(figure),
    )


def _rest_columns(profile: Profile, words: Words) -> tuple[Column, ...]:
    if profile.is_municipality:
        return ()
    return (
        Column(words.say("table.rest"), "percent"),
        Column(words.say("table.against_rest")),
        Column(words.say("sheet.remark_rest")),
    )


def _rest(measure: Measure, profile: Profile, words: Words) -> tuple[Value, ...]:
    if profile.is_municipality:
        return ()
    compared = measure.against_rest
    return (
        words.unshown(compared) if measure.rest is None else words.share(measure.rest),
        words.verdict(compared, "standing"),
        words.remark(compared),
    )


def _norm(measure: Measure, words: Words) -> tuple[Value, ...]:
    if measure.norm_break is not None:
        said = words.say("table.norm_break", reason=measure.norm_break)
        return NOT_APPLICABLE, said, NOT_APPLICABLE
    if measure.norm_share is None:
        return NOT_APPLICABLE, words.say("table.no_norm_share"), NOT_APPLICABLE
    compared = measure.against_norm
    share = percent_of(measure.norm_share)
    return share, words.verdict(compared, "standing"), words.remark(compared)


def _other_columns(words: Words) -> tuple[Column, ...]:
    return (
        Column(words.say("sheet.lower_is_better")),
        Column(words.say("sheet.items"), "count"),
        Column(words.say("sheet.sensitive")),
    )


def _others(measure: Measure, words: Words) -> tuple[Value, ...]:
    return words.yes(measure.more_is_worse), measure.n_items, words.yes(measure.is_sensitive)
