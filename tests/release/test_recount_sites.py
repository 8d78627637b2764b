"""The recount agrees with the build on sites that use every rule, and disagrees when one breaks."""

import csv
import random
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pyreadstat
import pytest

from pipeline.build import build_site
from pipeline.definitions.areas import Area, Areas
from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.factor import Factor
from pipeline.definitions.instrument import MissingCode
from pipeline.definitions.norm import FlaggedSide
from pipeline.definitions.raking import Raking
from pipeline.definitions.screen import CodeIn
from pipeline.definitions.wave import Columns, Export, Wave
from pipeline.release.own_count import lineage
from pipeline.release.raw_rows import as_cell
from pipeline.release.recount import recount
from tests.conftest import silent
from tests.made_definitions import (
    LABEL,
    MADE_UP,
    ONE_TO_FOUR,
    made_catalogue,
    made_design,
    made_factor,
    made_flag_count,
    made_format,
    made_instrument,
    made_norm,
    made_outcome,
    made_screens,
    made_wave,
)

AGREE = ONE_TO_FOUR.model_copy(
    update={"missing": (MissingCode(code=9, reason="declined", label=LABEL),)}
)
AGE = made_format("age", {0: 0, 12: 3, 13: 2, 14: 1})
OFTEN = made_format("often", dict.fromkeys(range(-1, 6), 0) | {each: each for each in range(-1, 6)})
INSTRUMENT = made_instrument(
    {"a": AGREE, "b": AGREE, "c": AGREE, "first_use": AGE, "often": OFTEN, "honest": AGREE}
)
CODES: dict[str, list[int | None]] = {
    "a": [1, 2, 3, 4, 9, None],
    "b": [1, 2, 3, 4, 9, None],
    "c": [1, 2, 3, 4, 9, None],
    "first_use": [0, 12, 13, 14, None],
    "often": [-1, 0, 2, 5, None],
    "honest": [1, 2, 3, 4, None],
}
FACTORS = [
    made_factor("turned", ["a", "b", "c"], reversed_items=["b"], min_answered=2),
    made_factor("guarded", ["a", "b", "c"], min_answered=3, is_protective=True),
    made_factor("mixed", ["first_use", "often"], reversed_items=["often"], is_rescaled=True),
    made_factor("without_cutoff", ["a"]),
    made_factor("single", ["c"]),
    made_factor("kept", ["b"], is_protective=True),
]
OUTCOMES = [
    made_outcome("either", {"a": (3, 4), "often": (5,)}, min_answered=2),
    made_outcome("both", {"a": (2, 3, 4), "b": (2, 3, 4)}, min_reached=2, min_answered=1),
]
FLAG_COUNTS = [
    made_flag_count("two_risks", 2, 2),
    made_flag_count("unguarded", 2, 2, is_protective=True),
]
# A third is no decimal: a score of 7/3 is at a cut-off of 7/3 all the same.
FIRST = made_norm(
    {("turned", "g7"): 7 / 3, ("turned", "g8"): 2.5, ("guarded", "g8"): 5 / 3, ("kept", "g8"): 2},
    name="first",
    risk=FlaggedSide(side="upper", inclusive=True),
    protective=FlaggedSide(side="lower", inclusive=True),
)
SECOND = made_norm(
    {("mixed", "g7"): 0.5, ("mixed", "g8"): 1 / 3, ("single", "g7"): 2.5, ("single", "g8"): 3.5},
    name="second",
    risk=FlaggedSide(side="upper", inclusive=False),
)
SCREENS = made_screens(
    CodeIn(
        id="dishonest",
        label=LABEL,
        source=MADE_UP,
        status="project_choice",
        kind="code_in",
        item="honest",
        codes=(4,),
    )
)
COLUMNS: dict[str, Any] = {
    "respondent": "lopnr",
    "area": "omr",
    "grade": {
        "column": "ak",
        "codes": [{"code": "7", "id": "g7"}, {"code": "8", "id": "g8"}],
        "missing": ["99"],
    },
    "gender": {
        "column": "kon",
        "codes": [{"code": "F", "id": "girl"}, {"code": "P", "id": "boy"}],
    },
    "psu": ["klass"],
}


def area(name: str, *codes: dict[str, Any], lies_in: list[dict[str, Any]] | None = None) -> Area:
    around = lies_in or [{"area": "everywhere"}]
    stated = [{"source": MADE_UP, "status": "sample_data"} | each for each in around]
    return Area.model_validate(
        {"id": name, "label": name, "level": "place", "codes": codes, "lies_in": stated}
    )


