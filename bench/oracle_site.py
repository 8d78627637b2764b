"""A case as a site of the product: its data as an export, its design as definitions."""

import csv
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from bench.oracle_cases import Case, CaseDesign, CaseError, DesignOfR, Row
from bench.oracle_scales import CASE, LABEL, YEAR, factor_of, instrument_of, item_ids, norm_of
from pipeline.definitions.areas import Area, AreaCode, Areas, Parent
from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.policy import Editions, Policy, PublicEdition
from pipeline.definitions.site import Classification, Design, FewPsus, Site
from pipeline.definitions.wave import CodedColumn, CodeMeaning, Columns, Export, Wave, Weight

GROUP = "_group"
"""Column of our own: the domain columns of a case besides area and grade, as one."""

MAX_DECIMALS = 12
"""Decimals of weights the product keeps."""


class CaseSite(NamedTuple):
    """A case in a folder, with what its ids are in the product."""

    catalogue: Catalogue
    grouped_by: tuple[str, ...]
    """The domain columns that ``groups`` stands for."""

    areas: dict[str, str]
    grades: dict[str, str]
    groups: dict[str, str]
    scales: dict[str, str]


def groupings(case: Case) -> list[tuple[str, ...]]:
    """The sets of domain columns besides area and grade: the product has one such dimension."""
    others = [tuple(_others(case, by)) for by in case.by]
    return list(dict.fromkeys(each for each in others if each)) or [()]


def group_of(row: Row, columns: tuple[str, ...]) -> str:
    """A row's value of the columns as one text; empty if any is missing."""
    values = [row.get(column, "") for column in columns]
    return " / ".join(values) if all(values) else ""


def case_site(
    chosen: CaseDesign, grouped_by: tuple[str, ...], folder: Path, data: list[Row] | None = None
) -> CaseSite:
    """Write a case's data as an export into a folder and describe it.

    Args:
        chosen: the case and its design.
        grouped_by: domain columns besides area and grade.
        folder: to write to.
        data: instead of the case's own.

    Raises:
        CaseError: the product has no such design, or the case is not one.
    """
    case, design = chosen
    rows = [row | {GROUP: group_of(row, grouped_by)} for row in data or case.data]
    try:
        columns = _columns(design, rows, case.area_column)
        found = {
            "areas": _ids(rows, case.area_column, "area"),
            "grades": _ids(rows, "grade", "grade"),
            "groups": _ids(rows, GROUP, "group"),
            "scales": {row["scale"]: f"scale_{n}" for n, row in enumerate(case.scales, 1)},
        }
        catalogue = _catalogue(case, design, columns, found, folder)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise CaseError(f"design {design['name']}: {where}: {first['msg']}") from None
    except ValueError:
        raise CaseError("scales.csv: has text where numbers were expected") from None
    _write(rows, columns.weight, folder / "data.csv")
    return CaseSite(catalogue, grouped_by, **found)


def _others(case: Case, by: list[str]) -> Iterator[str]:
    return (column for column in by if column not in {case.area_column, "grade"})


def _ids(rows: list[Row], column: str, prefix: str) -> dict[str, str]:
    values = sorted({row[column] for row in rows if row.get(column)})
    return {value: f"{prefix}_{n}" for n, value in enumerate(values, 1)}


def _columns(design: DesignOfR, rows: list[Row], area_column: str) -> Columns:
    ids, fpc = design["ids"], design["fpc"]
    if fpc and len(fpc) != max(len(ids), 1):
        raise CaseError(f"design {design['name']}: fpc has not one column for each stage")
    if len(fpc) > 2 or len(design["strata"]) > 1 or len(design["weights"]) > 1:
        raise CaseError(
            f"design {design['name']}: has more stages, strata or weights than the product"
        )

    def coded(column: str) -> CodedColumn | None:
        ids_of = _ids(rows, column, column.strip("_"))
        codes = tuple(CodeMeaning(code=code, id=each) for code, each in ids_of.items())
        return CodedColumn(column=column, codes=codes) if codes else None

    weight = design["weights"][0] if design["weights"] else None
    return Columns(
        respondent="id",
        area=area_column if area_column in rows[0] else None,
        grade=coded("grade"),
        gender=coded(GROUP),
        weight=Weight(column=weight, decimals=_decimals(rows, weight)) if weight else None,
        stratum=design["strata"][0] if design["strata"] else None,
        psu=tuple(ids[:1]),
        has_unique_psu=bool(ids) and not design["nest"],
        # Without a correction for it, a second stage counts for nothing.
        unit=tuple(ids[1:2]) if len(fpc) == 2 else (),
        fpc=tuple(fpc),
    )


