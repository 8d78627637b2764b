"""Sheets about the workbook itself: cover, contents, notes."""

from pipeline.documents.forms.sheet import Column, Link, Sheet
from pipeline.documents.forms.sheet_words import HIDDEN, NOT_APPLICABLE, TOO_FEW, UNKNOWN, Words
from pipeline.documents.view import Profile
from pipeline.documents.wording import integer, listing, load_texts, percent, period


def cover_sheet(profile: Profile, words: Words, notes: tuple[str, ...]) -> Sheet:
    """What the workbook is about."""
    say = words.say
    return Sheet(
        "cover",
        say("sheet.cover"),
        title_of(profile, words),
        (say("cover.lead"), say("what.not"), _edition(profile, words), *notes),
        (Column(say("sheet.fact")), Column(say("sheet.value"))),
        tuple(_facts(profile, words)),
    )


def contents_sheet(sheets: tuple[Sheet, ...], words: Words) -> Sheet:
    """The other sheets, with links."""
    say = words.say
    return Sheet(
        "contents",
        say("sheet.contents"),
        say("sheet.contents"),
        (),
        (Column(say("sheet.sheet")), Column(say("sheet.holds"))),
        tuple((Link(each.name), each.title) for each in sheets),
    )


def note_sheet(profile: Profile, words: Words) -> Sheet:
    """What signs and shorthand mean, and what is hidden."""
    say, lang = words.say, profile.lang
    n = integer(profile.min_base)
    signs = (
        (HIDDEN, say("hidden.explained")),
        ("<", say("sheet.note_below")),
        (">", say("sheet.note_above")),
        (TOO_FEW, say("sheet.note_too_few", min_base=n)),
        (UNKNOWN, say("sheet.note_unknown")),
        (NOT_APPLICABLE, say("sheet.note_not_applicable")),
        ("†", say("interval.unreliable")),
        ("*", say("interval.pooled")),
    )
    hidden = say(f"method.hidden_{profile.edition}", min_base=n)
    terms: tuple[tuple[str, str], ...] = (
        (say("table.share"), say("sheet.note_share")),
        (
            say("sure.interval_term"),
            say("sure.interval", confidence=percent(profile.confidence, lang)),
        ),
        (say("sure.hidden_term"), hidden),
        (say("sure.difference_term"), say("sure.difference", area=profile.area_label)),
        (say("method.flagged_term"), say("method.flagged")),
        (say("method.cause_term"), say("method.cause")),
    )
    if profile.edition == "public":
        terms += ((say("left_out.n"), say("sure.rounded", n=integer(profile.round_counts))),)
    return Sheet(
        "notes",
        say("sheet.notes"),
        say("sheet.notes"),
        (),
        (Column(say("sheet.sign")), Column(say("sheet.meaning"))),
        (*signs, *terms),
    )


def title_of(profile: Profile, words: Words) -> str:
    """The title of the document, in all its forms."""
    return words.say(
        "document.title",
        area=profile.area_label,
        wave=profile.wave,
        edition=words.say(f"edition.{profile.edition}"),
    )


def _edition(profile: Profile, words: Words) -> str:
    if profile.edition == "public":
        return words.say("public.title") + ". " + words.say("hidden.explained")
    said = words.say("internal.text", min_base=integer(profile.min_base))
    return words.say("internal.title") + ". " + said


def _facts(profile: Profile, words: Words) -> list[tuple[str, str]]:
    say, texts = words.say, load_texts(profile.lang)
    few = say("cover.few", min_base=integer(profile.min_base))
    when = period(profile.fieldwork_from, profile.fieldwork_to, profile.lang)
    facts = [
        (say("sheet.area"), profile.area_label),
        (say("sheet.id"), profile.area_id),
        (say("cover.level"), profile.level_label),
        (say("cover.municipality"), profile.municipality_label),
        (say("cover.lies_in"), listing(profile.lies_in, texts)),
        (say("cover.contains"), listing(profile.contains, texts)),
        (say("cover.wave"), profile.wave_label),
        (say("cover.fieldwork"), when),
        (say("cover.n"), few if profile.n_area is None else integer(profile.n_area)),
        (say("footer.instrument"), profile.instrument_label),
        (say("sheet.norm"), listing([each.label for each in profile.norms], texts)),
        (say("sheet.edition"), say(f"edition.{profile.edition}")),
        (say("sheet.site"), profile.site_label),
        (say("footer.build"), profile.build_id),
    ]
    return [(fact, value) for fact, value in facts if value]
