"""Two figures of every area, counted from the raw export over that area's own rows."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from pipeline.definitions.areas import Areas, Valid
from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.wave import CodedColumn, Wave
from pipeline.release.own_scores import Cells, Items, Value, value_of
from pipeline.release.raw_rows import RawRow, raw_rows


class Figure(NamedTuple):
    """The flagged of a measure in an area, those with an outcome, or those who reach a count."""

    n: int = 0
    """Respondents with a value and a weight above 0."""

    weight: Fraction = Fraction(0)
    """Sum of the weights of respondents with a value."""

    flagged: Fraction = Fraction(0)
    """Sum of the weights of the flagged; where everyone counts once, their number."""

    def plus(self, weight: Fraction, value: int) -> "Figure":
        """The figure with one more respondent."""
        return Figure(self.n + (weight > 0), self.weight + weight, self.flagged + weight * value)


class OwnCount(NamedTuple):
    """What the raw exports of one wave say."""

    n_respondents: dict[str, int]
    """By area: neither refused nor set aside. Areas without any are left out."""

    figures: dict[tuple[str, str], Figure]
    """By area and measure, as far as asked for."""

    places: frozenset[tuple[str, str]]
    """Respondent and the area their row names; the largest area where the wave names none."""


class Known(NamedTuple):
    """What the working file says of single respondents, which knows nothing of areas."""

    set_aside: frozenset[str]
    """Respondents caught by a screen."""

    weights: Mapping[str, Decimal]
    """Weight of each respondent; empty where the raw export has them, or all count once."""


class Group(NamedTuple):
    """Respondents that are counted: of a grade, of a gender; null: of all."""

    grade: str | None = None
    gender: str | None = None


EVERYONE = Group()


def count_wave(
    catalogue: Catalogue,
    wave: Wave,
    chosen: Mapping[str, tuple[str, ...]],
    known: Known,
    group: Group = EVERYONE,
) -> OwnCount:
    """Count from the raw exports of a wave.

    Args:
        catalogue: the site's definitions.
        wave: whose exports are read.
        chosen: measures to count, by area.
        known: of the wave's respondents.
        group: whom to count; the others have a place, and are in no number.
    """
    items = Items(catalogue.instrument_of(wave))
    values = _values(catalogue, items, chosen)
    around = lineage(catalogue.areas, wave.fieldwork_from)
    named = _named(catalogue.areas, wave.fieldwork_from)
    root = catalogue.site.root_area
    n_respondents: dict[str, int] = {}
    figures: dict[tuple[str, str], Figure] = {}
    places = set()
    for row in raw_rows(catalogue, wave, _columns(wave, items)):
        home = named.get(row.cells[wave.columns.area]) if wave.columns.area else root
        if home:
            places.add((row.respondent, home))
        if items.n_answered(row.cells) < wave.min_answered_items:
            continue
        if row.respondent in known.set_aside or not _is_of(group, wave, row.cells):
            continue
        weight = _weight(wave, row, known)
        measured = _Measured(values, row.cells, _meaning(wave.columns.grade, row.cells))
        for area in {root, *around.get(home or root, ())}:
            n_respondents[area] = n_respondents.get(area, 0) + 1
            for measure in chosen.get(area, ()):
                value = measured.value(measure)
                if value is not None:
                    figure = figures.get((area, measure), Figure())
                    figures[area, measure] = figure.plus(weight, value)
    return OwnCount(n_respondents, figures, frozenset(places))


class _Measured:
    """The values of one row, each read once: an area's rows are also those of what it lies in."""

    def __init__(self, values: Mapping[str, Value], cells: Cells, grade: str) -> None:
        self._values, self._cells, self._grade = values, cells, grade
        self._read: dict[str, int | None] = {}

    def value(self, measure: str) -> int | None:
        if measure not in self._read:
            self._read[measure] = self._values[measure](self._cells, self._grade)
        return self._read[measure]


def asked_measures(catalogue: Catalogue, wave: Wave) -> tuple[list[str], list[str]]:
    """Factors with a cut-off, and outcomes and counts of flags, that a wave can give a value.

    In the site's order.
    """
    items = Items(catalogue.instrument_of(wave))
    factors = [each.id for each in catalogue.factors if value_of(each, catalogue, items)]
    others = [each.id for each in catalogue.outcomes if value_of(each, catalogue, items)]
    others += [each.id for each in catalogue.flag_counts if value_of(each, catalogue, items)]
    return factors, others


def _values(
    catalogue: Catalogue, items: Items, chosen: Mapping[str, tuple[str, ...]]
) -> dict[str, Value]:
    wanted = {measure for measures in chosen.values() for measure in measures}
    found = {
        each.id: value_of(each, catalogue, items)
        for each in catalogue.measures
        if each.id in wanted
    }
    return {name: value for name, value in found.items() if value}


def lineage(areas: Areas, day: date) -> dict[str, list[str]]:
    """By area: itself and all it lies in on that day."""
    around = {
        area.id: [parent.area for parent in area.lies_in if _holds(parent, day)]
        for area in areas.areas
    }

    def upwards(area: str) -> Iterator[str]:
        yield area
        for parent in around[area]:
            yield from upwards(parent)

    return {area.id: list(upwards(area.id)) for area in areas.areas}


def _named(areas: Areas, day: date) -> dict[str, str]:
    """By code of the export: the area it names on that day."""
    return {code.code: area.id for area in areas.areas for code in area.codes if _holds(code, day)}


def _holds(stated: Valid, day: date) -> bool:
    return (stated.valid_from or date.min) <= day <= (stated.valid_to or date.max)


def _is_of(group: Group, wave: Wave, cells: Cells) -> bool:
    columns = wave.columns
    pairs = ((group.grade, columns.grade), (group.gender, columns.gender))
    return all(wanted is None or _meaning(coded, cells) == wanted for wanted, coded in pairs)


def _columns(wave: Wave, items: Items) -> list[str]:
    columns = wave.columns
    design = [
        columns.area,
        columns.grade.column if columns.grade else None,
        columns.gender.column if columns.gender else None,
        columns.weight.column if columns.weight else None,
    ]
    return [*(column for column in design if column), *items.columns.values()]


def _meaning(coded: CodedColumn | None, cells: Cells) -> str:
    """The site's id for a coded cell; empty if it has none."""
    if coded is None:
        return ""
    return next((each.id for each in coded.codes if each.code == cells[coded.column]), "")


def _weight(wave: Wave, row: RawRow, known: Known) -> Fraction:
    if known.weights:
        # Someone the build does not know counts as nobody, and the count will differ.
        return Fraction(known.weights.get(row.respondent, Decimal(0)))
    stated = wave.columns.weight
    if stated is None:
        return Fraction(1)
    return round(Fraction(row.cells[stated.column].replace(",", ".")), stated.decimals)
