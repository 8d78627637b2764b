"""How well scales measure, as text for the person who reviews the method."""

import polars as pl

COLUMNS = {
    "items": "k_items",
    "n": "n",
    "alpha": "alpha",
    "ordinal": "alpha_ordinal",
    "omega": "omega_cfa_model",
    "floor": "share_floor",
    "ceiling": "share_ceiling",
    "unscored": "share_unscored",
    "flags": "flags",
}
"""Columns of the table by their headings."""


def quality_text(scales: pl.DataFrame, alarms: pl.DataFrame, dif: pl.DataFrame) -> str:
    """A table per wave, then the alarms, then items that groups answer differently.

    Args:
        scales: a row per wave and factor.
        alarms: a row per item alarm.
        dif: a row per tested item; none if not tested.
    """
    parts = [_table(wave, rows) for (wave,), rows in scales.group_by("wave", maintain_order=True)]
    named = [
        f"{row['wave']} {row['factor_id']} {row['item_id']}: {row['reason_en']}"
        for row in alarms.iter_rows(named=True)
    ]
    parts.append("\n".join(["Alarms", *named]) if named else "Alarms: none")
    found = dif.filter(pl.col("size").is_in(["moderate", "large"]))
    named = [
        f"{row['wave']} {row['factor_id']} {row['item_id']} by {row['grouping']}: {row['size']}"
        for row in found.iter_rows(named=True)
    ]
    if dif.height:
        parts.append("\n".join(["Items that groups answer differently", *named]))
    return "\n\n".join(parts)


def _table(wave: object, rows: pl.DataFrame) -> str:
    width = max(len(factor) for factor in rows["factor_id"])
    lines = [f"{wave!s:<{width}}" + "".join(f"{heading:>9}" for heading in COLUMNS)]
    for row in rows.iter_rows(named=True):
        shown = "".join(f"{_cell(row[column]):>9}" for column in COLUMNS.values())
        lines.append(f"{row['factor_id']:<{width}}{shown}")
    return "\n".join(lines)


def _cell(content: object) -> str:
    match content:
        case None:
            return "-"
        case float():
            return f"{content:.2f}"
        case list():
            return "  " + ", ".join(content) if content else ""
    return str(content)
