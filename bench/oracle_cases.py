"""Cases of another program's answers: reading the folder they come in.

A case holds ``data.csv``, ``scales.csv``, ``design.json`` and what was answered in
``expected_*.csv``. The form is described in ``tests/oracle/README.md``.
"""

import csv
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

Row = dict[str, str]
DesignOfR = dict[str, Any]

NEEDED = {
    "data.csv": {"id"},
    "scales.csv": {"scale", "direction", "items", "reversed", "min_valid", "rule"}
    | {"item_min", "item_max"},
    "expected_scores.csv": {"id", "scale", "score", "at_risk"},
    "expected_domain.csv": {"design", "scale", "stat", "by", "degenerate", "df_valid"},
    "expected_errors.csv": {"design", "where", "message"},
}
"""Columns without which a file of a case says nothing."""

DESIGN_KEYS = {"name", "ids", "strata", "weights", "fpc"}


class CaseError(Exception):
    """Why a case cannot be read or carried out, as a sentence."""


class Case(NamedTuple):
    """One case as it was read."""

    name: str
    data: list[Row]
    scales: list[Row]
    level: float
    area_column: str
    by: list[list[str]]
    """Sets of columns; each combination of their values is a domain."""

    designs: list[DesignOfR]
    refusals: list[dict[str, Any]]
    """Changes to the data, and a design, that R refuses."""

    scores: list[Row]
    domains: list[Row]
    errors: list[Row]


class CaseDesign(NamedTuple):
    """One case with one of its designs."""

    case: Case
    design: DesignOfR

    @property
    def id(self) -> str:
        """As tests and reports name it."""
        return f"{self.case.name}-{self.design['name']}"


def find_cases(folder: Path) -> list[Path]:
    """Folders of cases in a folder, or the folder itself if it is one."""
    if (folder / "design.json").is_file():
        return [folder]
    return sorted(
        path for path in folder.iterdir() if path.is_dir() and not path.name.startswith(".")
    )


def load_case(folder: Path) -> Case:
    """Read a case.

    Raises:
        CaseError: a file is missing, is not what it should be, or lacks columns or keys.
    """
    settings = _read_json(folder / "design.json")
    errors = folder / "expected_errors.csv"
    try:
        by = [_texts(each) for each in settings["by"]]
        designs = [_design(each) for each in settings["designs"]]
        refusals = [
            {"name": each["name"], "set": each.get("set", []), "drop": each.get("drop", [])}
            | {"design": _design(each["design"])}
            for each in settings.get("expect_errors") or []
        ]
        return Case(
            name=folder.name,
            data=_read_csv(folder / "data.csv", {column for each in by for column in each}),
            scales=_read_csv(folder / "scales.csv"),
            level=float(settings.get("level") or 0.95),
            area_column=str(settings.get("area_var") or "area"),
            by=by,
            designs=designs,
            refusals=refusals,
            scores=_read_csv(folder / "expected_scores.csv"),
            domains=_read_csv(folder / "expected_domain.csv"),
            errors=_read_csv(errors) if refusals or errors.exists() else [],
        )
    except KeyError as error:
        raise CaseError(f"design.json: {error.args[0]} is missing") from None
    except (TypeError, ValueError, AttributeError):
        raise CaseError("design.json: is not of the form that cases have") from None


def _design(given: DesignOfR) -> DesignOfR:
    """A design with its lists as lists of texts and its options stated."""
    if missing := sorted(DESIGN_KEYS - set(given)):
        raise CaseError(f"design.json: a design lacks {', '.join(missing)}")
    columns = {key: _texts(given[key]) for key in ("ids", "strata", "weights", "fpc")}
    defaults = {"nest": False, "lonely_psu": "fail", "adjust_domain_lonely": False}
    return defaults | given | columns


def _texts(given: Iterable[Any] | str | None) -> list[str]:
    if given is None:
        return []
    return [given] if isinstance(given, str) else [str(each) for each in given]


def _read_json(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text("utf-8"))
    except OSError:
        raise CaseError(f"{path.name}: is not there or cannot be opened") from None
    except ValueError:
        raise CaseError(f"{path.name}: is not JSON") from None
    if not isinstance(content, dict):
        raise CaseError(f"{path.name}: is not an object")
    return content


def _read_csv(path: Path, needed: Iterable[str] = ()) -> list[Row]:
    try:
        with path.open(encoding="utf-8", newline="") as opened:
            reader = csv.DictReader(opened, strict=True)
            rows = list(reader)
            columns = set(reader.fieldnames or [])
    except FileNotFoundError:
        raise CaseError(f"{path.name}: is not there") from None
    except (OSError, ValueError, csv.Error):
        raise CaseError(f"{path.name}: cannot be read as CSV in UTF-8") from None
    if missing := sorted({*NEEDED[path.name], *needed} - columns):
        raise CaseError(f"{path.name}: lacks the columns {', '.join(missing)}")
    if any(None in row or None in row.values() for row in rows):
        raise CaseError(f"{path.name}: has rows with more or fewer cells than its header")
    if not rows:
        raise CaseError(f"{path.name}: holds no rows")
    return rows
