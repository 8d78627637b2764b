"""Lines of text and tables as PowerPoint's XML; whatever they hold is text."""

from xml.sax.saxutils import escape

from pptx.oxml.ns import nsdecls

from pipeline.documents.forms.grid import placed
from pipeline.documents.forms.letters import BOLD_STYLES
from pipeline.documents.forms.plain_text import unhyphenated
from pipeline.documents.forms.slide_table import Fitted
from pipeline.documents.outline import Cell, Line, Run, RunStyle

_COLOURS: dict[RunStyle, str] = {
    "note": "51606A",
    "quiet": "51606A",
    "tag": "51606A",
    "mark": "17495A",
    "worse": "8C4318",
    "better": "1F5F5B",
}
_PLAIN_TABLE = "{3B4B98B0-60AC-42C2-AFA5-B58CD77FA1E5}"
"""PowerPoint's "Light Style 1 - Accent 1"."""

_EMU_PER_INCH = 914_400
_COVERED = '<a:tc hMerge="1"><a:txBody><a:bodyPr/><a:lstStyle/><a:p/></a:txBody><a:tcPr/></a:tc>'
_MARGINS = 'marL="45720" marR="45720" marT="27432" marB="27432"'


def runs_xml(line: Line, size: float, tag: str) -> str:
    """The runs of a line.

    Args:
        line: of an outline.
        size: of letters, in points.
        tag: language.
    """
    return "".join(_run(each, size, tag) for each in line)


def table_xml(part: Fitted, tag: str) -> str:
    """A table with a header row and row headings."""
    columns = "".join(f'<a:gridCol w="{_emu(each)}"/>' for each in part.columns)
    rows = zip((part.table.head, *part.table.rows), part.heights, strict=True)
    return (
        f'<a:tbl {nsdecls("a")}><a:tblPr firstRow="1" firstCol="1">'
        f"<a:tableStyleId>{_PLAIN_TABLE}</a:tableStyleId></a:tblPr>"
        f"<a:tblGrid>{columns}</a:tblGrid>"
        + "".join(_row(row, height, part.size, tag) for row, height in rows)
        + "</a:tbl>"
    )


def _row(row: tuple[Cell, ...], height: float, size: float, tag: str) -> str:
    cells = "".join(_cell(cell, size, tag) + _COVERED * (cell.span - 1) for _, cell in placed(row))
    return f'<a:tr h="{_emu(height)}">{cells}</a:tr>'


def _cell(cell: Cell, size: float, tag: str) -> str:
    spanned = f' gridSpan="{cell.span}"' if cell.span > 1 else ""
    side = '<a:pPr algn="r"/>' if cell.is_number else ""
    lines = [runs_xml(line, size, tag) for line in cell.lines]
    written = "".join(f"<a:p>{side}{line}</a:p>" for line in lines)
    # An empty cell would be as high as letters of the usual size.
    empty = f'<a:p><a:endParaRPr lang="{tag}" sz="{round(size * 100)}"/></a:p>'
    return (
        f"<a:tc{spanned}><a:txBody><a:bodyPr/><a:lstStyle/>{written or empty}</a:txBody>"
        f"<a:tcPr {_MARGINS}/></a:tc>"
    )


def _run(run: Run, size: float, tag: str) -> str:
    bold = ' b="1"' if run.style in BOLD_STYLES else ""
    raised = ' baseline="30000"' if run.style == "mark" else ""
    colour = _COLOURS.get(run.style)
    fill = f'<a:solidFill><a:srgbClr val="{colour}"/></a:solidFill>' if colour else ""
    return (
        f'<a:r><a:rPr lang="{tag}" sz="{round(size * 100)}"{bold}{raised}>{fill}</a:rPr>'
        f"<a:t>{escape(unhyphenated(run.text))}</a:t></a:r>"
    )


def _emu(inches: float) -> int:
    return round(inches * _EMU_PER_INCH)
