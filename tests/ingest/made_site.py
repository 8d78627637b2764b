"""A site of two questions, and exports for it, written by the tests themselves."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pyreadstat

from pipeline.definitions.areas import Area
from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.instrument import MissingCode
from pipeline.definitions.wave import Columns, Export
from pipeline.ingest.export import WaveRows, load_wave
from tests.made_definitions import (
    LABEL,
    MADE_UP,
    ONE_TO_FOUR,
    made_catalogue,
    made_factor,
    made_instrument,
    made_wave,
)

AGREE = ONE_TO_FOUR.model_copy(
    update={
        "missing": (
            MissingCode(code=8, reason="dont_know", label=LABEL),
            MissingCode(code=9, reason="declined", label=LABEL),
        )
    }
)
INSTRUMENT = made_instrument({"first": AGREE, "second": AGREE})

COLUMNS: dict[str, Any] = {
    "respondent": "lopnr",
    "school": "skola",
    "school_class": "klass",
    "area": "omr",
    "grade": {
        "column": "ak",
        "codes": [{"code": "7", "id": "g7"}, {"code": "8", "id": "g8"}],
        "missing": ["99"],
    },
    "gender": {
        "column": "kon",
        "codes": [{"code": "1", "id": "girl"}, {"code": "2", "id": "boy"}],
        "missing": ["3"],
    },
    "weight": {"column": "vikt", "decimals": 2},
    "stratum": "strat",
    "psu": ["skola", "klass"],
}

Cells = Sequence[float | None] | Sequence[str | None] | pl.Series

ROWS: dict[str, Cells] = {
    "lopnr": [1001.0, 1002.0],
    "skola": ["Skola A", "Skola B"],
    "klass": ["7a", "7a"],
    "omr": [101.0, None],
    "ak": [7.0, 8.0],
    "kon": [1.0, 2.0],
    "vikt": [0.1, 2.25],
    "strat": [1.0, 2.0],
    "first": [1.0, 4.0],
    "second": [2.0, 3.0],
}
"""Two rows, whole in every column."""


def place(**validity: str) -> Area:
    """The one area with a code, 101."""
    lies_in = {"area": "everywhere", "source": MADE_UP, "status": "sample_data"}
    return Area.model_validate(
        {
            "id": "mill",
            "label": "Mill",
            "level": "place",
            "codes": [{"code": "101", **validity}],
            "lies_in": [lies_in],
        }
    )


def write_export(path: Path, rows: Mapping[str, Cells], **spss: Any) -> None:
    """Write rows as .sav (numbers as such) or .csv (whole numbers without decimals)."""
    frame = pl.DataFrame(rows)
    if path.suffix != ".csv":
        pyreadstat.write_sav(frame, path, compress=path.suffix == ".zsav", **spss)
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(frame.columns)
        writer.writerows([_as_text(cell) for cell in row] for row in frame.rows())


def _as_text(cell: object) -> str:
    if cell is None:
        return ""
    return f"{cell:.0f}" if isinstance(cell, float) and cell.is_integer() else str(cell)


def site_in(
    folder: Path,
    *exports: Export,
    min_answered_items: int = 0,
    area: Area | None = None,
    **columns: Any,
) -> Catalogue:
    """A site whose one wave has these exports.

    Args:
        folder: of the site.
        exports: of the wave.
        min_answered_items: of the wave.
        area: the one with a code; valid always unless given.
        columns: what differs from ``COLUMNS``.
    """
    wave = made_wave(
        Columns.model_validate(COLUMNS | columns), min_answered_items=min_answered_items
    )
    return made_catalogue(
        INSTRUMENT,
        factors=[made_factor("scale", ["first", "second"])],
        grades=["g7", "g8"],
        genders=["girl", "boy"],
        areas=[area or place()],
        waves=[wave.model_copy(update={"exports": exports})],
        folder=folder,
    )


def load(
    folder: Path, ending: str, rows: Mapping[str, Cells] | None = None, **choices: Any
) -> WaveRows:
    """Write ``ROWS``, with columns replaced or added, and read them back as a wave."""
    write_export(folder / f"export{ending}", {**ROWS, **(rows or {})})
    catalogue = site_in(folder, Export(file=f"export{ending}"), **choices)
    return load_wave(catalogue, catalogue.waves[0])
