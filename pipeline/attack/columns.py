"""The tables of a release that the attacker can read, and what their columns hold.

A release may grow: a new column or table is declared here, or the attack reports it as something
that nobody has tried to undo.
"""

KEY = "key"
TEXT = "text"
STATUS = "status"

MARK = "mark"
"""Words about a figure. All hidden rows must have the same, or the word tells them apart."""

COUNT = "count"
"""Respondents that are no cell of a linear system: rounded, and read no further."""

OPEN = "open"
"""Numbers that come from elsewhere or are about no respondent, such as enrolled pupils."""

SHARE = "share"
"""A number about a whole wave, with three decimals at most."""

KEYS = dict.fromkeys(("wave", "area_id", "grade", "gender", "measure_id"), KEY)
HIDDEN = dict.fromkeys(("status", "is_suppressed"), STATUS)

TABLES: dict[str, dict[str, str]] = {
    "estimate": KEYS
    | HIDDEN
    | {
        "n": "n",
        "n_flagged": "k",
        "percent": "percent",
        "percent_lower": "lower",
        "percent_upper": "upper",
        "design_effect": "design_effect",
        "is_unreliable": MARK,
    },
    "comparison": KEYS
    | HIDDEN
    | {"kind": KEY, "reference": KEY, "verdict": MARK}
    | {"difference": "difference", "second_percent": "rest"},
    "funnel": KEYS
    | dict.fromkeys(("percent", "lower_95", "upper_95", "lower_998", "upper_998"), "other")
    | {"place": TEXT},
    "domain": KEYS | HIDDEN | {"n_respondents": "respondents"},
    "coverage": KEYS
    | HIDDEN
    | {"n_enrolled": OPEN}
    | dict.fromkeys(("n_opened", "n_valid", "n_passed_screens", "n_placed", "n_scored"), COUNT),
    "left_out": KEYS
    | HIDDEN
    | {"stage": TEXT, "reason": TEXT, "n_respondents": COUNT, "n_caught": COUNT},
    "participation": KEYS
    | HIDDEN
    | dict.fromkeys(("n_enrolled", "n_enrolled_lowest", "n_enrolled_highest"), OPEN)
    | dict.fromkeys(("n_opened", "n_valid", "n_analysed", "n_missing"), COUNT)
    | {"share_valid": SHARE, "percent_valid": SHARE, "is_above_enrolled": TEXT},
    "representativeness": KEYS
    | {"variables": TEXT}
    | dict.fromkeys(("n_classes", "n_above_enrolled", "n_enrolled"), OPEN)
    | dict.fromkeys(("n_valid", "n_outside"), COUNT)
    | dict.fromkeys(("share", "s", "r", "r_adjusted", "cv", "max_bias"), SHARE),
    "area": KEYS
    | dict.fromkeys(("label", "level", "parents", "parent_id", "lies_in", "level_label"), TEXT),
    "measure": KEYS
    | dict.fromkeys(
        ("label", "label_sv", "label_en", "kind", "domain", "direction", "is_sensitive"), TEXT
    ),
    "wave": KEYS
    | dict.fromkeys(
        ("grades_hold_all", "genders_hold_all", "areas_hold_all", "parts_hold_all", "is_weighted"),
        TEXT,
    ),
    "policy": dict.fromkeys(("parameter", "name", "value", "says", "source"), OPEN),
}
"""Table to column to what it holds: a ``what`` of figures, or one of the words above."""

SYSTEM = (
    "n",
    "k",
    "respondents",
    "percent",
    "lower",
    "upper",
    "rest",
    "difference",
    "design_effect",
    "other",
)
"""Columns that figures are read from."""


VIEW_TEXT = ("area", "level", "measure", "measure_sv", "measure_en")
"""Labels that views show beside keys."""


def declared(table: str, column: str, measure_ids: tuple[str, ...]) -> str | None:
    """What a column holds; None if nobody declared it.

    A view ``v_x`` may have what table ``x`` has, and any other view what any table has; besides,
    labels, and a column for every measure.
    """
    if not table.startswith("v_"):
        return TABLES.get(table, {}).get(column)
    shown = table.removeprefix("v_")
    sources = [TABLES[shown]] if shown in TABLES else list(TABLES.values())
    found = next((columns[column] for columns in sources if column in columns), None)
    is_label = "label" in column or column in VIEW_TEXT
    return TEXT if is_label else found or _of_measure(column, measure_ids)


def _of_measure(column: str, measure_ids: tuple[str, ...]) -> str | None:
    """What a column that is named after a measure holds: percentages, unless its name differs."""
    for what, name in (("n", "n_"), ("percent", "percent_"), (TEXT, "status_"), ("percent", "")):
        if column.startswith(name) and column.removeprefix(name) in measure_ids:
            return what if what == TEXT else f"{what} of {column.removeprefix(name)}"
    return None
