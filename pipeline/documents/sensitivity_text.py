"""How far figures move under other choices, as text for the person who reviews the method."""

import polars as pl

MAIN = ("every_item", "half_of_items", "one_item", "no_screens")
"""Choices that the tables by measure and area show; the first table has all."""

SUMMARY = ("figures", "largest", "other %", "verdicts", "hidden")
"""Figures that can be compared; the movement furthest from 0; whole per cent and verdicts that
differ; comparisons below the minimum base."""


def sensitivity_text(moves: pl.DataFrame) -> str:
    """Per wave: each choice; then the largest movement of each measure; then each area.

    Args:
        moves: of ``compute_sensitivity``, at least one row.
    """
    parts = []
    for (wave,), rows in moves.group_by("wave", maintain_order=True):
        parts += [_choices(wave, rows), _measures(wave, rows), _areas(wave, rows)]
    return "\n\n".join(parts)


def _choices(wave: object, rows: pl.DataFrame) -> str:
    by_choice = rows.group_by("choice_id", maintain_order=True)
    lines = [(str(choice), _counts(of_choice)) for (choice,), of_choice in by_choice]
    table = _table(f"{wave}: each choice, in percentage points", SUMMARY, lines)
    places = ["", "   where", *(_where(of_choice) for _, of_choice in by_choice)]
    return "\n".join(map(str.__add__, table.split("\n"), places))


def _counts(rows: pl.DataFrame) -> list[str]:
    return [
        str(rows["difference"].count()),
        _points(_largest(rows)),
        str(rows["is_other_percent"].sum()),
        str(rows["is_other_verdict"].sum()),
        str(rows["is_suppressed"].sum()),
    ]


def _where(rows: pl.DataFrame) -> str:
    moved = rows.filter(pl.col("difference").abs() == pl.col("difference").abs().max())
    first = moved.head(1).select("measure_id", "area_id", "n_published", "n").rows()
    return "".join(f"   {measure}, {area}, n {n} to {under}" for measure, area, n, under in first)


def _measures(wave: object, rows: pl.DataFrame) -> str:
    lines = [
        (str(measure), [_points(_largest(of_measure.filter(choice_id=each))) for each in MAIN])
        for (measure,), of_measure in rows.group_by("measure_id", maintain_order=True)
    ]
    return _table(f"{wave}: largest movement of any area, in percentage points", MAIN, lines)


def _areas(wave: object, rows: pl.DataFrame) -> str:
    lines = [
        (str(area), [_changed(of_area.filter(choice_id=each)) for each in MAIN])
        for (area,), of_area in rows.group_by("area_id", maintain_order=True)
    ]
    title = f"{wave}: figures with another whole per cent / with another verdict, of all shown"
    return _table(title, MAIN, lines)


def _changed(rows: pl.DataFrame) -> str:
    n = rows["difference"].count()
    if not n:
        return "-"
    return f"{rows['is_other_percent'].sum()} / {rows['is_other_verdict'].sum()} of {n}"


def _largest(rows: pl.DataFrame) -> float | None:
    """The movement furthest from 0, with its sign; null if nothing can be compared."""
    moves = rows["difference"].drop_nulls()
    return float(moves[moves.abs().arg_max()]) if len(moves) else None  # type: ignore[index]


def _points(difference: float | None) -> str:
    if difference is None:
        return "-"
    return f"{100 * difference:+.1f}" if difference else "0"


def _table(title: str, headings: tuple[str, ...], lines: list[tuple[str, list[str]]]) -> str:
    first = max(len(name) for name, _ in lines)
    cells = [list(headings), *(row for _, row in lines)]
    widths = [max(len(row[place]) for row in cells) + 3 for place in range(len(headings))]
    names = ["", *(name for name, _ in lines)]
    written = [
        f"{name:<{first}}"
        + "".join(f"{cell:>{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
        for name, row in zip(names, cells, strict=True)
    ]
    return "\n".join([title, *written])
