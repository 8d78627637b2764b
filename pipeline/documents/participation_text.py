"""Who answered and who is missing, as text for the person who plans the fieldwork."""

from collections.abc import Iterator
from math import ceil

import polars as pl

from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.wave import Wave
from pipeline.disclosure.school_participation import SchoolParticipation
from pipeline.documents.under_represented import MIN_GAP_POINTS, is_under_represented
from pipeline.documents.wording import percent

GROUPINGS = {
    "all": (),
    "grade": ("grade",),
    "gender": ("gender",),
    "school": ("school_id",),
    "school and grade": ("school_id", "grade"),
}
"""Tables in the order of the text, and the variables that their rows name."""

KEYS = ("school_id", "grade", "gender")

COLUMNS = ("n_enrolled", "n_opened", "n_valid", "share_valid", "n_missing", "partial")
HEADINGS = ("pupils", "opened", "answered", "share", "missing", "partial")

LEGEND = (
    "answered: enough questions to be used; share and missing: of the pupils.\n"
    "partial: below 0 where too few answered, the more so the larger the group; for a whole\n"
    "variable (in brackets) how far its groups differ."
)


def of_wave(shown: SchoolParticipation, wave: int) -> SchoolParticipation:
    """The rows of one wave."""
    return SchoolParticipation(*(frame.filter(wave=wave) for frame in shown))


def participation_text(shown: SchoolParticipation, catalogue: Catalogue, wave: Wave) -> str:
    """Tables, who is missing, what does not add up, the R-indicator, and the raking.

    Args:
        shown: of one wave.
        catalogue: the site's definitions.
        wave: the wave.
    """
    min_base = catalogue.policy.internal.min_base
    parts = [
        f"Participation {wave.wave}. For internal use: it names schools. "
        f"Groups below {min_base} pupils or answers are hidden (..).",
        _tables(shown, catalogue),
        "\n".join([LEGEND, *_who_is_missing(shown), *_misfits(shown)]),
        "\n".join(_representativeness(shown)),
        "\n".join(_raking(shown, wave)),
    ]
    return "\n\n".join(part for part in parts if part)


def _group(groups: pl.DataFrame, variables: tuple[str, ...]) -> pl.DataFrame:
    return groups.filter((pl.col(key) != "all") == (key in variables) for key in KEYS)


def _tables(shown: SchoolParticipation, catalogue: Catalogue) -> str:
    site = catalogue.site
    order = {each.id: place for place, each in enumerate((*site.grades, *site.genders))}
    partials = {
        (row["variable"], row["category"]): row["partial"]
        for row in shown.partials.iter_rows(named=True)
    }
    lines: list[tuple[str, list[str]]] = []
    for heading, variables in GROUPINGS.items():
        rows = _group(shown.groups, variables).to_dicts()
        if len(variables) == 1 and rows:
            whole = partials.get((variables[0], "all"))
            spread = [] if whole is None else [""] * (len(COLUMNS) - 1) + [f"({whole:.3f})"]
            lines.append((heading, spread))
        elif variables and rows:
            lines.append((heading, []))
        for row in sorted(rows, key=lambda row: _place(row, order)):
            name = " ".join(row[key] for key in variables)
            given = {**row, "partial": partials.get((variables[0], name)) if variables else None}
            lines.append((f"  {name}" if variables else "all", _cells(given)))
    width = max(len(name) for name, _ in lines)
    return "\n".join(
        (f"{name:<{width}}" + "".join(f"{cell:>10}" for cell in cells)).rstrip()
        for name, cells in [("", list(HEADINGS)), *lines]
    )


def _place(row: dict[str, object], order: dict[str, int]) -> tuple[object, ...]:
    return row["school_id"], order.get(str(row["grade"]), -1), order.get(str(row["gender"]), -1)


def _cells(row: dict[str, object]) -> list[str]:
    if row["is_suppressed"]:
        return [".."] * (len(COLUMNS) - 1)
    return [_cell(row[column], column) for column in COLUMNS]


def _cell(content: object, column: str) -> str:
    if not isinstance(content, int | float):
        return "" if column == "partial" else "-"
    if column == "partial":
        return f"{content:+.3f}"
    return percent(content, "en") if column == "share_valid" else str(content)


def _name(row: dict[str, object]) -> str:
    return " ".join(str(row[key]) for key in KEYS if row[key] != "all") or "all"


