"""Sheets of measures by gender and by grade."""

from pipeline.documents.forms.sheet import Column, Sheet, Value
from pipeline.documents.forms.sheet_words import NOT_APPLICABLE, Words
from pipeline.documents.split_arrangement import split_of
from pipeline.documents.split_view import GroupFigure, Split, SplitBy
from pipeline.documents.view import Profile

_GROUP: dict[SplitBy, str] = {"gender": "sheet.gender", "grade": "grades.grade"}


def split_sheet(profile: Profile, words: Words, notes: tuple[str, ...], by: SplitBy) -> Sheet:
    """One row for each measure and gender, or each measure and grade."""
    say = words.say
    compared = (Column(say("sheet.between")), Column(say("sheet.remark_between")))
    return Sheet(
        f"by_{by}",
        say(f"sheet.by_{by}"),
        f"{say('sheet.split_title', by=say(f'splits.by_{by}'))}, {profile.area_label}, "
        f"{profile.wave}",
        notes,
        (
            Column(say("sheet.measure")),
            Column(say(_GROUP[by])),
            Column(say("sheet.group_id")),
            Column(say("sheet.id")),
            Column(say("sheet.kind")),
            Column(say("table.share"), "percent"),
            Column(say("sheet.lower"), "percent"),
            Column(say("sheet.upper"), "percent"),
            Column(say("table.n"), "count"),
            Column(say("sheet.status")),
            Column(say("sheet.marks")),
            *(compared if by == "gender" else ()),
        ),
        tuple(
            (
                measure.label,
                group.label,
                group.id,
                measure.id,
                say(f"sheet.{measure.kind}"),
                *_figure(group, words),
                *(_compared(split, group, words) if by == "gender" else ()),
            )
            for measure in profile.measures
            if (split := split_of(measure, by)) is not None
            for group in split.groups
        ),
    )


def _figure(group: GroupFigure, words: Words) -> tuple[Value, ...]:
    figure = group.figure
    return (
        words.share(figure),
        *words.limits(figure),
        words.n(figure),
        words.status(figure),
        words.marks(figure),
    )


def _compared(split: Split, group: GroupFigure, words: Words) -> tuple[Value, ...]:
    """In the row of the group that is compared: with which, and what was found."""
    compared = split.compared
    if compared is None or group.label != compared.first:
        return NOT_APPLICABLE, NOT_APPLICABLE
    said = words.verdict(compared.found, "standing")
    with_second = words.say("sheet.between_second", second=compared.second, verdict=said)
    return with_second, words.remark(compared.found)
