"""Derived cut-offs as the YAML block that ends a norm's file."""

import re

from pipeline.definitions.norm import CutOff
from pipeline.errors import DefinitionError


def cutoffs_text(cutoffs: tuple[CutOff, ...]) -> str:
    """``cutoffs:`` and a line for each, in the order given."""
    lines = [
        f"  - {{factor: {cut.factor}, grade: {cut.grade}, cutoff: {cut.cutoff!r}, n: {cut.n}, "
        f"share_flagged: {cut.share_flagged!r}}}"
        for cut in cutoffs
    ]
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