def _who_is_missing(shown: SchoolParticipation) -> Iterator[str]:
    [everyone] = _group(shown.groups, ()).to_dicts()
    whole = everyone["share_valid"]
    if whole is None:
        yield "How many are missing is not known: no enrolment is stated for this wave."
        return
    under = [
        row
        for variables in GROUPINGS.values()
        for row in _group(shown.groups, variables).to_dicts()
        if is_under_represented(row["share_valid"], whole)
    ]
    named = [f"{_name(row)} {percent(row['share_valid'], 'en')}" for row in under]
    yield (
        f"Who is missing ({MIN_GAP_POINTS} points or more below {percent(whole, 'en')}): "
        f"{', '.join(named) or 'no group'}."
    )


def _misfits(shown: SchoolParticipation) -> Iterator[str]:
    groups = shown.groups.filter(~pl.col("is_suppressed"))
    if names := _names(groups.filter("is_above_enrolled")):
        yield f"More answers than pupils, in {len(names)} groups: {', '.join(names)}."
    differs = groups.with_columns(gap=pl.col("n_enrolled_highest") - pl.col("n_enrolled_lowest"))
    if (odd := differs.filter(pl.col("gap") > 0)).height:
        most = odd.select(pl.col("gap").max()).item()
        yield (
            f"The rolls do not add up: in {odd.height} groups the numbers differ, at most by "
            f"{most} pupils. Shares use the number stated for the group."
        )
    for key in KEYS:
        of_key = _group(groups, (key,))
        without = of_key.filter(pl.col("n_enrolled").is_null())
        if 0 < without.height < of_key.height:
            yield f"In the export and not on the rolls: {', '.join(_names(without))}."


def _names(groups: pl.DataFrame) -> list[str]:
    return [_name(row) for row in groups.sort(*KEYS).to_dicts()]


def _representativeness(shown: SchoolParticipation) -> Iterator[str]:
    for row in shown.representativeness.iter_rows(named=True):
        by = ", ".join(each.removesuffix("_id") for each in row["variables"])
        if row["r"] is None:
            n_classes = row["n_classes"]
            yield f"R-indicator: none, as no answers belong to the {n_classes} classes by {by}."
            continue
        yield (
            f"R-indicator {row['r']:.3f}, {row['r_adjusted']:.3f} without the spread of chance: "
            f"1 would be equal participation in all {row['n_classes']} classes by {by}."
        )
        yield (
            f"Coefficient of variation {row['cv']:.3f}: through these classes, a share of those "
            f"who answered can be at most {ceil(1000 * row['max_bias']) / 10:.1f} points off."
        )
        if row["n_outside"]:
            yield f"{row['n_outside']} answers belong to none of these classes."
        if row["n_above_enrolled"]:
            yield f"{row['n_above_enrolled']} classes have more answers than pupils: taken as all."


def _raking(shown: SchoolParticipation, wave: Wave) -> Iterator[str]:
    if wave.raking is None:
        yield "Weights: not raked to enrolment."
    for row in shown.raking.iter_rows(named=True):
        yield (
            f"Weights: raked to {', '.join(row['margins'])}; {row['n_raked']} respondents in "
            f"{row['iterations']} rounds, largest error {row['error_raked']:.1e}"
            f" ({row['error_trimmed']:.1e} after {row['n_trimmed']} weights were cut)."
        )
        yield (
            f"Design effect of the weights {row['design_effect']:.3f}, effective n "
            f"{row['n_effective']:.0f}; weights {row['weight_lowest']:.2f} to "
            f"{row['weight_highest']:.2f}, median {row['weight_median']:.2f} (mean 1)."
        )
        yield (
            f"Weight kept: {row['n_without_category']} without a grade, gender or school, "
            f"{row['n_not_enrolled']} in one that no pupils are stated for."
        )
        yield (
            f"Margins differ by {row['largest_discrepancy']} pupils before scaling; "
            f"{row['n_left_out']} categories ({row['n_pupils_left_out']} pupils) left out; "
            f"combinations with pupils and no answers: {_known(row['n_empty_cells'])} "
            f"({_known(row['n_pupils_in_empty_cells'])} pupils)."
        )


def _known(n: int | None) -> str:
    return "not known" if n is None else str(n)
