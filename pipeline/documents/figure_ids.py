"""The id of every figure, and the question to a release's database that it answers."""

from collections.abc import Iterable
from typing import NamedTuple

from pipeline.definitions.areas import Area
from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.flag_count import MeasureDefinition
from pipeline.definitions.lookup import find_area, find_class, find_measure, find_wave
from pipeline.definitions.wave import Wave
from pipeline.errors import UsageError

ALL = "all"
"""Stands for every grade, and for every gender."""

QUERY = """\
select wave, area_id, measure_id, status, percent, percent_lower, percent_upper, n
from estimate
where wave in ({waves}) and area_id in ({areas})
    and grade = '{grade}' and gender = '{gender}'
    and measure_id in ({measures})
order by measure_id, area_id, wave"""
"""For people to run on ``published.duckdb``; the pages' script fills it in as well."""


class FigureId(NamedTuple):
    """The share of one area in one wave on one measure, of all or of one grade or gender."""

    area: Area
    wave: Wave
    measure: MeasureDefinition
    grade: str = ALL
    gender: str = ALL

    def __str__(self) -> str:
        """``norrsatra/2025/c_opp``, as documents print it."""
        return figure_id(self.area.id, self.wave.wave, self.measure.id, self.grade, self.gender)


def figure_id(area_id: str, wave: int, measure_id: str, grade: str = ALL, gender: str = ALL) -> str:
    """``norrsatra/2025/c_opp``; of girls in one grade ``norrsatra/2025/c_opp/g8/girl``."""
    group = () if grade == gender == ALL else (grade, gender)
    return "/".join((area_id, str(wave), measure_id, *group))


def parse_figure(catalogue: Catalogue, text: str) -> FigureId:
    """The figure with this id; a gender that is left out is all of them.

    Raises:
        UsageError: it is of another form, or there is no such area, wave, measure, grade or
            gender.
    """
    area, *rest = text.split("/")
    if len(rest) not in (2, 3, 4) or not rest[0].isdecimal():
        raise UsageError(
            f"{text!r}: is no figure; expected e.g. norrsatra/2025/c_opp, or "
            f"norrsatra/2025/c_opp/g8/girl."
        )
    year, measure, grade, gender = (*rest, ALL, ALL)[:4]
    wave = find_wave(catalogue, int(year))
    return FigureId(
        find_area(catalogue, area),
        wave,
        find_measure(catalogue, measure),
        find_class("grade", catalogue.site.grades, grade),
        find_class("gender", catalogue.site.genders, gender),
    )


def query_of(figure: FigureId) -> str:
    """The question that one figure answers."""
    return table_query(
        figure.area.id, figure.wave.wave, [figure.measure.id], figure.grade, figure.gender
    )


def table_query(
    area_id: str, wave: int, measure_ids: Iterable[str], grade: str = ALL, gender: str = ALL
) -> str:
    """The question that a table of one area's measures answers.

    Nothing runs it here but ``uppvaxt explain``; all that is put into it are ids of definitions,
    which hold letters, digits and _ only.
    """
    return QUERY.format(
        waves=wave,
        areas=f"'{area_id}'",
        grade=grade,
        gender=gender,
        measures=", ".join(f"'{each}'" for each in measure_ids),
    )