def _decimals(rows: list[Row], column: str) -> int:
    exponents = [0]
    for row in rows:
        try:
            exponents.append(-int(Decimal(row.get(column, "")).normalize().as_tuple().exponent))
        except (InvalidOperation, ValueError):
            continue  # The product refuses it.
    return min(max(exponents), MAX_DECIMALS)


def _catalogue(
    case: Case, design: DesignOfR, columns: Columns, ids: dict[str, dict[str, str]], folder: Path
) -> Catalogue:
    items = item_ids(case.scales)
    factors = tuple(factor_of(scale, ids["scales"], items) for scale in case.scales)
    norms = [norm_of(scale, ids["scales"], ids["grades"]) for scale in case.scales]
    instrument = instrument_of(case.scales)
    site = Site(
        id="case",
        label=LABEL,
        synthetic=True,
        root_area="everywhere",
        grades=_classes(ids["grades"]),
        genders=_classes(ids["groups"]),
        factors=tuple(factor.id for factor in factors),
        norms=tuple(norm.id for norm in norms if norm),
        design=_design(case, design),
    )
    return Catalogue(
        folder=folder,
        site=site,
        areas=_areas(ids["areas"]),
        policy=Policy(editions=Editions(public=PublicEdition(min_base=10)), source=CASE),
        waves=(_wave(columns),),
        instruments={instrument.id: instrument},
        factors=factors,
        outcomes=(),
        screens=None,
        norms=tuple(norm for norm in norms if norm),
    )


def _classes(ids: dict[str, str]) -> tuple[Classification, ...]:
    return tuple(Classification(id=each, label=LABEL) for each in ids.values())


def _design(case: Case, design: DesignOfR) -> Design:
    return Design(
        stance="sample",
        degrees_of_freedom="domain",
        lonely_psu=design["lonely_psu"],
        adjust_domain_lonely=design["adjust_domain_lonely"],
        interval="logit",
        # R's intervals rest on a domain's own PSUs, however few.
        few_psus=FewPsus(interval="own", source=CASE),
        confidence=case.level,
        source=CASE,
    )


def _areas(ids: dict[str, str]) -> Areas:
    everywhere = Parent(area="everywhere", source=CASE, status="sample_data")
    places = (
        Area(
            id=each, label=code, level="place", codes=(AreaCode(code=code),), lies_in=(everywhere,)
        )
        for code, each in ids.items()
    )
    return Areas(
        source=CASE,
        levels=(Classification(id="place", label=LABEL),),
        areas=(Area(id="everywhere", label="Everywhere", level="place"), *places),
    )


def _wave(columns: Columns) -> Wave:
    return Wave(
        wave=YEAR,
        label=LABEL,
        instrument="questionnaire",
        fieldwork_from=date(YEAR, 10, 1),
        fieldwork_to=date(YEAR, 10, 31),
        exports=(Export(file="data.csv"),),
        columns=columns,
        min_answered_items=0,
        min_answered_source=CASE,
        source=CASE,
    )


def _write(rows: list[Row], weight: Weight | None, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        for row in rows:
            if weight and weight.column in row:
                row[weight.column] = _rounded(row[weight.column])
            writer.writerow(row)


def _rounded(text: str) -> str:
    """A weight without the decimals that the product does not keep."""
    try:
        return str(round(Decimal(text), MAX_DECIMALS))
    except InvalidOperation:
        return text
