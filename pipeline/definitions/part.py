"""What every definition is made of: frozen, strict, sourced."""

from collections import Counter
from collections.abc import Iterable
from typing import Annotated, Literal, TypeVar
from unicodedata import category

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

T = TypeVar("T")

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
"""Lower-case English id; for a definition with its own file, the file's name."""

MAX_NAME = 120
"""Project choice: twice the longest name that there is. A name stands in titles, and Word's
property of a title holds 255 characters."""

BYTE_ORDER_MARK = 0xFEFF

BIDI_CONTROLS = frozenset((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
"""Letters after one stand in another order than they are stored in (Unicode Annex 9, 2.1 to 2.5):
a name could be read as another. Marks of direction (2.6) are letters without a shape."""

UNPRINTABLE = frozenset({"Cc", "Cs", "Co", "Cn"})
"""Categories of control characters, halves of characters, and of those that mean nothing or what
each program likes. Neither PDF/A nor Office files may hold them."""


def _is_printable(text: str) -> str:
    """``text``, if all its characters but line breaks can stand in a document."""
    for character in text:
        if character == "\n":
            continue
        code = ord(character)
        is_hidden = code in BIDI_CONTROLS or code == BYTE_ORDER_MARK
        if is_hidden or category(character) in UNPRINTABLE:
            # Its number, since it cannot be shown, or would turn the message around.
            raise ValueError(
                f"holds the control character U+{code:04X}; expected text that can be printed"
            )
    return text


def _is_one_line(text: str) -> str:
    """``text``, if it has no line break."""
    if len(text.splitlines()) > 1:
        raise ValueError("holds a line break; expected one line")
    return text


Text = Annotated[
    str,
    StringConstraints(min_length=1, strip_whitespace=True),
    AfterValidator(_is_printable),
]
"""Prose, or a word of a file; it may be long, and may have paragraphs."""

Name = Annotated[
    str,
    StringConstraints(min_length=1, max_length=MAX_NAME, strip_whitespace=True),
    AfterValidator(_is_one_line),
    AfterValidator(_is_printable),
]
"""What stands in titles, headings and tables: one line, and no long one."""

Status = Literal["found", "remembered", "working_name", "project_choice"]
"""How well a fact is founded.

``found``: read in the source that is named. ``remembered``: general knowledge of the field,
not checked. ``working_name``: our own name for something that has an official one elsewhere.
``project_choice``: decided in this project.
"""

Problem = Literal["violence", "delinquency", "substance", "sexual_risk", "school", "depression"]
"""The six problem behaviours of Malmö's CTC work (facts found at malmo.se)."""

Tag = Literal["drugs", "crime", "mental_health", "sexual", "family"]
"""Why a measure is sensitive."""


class Part(BaseModel):
    """A piece of a definition. Unknown keys are refused; nothing changes after reading."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        allow_inf_nan=False,
        hide_input_in_errors=True,
        use_attribute_docstrings=True,
    )


class Definition(Part):
    """A definition with an id: a file of its own, named after the id."""

    id: Identifier


class Wording(Part):
    """A sentence or a part of one that readers see, in each language of the documents."""

    sv: Text
    en: Text


class Label(Wording):
    """What readers see something called, in each language of the documents."""

    sv: Name
    en: Name


def repeated(values: Iterable[T]) -> list[T]:
    """The values that occur more than once, in order of first occurrence."""
    return [value for value, n in Counter(values).items() if n > 1]