# Code 1 is the mill until 2024 and the tower then, which moves from the hill to the shore.
AREAS = [
    area("hill"),
    area("shore"),
    area(
        "mill", {"code": "1", "valid_to": "2024-12-31"}, {"code": "11"}, lies_in=[{"area": "hill"}]
    ),
    area(
        "tower",
        {"code": "1", "valid_from": "2025-01-01"},
        {"code": "2"},
        lies_in=[
            {"area": "hill", "valid_to": "2024-12-31"},
            {"area": "shore", "valid_from": "2025-01-01"},
        ],
    ),
    area("empty", {"code": "3"}),
]


def made_rows(seed: int, n: int = 240) -> list[dict[str, Any]]:
    draw = random.Random(seed)  # noqa: S311 - made-up answers
    return [
        {
            "lopnr": 1000 + number,
            "omr": draw.choice([1, 2, 11, None]),
            "ak": draw.choice([7, 8, 99]),
            "kon": draw.choice(["F", "P"]),
            "klass": f"K{number % 8}",
            "vikt": draw.choice([0, 0.35, 1.2, 2.75]),
            "andel": 0.5,
        }
        | {item: draw.choice(codes) for item, codes in CODES.items()}
        for number in range(n)
    ]


def write(path: Path, rows: list[dict[str, Any]], separator: str = ",") -> None:
    if path.suffix != ".csv":
        floats = {name for name in rows[0] if name not in ("kon", "klass")}
        frame = pl.DataFrame(rows, schema_overrides=dict.fromkeys(floats, pl.Float64))
        pyreadstat.write_sav(frame, path, compress=path.suffix == ".zsav")
        return
    with path.open("w", encoding="cp1252", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=separator)
        writer.writeheader()
        # As suppliers write: a decimal comma, blanks, a number with decimals.
        for row in rows:
            written = {"a": row["a"] and f" {row['a']}.0 "}
            writer.writerow(row | written | {"vikt": str(row["vikt"]).replace(".", ",")})


def made_site(
    folder: Path,
    ending: str,
    changes: dict[str, Any],
    wave_changes: dict[str, Any],
    factors: list[Factor] = FACTORS,
) -> Catalogue:
    """Two waves, the later one in two files."""
    waves: list[Wave] = []
    for year, names in ((2024, ["x"]), (2025, ["y", "z"])):
        exports: list[Export] = []
        for name in names:
            write(folder / f"{name}{ending}", made_rows(len(waves) * 7 + len(exports)), ";")
            exports.append(Export(file=f"{name}{ending}", separator=";", encoding="cp1252"))
        if len(names) > 1:
            rows = [row | {"lopnr": row["lopnr"] + 5000} for row in made_rows(99, n=60)]
            write(folder / f"{names[1]}{ending}", rows, ";")
        columns = Columns.model_validate(COLUMNS | changes)
        wave = made_wave(columns, year=year, min_answered_items=3)
        waves.append(wave.model_copy(update={"exports": tuple(exports)} | wave_changes))
    (folder / "enrolled.csv").write_text(
        "grade,gender,n_enrolled\ng7,all,300\ng8,all,200\nall,girl,260\nall,boy,240\n", "utf-8"
    )
    return made_catalogue(
        INSTRUMENT,
        factors=factors,
        outcomes=OUTCOMES,
        flag_counts=[] if factors != FACTORS else FLAG_COUNTS,
        norms=[FIRST, SECOND],
        screens=SCREENS,
        design=made_design(lonely_psu="certainty"),
        grades=["g7", "g8"],
        genders=["girl", "boy"],
        areas=AREAS,
        waves=waves,
        folder=folder,
    )


RAKING = Raking(margins=("grade", "gender"), source=MADE_UP)
SITES: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "text": (".csv", {}, {}),
    "text_without_ids": (".csv", {"respondent": None}, {}),
    "text_with_weights": (".csv", {"weight": {"column": "vikt", "decimals": 2}}, {}),
    "spss_with_weights": (".sav", {"weight": {"column": "vikt", "decimals": 2}}, {}),
    "compressed_with_fractions": (".zsav", {"fpc": ["andel"]}, {}),
    "spss_without_areas": (".sav", {"area": None}, {}),
    "text_raked": (".csv", {}, {"raking": RAKING, "enrolled": "enrolled.csv"}),
}


@pytest.fixture(scope="module", params=SITES)
def built(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Catalogue, Path]:
    """A site and its working file."""
    folder = tmp_path_factory.mktemp("site")
    catalogue = made_site(folder, *SITES[request.param])
    return catalogue, build_site(catalogue, folder / "build", silent)


def test_the_recount_agrees(built: tuple[Catalogue, Path]) -> None:
    assert recount(*built, None) == []


def test_sites_without_norms_are_recounted_by_outcomes_alone(tmp_path: Path) -> None:
    catalogue = made_site(tmp_path, ".csv", {}, {})._replace(norms=())
    path = build_site(catalogue, tmp_path / "build", silent)
    assert recount(catalogue, path, None) == []
    moved = catalogue._replace(
        outcomes=tuple(
            each.model_copy(update={"min_answered": 2 - (each.id == "either")})
            for each in catalogue.outcomes
        )
    )
    assert any("either: areas.estimate" in reason for reason in recount(moved, path, None))
    assert any("both: areas.estimate" in reason for reason in recount(moved, path, None))


