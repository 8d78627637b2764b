"""Text as files hold it: without what XML forbids, and never read as a formula."""

import re

_FORBIDDEN = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
"""Characters that XML 1.0 has no place for or advises against."""

_WHITE = re.compile(r"[\t\n\r\u0085\u2028\u2029]+")

TRIGGERS = frozenset("=+-@\t\r\n\0＝＋－＠")
"""First characters that make a spreadsheet read a text as a formula, in both widths.

Source:
    OWASP, CSV Injection; ASVS 5.0, 1.2.10.
"""

SOFT_HYPHEN = "\u00ad"


def printable(text: str) -> str:
    """A text on one line, without characters that XML forbids."""
    return _FORBIDDEN.sub("", _WHITE.sub(" ", text))


MAX_TITLE = 255
"""Letters of a property of an office file that python-docx and python-pptx write."""


def unhyphenated(text: str) -> str:
    """A printable text without places to break words at, for programs that would show them."""
    return printable(text).replace(SOFT_HYPHEN, "")


def title_property(text: str) -> str:
    """A title as office files state it, cut off where they hold no more: many areas have one."""
    return unhyphenated(text)[:MAX_TITLE]


def inert(text: str) -> str:
    """A text that no spreadsheet takes for a formula, also when the file is saved as CSV.

    One that begins like a formula, spaces aside, gets an apostrophe before it, which stays visible.
    """
    tidy = unhyphenated(text)
    begins = text[:1] in TRIGGERS or tidy.lstrip()[:1] in TRIGGERS
    return f"'{tidy}" if begins else tidy
