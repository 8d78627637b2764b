"""Small random surveys with everything a design has, built from exports to estimates."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from pipeline import warehouse
from pipeline.build import build_site
from pipeline.definitions.areas import Area
from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.factor import Factor
from pipeline.definitions.screen import CodeIn
from pipeline.definitions.wave import Columns, Export, Wave
from tests.conftest import silent
from tests.made_definitions import (
    LABEL,
    MADE_UP,
    ONE_TO_FOUR,
    made_catalogue,
    made_factor,
    made_instrument,
    made_norm,
    made_outcome,
    made_screens,
    made_wave,
)

ITEMS = ("likes", "misses", "stays", "honesty")
GRADES, GENDERS = ("g7", "g8"), ("girl", "boy")
AREAS = {"1": "mill", "2": "harbour", "3": "hill"}
"""Id by code."""

DESIGN: dict[str, Any] = {
    "respondent": "id",
    "area": "area",
    "grade": {"column": "grade", "codes": [{"code": each, "id": each} for each in GRADES]},
    "gender": {"column": "gender", "codes": [{"code": each, "id": each} for each in GENDERS]},
    "weight": {"column": "weight", "decimals": 2},
    "stratum": "stratum",
    "psu": ("school",),
}
TWO_STAGES = DESIGN | {"unit": ("school_class",), "fpc": ("n_schools", "n_classes")}

KEYS = ["wave", "area_id", "grade", "gender", "measure_id", "statistic"]

BONDS = made_factor("bonds", ITEMS[:3], reversed_items=["misses"], min_answered=2)
NORM = made_norm({("bonds", "g7"): 2.4, ("bonds", "g8"): 2.7})
SCREEN = CodeIn(
    id="dishonest",
    kind="code_in",
    label=LABEL,
    source=MADE_UP,
    status="project_choice",
    item="honesty",
    codes=(4,),
)


def random_survey(seed: int, *, n_strata: int = 2, n_schools: int = 5) -> pl.DataFrame:
    """One row per respondent: as many schools in every stratum, two classes in every school."""
    random = np.random.default_rng(seed)
    schools = n_strata * n_schools
    school = np.repeat(np.arange(schools), random.integers(8, 24, schools))
    n = len(school)
    tide = random.integers(-1, 2, schools)[school]
    answers = {
        item: pl.Series(np.clip(random.integers(1, 5, n) + tide, 1, 4)).set(
            pl.Series(random.random(n) < 0.08), None
        )
        for item in ITEMS[:3]
    }
    return pl.DataFrame(
        {
            "id": np.arange(n),
            "stratum": school % n_strata,
            "school": school,
            "school_class": random.integers(0, 2, n),
            "area": random.choice([*AREAS], n),
            "grade": random.choice(GRADES, n),
            "gender": random.choice(GENDERS, n),
            "weight": random.integers(20, 400, n) / 100,
            "n_schools": np.full(n, 3 * n_schools),
            "n_classes": np.full(n, 4),
            "honesty": random.choice(4, n, p=[0.5, 0.3, 0.1, 0.1]) + 1,
            **answers,
        }
    )


def made_survey_site(
    folder: Path,
    *files: pl.DataFrame,
    areas: Mapping[str, str] = AREAS,
    columns: Mapping[str, Any] = DESIGN,
    factors: Sequence[Factor] = (BONDS,),
    earlier: Sequence[Wave] = (),
) -> Catalogue:
    """Write a wave in one or more files, and describe the site it makes.

    Args:
        folder: of the site; made if it is not there.
        files: rows, in the form of ``random_survey``.
        areas: id by code.
        columns: what the columns are.
        factors: of the site.
        earlier: other waves, whose files lie in the folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    exports = [Export(file=f"part_{number}.csv") for number in range(len(files))]
    for export, rows in zip(exports, files, strict=True):
        rows.write_csv(folder / export.file)
    wave = made_wave(Columns.model_validate(columns))
    return made_catalogue(
        made_instrument(dict.fromkeys(ITEMS, ONE_TO_FOUR)),
        factors=factors,
        outcomes=[made_outcome("leaves", {"stays": (1, 2)})],
        norms=[NORM],
        screens=made_screens(SCREEN),
        grades=GRADES,
        genders=GENDERS,
        areas=[_place(code, area) for code, area in areas.items()],
        waves=[*earlier, wave.model_copy(update={"exports": tuple(exports)})],
        folder=folder,
    )


def estimates_of(catalogue: Catalogue) -> pl.DataFrame:
    """``areas.estimate`` of a site, built in its folder."""
    path = build_site(catalogue, catalogue.folder / "build", silent)
    with warehouse.connect(path, read_only=True) as connection:
        return warehouse.read(connection, "areas.estimate")


def _place(code: str, area_id: str) -> Area:
    return Area.model_validate(
        {
            "id": area_id,
            "label": area_id,
            "level": "place",
            "codes": [{"code": code}],
            "lies_in": [{"area": "everywhere", "source": MADE_UP, "status": "sample_data"}],
        }
    )