def test_a_site_with_one_measure_is_recounted_by_it(tmp_path: Path) -> None:
    catalogue = made_site(tmp_path, ".csv", {}, {}, FACTORS[:1])._replace(outcomes=())
    path = build_site(catalogue, tmp_path / "build", silent)
    assert recount(catalogue, path, None) == []


def more_flags_needed(catalogue: Catalogue) -> Catalogue:
    rules = (made_flag_count("two_risks", 2, 3), *catalogue.flag_count_rules[1:])
    return catalogue._replace(flag_count_rules=rules)


def count_of_the_others(catalogue: Catalogue) -> Catalogue:
    rules = (
        made_flag_count("two_risks", 2, 2, is_protective=True),
        *catalogue.flag_count_rules[1:],
    )
    return catalogue._replace(flag_count_rules=rules)


def one_norm_moved(catalogue: Catalogue) -> Catalogue:
    sides = {"risk": FlaggedSide(side="upper", inclusive=False)}
    first = catalogue.norms[0].model_copy(update=sides)
    return catalogue._replace(norms=(first, catalogue.norms[1]))


def one_item_turned(catalogue: Catalogue) -> Catalogue:
    turned = made_factor("turned", ["a", "b", "c"], reversed_items=["a"], min_answered=2)
    return catalogue._replace(factors=(turned, *catalogue.factors[1:]))


def fewer_answers_needed(catalogue: Catalogue) -> Catalogue:
    waves = [each.model_copy(update={"min_answered_items": 0}) for each in catalogue.waves]
    return catalogue._replace(waves=tuple(waves))


def other_points(catalogue: Catalogue) -> Catalogue:
    [age] = [each for each in INSTRUMENT.formats if each.id == "age"]
    swapped = made_format("age", {0: 0, 12: 1, 13: 2, 14: 3})
    formats = tuple(swapped if each is age else each for each in INSTRUMENT.formats)
    changed = INSTRUMENT.model_copy(update={"formats": formats})
    return catalogue._replace(instruments={INSTRUMENT.id: changed})


@pytest.mark.parametrize("built", ["text", "spss_with_weights"], indirect=True)
@pytest.mark.parametrize(
    "change",
    [
        one_norm_moved,
        one_item_turned,
        fewer_answers_needed,
        other_points,
        more_flags_needed,
        count_of_the_others,
    ],
)
def test_the_recount_reads_every_rule(
    change: Callable[[Catalogue], Catalogue], built: tuple[Catalogue, Path]
) -> None:
    # Other rules than those of the build: were one not applied, nobody would see a difference.
    catalogue, path = built
    assert recount(change(catalogue), path, None)


def test_a_row_moved_in_the_export_after_the_build_is_found(tmp_path: Path) -> None:
    catalogue = made_site(tmp_path, ".csv", {}, {})
    path = build_site(catalogue, tmp_path / "build", silent)
    rows = made_rows(0)
    moved = next(row for row in rows if row["omr"] == 2)
    moved["omr"] = 11
    write(tmp_path / "x.csv", rows, ";")
    reasons = recount(catalogue, path, None)
    assert {tuple(each.split(", ")[:2]) for each in reasons} >= {
        ("wave 2024", "area mill"),
        ("wave 2024", "area tower"),
    }


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (" 8.00 ", "8"),
        ("08", "08"),
        ("8.5", "8.5"),
        ("-1.0", "-1"),
        (8.0, "8"),
        (0.35, "0.35"),
        (float("nan"), ""),
        (None, ""),
        ("  ", ""),
    ],
)
def test_a_cell_is_text(cell: str | float | None, text: str) -> None:
    assert as_cell(cell) == text


@pytest.mark.parametrize(
    ("day", "lies_in"),
    [("2023-12-31", []), ("2024-01-01", ["b"]), ("2025-06-30", ["b"]), ("2025-07-01", [])],
)
def test_an_area_lies_in_another_from_the_first_day_to_the_last(
    day: str, lies_in: list[str]
) -> None:
    part = {"area": "b", "source": "made up", "status": "sample_data"}
    part |= {"valid_from": "2024-01-01", "valid_to": "2025-06-30"}
    areas = Areas.model_validate(
        {
            "source": "made up",
            "levels": [{"id": "level", "label": {"sv": "nivå", "en": "level"}}],
            "areas": [
                {"id": "a", "label": "A", "level": "level", "lies_in": [part]},
                {"id": "b", "label": "B", "level": "level"},
            ],
        },
        strict=False,
    )
    assert lineage(areas, date.fromisoformat(day)) == {"a": ["a", *lies_in], "b": ["b"]}
