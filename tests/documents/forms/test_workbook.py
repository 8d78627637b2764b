"""The workbook: numbers that are numbers, one table a sheet, shorthand that is explained."""

import re
from functools import lru_cache
from io import BytesIO
from itertools import pairwise
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest

from pipeline.disclosure.figure import Published, whole_percent
from pipeline.documents.arrangement import ladder
from pipeline.documents.forms.sheet_words import Words
from pipeline.documents.forms.workbook import sheets_of
from pipeline.documents.view import Measure, Profile
from tests.documents.forms.conftest import NAMES, PROFILES, outline, plain, tables_of, xlsx_of

Rows = list[dict[str, Any]]
UNSHOWN = {"..", "[c]", "[x]", "[z]"}


@lru_cache
def book_of(name: str) -> Any:
    return openpyxl.load_workbook(BytesIO(xlsx_of(name)))


def rows_of(name: str, key: str) -> Rows:
    """Rows of the sheet with this text as its name, by column."""
    profile = PROFILES[name]
    page = book_of(name)[Words(profile).say(f"sheet.{key}")]
    [area] = [each.ref for each in page.tables.values()]
    head, *rows = page[area]
    return [dict(zip([cell.value for cell in head], [cell.value for cell in row], strict=True))
            for row in rows]  # fmt: skip


def measures_of(profile: Profile) -> list[Measure]:
    return [each for domain in profile.domains for each in domain.measures]


def per_cent(share: float | None) -> float:
    assert share is not None
    return whole_percent(share) / 100


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_is_a_number_or_says_why_not(name: str) -> None:
    profile, say = PROFILES[name], Words(PROFILES[name]).say
    for key, measures in (
        ("factors", measures_of(profile)),
        ("outcomes", profile.outcomes),
        ("counts", profile.flag_counts),
    ):
        if not measures:
            continue
        rows = rows_of(name, key)
        assert [row[say("sheet.id")] for row in rows] == [each.id for each in measures]
        for row, measure in zip(rows, measures, strict=True):
            _check_figure(row, measure.area, say)
            n = row[say("table.n")]
            assert n == measure.area.n if measure.area.n is not None else n in UNSHOWN
            if key == "factors" and measure.norm_share is not None and not measure.norm_break:
                assert row[plain(say("table.norm"))] == per_cent(measure.norm_share)
            if measure.rest is not None:
                assert row[say("table.rest")] == per_cent(measure.rest.share)


def _check_figure(row: dict[str, Any], figure: Published, say: Any) -> None:
    share, lower, upper = (row[say(key)] for key in ("table.share", "sheet.lower", "sheet.upper"))
    if figure.state == "shown":
        assert share == per_cent(figure.share)
        unknown = figure.lower is None
        assert (lower, upper) == (
            ("[x]", "[x]") if unknown else (per_cent(figure.lower), per_cent(figure.upper))
        )
    elif figure.state == "coded":
        assert re.fullmatch(r"[<>]\d+\u00a0?%", share)
        assert (lower, upper) == ("..", "..")
    else:
        assert {share, lower, upper} <= UNSHOWN
    signs = row[say("sheet.marks")]
    assert ("†" in signs) == figure.is_unreliable
    assert ("*" in signs) == figure.is_pooled


@pytest.mark.parametrize("name", NAMES)
def test_every_wave_stands_on_a_row_of_its_own(name: str) -> None:
    profile, say = PROFILES[name], Words(PROFILES[name]).say
    wanted = [(measure.id, wave) for measure in profile.measures for wave in measure.waves]
    rows = rows_of(name, "waves")
    for row, (measure_id, wave) in zip(rows, wanted, strict=True):
        assert (row[say("sheet.id")], row[say("sheet.wave")]) == (measure_id, wave.wave)
        _check_figure(row, wave.figure, say)
        assert row[say("sheet.reason")] == (wave.break_reason or "[z]")


