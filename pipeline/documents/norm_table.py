"""A norm, and two beside each other, as text for the person who reviews the method."""

from collections.abc import Iterable, Mapping, Sequence
from textwrap import fill
from typing import Any

import polars as pl

from pipeline.definitions.norm import Norm
from pipeline.documents.view import NormSource
from pipeline.documents.wording import load_texts, say, say_number

Row = Mapping[str, Any]

WIDTH = 100
"""Characters a line of running text has at most."""

LEGEND = (
    "below, above: the next scores at or below and above the cut-off of who answers every "
    "question. at: share whose score is the cut-off. flagged: share past it."
)
LEGEND_AGAINST = (
    "{outcomes}: sensitivity/specificity, and how many it is true of; '-': too few. Measured on "
    "the norm sample itself, so a little too good."
)
MEANINGS = {
    "at_score": "The cut-off is a score that can be had, so that `inclusive` decides on those at "
    "it ({n} of {of})",
    "nobody_flagged": "Nobody of the norm sample is flagged ({n} of {of})",
    "everyone_flagged": "Everyone of the norm sample is flagged ({n} of {of})",
}
GAPS = {
    "few_scores": "fewer respondents with a score than the minimum base",
    "few_with_and_without": "too few respondents with or without the behaviour",
    "does_not_separate": "none does better than chance",
    "specificity_not_reached": "none has the stated specificity",
}
REASONS = {
    "not_asked_alike": "a norm sample or the wave was asked otherwise",
    "one_norm_only": "only one of the norms has a cut-off",
    "few_respondents": "fewer respondents than the minimum base",
}
NEVER_ACROSS = (
    "Cut-offs and shares of two norms are not comparable. What lies between the two columns is "
    "the norm; it says nothing about the young people. A wave is compared with an earlier one "
    "under the same norm alone."
)


def norm_text(norm: Norm, source: NormSource, rows: Sequence[Row]) -> str:
    """A norm's source in words, a line per cut-off, and what to beware of.

    Args:
        norm: the norm.
        source: what documents say of it, in English.
        rows: of ``review_norm``.
    """
    parts = ["\n".join([f"{norm.id}: {source.label}", *_source_lines(norm, source)])]
    if not rows:
        parts.append("It has no cut-offs yet: uppvaxt norms derive")
        return "\n\n".join(parts)
    parts.append(_cutoff_table(rows, norm.against))
    legend = [fill(LEGEND, WIDTH)]
    if norm.against:
        legend.append(fill(LEGEND_AGAINST.format(outcomes=", ".join(norm.against)), WIDTH))
    parts.append("\n".join(legend))
    parts += warnings_text(rows)
    return "\n\n".join(parts)


def warnings_text(rows: Sequence[Row]) -> list[str]:
    """A paragraph per kind of warning, with where it holds."""
    paragraphs = []
    for warning, meaning in MEANINGS.items():
        where = [(row["factor"], row["grade"]) for row in rows if warning in row["warnings"]]
        if where:
            said = meaning.format(n=len(where), of=len(rows))
            paragraphs.append(fill(f"{said}: {_places(where)}", WIDTH))
    return paragraphs


def gaps_text(gaps: Sequence[tuple[str, str, str]]) -> list[str]:
    """A paragraph per reason why there is no cut-off, with where there is none.

    Args:
        gaps: factor, grade and reason each.
    """
    paragraphs = []
    for reason, meaning in GAPS.items():
        where = [(factor, grade) for factor, grade, found in gaps if found == reason]
        if where:
            paragraphs.append(fill(f"No cut-off, since {meaning}: {_places(where)}", WIDTH))
    return paragraphs


