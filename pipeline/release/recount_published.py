"""What is published of single areas, wherever it stands, as the recount compares it."""

import csv
import re
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from pipeline import warehouse
from pipeline.release.own_count import Figure

RELATION = "published.estimate"
TABLE = Path("tables") / "estimate.csv"

POLICY = "published.policy"

ROUNDED_TO = 5
"""Counts are published as the nearest multiple of it, unless the policy says another."""

SHOWN = frozenset({"shown", "coded_below", "coded_above"})


class PublishedRow(NamedTuple):
    """A figure on all grades and genders of an area."""

    source: str
    """Relation or file it stands in."""

    wave: int
    area_id: str
    measure_id: str
    status: str
    n: int | None
    """Rounded; null: hidden, as the others."""

    n_flagged: int | None
    percent: int | None
    """Whole, from the two rounded counts."""

    rounded_to: int = ROUNDED_TO

    @property
    def is_shown(self) -> bool:
        """Whether readers are told anything of the figure."""
        return self.status in SHOWN

    def can_be(self, figure: Figure) -> bool:
        """Whether this is what ``figure`` becomes when it is published."""
        if self.status == "no_answers":
            return figure.n == 0
        if not self._is_rounded(self.n, Fraction(figure.n)):
            return False
        if not self.is_shown:
            return True
        if not figure.weight:
            return False
        share = figure.flagged / figure.weight
        return (
            self._is_rounded(self.n_flagged, share * figure.n)
            and self._is_percent_of_counts()
            and self._is_coded_by(share)
        )

    def _is_rounded(self, shown: int | None, true: Fraction) -> bool:
        if shown is None:
            return True
        return shown % self.rounded_to == 0 and abs(shown - true) <= Fraction(self.rounded_to, 2)

    def _is_percent_of_counts(self) -> bool:
        if self.percent is None or self.n_flagged is None or not self.n:
            return True
        return abs(self.percent - Fraction(100 * self.n_flagged, self.n)) <= Fraction(1, 2)

    def _is_coded_by(self, share: Fraction) -> bool:
        """Where the limit of coding lies is the policy's; that few are not many is not."""
        half = Fraction(1, 2)
        return not (
            (self.status == "coded_below" and share > half)
            or (self.status == "coded_above" and share < half)
        )


def published_rows(
    connection: duckdb.DuckDBPyConnection, folder: Path | None
) -> list[PublishedRow]:
    """Figures on all grades and genders, from the working file and from a release's table.

    A relation or a file that is not there gives none: what a release must hold is another check.
    """
    found: list[tuple[str, dict[str, Any]]] = []
    if exists(connection, RELATION):
        stored = warehouse.read(connection, RELATION, "wave", "area_id", "measure_id")
        found += [(RELATION, row) for row in stored.iter_rows(named=True)]
    if folder and (folder / TABLE).is_file():
        with (folder / TABLE).open(encoding="utf-8-sig", newline="") as file:
            found += [(str(TABLE), row) for row in csv.DictReader(file)]
    rounded_to = _rounded_to(connection)
    return [_row(source, row, rounded_to) for source, row in found if _is_over_all(row)]


def _rounded_to(connection: duckdb.DuckDBPyConnection) -> int:
    if not exists(connection, POLICY):
        return ROUNDED_TO
    stated = dict(warehouse.read(connection, POLICY).select("parameter", "value").iter_rows())
    return int(stated.get("public.round_counts", ROUNDED_TO))


def exists(connection: duckdb.DuckDBPyConnection, relation: str) -> bool:
    """Whether the file has the relation: an older build may lack it."""
    found = "select 1 from duckdb_tables() where schema_name || '.' || table_name = ?"
    return bool(connection.execute(found, [relation]).fetchall())


def _is_over_all(row: dict[str, Any]) -> bool:
    return bool(row["grade"] == row["gender"] == "all")


def _row(source: str, row: dict[str, Any], rounded_to: int) -> PublishedRow:
    return PublishedRow(
        source,
        int(str(row["wave"])),
        str(row["area_id"]),
        str(row["measure_id"]),
        str(row["status"]),
        _number(row["n"]),
        _number(row["n_flagged"]),
        _number(row["percent"]),
        rounded_to,
    )


def _number(cell: object) -> int | None:
    """A whole number; none where a symbol says that there is nothing to show."""
    text = str(cell)
    return int(float(text)) if re.fullmatch(r"\d+(\.0+)?", text) else None