@pytest.mark.parametrize("name", NAMES)
def test_the_workbook_prints_what_the_page_prints(name: str) -> None:
    """Every share and count in a cell of its own on the page stands in the workbook."""
    printed = {
        cell.text
        for table in tables_of(outline(name))
        if table.kind in ("measures", "ladder", "grades", "plain")
        for row in table.rows
        for cell in row
        if cell.is_number and re.fullmatch(r"[\d\u00a0]+(\u00a0?%)?", cell.text)
    }
    held = set()
    for page in book_of(name):
        for row in page.iter_rows():
            for cell in row:
                if isinstance(cell.value, int | float):
                    sign = "\u00a0%" if PROFILES[name].lang == "sv" else "%"
                    whole = f"{cell.value:,}".replace(",", "\u00a0")
                    held.add(f"{round(cell.value * 100)}{sign}" if "%" in cell.number_format
                             else whole)  # fmt: skip
    assert printed <= held
    assert printed


@pytest.mark.parametrize("name", NAMES)
def test_verdicts_are_the_pages(name: str) -> None:
    profile, say = PROFILES[name], Words(PROFILES[name]).say
    tables = [each for each in tables_of(outline(name)) if each.kind == "measures"]
    page = {row[0].lines[0][0].text.strip(): _verdict(row[-1].text)
            for table in tables[: len(profile.domains)] for row in table.rows
            if row[-1].span == 1}  # fmt: skip
    rows = {row[say("table.factor")]: row for row in rows_of(name, "factors")}
    for label, verdict in page.items():
        if label in rows:
            assert verdict.startswith(rows[label][say("table.against_norm")].rstrip("."))


def _verdict(text: str) -> str:
    return text.lstrip("▲▼≈ ")


@pytest.mark.parametrize("name", NAMES)
def test_who_answered(name: str) -> None:
    profile, say = PROFILES[name], Words(PROFILES[name]).say
    shown = profile.participation
    groups = (shown.everyone, *shown.grades, *shown.genders)
    for row, group in zip(rows_of(name, "participation"), groups, strict=True):
        enrolled, share = row[say("participation.enrolled")], row[say("participation.share")]
        assert row[say("participation.group")] == group.label
        assert enrolled == group.n_enrolled or (group.n_enrolled is None and enrolled in UNSHOWN)
        assert share in UNSHOWN if group.share is None else share == per_cent(group.share)
    for row, rung in zip(rows_of(name, "steps"), ladder(profile.ladder).rungs, strict=True):
        assert row[say("ladder.n")] == (rung.step.n if rung.step.n is not None else "[x]")
    reasons = (*profile.refused, *profile.screened)
    for row, reason in zip(rows_of(name, "left_out"), reasons, strict=True):
        assert row[say("left_out.n")] == (".." if reason.n is None else reason.n)


def test_changes_are_written_as_on_the_page() -> None:
    say = Words(PROFILES["area"]).say
    page = book_of("area")[say("sheet.changes")]
    [table] = page.tables.values()
    head, *rows = page[table.ref]
    heads = [cell.value for cell in head]
    for row, measure in zip(rows, PROFILES["area"].measures, strict=True):
        cells = dict(zip(heads, row, strict=True))
        points, trend = cells[say("sheet.points")], cells[say("sheet.trend_points")]
        if measure.change.points is not None and measure.change.since is not None:
            assert (points.value, points.number_format) == (measure.change.points, "+0;-0;0")
        if measure.trend is not None and measure.trend.per_year is not None:
            assert trend.value == measure.trend.per_year
            is_whole = trend.value == int(trend.value)
            assert trend.number_format == ("+0;-0;0" if is_whole else "+0.0;-0.0;0")


def test_areas_stand_in_the_municipalitys_workbook_alone() -> None:
    profile, say = PROFILES["municipality"], Words(PROFILES["municipality"]).say
    areas = [area for measure in measures_of(profile) for area in measure.funnel]
    rows = rows_of("municipality", "areas")
    for row, area in zip(rows, areas, strict=True):
        assert (row[say("sheet.area")], row[say("table.n")]) == (area.label, area.n)
        assert row[say("table.share")] == per_cent(area.share)
        assert row[say("sheet.place")] == say(f"sheet.{area.place}")
    assert "areas" not in {sheet.id for sheet in sheets_of(PROFILES["area"])}