def comparison_text(norms: tuple[Norm, Norm], wave: int, rows: pl.DataFrame) -> str:
    """Two norms side by side: a line per factor and grade, then what cannot be set beside.

    Args:
        norms: first and second.
        wave: whose respondents both were put to.
        rows: of ``compare_norms``.
    """
    first, second = norms
    head = f"1: {first.id}\n2: {second.id}\nwave {wave}"
    shown = rows.filter(pl.col("reason").is_null()).to_dicts()
    headings = ("factor", "grade", "cut-off 1", "cut-off 2", "points", "steps", "n", "flagged 1")
    lines: list[tuple[str, ...]] = [(*headings, "flagged 2", "moves", "alike", "kappa")]
    lines += [
        (
            row["factor_id"],
            row["grade"],
            *(_number(row[f"cutoff_{which}"], 3) for which in ("first", "second")),
            _number(row["points_apart"], 3, signed=True),
            _number(row["scores_apart"], 0),
            str(row["n"]),
            *(_number(row[f"share_flagged_{which}"], 2) for which in ("first", "second")),
            _number(row["moved"], 2, signed=True),
            _number(row["share_alike"], 2),
            _number(row["kappa"], 2),
        )
        for row in shown
    ]
    legend = (
        "points: second less first. steps: attainable scores that one flags and the other does "
        "not. moves: share flagged, second less first. alike: share whom both classify the same; "
        "kappa: the same beyond chance."
    )
    parts = [head, _aligned(lines, n_left=2), fill(legend, WIDTH)]
    if left_out := _left_out(rows):
        parts.append("\n".join(["Not set beside each other", *left_out]))
    return "\n\n".join([*parts, fill(NEVER_ACROSS, WIDTH)])


def _source_lines(norm: Norm, source: NormSource) -> list[str]:
    texts = load_texts("en")
    size = str(say_number(texts, "norm.at_most", source.n))
    facts = {
        "population": source.population,
        "wave": f"{source.wave} ({norm.instrument})",
        "n": size.replace("\u00a0", " "),
        "grades": ", ".join(source.grades),
        "rule": source.rule,
        "counted": source.counted,
        "risk": source.risk,
        "protective": source.protective,
        "method_source": source.method_source,
        "source": source.source,
    }
    names = {key: str(say(texts, f"norm.{key}")) for key in facts}
    width = max(map(len, names.values())) + 2
    lines = [str(say(texts, "norm.synthetic"))] if source.synthetic else []
    return lines + [
        fill(fact, WIDTH, initial_indent=f"{names[key]:<{width}}", subsequent_indent=" " * width)
        for key, fact in facts.items()
    ]


def _cutoff_table(rows: Sequence[Row], outcomes: Sequence[str]) -> str:
    headings = ("factor", "grade", "n", "cut-off", "below", "above", "at", "flagged")
    lines: list[tuple[str, ...]] = [(*headings, *outcomes)]
    for row in rows:
        judged = {each["outcome"]: each for each in row["against"]}
        lines.append(
            (
                row["factor"],
                row["grade"],
                str(row["n"]),
                *(_number(row[key], 3) for key in ("cutoff", "score_at_or_below", "score_above")),
                *(_number(row[key], 2) for key in ("share_at_cutoff", "share_flagged")),
                *(_separation(judged.get(outcome)) for outcome in outcomes),
            )
        )
    return _aligned(lines, n_left=2)


def _separation(row: Row | None) -> str:
    if row is None:
        return "-"
    shares = (_number(row[key], 2) for key in ("sensitivity", "specificity"))
    return f"{'/'.join(shares)} ({row['n_with']})"


def _left_out(rows: pl.DataFrame) -> list[str]:
    return [
        fill(f"{meaning}: {_places(found.iter_rows())}", WIDTH)
        for reason, meaning in REASONS.items()
        if not (found := rows.filter(reason=reason).select("factor_id", "grade")).is_empty()
    ]


def _places(pairs: Iterable[tuple[str, str]]) -> str:
    """``c_opp g7, g8; c_rew g7``."""
    grades: dict[str, list[str]] = {}
    for factor, grade in pairs:
        grades.setdefault(factor, []).append(grade)
    return "; ".join(f"{factor} {', '.join(each)}" for factor, each in grades.items())


def _aligned(lines: Sequence[Sequence[str]], *, n_left: int) -> str:
    """Columns two spaces apart, the first ``n_left`` flush left, the rest flush right."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            f"{cell:<{width}}" if place < n_left else f"{cell:>{width}}"
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def _number(number: float | None, decimals: int, *, signed: bool = False) -> str:
    if number is None:
        return "-"
    return f"{number:{'+' if signed else ''}.{decimals}f}"
