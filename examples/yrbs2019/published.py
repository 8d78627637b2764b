"""CDC's printed figures for 2019: three tables in, one list of figures out."""

import csv
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import UsageError

TABLE_3 = "published_cdc_software_table3.csv"
TOBACCO = "published_mmwr_su6901a7_total_sex.csv"
POINTS = "published_mmwr_point_estimates_2019.csv"

TOBACCO_VARIABLES = {
    "evp": "QN35",
    "cigarettes": "QN32",
    "cigars": "QN38",
    "smokeless": "QN37",
    "any_tobacco": "qntb4",
}
"""The weighted shares of these variables equal the printed ones, in total and by sex."""


class PublishedFigure(NamedTuple):
    """One number as CDC printed it."""

    source: str
    variable: str
    """CDC's name of the variable, e.g. ``QN8``."""

    gender: str
    """``all``, ``female`` or ``male``."""

    quantity: str
    """Column of the estimates it is compared with."""

    printed: Decimal
    """Shares, their standard errors and limits in percent; with the digits that were printed."""


def load_published(folder: Path) -> list[PublishedFigure]:
    """Every figure the folder's three tables print, table by table.

    Args:
        folder: holds the tables. Of the software comparison, SUDAAN's rows stand for the logit
            interval and R's limits for Korn-Graubard's; the other rows repeat these, or show
            symmetric intervals and mistakes to avoid.

    Raises:
        UsageError: a table is missing or lacks a column.
    """
    return [*_software(folder / TABLE_3), *_tobacco(folder / TOBACCO), *_points(folder / POINTS)]


def load_rows(path: Path, columns: set[str]) -> list[dict[str, str]]:
    """The rows of a CSV file.

    Raises:
        UsageError: the file cannot be read or lacks one of ``columns``.
    """
    try:
        with path.open(newline="", encoding="utf-8") as file:
            reader = csv.DictReader(file)
            missing = sorted(columns - set(reader.fieldnames or ()))
            rows = list(reader)
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}.") from None
    if missing:
        raise UsageError(f"{path}: lacks the columns {', '.join(missing)}.")
    return rows


def _software(path: Path) -> list[PublishedFigure]:
    sudaan = {
        "n": "n",
        "df": "df",
        "pct": "estimate",
        "se": "se",
        "lo": "logit_lower",
        "hi": "logit_upper",
    }
    korn_graubard = {"lo": "kg_lower", "hi": "kg_upper"}
    rows = load_rows(path, {"variable", "software", *sudaan})
    figures = []
    for row in rows:
        if row["software"].startswith("SUDAAN"):
            figures += _figures("table 3, SUDAAN", row["variable"], "all", row, sudaan)
        elif row["software"].startswith("R survey"):
            figures += _figures("table 3, R", row["variable"], "all", row, korn_graubard)
    return figures


def _tobacco(path: Path) -> list[PublishedFigure]:
    genders = {"Total": "all", "Male": "male", "Female": "female"}
    quantities = {"est": "estimate", "lo": "logit_lower", "hi": "logit_upper"}
    figures = []
    for row in load_rows(path, {"indicator", "group", *quantities}):
        variable, gender = TOBACCO_VARIABLES[row["indicator"]], genders[row["group"]]
        figures += _figures("su6901a7", variable, gender, row, quantities)
    return figures


def _points(path: Path) -> list[PublishedFigure]:
    genders = {"total": "all", "male": "male", "female": "female"}
    figures = []
    for row in load_rows(path, {"variable", "source", *genders}):
        source = row["source"].split()[-1]
        for column, gender in genders.items():
            figures += _figures(source, row["variable"], gender, row, {column: "estimate"})
    return figures


def _figures(
    source: str, variable: str, gender: str, row: dict[str, str], quantities: dict[str, str]
) -> list[PublishedFigure]:
    """A figure for each of the row's columns that is not empty."""
    return [
        PublishedFigure(source, variable, gender, quantity, Decimal(row[column]))
        for column, quantity in quantities.items()
        if row[column]
    ]
