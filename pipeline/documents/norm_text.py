"""Derived cut-offs as the YAML block that ends a norm's file."""

from pipeline.definitions.norm import CutOff


def cutoffs_text(cutoffs: tuple[CutOff, ...]) -> str:
    """``cutoffs:`` and a line for each, in the order given."""
    lines = [
        f"  - {{factor: {cut.factor}, grade: {cut.grade}, cutoff: {cut.cutoff!r}, n: {cut.n}, "
        f"share_flagged: {cut.share_flagged!r}}}"
        for cut in cutoffs
    ]
    return "\n".join(["cutoffs:", *lines]) if lines else "cutoffs: []"
