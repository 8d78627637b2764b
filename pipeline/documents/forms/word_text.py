"""Lines of text as Word's XML. Whatever they hold is text: nothing in them is read as markup."""

from xml.sax.saxutils import escape

from pipeline.documents.forms.plain_text import printable
from pipeline.documents.outline import Line, RunStyle

RUN_STYLES: dict[RunStyle, str] = {
    "strong": "Strong",
    "note": "RunNote",
    "mark": "RunMark",
    "tag": "RunTag",
    "worse": "RunWorse",
    "better": "RunBetter",
    "quiet": "RunQuiet",
}
"""Character styles of the template; plain text has none."""

_SOFT_HYPHEN = "\u00ad"


def run(text: str, style: str = "") -> str:
    """One run; places where a word may break become Word's own."""
    looks = f'<w:rPr><w:rStyle w:val="{style}"/></w:rPr>' if style else ""
    parts = "<w:softHyphen/>".join(map(_text, printable(text).split(_SOFT_HYPHEN)))
    return f"<w:r>{looks}{parts}</w:r>"


def runs(line: Line) -> str:
    """The runs of a line."""
    return "".join(run(each.text, RUN_STYLES.get(each.style, "")) for each in line)


def paragraph(style: str, content: str, *, after_table: bool = False) -> str:
    """One paragraph.

    Args:
        style: id of a paragraph style; empty for running text.
        content: runs.
        after_table: needs space above, since tables have none below.
    """
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    space = '<w:spacing w:before="200"/>' if after_table else ""
    looks = f"<w:pPr>{named}{space}</w:pPr>" if named or space else ""
    return f"<w:p>{looks}{content}</w:p>"


def attribute(text: str) -> str:
    """A text as the value of an attribute, with its quotation marks."""
    return '"' + escape(printable(text), {'"': "&quot;"}) + '"'


def _text(text: str) -> str:
    return f'<w:t xml:space="preserve">{escape(text)}</w:t>' if text else ""
