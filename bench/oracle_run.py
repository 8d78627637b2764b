"""A case taken the product's whole way, from a file to its estimates, and checked."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.oracle_cases import Case, CaseDesign, CaseError, Row
from bench.oracle_checks import Check, domain_checks, read_answers, score_checks
from bench.oracle_site import CaseSite, case_site, groupings
from pipeline import warehouse
from pipeline.build import build_site
from pipeline.errors import UppvaxtError

REASONS = {
    "missing values in `weights'": "(weight)",
    "missing values in `strata'": "(stratum)",
    "missing values in `id'": "(psu)",
    "missing values in `fpc'": "(fpc)",
    "not nested": "more than one stratum",
    ">100% sampling": "100 % sampled",
    "all fpc>=1": "expected sizes",
    "only one PSU at stage 1": "strata have a single PSU",
    "only one PSU at stage 2": "PSUs have a single unit",
}
"""What R says when it refuses, and what the product then says."""

NO_ERROR = "NO ERROR"


def case_checks(case: Case, folder: Path) -> Iterator[Check]:
    """Every check of a case.

    Args:
        case: with all its designs.
        folder: for what is built; a folder is made in it for each design.

    Raises:
        CaseError: the product has no such design, or refuses what R accepts.
    """
    for design in case.designs:
        yield from design_checks(CaseDesign(case, design), folder)
    yield from refusal_checks(case, folder)


def design_checks(chosen: CaseDesign, folder: Path) -> Iterator[Check]:
    """Every check of a case with one of its designs; raises as ``case_checks``."""
    case, name = chosen.case, chosen.design["name"]
    refused = [row["message"] for row in case.errors if _is_of(row, "svydesign", name)]
    if refused:
        yield _refusal(chosen, refused[0], folder / name, None)
        return
    lonely = {
        row["error"]
        for row in case.domains
        if row["design"] == name and "has only one PSU" in row.get("error", "")
    }
    if lonely:
        # R refuses the domains that have a lonely PSU; the product the whole build.
        yield _refusal(chosen, min(lonely), folder / f"{name}_refused", None)
        chosen = CaseDesign(case, chosen.design | {"lonely_psu": "certainty"})
    for number, grouped_by in enumerate(groupings(case)):
        place = folder / f"{name}_{number}"
        place.mkdir(parents=True)
        site = case_site(chosen, grouped_by, place)
        with warehouse.connect(_build(chosen, site, place), read_only=True) as connection:
            answers = read_answers(connection)
        yield from score_checks(chosen, site, answers)
        yield from domain_checks(chosen, site, answers)


def refusal_checks(case: Case, folder: Path) -> Iterator[Check]:
    """What R refuses, the product refuses for the same reason."""
    for change in case.refusals:
        said = [
            row["message"] for row in case.errors if _is_of(row, "expect_errors", change["name"])
        ]
        if said:
            chosen = CaseDesign(case, change["design"])
            yield _refusal(chosen, said[0], folder / change["name"], _changed(case.data, change))


def _is_of(row: Row, where: str, name: str) -> bool:
    return row["where"] == where and row["design"] == name


def _changed(data: list[Row], change: dict[str, Any]) -> list[Row]:
    rows = [dict(row) for row in data]
    for part in change["set"]:
        ids = {str(each) for each in part["ids"]}
        value = part.get("value")
        for row in rows:
            row.setdefault(part["col"], "")
            if row["id"] in ids:
                row[part["col"]] = "" if value is None else str(value)
    return [
        {column: cell for column, cell in row.items() if column not in change["drop"]}
        for row in rows
    ]


def _refusal(chosen: CaseDesign, said: str, place: Path, data: list[Row] | None) -> Check:
    place.mkdir(parents=True)
    site = case_site(chosen, groupings(chosen.case)[0], place, data)
    expected = next((ours for theirs, ours in REASONS.items() if theirs in said), "")
    try:
        build_site(site.catalogue, place / "build", lambda _: None)
    except UppvaxtError as error:
        is_right = said != NO_ERROR and expected in str(error)
    else:
        is_right = said == NO_ERROR
    where = f"{place.name} {chosen.design['name']}"
    return Check("refusals", where, "refused", 0.0 if is_right else math.inf, is_right)


def _build(chosen: CaseDesign, site: CaseSite, place: Path) -> Path:
    try:
        return build_site(site.catalogue, place / "build", lambda _: None)
    except UppvaxtError as error:
        said = " ".join(str(error).replace(str(place), "").split())
        raise CaseError(f"design {chosen.design['name']}: refused: {said}") from None
