"""The cases: data and definitions in, what R answered out."""

import csv
import json
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.factor import Factor
from pipeline.definitions.norm import FlaggedSide, Norm
from pipeline.definitions.site import (
    Area,
    AreaCode,
    CodedColumn,
    CodeMeaning,
    Columns,
    Design,
    Parent,
    Weight,
)
from tests.made_definitions import (
    MADE_UP,
    made_catalogue,
    made_design,
    made_factor,
    made_format,
    made_instrument,
    made_norm,
    made_wave,
)

FOLDER = Path(__file__).parent / "cases"
GRADES = {"8": "g8", "11": "gy2"}
GENDERS = {"F": "girl", "M": "boy"}
LONELY_PSU = {"fail": "fail", "certainty": "certainty", "remove": "certainty", "adjust": "adjust"}
"""What the product calls R's options; R's ``average`` it does not have."""

Row = dict[str, str]
R_DESIGN = dict[str, Any]


class Case(NamedTuple):
    """One case with one of its designs."""

    name: str
    design: R_DESIGN

    @property
    def id(self) -> str:
        """As tests name it."""
        return f"{self.name}-{self.design['name']}"

    def rows(self, file: str) -> list[Row]:
        """Rows of one of the case's CSV files, every cell as text."""
        with (FOLDER / self.name / file).open(encoding="utf-8", newline="") as opened:
            return list(csv.DictReader(opened))


def load_cases() -> list[Case]:
    """Every case with each of its designs."""
    return [
        Case(path.parent.name, design)
        for path in sorted(FOLDER.glob("*/design.json"))
        for design in json.loads(path.read_text("utf-8"))["designs"]
    ]


def is_supported(case: Case) -> bool:
    """Whether the product can carry the design out."""
    design = case.design
    return (
        not design["fpc"]
        and not design["adjust_domain_lonely"]
        and design["lonely_psu"] in LONELY_PSU
    )


def area_ids(case: Case) -> dict[str, str]:
    """The product's id of each area of a case: ids are plain, names are not."""
    codes = sorted({row["area"] for row in case.rows("data.csv")})
    return {code: f"area_{number}" for number, code in enumerate(codes, 1)}


def catalogue_of(case: Case) -> Catalogue:
    """The case as a site of the product."""
    scales = case.rows("scales.csv")
    [(low, high)] = {(int(scale["item_min"]), int(scale["item_max"])) for scale in scales}
    answers = made_format("answers", {code: code for code in range(low, high + 1)})
    items = [item for scale in scales for item in scale["items"].split()]
    return made_catalogue(
        made_instrument(dict.fromkeys(items, answers)),
        factors=[_factor(scale) for scale in scales],
        norms=[_norm(scale) for scale in scales],
        design=_design(case.design),
        grades=list(GRADES.values()),
        genders=list(GENDERS.values()),
        areas=[_area(code, area) for code, area in area_ids(case).items()],
        waves=[made_wave(_columns(case.design), year=2024)],
        folder=FOLDER / case.name,
    )


def _factor(scale: Row) -> Factor:
    return made_factor(
        scale["scale"],
        scale["items"].split(),
        reversed_items=scale["reversed"].split(),
        min_answered=int(scale["min_valid"]),
        is_protective=scale["direction"] == "protective",
    )


def _norm(scale: Row) -> Norm:
    # The cases flag upwards whatever the direction; each scale has its own rule.
    side = FlaggedSide(side="upper", inclusive=scale["rule"] == ">=")
    return made_norm(
        {
            (scale["scale"], grade): float(scale[f"cut_{code}"])
            for code, grade in GRADES.items()
            if scale[f"cut_{code}"]
        },
        name=f"norm_{scale['scale']}",
        risk=side,
        protective=side,
    )


def _design(design: R_DESIGN) -> Design:
    return made_design(lonely_psu=LONELY_PSU[design["lonely_psu"]])


def _area(code: str, area: str) -> Area:
    return Area(
        id=area,
        label=code,
        level="place",
        codes=(AreaCode(code=code),),
        lies_in=(Parent(area="everywhere", source=MADE_UP, status="sample_data"),),
    )


def _columns(design: R_DESIGN) -> Columns:
    # Without finite population corrections only the first stage counts: school and class within
    # it is the same as school.
    return Columns(
        respondent="id",
        area="area",
        grade=_coded("grade", GRADES),
        gender=_coded("gender", GENDERS),
        weight=Weight(column="weight", decimals=4) if design["weights"] else None,
        stratum=design["strata"][0] if design["strata"] else None,
        psu=tuple(design["ids"][:1]),
    )


def _coded(column: str, ids: dict[str, str]) -> CodedColumn:
    codes = tuple(CodeMeaning(code=code, id=meaning) for code, meaning in ids.items())
    return CodedColumn(column=column, codes=codes)
