"""A profile's figures as a workbook, in which numbers are numbers and nothing is a formula."""

from datetime import UTC, datetime
from io import BytesIO

from xlsxwriter import Workbook

from pipeline.documents.forms.packing import FIRST_DAY, packed_alike
from pipeline.documents.forms.plain_text import inert
from pipeline.documents.forms.sheet import Sheet, formats_of, write_sheet
from pipeline.documents.forms.sheet_about import (
    contents_sheet,
    cover_sheet,
    note_sheet,
    title_of,
)
from pipeline.documents.forms.sheet_measures import (
    factor_sheet,
    flag_count_sheet,
    outcome_sheet,
)
from pipeline.documents.forms.sheet_people import (
    area_sheet,
    grade_sheet,
    ladder_sheet,
    left_out_sheet,
    participation_sheet,
)
from pipeline.documents.forms.sheet_splits import split_sheet
from pipeline.documents.forms.sheet_waves import change_sheet, wave_sheet
from pipeline.documents.forms.sheet_words import Words
from pipeline.documents.split_view import SPLITS
from pipeline.documents.view import Profile

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def workbook(profile: Profile) -> bytes:
    """The figures of a profile as an .xlsx file.

    Args:
        profile: publishable figures only; all of them are in the file.
    """
    words = Words(profile)
    saved = BytesIO()
    book = Workbook(saved, _OPTIONS)
    book.set_properties({
        "title": inert(title_of(profile, words)),
        "subject": inert(profile.site_label),
        # Taken out again when the file is packed; here only so that no clock is read.
        "created": datetime(*FIRST_DAY[:3], tzinfo=UTC),
    })  # fmt: skip
    formats = formats_of(book, "0\u00a0%" if profile.lang == "sv" else "0%")
    for sheet in sheets_of(profile):
        write_sheet(book, sheet, formats)
    book.close()
    return packed_alike(saved.getvalue())


def sheets_of(profile: Profile) -> tuple[Sheet, ...]:
    """All sheets, in order; those without a row are left out."""
    words = Words(profile)
    synthetic = f"{words.say('synthetic.title')}. {words.say('synthetic.text')}"
    warned = (synthetic,) if profile.synthetic else ()
    notes = (words.say("sheet.see_notes", sheet=words.say("sheet.notes")), *warned)
    figures = tuple(
        sheet
        for sheet in (
            factor_sheet(profile, words, notes),
            flag_count_sheet(profile, words, notes),
            outcome_sheet(profile, words, notes),
            wave_sheet(profile, words, notes),
            change_sheet(profile, words, notes),
            *(split_sheet(profile, words, notes, by) for by in SPLITS),
            area_sheet(profile, words, notes),
            participation_sheet(profile, words, notes),
            ladder_sheet(profile, words, notes),
            left_out_sheet(profile, words, notes),
            grade_sheet(profile, words, notes),
        )
        if sheet.rows
    )
    described = (note_sheet(profile, words), *figures)
    return cover_sheet(profile, words, warned), contents_sheet(described, words), *described
