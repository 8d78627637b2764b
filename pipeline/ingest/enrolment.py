"""How many pupils were enrolled: the first step of the coverage ladder."""

import polars as pl

from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.wave import Wave
from pipeline.errors import DefinitionError
from pipeline.ingest.cells import as_text
from pipeline.ingest.export import path_inside

COLUMNS = {"school": pl.String, "grade": pl.String, "n_enrolled": pl.Int32}


def load_enrolled(catalogue: Catalogue, wave: Wave) -> pl.DataFrame:
    """Enrolled pupils of a wave.

    Returns:
        One row per school and grade: wave, school_id, grade, n_enrolled. No rows where the
        wave states no enrolment.

    Raises:
        DefinitionError: the file lies outside the site's folder, cannot be read, lacks a column,
            repeats a school and grade, or names a grade the site does not have.
    """
    columns = {"wave": pl.Int16, "school_id": pl.String, "grade": pl.String, "n_enrolled": pl.Int32}
    if wave.enrolled is None:
        return pl.DataFrame(schema=columns)
    path = path_inside(catalogue.folder.resolve(), wave.enrolled)
    try:
        # Bytes, since a path with a star in it would stand for many files.
        enrolled = pl.read_csv(path.read_bytes(), infer_schema=False).select(
            as_text(name, pl.String()).cast(dtype).alias(name) for name, dtype in COLUMNS.items()
        )
    except (OSError, pl.exceptions.PolarsError):
        raise DefinitionError(
            f"{path}: cannot be read; expected UTF-8 text with a comma between columns "
            f"{', '.join(COLUMNS)}, n_enrolled a whole number."
        ) from None
    grades = {grade.id for grade in catalogue.site.grades}
    unknown = sorted(set(enrolled["grade"].drop_nulls()) - grades)
    n_twice = int(enrolled.select("school", "grade").is_duplicated().sum())
    n_unusable = enrolled.filter(
        pl.any_horizontal(pl.all().is_null()) | (pl.col("n_enrolled") < 0)
    ).height
    if unknown or n_twice or n_unusable:
        raise DefinitionError(
            f"{path}: {n_unusable} rows with an empty or negative cell, {n_twice} rows that repeat "
            f"a school and grade, grades not in site.yml: {', '.join(unknown) or 'none'}."
        )
    return enrolled.select(
        pl.lit(wave.wave, pl.Int16).alias("wave"),
        pl.col("school").alias("school_id"),
        "grade",
        "n_enrolled",
    )