@pytest.mark.parametrize("name", NAMES)
def test_every_sheet_has_one_table_from_the_first_column(name: str) -> None:
    for page in book_of(name):
        [table] = page.tables.values()
        top, bottom = (int(each) for each in re.findall(r"\d+", table.ref))
        assert table.ref.startswith("A")
        assert page["A1"].value
        # Title, notes, then the table at once; nothing beside or below it, nothing empty in it.
        assert all(page.cell(line, 1).value for line in range(1, top))
        assert (page.max_row, page.max_column) == (bottom, len(table.tableColumns))
        assert all(cell.value not in (None, "") for row in page[table.ref] for cell in row)
        assert not page.merged_cells.ranges
        assert page.freeze_panes == f"B{top + 1}"
        assert page.print_title_rows == f"${top}:${top}"


@pytest.mark.parametrize("name", NAMES)
def test_sheets_are_named_so_that_excel_takes_them_and_are_all_linked(name: str) -> None:
    book = book_of(name)
    assert all(0 < len(each) <= 31 and not set(each) & set("[]:*?/\\") for each in book.sheetnames)
    assert len({each.lower() for each in book.sheetnames}) == len(book.sheetnames)
    contents = book[book.sheetnames[1]]
    linked = [cell.hyperlink.location for row in contents.iter_rows() for cell in row
              if cell.hyperlink]  # fmt: skip
    assert linked == [f"'{each}'!A1" for each in book.sheetnames[2:]]


@pytest.mark.parametrize("name", NAMES)
def test_every_shorthand_used_is_explained(name: str) -> None:
    book = book_of(name)
    notes = book[Words(PROFILES[name]).say("sheet.notes")]
    explained = {row[0].value for row in notes.iter_rows(min_row=3)}
    used = {
        str(cell.value)
        for page in book
        for row in page.iter_rows()
        for cell in row
        if re.fullmatch(r"\.\.|\[\w\]|[†*]|[<>].*", str(cell.value))
    }
    assert {each[0] if each[0] in "<>" else each for each in used} <= explained
    assert used


@pytest.mark.parametrize("name", NAMES)
def test_texts_have_room(name: str) -> None:
    """A column is as wide as its longest word, and rows as high as their lines."""
    for page in book_of(name):
        [table] = page.tables.values()
        for row in page[table.ref][1:]:
            for cell in row:
                width = page.column_dimensions[cell.column_letter].width
                text = str(cell.value) if isinstance(cell.value, str) else ""
                assert max(map(len, text.split()), default=0) <= width * 1.2
                n_lines = page.row_dimensions[cell.row].height / 13.5
                assert len(text) * 0.82 <= width * n_lines


@pytest.mark.parametrize("name", NAMES)
def test_a_text_stands_apart_from_the_number_before_it(name: str) -> None:
    for page in book_of(name):
        [table] = page.tables.values()
        for row in page[table.ref]:
            for left, right in pairwise(row):
                if left.alignment.horizontal == "right" != right.alignment.horizontal:
                    # Programs take no notice of an indent without a side.
                    assert (right.alignment.horizontal, right.alignment.indent) == ("left", 1)


def test_nothing_of_a_formula_is_in_the_file() -> None:
    with ZipFile(BytesIO(xlsx_of("area"))) as parts:
        sheets = [parts.read(each).decode() for each in parts.namelist() if "worksheets/" in each]
    assert sheets
    assert not any(re.search(r"<f[ >]|calculatedColumnFormula", each) for each in sheets)


def test_made_up_answers_are_called_so_on_every_sheet_of_figures() -> None:
    say = Words(PROFILES["area"]).say
    book = book_of("area")
    warning = say("synthetic.text")
    told = [page.title for page in book if any(warning in str(cell.value) for cell in page["A"])]
    contents, notes = say("sheet.contents"), say("sheet.notes")
    assert told == [each for each in book.sheetnames if each not in (contents, notes)]


def test_the_title_is_in_the_properties() -> None:
    assert book_of("area").properties.title == plain(outline("area").title)
