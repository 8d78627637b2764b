"""Sheets of all waves, and of what has changed between them."""

from pipeline.documents.forms.sheet import Column, Sheet, Value
from pipeline.documents.forms.sheet_words import NOT_APPLICABLE, Words
from pipeline.documents.view import Measure, Profile


def wave_sheet(profile: Profile, words: Words, notes: tuple[str, ...]) -> Sheet:
    """One row for each measure and wave."""
    say = words.say
    return Sheet(
        "waves",
        say("sheet.waves"),
        f"{say('sheet.waves_title')}, {profile.area_label}",
        notes,
        (
            Column(say("sheet.measure")),
            Column(say("sheet.id")),
            Column(say("sheet.kind")),
            Column(say("sheet.wave"), "year"),
            Column(say("table.share"), "percent"),
            Column(say("sheet.lower"), "percent"),
            Column(say("sheet.upper"), "percent"),
            Column(say("sheet.status")),
            Column(say("sheet.marks")),
            Column(say("sheet.comparable", wave=profile.wave)),
            Column(say("sheet.reason")),
        ),
        tuple(
            (
                each.label,
                each.id,
                say(f"sheet.{each.kind}"),
                wave.wave,
                words.share(wave.figure),
                *words.limits(wave.figure),
                words.status(wave.figure),
                words.marks(wave.figure),
                words.yes(wave.break_reason is None),
                wave.break_reason or NOT_APPLICABLE,
            )
            for each in profile.measures
            for wave in each.waves
        ),
    )


def change_sheet(profile: Profile, words: Words, notes: tuple[str, ...]) -> Sheet:
    """One row for each measure: what has changed since earlier waves."""
    say = words.say
    return Sheet(
        "changes",
        say("sheet.changes"),
        f"{say('change.heading')}, {profile.area_label}, {profile.wave}",
        notes,
        (
            Column(say("sheet.measure")),
            Column(say("sheet.id")),
            Column(say("sheet.kind")),
            Column(say("change.column")),
            Column(say("sheet.points"), "points"),
            Column(say("sheet.since"), "year"),
            Column(say("sheet.remark_change")),
            Column(say("sheet.trend")),
            Column(say("sheet.trend_points"), "points"),
            Column(say("sheet.trend_unit")),
            Column(say("sheet.trend_since"), "year"),
        ),
        tuple(
            (
                each.label,
                each.id,
                say(f"sheet.{each.kind}"),
                *_change(each, words),
                *_trend(each, words),
            )
            for each in profile.measures
        ),
    )


def _change(measure: Measure, words: Words) -> tuple[Value, ...]:
    change = measure.change
    has_points = change.points is not None and change.since is not None
    noted = change.note in ("many", "below_rounding") or change.is_pooled
    return (
        words.verdict(change, "changed"),
        change.points if has_points and change.points is not None else words.unshown(change),
        change.since if has_points and change.since is not None else NOT_APPLICABLE,
        words.remark(change) if noted else NOT_APPLICABLE,
    )


def _trend(measure: Measure, words: Words) -> tuple[Value, ...]:
    trend = measure.trend
    if trend is None:
        return (NOT_APPLICABLE,) * 4
    said, since = words.trend(trend), trend.since
    if trend.per_year is not None:
        return said, trend.per_year, words.say("sheet.per_year"), since
    if trend.points is not None:
        return said, trend.points, words.say("sheet.in_all"), since
    return said, NOT_APPLICABLE, NOT_APPLICABLE, since
