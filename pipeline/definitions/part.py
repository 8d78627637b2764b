"""What every definition is made of: frozen, strict, sourced."""

from collections import Counter
from collections.abc import Iterable
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, StringConstraints

T = TypeVar("T")

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
"""Lower-case English id; for a definition with its own file, the file's name."""

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]

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


class Label(Part):
    """What readers see, in each language of the documents."""

    sv: Text
    en: Text


def repeated(values: Iterable[T]) -> list[T]:
    """The values that occur more than once, in order of first occurrence."""
    return [value for value, n in Counter(values).items() if n > 1]
