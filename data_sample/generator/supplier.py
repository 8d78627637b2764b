"""A wave as a supplier delivers it: a frame of codes in the columns the wave states."""

from collections.abc import Iterable, Mapping

import numpy as np
import polars as pl

from data_sample.generator.assumptions import Population
from data_sample.generator.missing import BLANK
from data_sample.generator.population import Pupils
from data_sample.generator.setting import Setting
from data_sample.generator.streams import drawn, stream
from data_sample.generator.wave import AnsweredWave
from pipeline.definitions.areas import Areas
from pipeline.definitions.wave import CodedColumn, Wave


def coded_rows(answered: AnsweredWave, setting: Setting, areas: Areas, wave: Wave) -> pl.DataFrame:
    """One row per respondent: design columns, then one integer column per item; null is blank."""
    pupils, columns = answered.pupils, wave.columns
    population, grades = setting.assumptions.population, setting.grades
    if not (
        columns.respondent
        and columns.school
        and columns.school_class
        and columns.area
        and columns.grade
        and columns.gender
    ):
        raise ValueError(f"wave {wave.wave}: the sample needs all design columns")
    design = {
        columns.respondent: [f"S{wave.wave % 100}-{n:05}" for n in range(1, len(pupils) + 1)],
        columns.school: [population.schools[school].name for school in pupils.school],
        columns.school_class: _class_names(pupils, grades),
        columns.area: _area_codes(pupils, population, areas, wave),
        columns.grade.column: _coded([grades[each] for each in pupils.grade], columns.grade),
        columns.gender.column: _gender_codes(pupils, population, columns.gender, wave),
    }
    items = {
        question.column: pl.Series(answered.answers[question.id]).replace(BLANK, None)
        for question in setting.questions.values()
    }
    return pl.DataFrame({**design, **items})


def enrolled_rows(enrolled: Pupils, setting: Setting) -> pl.DataFrame:
    """One row per group that the wave's rolls tell apart: school, grade, gender, n_enrolled."""
    population, grades = setting.assumptions.population, setting.grades
    [rolls] = [each for each in population.rolls if each.wave == setting.wave]
    pupils = pl.DataFrame(
        {
            "school": [population.schools[school].name for school in enrolled.school],
            "grade": [grades[grade] for grade in enrolled.grade],
            "gender": _on_the_rolls(enrolled, population),
        }
    )
    in_order = pl.col("grade").replace_strict(
        {grade: place for place, grade in enumerate(grades)}, default=None
    )
    stated = (
        pupils.group_by(rolls.by).agg(n_enrolled=pl.len()).sort("school", in_order, *rolls.by[2:])
    )
    if not rolls.largest_noise:
        return stated
    totals = stated.group_by("grade").agg(pl.col("n_enrolled").sum()).sort(in_order)
    noise = stream(setting.wave, "rolls").integers(
        -rolls.largest_noise, rolls.largest_noise, totals.height, endpoint=True
    )
    noisy = totals.select(
        pl.lit("all").alias("school"),
        "grade",
        (pl.col("n_enrolled").cast(pl.Int64) + pl.Series(noise)).cast(pl.UInt32),
    )
    return pl.concat([noisy, stated])


def _on_the_rolls(enrolled: Pupils, population: Population) -> list[str]:
    """Girl or boy for everyone, in turn for those who answer otherwise."""
    genders = list(population.genders)
    return [
        genders[gender] if gender < 2 else genders[place % 2]
        for place, gender in enumerate(enrolled.gender)
    ]


def code_on(areas: Areas, area_id: str, wave: Wave) -> str | None:
    """The export code of an area at a wave's fieldwork; null if it has none then."""
    area = next(area for area in areas.areas if area.id == area_id)
    codes = [code.code for code in area.codes if code.holds_on(wave.fieldwork_from)]
    return codes[0] if codes else None


def _class_names(pupils: Pupils, grades: list[str]) -> list[str]:
    # 7A, 8B in lower secondary; GY1A in upper: unique within a school only, as in life.
    years = [grade.removeprefix("g") if grade[1:].isdigit() else grade.upper() for grade in grades]
    return [
        f"{years[grade]}{chr(ord('A') + number)}"
        for grade, number in zip(pupils.grade, pupils.school_class, strict=True)
    ]


def _area_codes(
    pupils: Pupils, population: Population, areas: Areas, wave: Wave
) -> list[int | None]:
    codes: list[str | None] = [
        code_on(areas, home.area, wave)
        or (code_on(areas, home.coded_as, wave) if home.coded_as else None)
        for home in population.homes
    ]
    is_unknown = stream(wave.wave, "no area").random(len(pupils)) < population.share_without_area
    supplied = [codes[area] for area in pupils.area]
    return [
        None if unknown or code is None else int(code)
        for code, unknown in zip(supplied, is_unknown, strict=True)
    ]


def _gender_codes(
    pupils: Pupils, population: Population, column: CodedColumn, wave: Wave
) -> list[int | None]:
    genders = list(population.genders)
    codes = _coded([genders[each] for each in pupils.gender], column)
    # Those without a gender left it empty, or took the missing code where there is one.
    nothing = [None, *(int(code) for code in column.missing)]
    is_without = (
        stream(wave.wave, "no gender").random(len(pupils)) < population.share_without_gender
    )
    which = drawn(np.ones(len(nothing)), len(pupils), wave.wave, "which nothing")
    return [
        nothing[place] if without else code
        for code, without, place in zip(codes, is_without, which, strict=True)
    ]


def _coded(ids: Iterable[str], column: CodedColumn) -> list[int]:
    codes: Mapping[str, int] = {meaning.id: int(meaning.code) for meaning in column.codes}
    return [codes[each] for each in ids]
