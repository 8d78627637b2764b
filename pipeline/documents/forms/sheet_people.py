"""Sheets of who answered, and of areas beside each other."""

from pipeline.documents.arrangement import ladder
from pipeline.documents.forms.sheet import Column, Sheet, Value, percent_of
from pipeline.documents.forms.sheet_words import HIDDEN, TOO_FEW, UNKNOWN, Words
from pipeline.documents.participation_view import Group
from pipeline.documents.view import Profile


def participation_sheet(profile: Profile, words: Words, notes: tuple[str, ...]) -> Sheet:
    """One row for each grade and gender, and for all."""
    say, shown = words.say, profile.participation
    groups = [("sheet.all", shown.everyone)]
    groups += [("grades.grade", each) for each in shown.grades]
    groups += [("sheet.gender", each) for each in shown.genders]
    return Sheet(
        "participation",
        say("sheet.participation"),
        say("participation.caption", municipality=profile.municipality_label),
        notes,
        (
            Column(say("participation.group")),
            Column(say("sheet.group_kind")),
            Column(say("participation.enrolled"), "count"),
            Column(say("participation.answered"), "count"),
            Column(say("participation.share"), "percent"),
            Column(say("sheet.under")),
        ),
        tuple(
            (each.label, say(kind), *_group(each, profile), words.yes(each.is_under_represented))
            for kind, each in groups
        ),
    )


def ladder_sheet(profile: Profile, words: Words, notes: tuple[str, ...]) -> Sheet:
    """One row for each step from all pupils to those in the figures."""
    say, shown = words.say, ladder(profile.ladder)
    of = "ladder.share_of_enrolled" if shown.base == "enrolled" else "ladder.share_of_first"
    return Sheet(
        "steps",
        say("sheet.steps"),
        say("ladder.caption", municipality=profile.municipality_label),
        notes,
        (
            Column(say("ladder.step")),
            Column(say("ladder.n"), "count"),
            Column(say(of), "percent"),
        ),
        tuple(
            (
                say(f"ladder.{rung.step.id}"),
                words.count(rung.step.n, UNKNOWN),
                UNKNOWN if rung.share is None else percent_of(rung.share),
            )
            for rung in shown.rungs
        ),
    )


def left_out_sheet(profile: Profile, words: Words, notes: tuple[str, ...]) -> Sheet:
    """One row for each reason why answers are left out."""
    say = words.say
    reasons = [("sheet.refused", each) for each in profile.refused]
    reasons += [("sheet.screened", each) for each in profile.screened]
    return Sheet(
        "left_out",
        say("sheet.left_out"),
        f"{say('sheet.left_out_title')}, {profile.municipality_label}",
        notes,
        (
            Column(say("left_out.reason")),
            Column(say("sheet.stage")),
            Column(say("left_out.n"), "count"),
        ),
        tuple((each.label, say(stage), words.count(each.n, HIDDEN)) for stage, each in reasons),
    )


def grade_sheet(profile: Profile, words: Words, notes: tuple[str, ...]) -> Sheet:
    """One row for each grade."""
    say = words.say
    otherwise = HIDDEN if profile.edition == "public" else TOO_FEW
    here = () if profile.is_municipality else (Column(profile.area_label, "count"),)
    with_norm = (Column(say("grades.norm")),) if profile.norms else ()
    return Sheet(
        "grades",
        say("sheet.grades"),
        say("grades.caption"),
        notes,
        (
            Column(say("grades.grade")),
            *here,
            Column(say("sheet.whole", municipality=profile.municipality_label), "count"),
            *with_norm,
        ),
        tuple(
            (
                grade.label,
                *([words.count(grade.n_area, otherwise)] if here else []),
                words.count(grade.n_municipality, HIDDEN),
                *([say("grades.has_norm" if grade.has_norm else "grades.lacks_norm")]
                  if with_norm else []),
            )
            for grade in profile.grades
        ),
    )  # fmt: skip


def area_sheet(profile: Profile, words: Words, notes: tuple[str, ...]) -> Sheet:
    """One row for each factor and area that can be set beside the municipality."""
    say = words.say
    return Sheet(
        "areas",
        say("sheet.areas"),
        say("areas.heading"),
        (say("areas.chance"), *notes),
        (
            Column(say("table.factor")),
            Column(say("sheet.id")),
            Column(say("sheet.area")),
            Column(say("table.n"), "count"),
            Column(say("table.share"), "percent"),
            Column(say("sheet.whole", municipality=profile.municipality_label), "percent"),
            Column(say("sheet.lower_95"), "percent"),
            Column(say("sheet.upper_95"), "percent"),
            Column(say("sheet.lower_998"), "percent"),
            Column(say("sheet.upper_998"), "percent"),
            Column(say("sheet.place")),
        ),
        tuple(
            (
                measure.label,
                measure.id,
                area.label,
                area.n,
                percent_of(area.share),
                words.share(measure.area),
                percent_of(area.lower_95),
                percent_of(area.upper_95),
                percent_of(area.lower_998),
                percent_of(area.upper_998),
                say(f"sheet.{area.place}"),
            )
            for domain in profile.domains
            for measure in domain.measures
            for area in measure.funnel
        ),
    )


def _group(group: Group, profile: Profile) -> tuple[Value, ...]:
    if group.is_hidden:
        return (HIDDEN if profile.edition == "public" else TOO_FEW,) * 3
    return (
        UNKNOWN if group.n_enrolled is None else group.n_enrolled,
        UNKNOWN if group.n_answered is None else group.n_answered,
        UNKNOWN if group.share is None else percent_of(group.share),
    )
