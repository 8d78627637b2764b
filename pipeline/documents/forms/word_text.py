"""Lines of text as Word's XML. Whatever they hold is text: nothing in them is read as markup."""

from xml.sax.saxutils import escape

from pipeline.documents.forms.plain_text import SOFT_HYPHEN, printable
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


def run(text: str, style: str = "", *, size: float | None = None) -> str:
    """One run; places where a word may break become Word's own.

    Args:
        text: of the run.
        style: id of a character style.
        size: of its letters in points, where it is not the paragraph's.
    """
    named = f'<w:rStyle w:val="{style}"/>' if style else ""
    sized = f'<w:sz w:val="{size * 2:.0f}"/>' if size else ""
    looks = f"<w:rPr>{named}{sized}</w:rPr>" if named or sized else ""
    parts = "<w:softHyphen/>".join(map(_text, printable(text).split(SOFT_HYPHEN)))
    return f"<w:r>{looks}{parts}</w:r>"


def runs(line: Line, *, size: float | None = None) -> str:
    """The runs of a line, in letters of another size than the paragraph's where one is given."""
    return "".join(run(each.text, RUN_STYLES.get(each.style, ""), size=size) for each in line)


def paragraph(
    style: str, content: str, *, after_table: bool = False, with_next: bool = False
) -> str:
    """One paragraph.

    Args:
        style: id of a paragraph style; empty for running text.
        content: runs.
        after_table: needs space above, since tables have none below.
        with_next: stands on the page of what follows.
    """
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    space = '<w:spacing w:before="200"/>' if after_table else ""
    kept = "<w:keepNext/>" if with_next else ""
    looks = f"<w:pPr>{named}{kept}{space}</w:pPr>" if named or kept or space else ""
    return f"<w:p>{looks}{content}</w:p>"


def attribute(text: str) -> str:
    """A text as the value of an attribute, with its quotation marks."""
    return '"' + escape(printable(text), {'"': "&quot;"}) + '"'


def _text(text: str) -> str:
    return f'<w:t xml:space="preserve">{escape(text)}</w:t>' if text else ""
