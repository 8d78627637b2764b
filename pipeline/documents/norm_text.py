"""Derived cut-offs as the YAML block that ends a norm's file."""

import re

from pydantic import BaseModel

from pipeline.definitions.norm import CutOff
from pipeline.errors import DefinitionError


def cutoffs_text(cutoffs: tuple[CutOff, ...]) -> str:
    """``cutoffs:`` and a line for each, in the order given; below it, a line per outcome."""
    lines = [line for cut in cutoffs for line in _lines(cut)]
    return "\n".join(["cutoffs:", *lines]) if lines else "cutoffs: []"


def with_cutoffs(text: str, block: str) -> str:
    """The text of a norm's file with its cut-offs replaced, the rest as its author wrote it.

    Raises:
        DefinitionError: ``cutoffs:`` is not the last key, so that more would be replaced.
    """
    before, _, after = text.partition("\ncutoffs:")
    if re.search(r"^[^\s#-]", after.partition("\n")[2], re.MULTILINE):
        raise DefinitionError("cutoffs: is not the last key of the norm's file; move it there.")
    return f"{before.removesuffix(chr(10))}\n{block}\n"


def _lines(cut: CutOff) -> list[str]:
    keys = _keys(cut)
    if not cut.against:
        return [f"  - {{{keys}}}"]
    judged = [f"      {{{_keys(each)}}}" for each in cut.against]
    return [f"  - {{{keys}, against: [", *(f"{line}," for line in judged[:-1]), f"{judged[-1]}]}}"]


def _keys(part: BaseModel) -> str:
    """What is known and not a list, as ``key: value`` pairs."""
    known = part.model_dump(exclude={"against"}, exclude_none=True)
    return ", ".join(f"{key}: {known[key]}" for key in known)
