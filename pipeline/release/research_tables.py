"""The tables of the file for researchers, from respondents who are protected already."""

import duckdb
import polars as pl

from pipeline import warehouse
from pipeline.definitions.catalogue import Catalogue, asked_items
from pipeline.disclosure.research.microdata import Microdata, sensitive_measures
from pipeline.disclosure.research.quasi_identifiers import NOT_SHOWN, item_quasi_identifiers
from pipeline.release.database_file import SQL
from pipeline.release.research_reference import (
    answer_code_rows,
    area_rows,
    grade_rows,
    item_rows,
    measure_rows,
    research_items,
)

FOLDER = SQL / "research"
MEASURED = ("score_", "is_flagged_", "outcome_", "reaches_")


def respondents_of(rows: pl.DataFrame, catalogue: Catalogue, wave: int) -> pl.DataFrame:
    """Respondents of a wave: columns that may be in the file, and the id that names come from."""
    ends = {f"{kind}{each.id}" for each in catalogue.measures for kind in MEASURED}
    items = [item.id for each in catalogue.waves for item in catalogue.instrument_of(each).items]
    kept = ["wave", "respondent_id", "area_id", "grade", "gender", "weight"]
    kept += [column for column in rows.columns if column in ends or column in items]
    return rows.filter(wave=wave).select(kept)


def research_tables(
    connection: duckdb.DuckDBPyConnection, catalogue: Catalogue, waves: dict[int, Microdata]
) -> dict[str, pl.DataFrame]:
    """Every table but ``about``, by name.

    Args:
        connection: the site's working file.
        catalogue: the site's definitions.
        waves: respondents by wave.
    """
    levels = {area.id: area.level for area in catalogue.areas.areas}
    respondents = pl.concat([each.respondents for each in waves.values()]).with_columns(
        pl.col("grade", "gender").fill_null(NOT_SHOWN),
        area_level=pl.col("area_id").replace_strict(levels),
    )
    measures = {wave: each.withheld for wave, each in waves.items()}
    items = {
        wave.wave: frozenset(
            item
            for each in sensitive_measures(catalogue)
            if each.id in measures[wave.wave]
            for item in asked_items(each, catalogue.instrument_of(wave))
        )
        for wave in catalogue.waves
    }
    keys = ["wave", "respondent"]
    design = ["area_id", "area_level", "grade", "gender", "weight"]
    asked = research_items(catalogue)
    measured = [column for column in respondents.columns if column.startswith(MEASURED)]
    return {
        "respondent": respondents.select(*keys, *design),
        "answer": respondents.select(*keys, *asked),
        "measured": respondents.select(*keys, *measured),
        "missing_answer": _missing_answers(connection, catalogue, waves, items),
        "item": item_rows(catalogue, items),
        "answer_code": answer_code_rows(catalogue),
        "measure": measure_rows(catalogue, measures),
        "cutoff": warehouse.read(connection, "ref.cutoff"),
        "area": area_rows(catalogue),
        "grade": grade_rows(catalogue),
        "generalisation": pl.concat([each.generalisation for each in waves.values()]),
        "tells": pl.concat([each.tells for each in waves.values()]),
        "hidden": pl.concat([each.hidden for each in waves.values()]),
    }


def _missing_answers(
    connection: duckdb.DuckDBPyConnection,
    catalogue: Catalogue,
    waves: dict[int, Microdata],
    withheld: dict[int, frozenset[str]],
) -> pl.DataFrame:
    """Why answers are missing, of the respondents and items that are in the file.

    A reason tells what an answer would: that the question was asked, say.
    """
    rows = warehouse.query(connection, (FOLDER / "missing_answer.sql").read_text("utf-8"))
    told = set(research_items(catalogue)) - item_quasi_identifiers(catalogue)
    return pl.concat(
        rows.filter(
            pl.col("item_id").is_in(told - withheld[wave]),
            pl.lit(each.respondents.height > 0),
            wave=wave,
        )
        .select(
            "wave",
            "item_id",
            "reason",
            respondent=pl.col("respondent_id").replace_strict(
                each.pseudonym_of, return_dtype=pl.String
            ),
        )
        .join(
            each.hidden.join(each.tells, on=["wave", "quasi_identifier"]),
            left_on=["wave", "respondent", "item_id"],
            right_on=["wave", "respondent", "column_name"],
            how="anti",
        )
        for wave, each in waves.items()
    )
