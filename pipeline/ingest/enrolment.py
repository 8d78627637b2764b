"""How many pupils were enrolled, as a site states it: the first step of the coverage ladder."""

from collections.abc import Iterable
from itertools import combinations
from pathlib import Path

import polars as pl

from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.reading import path_inside
from pipeline.definitions.wave import Wave
from pipeline.errors import DefinitionError
from pipeline.ingest.cells import as_text

STATED_BY = {"school": "school_id", "grade": "grade", "gender": "gender"}
"""Columns a file may have, and what they are called here."""

KEYS = tuple(STATED_BY.values())

ALL = "all"
"""In a cell: this number is over all of the column."""

SCHEMA = {"wave": pl.Int16, **dict.fromkeys(KEYS, pl.String), "n_enrolled": pl.Int32}


def load_enrolled(catalogue: Catalogue, wave: Wave) -> pl.DataFrame:
    """Enrolled pupils of a wave, as stated.

    A file has ``n_enrolled`` and any of the columns school, grade and gender. It may state the
    same pupils at several levels of detail, with ``all`` in the columns it adds up over; its
    numbers need not add up, but each level must cover the same schools, grades and genders.

    Returns:
        One row per stated number: wave, school_id, grade, gender (``all``: over all of them, also
        where the file lacks the column), n_enrolled. No rows where the wave states no enrolment.

    Raises:
        DefinitionError: the file lies outside the site's folder, cannot be read, lacks the
            number, repeats a row, names a grade or gender the site does not have, or has a level
            of detail that does not cover the same as another.
    """
    if wave.enrolled is None:
        return pl.DataFrame(schema=SCHEMA)
    path = path_inside(catalogue.folder.resolve(), wave.enrolled)
    enrolled = _read(path, wave)
    problems = _misfits(enrolled, catalogue)
    if not problems:
        problems = _uneven(enrolled)
    if problems:
        raise DefinitionError(f"{path}: {', '.join(problems)}.")
    return enrolled


def levels_of(enrolled: pl.DataFrame) -> dict[tuple[str, ...], pl.DataFrame]:
    """The rows of each level of detail, by the columns that are not ``all`` in it."""
    named = pl.concat_list(
        pl.when(pl.col(key) != ALL).then(pl.lit(key)) for key in KEYS
    ).list.drop_nulls()
    parts = enrolled.with_columns(level=named).partition_by("level", maintain_order=True)
    return {tuple(part["level"][0]): part.drop("level") for part in parts}


def _read(path: Path, wave: Wave) -> pl.DataFrame:
    try:
        # Bytes, since a path with a star in it would stand for many files.
        rows = pl.read_csv(path.read_bytes(), infer_schema=False)
        stated = [each for each in STATED_BY if each in rows.columns]
        return rows.select(
            pl.lit(wave.wave, pl.Int16).alias("wave"),
            *(
                (as_text(each, pl.String()) if each in stated else pl.lit(ALL)).alias(key)
                for each, key in STATED_BY.items()
            ),
            as_text("n_enrolled", pl.String()).cast(pl.Int32).alias("n_enrolled"),
        )
    except (OSError, pl.exceptions.PolarsError):
        raise DefinitionError(
            f"{path}: cannot be read; expected UTF-8 text with a comma between columns "
            f"{', '.join(STATED_BY)} (any of them) and n_enrolled, a whole number."
        ) from None


def _misfits(enrolled: pl.DataFrame, catalogue: Catalogue) -> list[str]:
    site = catalogue.site
    n_twice = int(enrolled.select(KEYS).is_duplicated().sum())
    n_unusable = enrolled.filter(
        pl.any_horizontal(pl.all().is_null()) | (pl.col("n_enrolled") < 0)
    ).height
    unknown = {
        key: sorted(set(enrolled[key].drop_nulls()) - {ALL} - {each.id for each in known})
        for key, known in (("grade", site.grades), ("gender", site.genders))
    }
    if not (n_twice or n_unusable or any(unknown.values())):
        return []
    return [
        f"{n_unusable} rows with an empty or negative cell",
        f"{n_twice} rows that repeat another's school, grade and gender",
        *(f"{key}s not in site.yml: {', '.join(ids) or 'none'}" for key, ids in unknown.items()),
    ]


def _uneven(enrolled: pl.DataFrame) -> list[str]:
    """At most one sentence: two levels of detail that do not cover the same."""
    for (some, rows), (others, other_rows) in combinations(levels_of(enrolled).items(), 2):
        shared = [key for key in some if key in others]
        if shared and set(rows.select(shared).rows()) != set(other_rows.select(shared).rows()):
            first, second, both = (_as_stated(keys) for keys in (some, others, shared))
            return [
                f"its rows by {first} and its rows by {second} do not cover the same {both}; "
                "expected each level of detail to cover the whole wave"
            ]
    return []


def _as_stated(keys: Iterable[str]) -> str:
    return ", ".join(each for each, key in STATED_BY.items() if key in keys)
