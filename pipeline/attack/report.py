"""What an attack found, for people and for programs."""

from collections import Counter
from typing import Any

from pipeline.attack.attack import Report

SHOWN = 50
"""Findings that are printed one by one; JSON has all."""


def report_text(report: Report) -> str:
    """A table in plain words."""
    rows = [
        *((f"Figures read in {form}", _figures(report, form)) for form in report.n_files),
        ("Different numbers printed", f"{report.n_cells:,}"),
        ("Counts hidden", f"{report.n_hidden:,}"),
        ("Hidden counts worked out exactly", f"{report.n_exact:,}"),
        ("Hidden counts known too well", f"{report.n_narrow:,}"),
        ("Smallest interval of those", _or_none(report.smallest_interval)),
        ("Pairs of counts behind a printed share, least", _or_none(report.least_candidates)),
        ("Pairs of counts behind a printed share, median", _or_none(report.median_candidates)),
        ("Findings", f"{len(report.findings):,}"),
    ]
    width = max(len(words) for words, _ in rows)
    lines = [f"{words:<{width}}  {value}" for words, value in rows]
    if report.findings:
        lines += ["", *(f"{n:>6}  {kind}" for kind, n in _kinds(report))]
        lines += ["", *(f"{each.kind}: {each.says} ({each.where})" for each in _first(report))]
    if len(report.findings) > SHOWN:
        lines.append(f"... and {len(report.findings) - SHOWN:,} more; --json lists all")
    return "\n".join(lines)


def report_content(report: Report) -> dict[str, Any]:
    """The same with every finding."""
    return {
        "n_files": report.n_files,
        "n_figures": report.n_figures,
        "n_cells": report.n_cells,
        "n_hidden": report.n_hidden,
        "n_exact": report.n_exact,
        "n_narrow": report.n_narrow,
        "smallest_interval": report.smallest_interval,
        "least_candidates": report.least_candidates,
        "median_candidates": report.median_candidates,
        "findings": [each._asdict() for each in report.findings],
    }


def _figures(report: Report, form: str) -> str:
    return f"{report.n_figures[form]:,} in {report.n_files[form]:,} files"


def _or_none(number: float | None) -> str:
    return "none" if number is None else f"{number:g}"


def _kinds(report: Report) -> list[tuple[int, str]]:
    counts = Counter(each.kind for each in report.findings)
    return [(n, kind) for kind, n in counts.most_common()]


def _first(report: Report) -> list[Any]:
    """Some findings of every kind."""
    counts = Counter(each.kind for each in report.findings)
    share = max(SHOWN // max(len(counts), 1), 1)
    shown: Counter[str] = Counter()
    found = []
    for each in report.findings:
        shown[each.kind] += 1
        if shown[each.kind] <= share:
            found.append(each)
    return found
